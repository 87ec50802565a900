//! Pictures of every widget in its states, at a small and a large size, kept exactly.
//! Leaves out templates: they have goldens of their own.

#[path = "../raster/tests/golden/mod.rs"]
mod golden;
#[path = "../images/tests/pictures/mod.rs"]
mod pictures;
mod sample;

use std::path::Path;
use std::sync::Arc;

use casedd_images::Images;
use casedd_renderer::painter::Painter;
use casedd_renderer::{template, view};
use golden::{Picture, check};

/// A sheet of one widget: normal, long, low, missing, and with thresholds.
fn sheet(cells: [&str; 6]) -> String {
    let mut source = String::from(
        "grid:\n  template_areas: |\n    \"a b c\"\n    \"d e f\"\n  columns: 2fr 1fr 1fr\n  rows: 5fr 3fr\nwidgets:\n",
    );
    for (name, cell) in ["a", "b", "c", "d", "e", "f"].iter().zip(cells) {
        source += &format!("  {name}: {{ {cell} }}\n");
    }
    source
}

fn kept(name: &str, cells: [&str; 6]) {
    kept_by(name, cells, &mut Painter::default());
}

fn kept_by(name: &str, cells: [&str; 6], painter: &mut Painter) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    let source = sheet(cells);
    let template =
        template::parse("sheet.casedd", "sheet", &source).unwrap_or_else(|error| panic!("{error}"));
    let template = Arc::new(template);
    for (suffix, width, height, age_ms) in
        [("", 480, 260, 0), ("-stale", 320, 200, 42_000), ("-large", 760, 420, 0)]
    {
        let pixels = view::render_with(&template, &sample::data(age_ms), (width, height), painter);
        check(&folder, &format!("{name}{suffix}"), &Picture { width, height, pixels });
    }
}

const STOPS: &str = "color_stops: [[0, \"#34d399\"], [60, \"#fbbf24\"], [90, \"#f87171\"]]";

#[test]
fn value() {
    kept(
        "value",
        [
            "type: value, source: cpu.fan_rpm, label: CPU fan, unit: rpm",
            "type: value, source: cpu.temperature, unit: °C",
            "type: value, source: no.such.key, label: Missing, unit: W",
            "type: value, source: odd.long, label: A label that is longer than its cell is wide",
            &format!("type: value, source: disk.percent, label: Disk, unit: \"%\", {STOPS}"),
            "type: value, source: odd.negative, label: Negative, align: right",
        ],
    );
}

#[test]
fn trend() {
    kept(
        "trend",
        [
            "type: value, source: cpu.percent, label: CPU, window_seconds: 300",
            &format!("type: value, source: disk.percent, label: Disk, window_seconds: 300, {STOPS}"),
            "type: value, source: no.such.key, label: Missing, window_seconds: 300",
            "type: value, source: cpu.temperature, label: Wide, unit: °C, detail: a detail, window_seconds: 60, max_font_size: 28",
            "type: value, source: memory.percent, label: Memory, precision: 0, max_font_size: 24, window_seconds: 600",
            "type: value, source: odd.negative, label: Negative, max_font_size: 24, window_seconds: 300",
        ],
    );
}

#[test]
fn text() {
    kept(
        "text",
        [
            "type: text, source: odd.long, label: Wrapped",
            "type: text, source: system.hostname",
            "type: text, source: odd.word",
            "type: text, source: odd.marks, align: centre",
            "type: text, content: Fixed, font_size: 10, max_font_size: 80",
            "type: text, source: no.such.key, label: Missing",
        ],
    );
}

#[test]
fn boolean() {
    kept(
        "boolean",
        [
            "type: boolean, source: ups.online, label: UPS on line",
            "type: boolean, source: ups.low_battery, label: Low battery",
            "type: boolean, source: no.such.key, label: Missing",
            "type: boolean, content: enabled",
            "type: boolean, source: ups.online, color: \"#38bdf8\", label: Blue",
            "type: boolean, source: ups.low_battery",
        ],
    );
}

#[test]
fn bar() {
    kept(
        "bar",
        [
            &format!("type: bar, source: disk.percent, label: Disk, {STOPS}"),
            "type: bar, source: cpu.1.percent, label: Core 1",
            "type: bar, source: no.such.key, label: Missing",
            "type: panel, label: Cores, children: [{ type: bar, source: cpu.0.percent, label: '0' }, { type: bar, source: cpu.1.percent, label: '1' }, { type: bar, source: cpu.2.percent, label: '2' }]",
            "type: bar, source: cpu.2.percent, label: Full",
            "type: bar, source: cpu.3.percent, label: Zero",
        ],
    );
}

#[test]
fn bars() {
    kept(
        "bars",
        [
            &format!("type: bars, source: cpu.*.percent, label: Cores, {STOPS}"),
            "type: bars, source: cpu.*.percent, label: Columns, layout: columns",
            "type: bars, source: no.such.*.key, label: Missing",
            "type: bars, sources: [disk.*_mb_s, net.bytes_*_rate], label: Rates, unit: MB/s, item_detail: \"{disk.*_mb_s:2} MB/s\"",
            &format!("type: bars, source: cpu.*.percent, layout: tiles, {STOPS}"),
            "type: bars, source: cpu.*.percent, label: Some, item_label: \"Core {}\", max_items: 2, filter_regex: \"[123]\"",
        ],
    );
}

#[test]
fn details() {
    kept(
        "detail",
        [
            "type: value, source: cpu.fan_rpm, label: CPU fan, unit: rpm, detail: \"at {cpu.temperature:0} °C\"",
            "type: gauge, source: cpu.temperature, label: Temperature, unit: °C, min: 20, detail: \"{cpu.fan_rpm:0} rpm\"",
            "type: bar, source: memory.percent, label: Memory, detail: \"{memory.used_gb:1} GB\"",
            "type: value, source: no.such.key, label: Missing, detail: \"{no.such.other}\"",
            "type: gauge, source: memory.percent, label: Memory, detail: \"{odd.long}\"",
            "type: bar, source: disk.percent, label: Disk, detail: \"{odd.long}\"",
        ],
    );
}

#[test]
fn gauge() {
    kept(
        "gauge",
        [
            &format!("type: gauge, source: memory.percent, label: Memory, {STOPS}"),
            "type: gauge, source: cpu.temperature, label: Temperature, unit: °C, min: 20, max: 100, gauge_ticks: 8",
            "type: gauge, source: no.such.key, label: Missing",
            "type: gauge, source: cpu.percent, label: Half, arc_start: 180, arc_end: 0",
            "type: gauge, source: cpu.2.percent, label: Full",
            "type: gauge, source: cpu.3.percent, label: Zero",
        ],
    );
}

#[test]
fn sparkline() {
    kept(
        "sparkline",
        [
            "type: sparkline, source: net.bytes_recv_rate, label: eth0, unit: MB/s, window_seconds: 120",
            "type: sparkline, source: cpu.percent, label: CPU, color_stops: [[0, \"#34d399\"], [60, \"#fbbf24\"], [90, \"#f87171\"]]",
            "type: sparkline, source: no.such.key, label: Missing",
            "type: sparkline, sources: [disk.read_mb_s, disk.write_mb_s], series_labels: [read, write], label: Disk MB/s",
            "type: sparkline, source: memory.percent, label: Memory, window_seconds: 900",
            "type: sparkline, source: odd.negative, label: Negative",
        ],
    );
}

#[test]
fn histogram() {
    kept(
        "histogram",
        [
            "type: histogram, source: cpu.percent, label: CPU load, window_seconds: 300",
            &format!("type: histogram, source: cpu.percent, label: CPU, samples: 12, {STOPS}"),
            "type: histogram, source: no.such.key, label: Missing",
            "type: histogram, sources: [net.bytes_recv_rate, net.bytes_sent_rate], series_labels: [in, out], label: eth0",
            "type: histogram, source: disk.write_mb_s, label: Written, unit: MB/s",
            "type: histogram, source: odd.negative, label: Negative",
        ],
    );
}

#[test]
fn table() {
    kept(
        "table",
        [
            "type: table, source: table.rows, label: Services",
            "type: table, source: table.rows, table_fit_text: true",
            "type: table, source: no.such.key, label: Missing",
            "type: table, source: table.wide, label: Processes",
            "type: table, source: table.rows, filter_regex: \"^[np]\"",
            "type: table, source: odd.long",
        ],
    );
}

#[test]
fn table_of_keys() {
    kept(
        "table_of_keys",
        [
            "type: table, source: htop.rows, label: By memory, sort: -memory_mb, max_items: 6, columns: [{ name: Process, key: name }, { name: PID, key: pid, align: right, dim: yes, optional: yes }, { name: MiB, key: memory_mb, bar: yes, max: 1500, color_stops: [[0, \"#34d399\"], [1200, \"#f87171\"]] }]",
            "type: table, rows: cpu, label: Family, columns: [{ name: Core, key: \"*\" }, { name: Load, key: percent, bar: yes }]",
            "type: table, rows: nothing, source: no.such.key, label: Missing, columns: [name, state]",
            "type: table, source: containers.rows, label: States, filter_regex: e, columns: [{ key: name }, { key: status, format: status }]",
            "type: table, source: table.wide, label: Parts, header: yes, sort: \"-2\", columns: [{ name: Name }, { name: CPU, bar: yes, max: 50 }, { name: Memory, optional: yes }]",
            "type: table, rows: htop, source: htop.rows, columns: [name, cpu_percent]",
        ],
    );
}

#[test]
fn one_purpose_tables() {
    kept(
        "one_purpose_tables",
        [
            "type: htop",
            "type: net_ports",
            "type: os_updates",
            "type: containers",
            "type: sysinfo",
            "type: containers, filter_regex: nothing like it",
        ],
    );
}

#[test]
fn cards_of_scripts() {
    kept(
        "cards_of_scripts",
        [
            "type: weather_now",
            "type: weather_details",
            "type: plex_recent",
            "type: plex_now_playing",
            "type: weather_forecast, max_items: 2",
            "type: plex_libraries",
        ],
    );
}

#[test]
fn cards_of_scripts_without_keys() {
    kept(
        "cards_of_scripts_missing",
        [
            "type: weather_now, source: no.such.key, detail: \"{no.such.other}\"",
            "type: weather_details, content: \"Sky|{no.such.key}\\nWind|{no.such.other:0} km/h\"",
            "type: weather_forecast, source: no.such.family",
            "type: plex_now_playing, source: no.such.family",
            "type: weather_tides",
            "type: plex_recent, source: no.such.family, empty: nothing new",
        ],
    );
}

#[test]
fn ups() {
    kept(
        "ups",
        [
            "type: ups",
            "type: ups, color_stops: [[0, \"#f87171\"], [100, \"#38bdf8\"]], label: Battery",
            "type: ups, source: no_such_ups, label: Missing",
            "type: power.ups, label: \"\"",
            "type: ups, label: Low cell",
            "type: table, rows: ups, source: ups.status, label: As text, columns: [{ part: 1 }]",
        ],
    );
}

#[test]
fn pictures_from_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("written");
    write("evening.png", &pictures::landscape_png(600, 340));
    write("tall.jpg", &pictures::jpeg(200, 420));
    write("broken.png", b"not a picture");
    let mut painter = Painter { images: Images::new(vec![folder.path().into()]), ..Painter::default() };
    let hot = "tiers: [{ path: evening.png, when: [{ source: cpu.temperature, value: 60 }] }]";
    kept_by(
        "pictures",
        [
            "type: image, path: evening.png, scale: fill",
            "type: image, path: tall.jpg, label: Whole, card: yes",
            "type: image, path: folder/no-such-picture.png",
            &format!("type: image, path: tall.jpg, scale: stretch, {hot}"),
            "type: image, path: broken.png, label: Broken",
            "type: slideshow, paths: [tall.jpg, evening.png], scale: fill, interval: 4000",
        ],
        &mut painter,
    );
}

#[test]
fn clock() {
    kept(
        "clock",
        [
            "type: clock, format: \"%H:%M\\n%A, %d %B %Y\"",
            "type: clock, label: UTC",
            "type: clock, format: \"%H:%M\", color: \"#38bdf8\"",
            "type: clock, format: \"%a %d %b\", align: left",
            "type: clock, format: \"%Q is wrong\"",
            "type: clock, max_font_size: 14",
        ],
    );
}
