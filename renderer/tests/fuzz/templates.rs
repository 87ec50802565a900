//! Random template texts: mostly what people could write, with odd values, and sometimes with bytes gone wrong.
//! Leaves out whether they are accepted.

use std::fmt::Write;

use super::dice::Dice;

const TYPES: [&str; 24] = [
    "value",
    "text",
    "boolean",
    "bar",
    "gauge",
    "sparkline",
    "histogram",
    "table",
    "clock",
    "panel",
    "image",
    "slideshow",
    "ups",
    "htop",
    "net_ports",
    "sysinfo",
    "containers",
    "value",
    "gauge",
    "sparkline",
    "table",
    "bar",
    "guage",
    "weather_now",
];

/// Keys that the data may or may not have.
pub const KEYS: [&str; 12] = [
    "cpu.percent",
    "cpu.temperature",
    "memory.percent",
    "disk.percent",
    "net.recv_mbps",
    "net.sent_mbps",
    "system.hostname",
    "system.load_1",
    "ups.online",
    "table.rows",
    "odd.value",
    "no.such.key",
];

const TEXTS: [&str; 14] = [
    "",
    "CPU",
    "a label that goes on and on and does not end where a label should",
    "Größe °C Ωμέγα",
    "日本語の文字列",
    "שלום עולם",
    "مرحبا",
    "e\\u0301\\u0323\\u0302",
    "\\U0001F600\\U0001F468\\u200D\\U0001F469",
    "\\t\\n\\u0007\\u0000",
    "{cpu.percent:1} of {no.such.key} {",
    "a|b|c\\nd|e\\nf",
    "\\u202eabc",
    "||||||||||||\\n\\n\\n|",
];

const COLORS: [&str; 8] = [
    "red",
    "\"#38bdf8\"",
    "\"#38bdf880\"",
    "transparent",
    "\"rgba(1,2,3,0.5)\"",
    "\"#fff\"",
    "\"linear-gradient(45deg, #000, #fff 30%, red)\"",
    "\"#00000000\"",
];

/// Fields with a number, each with values that make some sense.
const NUMERIC: [(&str, [&str; 4]); 14] = [
    ("font_size", ["6", "8", "12.5", "40"]),
    ("max_font_size", ["9", "30", "200", "64"]),
    ("padding", ["0", "4", "20", "400"]),
    ("border_width", ["0", "1", "7", "90"]),
    ("precision", ["0", "1", "3", "6"]),
    ("min", ["0", "-50", "-1e300", "20"]),
    ("max", ["100", "50", "1e300", "0"]),
    ("max_items", ["1", "5", "100", "3"]),
    ("arc_start", ["0", "135", "270", "-45"]),
    ("arc_end", ["0", "45", "405", "-300"]),
    ("gauge_ticks", ["0", "5", "60", "12"]),
    ("samples", ["2", "24", "1000", "120"]),
    ("window_seconds", ["1", "60", "3600", "300"]),
    ("gap", ["0", "3", "40", "8"]),
];

/// What makes no sense where a number belongs.
const ODD: [&str; 10] = ["-1", "65536", "1e9", "-1e9", "1e-9", ".nan", ".inf", "x", "[]", "~"];
/// Once in so many choices something is odd: most templates must be good ones, or nothing is drawn.
const ODD_ONE_IN: usize = 60;

/// A template.
pub fn template(dice: &mut Dice) -> String {
    let mut text = String::new();
    if dice.one_in(4) {
        let _ = writeln!(text, "aspect_ratio: {}", number(dice, &["0.5", "1.6", "4"]));
        let _ = writeln!(text, "layout_mode: {}", dice.pick(&["stretch", "fit"]));
    }
    if dice.one_in(3) {
        let _ = writeln!(text, "background: {}", dice.pick(&COLORS));
    }
    let (columns, rows) = (1 + dice.below(4), 1 + dice.below(3));
    let names: Vec<String> = (0..columns * rows).map(|at| format!("w{at}")).collect();
    let lines: Vec<String> = names.chunks(columns).map(|row| row.join(" ")).collect();
    let _ = writeln!(text, "grid:\n  template_areas: [{}]", lines.join(", "));
    if dice.one_in(2) {
        let tracks: Vec<String> = (0..columns).map(|_| track(dice)).collect();
        let _ = writeln!(text, "  columns: {}", tracks.join(" "));
    }
    if dice.one_in(3) {
        let _ = writeln!(text, "  gap: {}", number(dice, &["0", "3", "40"]));
    }
    text += "widgets:\n";
    for name in names {
        let _ = writeln!(text, "  {name}: {}", widget(dice, 0));
    }
    if dice.one_in(6) { broken(dice, text) } else { text }
}

fn track(dice: &mut Dice) -> String {
    let unit = dice.pick(&["fr", "px", "%", "fr"]);
    format!("{}{unit}", number(dice, &["1", "2", "0.3", "40"]))
}

/// One of the good ones, hardly ever an odd one.
fn number(dice: &mut Dice, good: &[&'static str]) -> &'static str {
    if dice.one_in(ODD_ONE_IN) { dice.pick(&ODD) } else { dice.pick(good) }
}

fn widget(dice: &mut Dice, depth: usize) -> String {
    let kind = if depth < 6 && dice.one_in(6) { "panel" } else { dice.pick(&TYPES) };
    let mut fields = vec![format!("type: {kind}")];
    if !dice.one_in(5) {
        fields.push(format!("source: {}", dice.pick(&KEYS)));
    } else if dice.one_in(2) {
        fields.push(format!("content: \"{}\"", dice.pick(&TEXTS)));
    }
    for _ in 0..dice.below(6) {
        fields.push(field(dice));
    }
    if kind == "panel" {
        let children: Vec<String> = (0..1 + dice.below(3)).map(|_| widget(dice, depth + 1)).collect();
        fields.push(format!("children: [{}]", children.join(", ")));
        fields.push(format!("direction: {}", dice.pick(&["row", "column"])));
    }
    fields.sort();
    fields.dedup_by(|a, b| a.split(':').next() == b.split(':').next());
    format!("{{ {} }}", fields.join(", "))
}

fn field(dice: &mut Dice) -> String {
    match dice.below(8) {
        0 => format!("label: \"{}\"", dice.pick(&TEXTS)),
        1 => format!("unit: \"{}\"", dice.pick(&TEXTS)),
        2 => format!("color: {}", dice.pick(&COLORS)),
        3 => format!("background: {}", dice.pick(&COLORS)),
        4 => {
            let stops: Vec<String> = (0..dice.below(12))
                .map(|_| format!("[{}, {}]", number(dice, &["0", "50", "-7.5", "1e9"]), dice.pick(&COLORS)))
                .collect();
            format!("color_stops: [{}]", stops.join(", "))
        }
        5 => {
            let keys: Vec<&str> = (0..1 + dice.below(8)).map(|_| dice.pick(&KEYS)).collect();
            format!("sources: [{}]", keys.join(", "))
        }
        6 => dice
            .pick(&[
                "border_style: dashed",
                "border_style: dotted",
                "align: right",
                "align: center",
                "card: no",
                "card: yes",
                "table_fit_text: true",
                "filter_regex: \"(a|b)*c\"",
                "format: \"%H:%M\\n%Q\"",
                "format: \"%c %c %c %c %c\"",
            ])
            .into(),
        _ => {
            let (name, good) = NUMERIC[dice.below(NUMERIC.len())];
            format!("{name}: {}", number(dice, &good))
        }
    }
}

/// The text with bytes lost, doubled or put elsewhere; still UTF-8.
fn broken(dice: &mut Dice, text: String) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..1 + dice.below(4) {
        let at = dice.below(letters.len());
        match dice.below(4) {
            0 => drop(letters.remove(at)),
            1 => letters.insert(at, letters[at]),
            2 => letters.insert(at, ['{', '[', ':', '&', '*', '"', '\n', ' ', '-', '}'][dice.below(10)]),
            _ => letters.truncate(at.max(1)),
        }
    }
    letters.into_iter().collect()
}
