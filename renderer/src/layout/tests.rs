//! Layouts as templates give them, and what holds for all of them.
//! Leaves out tracks alone: their table stands beside them.

use super::*;
use crate::template;
use proptest::prelude::*;

fn cells(source: &str, width: u32, height: u32) -> Vec<(String, [i32; 4])> {
    let template = template::parse("t.casedd", "t", source).unwrap_or_else(|error| panic!("{error}"));
    let rect = |rect: IRect| [rect.left, rect.top, rect.width(), rect.height()];
    layout(&template, width, height)
        .cells
        .iter()
        .map(|cell| (cell.spec.name.clone(), rect(cell.rect)))
        .collect()
}

#[test]
fn areas_lie_on_the_grid_with_gaps_between_and_around() {
    let source = "grid: { template_areas: [a a, b c], columns: 1fr 1fr, gap: 10 }\n\
                  widgets: { a: {type: text}, b: {type: text}, c: {type: text} }\n";
    let found = cells(source, 130, 110);
    assert_eq!(found[0], (String::from("a"), [10, 10, 110, 40]));
    assert_eq!(found[1], (String::from("b"), [10, 60, 50, 40]));
    assert_eq!(found[2], (String::from("c"), [70, 60, 50, 40]));
}

#[test]
fn fit_keeps_the_shape_and_centres_it() {
    let source = "aspect_ratio: 2\nlayout_mode: fit\ngrid: { template_areas: a, gap: 0 }\nwidgets: { a: {type: text} }\n";
    assert_eq!(cells(source, 400, 400)[0].1, [0, 100, 400, 200]);
    assert_eq!(cells(source, 400, 100)[0].1, [100, 0, 200, 100]);
    assert_eq!(cells(source, 400, 200)[0].1, [0, 0, 400, 200]);
}

#[test]
fn children_of_fixed_size_keep_it_and_the_others_share_the_rest() {
    let source = "grid: { template_areas: p, gap: 0 }\nwidgets:\n  p:\n    type: panel\n    direction: row\n    align: center\n\
                  \x20   gap: 10\n    padding: 0\n    children:\n      - { type: text, width: 30, height: 20 }\n\
                  \x20     - { type: text }\n      - { type: text, weight: 2 }\n";
    let found = cells(source, 200, 100);
    assert_eq!(found[0], (String::from("p"), [0, 0, 200, 100]));
    assert_eq!(found[1], (String::from("p.0"), [0, 40, 30, 20]));
    assert_eq!(found[2], (String::from("p.1"), [40, 0, 50, 100]));
    assert_eq!(found[3], (String::from("p.2"), [100, 0, 100, 100]));
}

#[test]
fn panels_hold_grids_and_grids_hold_panels() {
    let source = "grid: { template_areas: p, gap: 0 }\nwidgets:\n  p:\n    type: panel\n    padding: 5\n    gap: 0\n\
                  \x20   grid: { template_areas: x y }\n    children_named:\n      x: { type: text }\n\
                  \x20     y: { type: panel, gap: 0, children: [{ type: text }, { type: text }] }\n";
    let found = cells(source, 210, 110);
    assert_eq!(found[1], (String::from("p/x"), [5, 5, 100, 100]));
    assert_eq!(found[2], (String::from("p/y"), [105, 5, 100, 100]));
    assert_eq!(found[4].1, [105, 55, 100, 50]);
}

#[test]
fn the_first_variant_that_holds_is_taken() {
    let source = "grid: { template_areas: a, gap: 0 }\nvariants:\n  - when: { max_width: 400 }\n    grid: { template_areas: b, gap: 0 }\n\
                  widgets: { a: {type: text}, b: {type: text} }\n";
    assert_eq!(cells(source, 400, 300)[0].0, "b");
    assert_eq!(cells(source, 401, 300)[0].0, "a");
}

fn track() -> impl Strategy<Value = Track> {
    prop_oneof![
        (0.0f32..5.0).prop_map(Track::Fraction),
        (0.0f32..400.0).prop_map(Track::Pixels),
        (0.0f32..120.0).prop_map(Track::Percent),
    ]
}

#[test]
fn neighbours_of_one_kind_are_equal_to_the_last_pixel() {
    let gauge = "{ type: gauge, source: cpu.percent }";
    let source =
        format!("grid: {{ template_areas: [a b c] }}\nwidgets: {{ a: {gauge}, b: {gauge}, c: {gauge} }}\n");
    let template = template::parse("t.casedd", "t", &source).expect("a good template");
    for width in 300..330 {
        let layout = layout(&template, width, 100);
        let sizes = layout.cells.iter().map(|cell| (cell.content.width, cell.content.height));
        assert!(sizes.clone().all(|size| Some(size) == sizes.clone().next()), "{width}: {sizes:?}");
    }
}

proptest! {
    #[test]
    fn areas_never_overlap_and_never_lie_outside(
        columns in proptest::collection::vec(track(), 1..8),
        rows in proptest::collection::vec(track(), 1..8),
        size in (1i32..4000, 1i32..2200),
        gap in 0.0f32..40.0,
    ) {
        let areas = (0..rows.len()).flat_map(|row| (0..columns.len()).map(move |column| (column, row)));
        let areas = areas.map(|(column, row)| crate::template::spec::Area { name: format!("a{column}_{row}"), column, row, columns: 1, rows: 1 });
        let given = Grid { areas: areas.collect(), columns, rows, gap_px: None };
        let body = IRect::new(3, 7, size.0, size.1);
        let found = grid(&given, body, gap);
        for (index, rect) in found.iter().enumerate() {
            let is_inside = rect.left >= body.left && rect.top >= body.top && rect.right <= body.right && rect.bottom <= body.bottom;
            prop_assert!(is_inside, "{rect:?} in {body:?}");
            for other in &found[..index] {
                prop_assert!(rect.intersect(*other).is_empty(), "{rect:?} {other:?}");
            }
        }
        let are_shares = |tracks: &[Track]| tracks.iter().all(|track| matches!(track, Track::Fraction(share) if *share > 0.01));
        if are_shares(&given.columns) {
            prop_assert_eq!(found.iter().map(|rect| rect.right).max(), Some(body.right));
        }
        if are_shares(&given.rows) {
            prop_assert_eq!(found.iter().map(|rect| rect.bottom).max(), Some(body.bottom));
        }
    }

    #[test]
    fn children_of_any_panel_lie_within_it(
        sizes in proptest::collection::vec((proptest::option::of(1u32..300), proptest::option::of(1u32..300)), 1..6),
        canvas in (1u32..900, 1u32..600),
        row in any::<bool>(),
    ) {
        let child = |(width, height): &(Option<u32>, Option<u32>)| {
            let field = |name: &str, px: &Option<u32>| px.map_or(String::new(), |px| format!(", {name}: {px}"));
            format!("{{type: text{}{}}}", field("width", width), field("height", height))
        };
        let children: Vec<String> = sizes.iter().map(child).collect();
        let source = format!(
            "widgets: {{ p: {{ type: panel, label: x, direction: {}, children: [{}] }} }}\n",
            if row { "row" } else { "column" },
            children.join(", ")
        );
        let template = template::parse("t.casedd", "t", &source).expect("a good template");
        let layout = layout(&template, canvas.0, canvas.1);
        let panel = layout.cells[0].rect;
        for (index, cell) in layout.cells[1..].iter().enumerate() {
            prop_assert_eq!(cell.rect.intersect(panel), cell.rect);
            for other in &layout.cells[1..index + 1] {
                prop_assert!(cell.rect.intersect(other.rect).is_empty());
            }
        }
    }
}
