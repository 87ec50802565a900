//! Every widget with every kind of data, at every size: no panic, no NaN, nothing outside its area, the same scene
//! each time.
//! Leaves out looks: see `widget_goldens`.

mod sample;

use std::sync::Arc;

use casedd_raster::{Canvas, GlyphCache, IRect, RectF, Scene};
use casedd_renderer::data::Data;
use casedd_renderer::layout::scale::TypeScale;
use casedd_renderer::painter::Painter;
use casedd_renderer::template;
use casedd_renderer::template::spec::WidgetSpec;
use casedd_renderer::theme::Theme;
use casedd_renderer::widgets::{Cx, widget};

const TYPES: [&str; 29] = [
    "type: bars, label: A label",
    "type: bars, layout: tiles, unit: W, max: 1e300",
    "type: bars, layout: columns, color_stops: [[0, green], [50, red]]",
    "type: gauge, label: A label, detail: '{odd.long}'",
    "type: value, label: A label",
    "type: value, unit: GiB",
    "type: text",
    "type: boolean, label: A label",
    "type: bar, label: A label of some length",
    "type: bar, min: -20, max: -5, unit: \"%\", color_stops: [[0, green], [50, red]]",
    "type: gauge, label: A label",
    "type: gauge, min: -1e300, max: 1e300, gauge_ticks: 12, arc_start: 180, arc_end: 0",
    "type: sparkline, label: A label",
    "type: sparkline, window_seconds: 1, color_stops: [[0, green], [50, red]]",
    "type: histogram, label: A label, unit: MB/s",
    "type: table, label: A label",
    "type: table, label: A label, header: yes, sort: -2, columns: [{ name: A name }, { bar: yes, max: 50 }, { format: status }]",
    "type: table, rows: odd_rows, columns: [{ name: Number, key: number, bar: yes, min: -5, unit: GiB }, { name: Text, key: text, width: 1fr }, { key: number, format: bytes }, { key: number, format: duration, optional: yes }, { key: text, format: status, align: center }]",
    "type: table, rows: odd_rows, sort: -number, max_items: 3, filter_regex: o, columns: [\"*\", text, { key: no, width: 30% }, { key: number, width: 4000px }]",
    "type: htop",
    "type: net_ports, label: ''",
    "type: containers, rows: containers",
    "type: os_updates",
    "type: clock, label: A label, format: \"%H:%M:%S\\n%A, %d %B %Y\"",
    "type: ups, label: A label",
    "type: ups, color_stops: [[0, green], [50, red]], precision: 3",
    "type: image, path: no/such/file-with-a-name-that-is-longer-than-its-place.png, label: A label",
    "type: image, tiers: [{ path: a, when: [{ source: cpu.percent, value: 500 }] }]",
    "type: slideshow, paths: [a, b], transition: fade",
];

const SOURCES: [&str; 15] = [
    "cpu.percent",
    "memory.percent",
    "odd.nan",
    "odd.infinite",
    "odd.huge",
    "odd.negative",
    "odd.text_number",
    "odd.long",
    "odd.word",
    "odd.marks",
    "table.rows",
    "table.wide",
    "system.hostname",
    "ups.online",
    "no.such.key",
];

const SIZES: [(f32, f32); 10] = [
    (0.0, 0.0),
    (1.0, 1.0),
    (2.0, 60.0),
    (60.0, 2.0),
    (9.0, 9.0),
    (40.0, 24.0),
    (90.0, 18.0),
    (120.0, 90.0),
    (50.0, 200.0),
    (640.0, 300.0),
];

fn spec(fields: &str) -> Arc<WidgetSpec> {
    let source = format!("widgets:\n  w: {{ {fields} }}\n");
    let template =
        template::parse("w.casedd", "w", &source).unwrap_or_else(|error| panic!("{fields}: {error}"));
    Arc::clone(&template.variants[0].widgets[0])
}

fn build(spec: &WidgetSpec, data: &Data, area: RectF, painter: &mut Painter) -> Scene {
    let mut scene = Scene::new();
    let theme = Theme::default();
    let mut cx = Cx {
        data,
        spec,
        area,
        accent: theme.accents[0],
        theme: &theme,
        scale: TypeScale::new(800, 480, 100.0),
        fonts: &mut painter.fonts,
        images: &mut painter.images,
        samples: &mut painter.samples,
        points: &mut painter.points,
        lines: &mut painter.lines,
        room: &painter.room,
        moves_at_ms: &mut painter.moves_at_ms,
    };
    widget(&spec.kind).build(&mut cx, &mut scene);
    scene
}

#[test]
fn no_data_and_no_size_breaks_a_widget() {
    let mut painter = Painter::default();
    let mut glyphs = GlyphCache::new();
    for age_ms in [0, 77_000] {
        let data = sample::data(age_ms);
        for fields in TYPES {
            for source in SOURCES {
                // A clock has no source; charts and tables take any.
                let fields = if fields.contains("clock") {
                    fields.into()
                } else {
                    format!("{fields}, source: {source}")
                };
                let spec = spec(&fields);
                for (width, height) in SIZES {
                    let area = RectF::new(12.0, 9.0, width, height);
                    let scene = build(&spec, &data, area, &mut painter);
                    let again = build(&spec, &data, area, &mut painter);
                    assert!(scene == again, "{fields} at {width}x{height} differs from itself");
                    draw_within(&scene, area, &mut glyphs, &fields);
                }
            }
        }
    }
}

/// Draws and looks for paint outside of the area: the last letter of a text may lean out by a pixel, a dot by its halo.
fn draw_within(scene: &Scene, area: RectF, glyphs: &mut GlyphCache, what: &str) {
    const BACK: u32 = 0xff00_0000;
    let (width, height) = (area.right() as i32 + 12, area.bottom() as i32 + 12);
    let mut pixels = vec![BACK; (width * height) as usize];
    let mut canvas = Canvas::new(&mut pixels, width as usize, width as u32, height as u32);
    scene.draw(&mut canvas, IRect::ALL, glyphs);
    // Below the size of a letter the cell's edge cuts.
    if area.width < 40.0 || area.height < 18.0 {
        return;
    }
    const SLACK: f32 = 5.0;
    for (at, pixel) in pixels.iter().enumerate() {
        let (x, y) = ((at as i32 % width) as f32, (at as i32 / width) as f32);
        let is_inside = x >= area.x - SLACK
            && x < area.right() + SLACK
            && y >= area.y - SLACK
            && y < area.bottom() + SLACK;
        assert!(is_inside || *pixel == BACK, "{what} in {area:?} paints at {x}, {y}");
    }
}

#[test]
fn a_value_that_moves_within_its_width_moves_nothing_else() {
    // Tabular digits and a size chosen for the largest value: only the digits' own pixels change.
    let mut painter = Painter::default();
    let spec = spec("type: value, label: Load, source: cpu.percent, unit: \"%\", precision: 1, max: 100");
    let area = RectF::new(0.0, 0.0, 160.0, 100.0);
    let mut bounds = Vec::new();
    for number in [10.0, 47.1, 99.9] {
        let mut data = sample::data(0);
        for reading in &mut data.snapshot_mut().readings {
            if reading.key == "cpu.percent" {
                reading.value = casedd_common::metrics::Value::Number(number);
            }
        }
        bounds.push(build(&spec, &data, area, &mut painter).bounds());
    }
    assert!(bounds.windows(2).all(|pair| pair[0] == pair[1]), "{bounds:?}");
}
