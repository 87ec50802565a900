//! Where the parts of a gauge lie: the largest arc its cell allows, and the rows of text above, in and below it.
//! Leaves out what is drawn there. Texts do not count but by being there: neighbours of one size stay alike.

use std::f32::consts::TAU;

use casedd_raster::{Arc, PointF, RectF};

use super::super::Cx;
use super::super::parts::below;
use crate::template::spec::GaugeSpec;

/// The arc's width as a share of its radius; that of a large one is slimmer.
const WIDTH_SHARE: f32 = 0.19;
/// The same of arcs from [`SLIMMING`] on.
const LARGE_WIDTH_SHARE: f32 = 0.155;
/// From which radius on an arc slims, and to which, in sizes of a label.
const SLIMMING: (f32, f32) = (4.0, 9.0);
/// From this radius on, in sizes of a label, the label can stand inside the arc.
const INSIDE_LABELS_MIN: f32 = 3.2;
/// From this radius on, in sizes of a label, the detail can stand in the arc's opening.
const INSIDE_DETAILS_MIN: f32 = 3.4;
/// An arc that reaches less far below its centre (in radii) is a bow: its number stands on its ends.
const LOW_MIN: f32 = 0.5;
/// In a cell so much wider than high, an arc that the template leaves open is a bow.
const WIDE_MIN: f32 = 1.5;
/// A row of text may cost the arc so much of its radius.
const ROW_COST_MAX: f32 = 0.16;
/// A label is taken to be no longer than this, in its size, when there is room beside the arc.
const LABEL_SHARE: f32 = 6.5;
/// How wide the widest number to be expected is, as a share of the radius inside the arc.
const NUMBER_SHARE: f32 = 1.6;
/// Where the arc of a bow begins and ends, degrees.
const BOW_DEG: (f32, f32) = (196.0, -16.0);
/// Where that of a template that does not say begins and ends.
const USUAL_DEG: (f32, f32) = (225.0, -45.0);

/// The parts of a gauge.
pub struct Placed {
    /// The arc.
    pub arc: Arc,
    /// Where the number is fitted into.
    pub number: RectF,
    /// Where the label stands.
    pub label: LabelPlace,
    /// Middle of the detail's row and how wide it may be.
    pub detail: Option<(f32, f32)>,
}

/// Where a gauge's label stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LabelPlace {
    /// There is none, or no room for it.
    None,
    /// In a row above, where other widgets have theirs.
    Head,
    /// In the middle of a row: inside the arc or below it.
    Row { middle: f32, room: f32 },
}

/// The largest arc that fits the cell with its texts.
pub fn place(cx: &Cx<'_>, spec: &GaugeSpec, has_detail: bool) -> Placed {
    let has_label = cx.spec.label.as_deref().is_some_and(|label| !label.is_empty());
    let head_px = cx.head_row_px() + cx.gap_px();
    let under_head = below(cx.area, head_px);
    // A row above is as good as free where the cell is higher than its arc.
    let full = Reach::of(spec, cx.area).largest(cx.area);
    let is_free = has_label
        && Reach::of(spec, cx.area).left * full < cx.area.width / 2.0 - cx.scale.label_px * LABEL_SHARE;
    let has_row = has_label
        && !is_free
        && cx.area.height > head_px * 3.5
        && Reach::of(spec, under_head).largest(under_head) >= full * (1.0 - ROW_COST_MAX);
    let has_head = is_free || has_row;
    let mut area = if has_row { under_head } else { cx.area };
    let reach = Reach::of(spec, area);
    let is_bow = reach.down <= LOW_MIN + WIDTH_SHARE / 2.0;
    let row = cx.label_row_px();
    let mut radius = reach.largest(area);
    let label_row = match radius / cx.scale.label_px {
        _ if !has_label || has_head => LabelRow::None,
        labels if labels > INSIDE_LABELS_MIN && !is_bow => LabelRow::Inside,
        _ if area.height > row * 3.0 => LabelRow::Below,
        _ => LabelRow::None,
    };
    let whole = area;
    if label_row == LabelRow::Below {
        area.height -= row;
        radius = reach.largest(area);
    }
    let shorter = RectF { height: area.height - row, ..area };
    let detail_row = match () {
        () if !has_detail || label_row == LabelRow::Below => LabelRow::None,
        () if reach.largest(shorter) >= radius * (1.0 - ROW_COST_MAX) => LabelRow::Below,
        () if radius > cx.scale.label_px * INSIDE_DETAILS_MIN && label_row == LabelRow::None && !is_bow => {
            LabelRow::Inside
        }
        () => LabelRow::None,
    };
    if detail_row == LabelRow::Below {
        area = shorter;
        radius = reach.largest(area);
    }
    let mut arc = reach.arc(area, radius);
    arc.width = radius * width_share(radius / cx.scale.label_px);
    let centre = arc.centre;
    let under = centre.y + reach.down * radius + row * 0.5;
    let inside = LabelPlace::Row { middle: centre.y + radius * 0.46, room: radius * 1.24 };
    Placed {
        arc,
        number: number(arc, is_bow.then_some(reach.down - WIDTH_SHARE / 2.0), label_row == LabelRow::Inside),
        label: match label_row {
            LabelRow::None if has_head => LabelPlace::Head,
            LabelRow::None => LabelPlace::None,
            LabelRow::Inside => inside,
            LabelRow::Below => LabelPlace::Row { middle: under, room: whole.width },
        },
        detail: match detail_row {
            LabelRow::None => None,
            LabelRow::Inside => Some((centre.y + radius * 0.5, radius * 1.42)),
            LabelRow::Below => Some((under, whole.width)),
        },
    }
}

/// The arc's width as a share of its radius, this many labels.
fn width_share(radius: f32) -> f32 {
    let slim = ((radius - SLIMMING.0) / (SLIMMING.1 - SLIMMING.0)).clamp(0.0, 1.0);
    WIDTH_SHARE + (LARGE_WIDTH_SHARE - WIDTH_SHARE) * slim
}

#[derive(Clone, Copy, PartialEq)]
enum LabelRow {
    None,
    Inside,
    Below,
}

/// Where the number stands: in a bow on the line between its ends, which are `bow` below the centre; else in the middle,
/// a little higher when the label stands below it.
fn number(arc: Arc, bow: Option<f32>, has_label: bool) -> RectF {
    let inside = arc.radius - arc.width / 2.0;
    let (height, middle) = match (bow, has_label) {
        (Some(ends), _) => (inside * 0.5, ends * arc.radius - inside * 0.25),
        (None, true) => (inside * 0.5, inside * -0.1),
        (None, false) => (inside * 0.56, 0.0),
    };
    let width = inside * NUMBER_SHARE;
    RectF::new(arc.centre.x - width / 2.0, arc.centre.y + middle - height / 2.0, width, height)
}

/// Which way an arc goes, and how far it reaches from its centre, for a radius of one to the middle of its line.
struct Reach {
    start_rad: f32,
    sweep_rad: f32,
    up: f32,
    right: f32,
    down: f32,
    left: f32,
}

impl Reach {
    fn of(spec: &GaugeSpec, area: RectF) -> Reach {
        let asked = (spec.arc_start_deg, spec.arc_end_deg);
        let is_wide = asked == USUAL_DEG && area.width > area.height * WIDE_MIN;
        let (start_rad, sweep_rad) = angles(if is_wide { BOW_DEG } else { asked });
        let holds = |angle: f32| (angle - start_rad).rem_euclid(TAU) <= sweep_rad + 1e-3;
        let ends = [start_rad, start_rad + sweep_rad];
        let furthest = |direction: f32| {
            let ends = ends.iter().map(|end| (end - direction).cos()).fold(0.0, f32::max);
            WIDTH_SHARE / 2.0 + if holds(direction) { 1.0 } else { ends }
        };
        let quarter = TAU / 4.0;
        Reach {
            start_rad,
            sweep_rad,
            up: furthest(-quarter),
            right: furthest(0.0),
            down: furthest(quarter),
            left: furthest(quarter * 2.0),
        }
    }

    /// The largest radius with which it fits.
    fn largest(&self, area: RectF) -> f32 {
        let (width, height) = (self.left + self.right, self.up + self.down);
        (area.width / width).min(area.height / height).max(0.0)
    }

    /// The arc in the middle of `area`.
    fn arc(&self, area: RectF, radius: f32) -> Arc {
        let top = area.y + (area.height - (self.up + self.down) * radius) / 2.0;
        let x = area.centre().x + (self.left - self.right) / 2.0 * radius;
        Arc {
            centre: PointF::new(x, top + self.up * radius),
            radius,
            width: WIDTH_SHARE * radius,
            start_rad: self.start_rad,
            sweep_rad: self.sweep_rad,
            round_caps: true,
        }
    }
}

/// Where the arc starts and how far it goes, clockwise from the right, as the rasteriser has it.
fn angles((start_deg, end_deg): (f32, f32)) -> (f32, f32) {
    let start = -start_deg.to_radians();
    let sweep = (start_deg - end_deg).to_radians();
    let sweep = if sweep > 0.0 { sweep.min(TAU) } else { sweep.rem_euclid(TAU) };
    (start, if sweep < 0.01 { TAU } else { sweep })
}
