//! Random template texts: mostly what people could write, else with odd values and bytes gone wrong.
//! Leaves out whether they are accepted.

use std::fmt::Write;

use casedd_renderer::template::TYPES;

use super::dice::Dice;

/// Types that are asked for more often than the others, and a card of a family that has no layout of its own.
const OFTEN: [&str; 6] = ["value", "gauge", "sparkline", "table", "bar", "plex_top"];

/// Keys that the data may or may not have.
pub const KEYS: [&str; 18] = [
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
    "cpu.0.percent",
    "cpu.1.percent",
    "htop.0.name",
    "htop.0.cpu_percent",
    "weather.temperature",
    "weather.forecast.0.day",
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

/// Gradients are for some fields only.
const COLORS: [&str; 7] =
    ["red", "\"#38bdf8\"", "\"#38bdf880\"", "transparent", "\"rgba(1,2,3,0.5)\"", "accent2", "\"#00000000\""];
const GRADIENT: &str = "\"linear-gradient(45deg, #000, #fff 30%, red)\"";

/// Fields with a number, each with values within its bounds, the ends among them.
const NUMERIC: [(&str, [&str; 4]); 13] = [
    ("font_size", ["1", "8", "12.5", "2000"]),
    ("max_font_size", ["9", "30", "200", "1"]),
    ("padding", ["0", "4", "20", "500"]),
    ("border_width", ["1", "2.5", "7", "16"]),
    ("precision", ["0", "1", "3", "9"]),
    ("max_items", ["1", "5", "1000", "3"]),
    ("arc_start", ["0", "135", "720", "-45"]),
    ("arc_end", ["0", "45", "405", "-720"]),
    ("gauge_ticks", ["0", "5", "100", "12"]),
    ("samples", ["2", "24", "10000", "120"]),
    ("window_seconds", ["1", "60", "86400", "300"]),
    ("gap", ["0", "3", "40", "200"]),
    ("ease_ms", ["0", "1", "300", "2000"]),
];
/// Ends of scales: the first is always the lower one.
const SCALES: [(&str, &str); 5] =
    [("0", "100"), ("-50", "50"), ("-1e300", "1e300"), ("20", "20.000001"), ("1e-300", "1")];

/// What makes no sense where a number belongs.
const ODD: [&str; 10] = ["-1", "65536", "1e9", "-1e9", "1e-9", ".nan", ".inf", "x", "[]", "~"];

/// A template: two of three as people write them, the others with odd values, wrong words, or bytes gone wrong.
pub fn template(dice: &mut Dice) -> String {
    let is_odd = dice.one_in(3);
    let mut author = Author { dice, is_odd };
    let text = author.template();
    if is_odd && author.dice.one_in(2) { broken(author.dice, text) } else { text }
}

/// Writes one template.
struct Author<'d> {
    dice: &'d mut Dice,
    /// Whether values may be odd.
    is_odd: bool,
}

impl Author<'_> {
    fn template(&mut self) -> String {
        let mut text = String::new();
        if self.dice.one_in(4) {
            let _ = writeln!(text, "aspect_ratio: {}", self.number(&["0.5", "1.6", "4", "20"]));
            let _ = writeln!(text, "layout_mode: {}", self.dice.pick(&["stretch", "fit"]));
        }
        if self.dice.one_in(3) {
            let _ = writeln!(text, "background: {}", self.background());
        }
        let (columns, rows) = (1 + self.dice.below(4), 1 + self.dice.below(3));
        let names: Vec<String> = (0..columns * rows).map(|at| format!("w{at}")).collect();
        let lines: Vec<String> = names.chunks(columns).map(|row| row.join(" ")).collect();
        let _ = writeln!(text, "grid:\n  template_areas: [{}]", lines.join(", "));
        if self.dice.one_in(2) {
            let tracks: Vec<String> = (0..columns).map(|_| self.track()).collect();
            let _ = writeln!(text, "  columns: {}", tracks.join(" "));
        }
        if self.dice.one_in(3) {
            let _ = writeln!(text, "  gap: {}", self.number(&["0", "3", "40"]));
        }
        text += "widgets:\n";
        for name in names {
            let _ = writeln!(text, "  {name}: {}", self.widget(0));
        }
        text
    }

    fn track(&mut self) -> String {
        let unit = self.dice.pick(&["fr", "px", "%", "fr"]);
        format!("{}{unit}", self.number(&["1", "2", "0.3", "40"]))
    }

    /// One of the good ones, now and then an odd one.
    fn number(&mut self, good: &[&'static str]) -> &'static str {
        if self.is_odd && self.dice.one_in(12) { self.dice.pick(&ODD) } else { self.dice.pick(good) }
    }

    fn background(&mut self) -> &'static str {
        if self.dice.one_in(4) { GRADIENT } else { self.dice.pick(&COLORS) }
    }

    fn widget(&mut self, depth: usize) -> String {
        let kind = match () {
            () if depth < 6 && self.dice.one_in(6) => "panel",
            () if self.is_odd && self.dice.one_in(20) => "guage",
            () => self.dice.pick(&[TYPES, &OFTEN].concat()),
        };
        let mut fields = vec![format!("type: {kind}")];
        let needs_source = matches!(kind, "bars" | "sparkline" | "histogram");
        if needs_source || !self.dice.one_in(5) {
            let key = if kind == "bars" { "cpu.*.percent" } else { self.dice.pick(&KEYS) };
            fields.push(format!("source: {key}"));
        } else if self.dice.one_in(2) {
            fields.push(format!("content: \"{}\"", self.dice.pick(&TEXTS)));
        }
        match kind {
            "image" => fields.push("path: no/such.png".into()),
            "slideshow" => fields.push("paths: [photos, x.jpg]".into()),
            "bar" | "gauge" | "sparkline" if self.dice.one_in(4) => fields.push(format!("color: {GRADIENT}")),
            "panel" => {
                let count = 1 + self.dice.below(3);
                let children: Vec<String> = (0..count).map(|_| self.widget(depth + 1)).collect();
                fields.push(format!("children: [{}]", children.join(", ")));
                fields.push(format!("direction: {}", self.dice.pick(&["row", "column"])));
            }
            "table" if self.dice.one_in(2) => fields.push(self.columns()),
            _ => {}
        }
        for _ in 0..self.dice.below(6) {
            let field = self.field(kind);
            fields.extend(field);
        }
        fields.sort();
        fields.dedup_by(|a, b| a.split(':').next() == b.split(':').next());
        format!("{{ {} }}", fields.join(", "))
    }

    /// Columns of a table, of keys or of parts.
    fn columns(&mut self) -> String {
        let columns: Vec<&str> = (0..1 + self.dice.below(11))
            .map(|_| {
                self.dice.pick(&[
                    "name",
                    "{ key: \"*\" }",
                    "{ part: 3, width: 2fr }",
                    "{ key: percent, bar: yes, min: -1, max: 1e300 }",
                    "{ key: name, format: status, width: 0px }",
                    "{ key: cpu_percent, format: bytes, optional: yes, align: center }",
                ])
            })
            .collect();
        format!("columns: [{}], rows: {}", columns.join(", "), self.dice.pick(&["cpu", "htop", "nothing"]))
    }

    /// A field and its value, or two that belong together.
    fn field(&mut self, kind: &str) -> Vec<String> {
        vec![match self.dice.below(9) {
            0 => format!("label: \"{}\"", self.dice.pick(&TEXTS)),
            1 => format!("unit: \"{}\"", self.dice.pick(&TEXTS)),
            2 => format!("color: {}", self.dice.pick(&COLORS)),
            3 => format!("background: {}", self.background()),
            4 => {
                let stops: Vec<String> = (0..self.dice.below(12))
                    .map(|_| {
                        let place = self.number(&["0", "50", "-7.5", "1e9"]);
                        format!("[{place}, {}]", self.dice.pick(&COLORS))
                    })
                    .collect();
                format!("color_stops: [{}]", stops.join(", "))
            }
            5 if kind != "bars" => {
                let keys: Vec<&str> = (0..1 + self.dice.below(8)).map(|_| self.dice.pick(&KEYS)).collect();
                format!("sources: [{}]", keys.join(", "))
            }
            5 | 6 => self.word(kind).into(),
            7 => {
                let (low, high) = SCALES[self.dice.below(SCALES.len())];
                return vec![format!("max: {high}"), format!("min: {low}")];
            }
            _ => {
                let (name, good) = NUMERIC[self.dice.below(NUMERIC.len())];
                format!("{name}: {}", self.number(&good))
            }
        }]
    }

    fn word(&mut self, kind: &str) -> &'static str {
        match (kind, self.is_odd && self.dice.one_in(8)) {
            (_, true) => self.dice.pick(&["border_style: wavy", "filter_regex: \"(\"", "format: \"%Q\""]),
            ("clock", _) => {
                self.dice.pick(&["format: \"%H:%M\\n%A\\n%c\"", "format: \"%c %c %c %c\"", "format: \"\""])
            }
            _ => self.dice.pick(&[
                "border_style: dashed",
                "border_style: dotted",
                "align: right",
                "align: center",
                "card: no",
                "card: yes",
                "detail: \"{cpu.percent:1} of {no.such.key}\"",
                "table_fit_text: true",
                "filter_regex: \"(a|b)*c\"",
            ]),
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
