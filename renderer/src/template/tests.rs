//! What the language accepts and refuses, as templates are written.
//! Leaves out grids and colours: their tests stand beside them.

use super::error::TemplateError;
use super::read::template;
use super::spec::*;
use casedd_raster::Color;

fn parse(source: &str) -> Result<Template, TemplateError> {
    template("nas.casedd", "nas", source)
}

fn one(widget: &str) -> WidgetSpec {
    let source = format!("widgets:\n  w: {{ {widget} }}\n");
    let template = parse(&source).unwrap_or_else(|error| panic!("{error}"));
    template.variants[0].widgets[0].as_ref().clone()
}

#[test]
fn a_whole_template_is_read() {
    let template = parse(
        "name: NAS\ndescription: two disks\naspect_ratio: 5:3\nlayout_mode: fit\nbackground: \"#101820\"\n\
         refresh_rate: 2\nwidth: 800\nheight: 480\n\
         grid:\n  template_areas: |\n    \"cpu cpu\"\n    \"a b\"\n  columns: 1fr 2fr\n\
         widgets:\n  cpu: { type: gauge, source: cpu.percent, label: CPU }\n  a: { type: clock }\n\
         \x20 b: { type: text, content: 42 }\n  lost: { type: text }\n",
    )
    .expect("a good template");
    assert_eq!(template.name, "NAS");
    assert_eq!(template.aspect_ratio, Some(5.0 / 3.0));
    assert_eq!(template.layout_mode, LayoutMode::Fit);
    assert_eq!(template.background, Some(Background::Solid(Color::hex(0x101820))));
    assert_eq!(template.refresh_rate_hz, Some(2.0));
    let names: Vec<&str> = template.variants[0].widgets.iter().map(|widget| widget.name.as_str()).collect();
    assert_eq!(names, ["cpu", "a", "b"]);
    assert_eq!(template.variants[0].widgets[2].content.as_deref(), Some("42"));
    assert_eq!(template.warnings.len(), 3, "{:?}", template.warnings);
    assert!(template.warnings[0].contains("\"lost\" has no area"));
}

#[test]
fn common_fields_are_read_in_all_their_forms() {
    let widget = one(
        "type: value, source: cpu.percent, color: 'rgb(1,2,3)', background: transparent, border_style: outsed, \
         border_width: 2, font_size: auto, max_font_size: 60, padding: [4, 8], unit: \"%\", precision: 1, \
         min: -5, max: 1e2, color_stops: [[80, red], [0, lime]], max_items: 5, filter_regex: \"^a\", align: right, \
         card: no",
    );
    assert_eq!(widget.color, Some(Color::rgb(1, 2, 3)));
    assert_eq!(widget.background, Some(Background::Solid(Color::TRANSPARENT)));
    assert_eq!(widget.border.style, Some(BorderStyle::Outset));
    assert_eq!((widget.font_size_px, widget.max_font_size_px), (None, Some(60.0)));
    assert_eq!(widget.padding, Some(Padding { top: 4.0, right: 8.0, bottom: 4.0, left: 8.0 }));
    assert_eq!((widget.min, widget.max), (Some(-5.0), Some(100.0)));
    assert_eq!(widget.color_stops.at(0.0), Some(Color::hex(0x00ff00)));
    assert_eq!(widget.card, Some(false));
}

#[test]
fn bars_gauges_and_lines_are_filled_with_gradients_and_others_refuse_them() {
    for kind in ["bar", "gauge", "sparkline"] {
        let widget =
            one(&format!("type: {kind}, source: a.b, color: 'linear-gradient(lime, red 80%, #0000ff80)'"));
        assert_eq!(widget.ramp.iter().map(|stop| stop.0).collect::<Vec<_>>(), [0.0, 0.8, 1.0]);
        assert_eq!(widget.color, Some(Color::hex(0x0000ff).with_alpha(0x80)));
    }
    let error =
        parse("widgets:\n  w: { type: text, color: 'linear-gradient(red, lime)' }\n").expect_err("a text");
    assert!(error.to_string().contains("nas.casedd:2:27: found"), "{error}");
    assert!(error.expected.contains("gradients are for bars, gauges, sparklines and backgrounds"), "{error}");
}

#[test]
fn charts_have_series_and_a_window_in_time() {
    let Kind::Sparkline(chart) = one("type: sparkline, source: net.bytes_recv_rate, samples: 60").kind else {
        panic!("no sparkline")
    };
    assert_eq!((chart.window_ms, chart.samples, chart.series.len()), (120_000, Some(60), 1));
    let widget = one(
        "type: histogram, sources: [a, b], series_labels: [A], series_colors: [red, lime], window_seconds: 90",
    );
    assert_eq!(widget.source.as_deref(), Some("a"));
    let Kind::Histogram(chart) = widget.kind else { panic!("no histogram") };
    assert_eq!(chart.window_ms, 90_000);
    assert_eq!(chart.series[1].color, Some(Color::hex(0x00ff00)));
    assert_eq!(chart.series[1].label, None);
}

#[test]
fn panels_hold_children_in_a_line_or_on_a_grid() {
    let Kind::Panel(panel) = one(
        "type: panel, direction: row, align: center, gap: 4, children: [{type: text, content: a, width: 40}, \
         {type: value, source: b}]",
    )
    .kind
    else {
        panic!("no panel")
    };
    let PanelContent::Line { children, .. } = panel.content else { panic!("no line") };
    assert_eq!(children[0].width_px, Some(40.0));
    assert_eq!(children[1].widget.name, "w.1");
    let Kind::Panel(panel) = one(
        "type: panel, grid: {template_areas: \"x y\"}, children_named: {x: {type: text}, y: {type: text}}",
    )
    .kind
    else {
        panic!("no panel")
    };
    assert!(matches!(panel.content, PanelContent::Grid { ref widgets, .. } if widgets[1].name == "w/y"));
}

#[test]
fn variants_come_before_the_grid_that_fits_all() {
    let template = parse(
        "grid: { template_areas: \"a b\" }\nvariants:\n  - when: { min_aspect: 3, max_width: 2000 }\n    grid: { template_areas: \"a\" }\n\
         \x20   widgets:\n      a: { type: clock }\nwidgets:\n  a: { type: text }\n  b: { type: text }\n",
    )
    .expect("a good template");
    assert_eq!(template.variants.len(), 2);
    assert!(template.variants[0].when.holds(1920, 480) && !template.variants[0].when.holds(800, 480));
    assert!(matches!(template.variants[0].widgets[0].kind, Kind::Clock(_)));
    assert!(matches!(template.variants[1].widgets[0].kind, Kind::Text));
}

#[test]
fn cards_of_the_families_take_what_other_programs_have_for_them_with_a_warning() {
    let template = parse("widgets:\n  w: { type: weather_now, station: X, zoom: 3 }\n").expect("known type");
    let widget = &template.variants[0].widgets[0];
    assert!(matches!(widget.kind, Kind::Value(_)));
    assert_eq!(widget.source.as_deref(), Some("weather.temperature"));
    assert_eq!(template.warnings.len(), 2);
    let template = parse("widgets: { w: { type: plex_top, label: Top } }\n").expect("known family");
    let widget = &template.variants[0].widgets[0];
    assert!(matches!(widget.kind, Kind::Table(_)));
    assert_eq!((widget.source.as_deref(), widget.label.as_deref()), (Some("plex.top.rows"), Some("Top")));
    assert!(parse("widgets: { w: { type: wether_now } }\n").is_err());
}

#[test]
fn mistakes_name_their_place_what_was_found_and_the_right_word() {
    for (widget, message) in [
        (
            "type: guage",
            "nas.casedd:2:14: found the type \"guage\", expected a widget type; did you mean \"gauge\"?",
        ),
        (
            "type: value, colour: red",
            "found the key \"colour\", expected a field of a widget; did you mean \"color\"?",
        ),
        ("type: value, color: rde", "found \"rde\", expected a colour"),
        ("type: value, color: ", "found nothing, expected a colour"),
        ("type: value, border_width: 40", "found 40, expected a number from 1 to 16"),
        ("type: value, border_style: wavy", "expected none, solid, dashed, dotted, inset, outset or outsed"),
        (
            "type: value, padding: [1, 2, 3]",
            "expected n, [vertical, horizontal] or [top, right, bottom, left]",
        ),
        ("type: value, min: 5, max: 5", "expected min below max"),
        ("type: value, precision: 1.5", "expected a whole number from 0 to 9"),
        ("type: value, filter_regex: \"(\"", "expected a regular expression"),
        ("type: value, color_stops: [10, red]", "expected [[threshold, colour], ...]"),
        ("type: sparkline", "expected a source, or 1 to 8 sources, for a chart"),
        ("type: panel", "expected children, or grid and children_named, in a panel"),
        ("type: clock, format: \"%Q%\"", "expected a strftime format"),
        ("label: x", "expected a type for the widget \"w\""),
        ("type: value, filter_regex: \"((a{99}){99}){99}\"", "expected a regular expression"),
    ] {
        let error = parse(&format!("widgets:\n  w: {{ {widget} }}\n")).expect_err(widget).to_string();
        assert!(error.contains(message) && error.starts_with("nas.casedd:2:"), "{widget}: {error}");
    }
    for (source, message) in [
        (
            "widgets:\n  a: {type: text}\n  b: {type: text}\n",
            "nas.casedd:2:3: found a map, expected a grid beside the widgets",
        ),
        (
            "grid: {template_areas: a cpuu}\nwidgets:\n  a: {type: text}\n  cpu: {type: text}\n",
            "found the area \"cpuu\", expected a widget of that name; did you mean \"cpu\"?",
        ),
        (
            "grids: 1\nwidgets: {a: {type: text}}\n",
            "nas.casedd:1:1: found the key \"grids\", expected a field of a template; did you mean \"grid\"?",
        ),
        ("just a text", "nas.casedd:1:1: found \"just a text\", expected a template"),
        ("", "expected a template"),
    ] {
        let error = parse(source).expect_err(source).to_string();
        assert!(error.contains(message), "{source}: {error}");
    }
}

#[test]
fn more_widgets_than_the_limit_are_refused() {
    let widgets: String = (0..300).map(|n| format!("  w{n}: {{type: text}}\n")).collect();
    let error = parse(&format!("widgets:\n{widgets}")).expect_err("too many").to_string();
    assert!(error.contains("at most 256 widgets"), "{error}");
}

#[test]
fn tables_are_read_in_short_and_in_full_and_one_purpose_ones_bring_their_own() {
    let table = |widget: &str| match one(widget).kind {
        Kind::Table(table) => table,
        other => panic!("{other:?}"),
    };
    let plain = table("type: table, source: disk.rows");
    assert_eq!(plain, TableSpec::default());
    let keyed = table(
        "type: table, source: htop.rows, sort: -CPU, columns: [name, { name: CPU, key: cpu_percent, bar: yes }]",
    );
    assert_eq!((keyed.rows.as_deref(), keyed.columns.len(), keyed.has_header), (Some("htop"), 2, true));
    assert!(keyed.sort.is_some_and(|sort| sort.is_descending && sort.by == keyed.columns[1].cell));
    assert_eq!(keyed.columns[1].bar, Some((0.0, 100.0)));
    let htop = one("type: htop");
    assert_eq!((htop.source.as_deref(), htop.label.as_deref()), (Some("htop.rows"), Some("Processes")));
    let other = table("type: htop, source: elsewhere.rows, header: no, more: yes");
    assert_eq!(
        (other.rows.as_deref(), other.has_header, other.hides_rest),
        (Some("elsewhere"), false, false)
    );
}

#[test]
fn mistakes_in_tables_and_images_are_named() {
    for (widget, message) in [
        ("type: table, columns: []", "expected 1 to 12 columns"),
        ("type: table, columns: [{ name: X, kye: a }]", "did you mean \"key\"?"),
        ("type: table, columns: [{ key: a, part: 2 }]", "expected either key or part in a column"),
        ("type: table, columns: [{ key: a, format: byte }]", "did you mean \"bytes\"?"),
        ("type: table, columns: [{ key: a, bar: yes, min: 5, max: 5 }]", "expected min below max"),
        ("type: table, columns: [a], sort: 7", "expected the number or name of a column"),
        ("type: image", "expected a path, or tiers, for an image"),
        ("type: image, path: a.png, scale: cover", "expected fit, fill or stretch"),
        ("type: image, tiers: [{ path: a.png }]", "expected path and when in a tier"),
        ("type: slideshow", "expected 1 to 64 paths for a slide show"),
        ("type: slideshow, path: a, interval: 0", "expected a number from 0.5 to 86400"),
        ("type: slideshow, path: a, transition: fde", "did you mean \"fade\"?"),
    ] {
        let error = parse(&format!("widgets:\n  w: {{ {widget} }}\n")).expect_err(widget).to_string();
        assert!(error.starts_with("nas.casedd:2:") && error.contains(message), "{widget}: {error}");
    }
}
