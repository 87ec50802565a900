//! What holds for a view whatever its template and data: increments equal full redraws, failures stay in their cell.
//! Leaves out the looks: see the golden pictures.

use super::*;
use crate::data::NoHistory;
use crate::template;
use casedd_common::metrics::{NO_SERIES, Reading, Snapshot, Value};
use casedd_raster::Color;
use proptest::prelude::*;

const TEMPLATE: &str = "grid: { template_areas: [a b c, a d d], columns: 1fr 2fr 1fr }\nwidgets:\n\
    \x20 a: { type: value, source: a, label: A }\n  b: { type: bar, source: b }\n  c: { type: gauge, source: c }\n\
    \x20 d: { type: panel, label: D, direction: row, children: [{ type: value, source: d }, { type: text, source: e }] }\n";

fn template() -> Arc<Template> {
    Arc::new(template::parse("t.casedd", "t", TEMPLATE).expect("a good template"))
}

/// Values of the keys `a`, `b`, ... at a time.
fn data(values: &[f64], now_s: u64) -> Data {
    let reading = |(index, value): (usize, &f64)| Reading {
        key: char::from(b'a' + index as u8).to_string(),
        value: Value::Number(*value),
        at_ns: 0,
        ttl_ms: 5_000,
        series: NO_SERIES,
    };
    let readings = values.iter().enumerate().map(reading).collect();
    let wall = jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC);
    Data::new(Snapshot { readings, ..Snapshot::default() }, Box::new(NoHistory), now_s * 1_000_000_000, wall)
}

/// Draws something that depends on the value and overlaps its neighbours; fails above 90.
struct Probe;

impl Widget for Probe {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let value = cx.spec.source.as_deref().and_then(|key| cx.data.number(key)).unwrap_or(0.0) as f32;
        assert!(value <= 90.0, "more than this widget can bear");
        let centre = cx.area.centre();
        scene.circle(centre, value * 2.0, Color::hex(0xff8800).with_alpha(120));
        scene.fill_rounded(cx.area, 7.0, cx.accent.faded(value / 100.0));
    }
}

fn probe(_: &Kind) -> &'static dyn Widget {
    &Probe
}

fn full(find: FindWidget, data: &Data, size: (u32, u32)) -> Vec<u32> {
    let mut picture = Picture::new(View::with_widgets(template(), size, find));
    picture.refresh(data, &mut Painter::default());
    picture.into_pixels()
}

#[test]
fn nothing_changed_is_no_damage() {
    let mut painter = Painter::default();
    let mut view = View::with_widgets(template(), (320, 200), probe);
    let whole = IRect::new(0, 0, 320, 200);
    assert_eq!(view.refresh(&data(&[1.0, 2.0, 3.0, 4.0, 5.0], 1), &mut painter), [whole]);
    assert!(view.refresh(&data(&[1.0, 2.0, 3.0, 4.0, 5.0], 2), &mut painter).is_empty());
    let changed = view.refresh(&data(&[1.0, 2.0, 30.0, 4.0, 5.0], 3), &mut painter).to_vec();
    assert_eq!(changed.len(), 1);
    let cell = view.layout.cells.iter().find(|cell| cell.spec.name == "c").expect("cell c").rect;
    assert_eq!(changed[0].intersect(cell), changed[0]);
}

#[test]
fn a_widget_that_panics_costs_only_its_own_cell_and_is_tried_again_later() {
    let mut painter = Painter::default();
    let mut picture = Picture::new(View::with_widgets(template(), (320, 200), probe));
    picture.refresh(&data(&[1.0, 2.0, 3.0, 4.0, 5.0], 1), &mut painter);
    let before = picture.pixels().to_vec();
    let damage = picture.refresh(&data(&[1.0, 95.0, 3.0, 4.0, 5.0], 2), &mut painter).to_vec();
    let cells = &picture.view().layout.cells;
    let cell = cells.iter().find(|cell| cell.spec.name == "b").expect("cell b").rect;
    assert!(!damage.is_empty() && damage.iter().all(|rect| rect.intersect(cell) == *rect));
    assert!(
        picture.refresh(&data(&[1.0, 2.0, 3.0, 4.0, 5.0], 3), &mut painter).is_empty(),
        "left alone for a while"
    );
    picture.refresh(&data(&[1.0, 2.0, 3.0, 4.0, 5.0], 20), &mut painter);
    assert_eq!(picture.pixels(), before);
}

#[test]
fn a_canvas_of_one_pixel_is_drawn_too() {
    let mut view = View::new(template(), 1, 1);
    assert_eq!(view.refresh(&data(&[], 0), &mut Painter::default()), [IRect::new(0, 0, 1, 1)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_sequence_of_changes_gives_what_a_full_redraw_gives(
        steps in proptest::collection::vec((proptest::collection::vec(0.0f64..90.0, 0..6), 0u64..20), 1..10),
        size in (20u32..300, 20u32..200),
        is_probe in any::<bool>(),
    ) {
        let find = if is_probe { probe } else { widgets::widget };
        let mut painter = Painter::default();
        let mut picture = Picture::new(View::with_widgets(template(), size, find));
        for (values, now_s) in steps {
            let data = data(&values, now_s);
            let before = picture.pixels().to_vec();
            let damage = picture.refresh(&data, &mut painter).to_vec();
            prop_assert!(picture.pixels() == full(find, &data, size), "the retained picture differs");
            let changed = (0..before.len()).filter(|at| before[*at] != picture.pixels()[*at]);
            for at in changed {
                let (x, y) = ((at as u32 % size.0) as i32, (at as u32 / size.0) as i32);
                let pixel = IRect::new(x, y, 1, 1);
                let is_told = damage.iter().any(|rect| rect.intersect(pixel) == pixel);
                prop_assert!(is_told, "the damage says less than changed");
            }
        }
    }
}

/// Draws its value, and counts how often it was asked to.
struct Counting;

thread_local! {
    static BUILT: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

impl Widget for Counting {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        BUILT.set(BUILT.get() + 1);
        Probe.build(cx, scene);
    }
}

#[test]
fn a_widget_is_built_again_only_when_what_it_looked_at_changes() {
    let mut view = View::with_widgets(template(), (320, 200), |_| &Counting);
    let mut painter = Painter::default();
    let mut built = |values: &[f64], painter: &mut Painter| {
        BUILT.set(0);
        view.refresh(&data(values, 1), painter);
        BUILT.get()
    };
    assert_eq!(built(&[1.0, 2.0, 3.0, 4.0, 5.0], &mut painter), 5);
    assert_eq!(built(&[1.0, 2.0, 3.0, 4.0, 6.0], &mut painter), 1, "the last one's number");
    assert_eq!(built(&[1.0, 2.0, 3.0, 4.0, 6.0], &mut painter), 0);
    assert_eq!(built(&[1.0, 9.0, 3.0, 4.0, 6.0], &mut painter), 1);
    assert_eq!(built(&[1.0, 9.0, 95.0, 4.0, 6.0], &mut painter), 1, "it fails, and has an error card");
    painter.fonts.use_system(Vec::new());
    assert_eq!(built(&[1.0, 9.0, 95.0, 4.0, 6.0], &mut painter), 4, "texts may look different now");
    assert_eq!(built(&[1.0, 9.0, 3.0, 4.0], &mut painter), 1, "a key is gone; the failed one waits");
    assert_eq!(built(&[1.0, 9.0, 3.0, 4.0], &mut painter), 1, "and may come back");
}
