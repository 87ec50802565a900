//! Bars that lie: name, bar and number in a line, or the bar below both where rows are high; in as many columns as it
//! takes.
//! Leaves out how many there may be: what does not fit is counted in a last row.

use casedd_raster::{Color, Face, Paint, RectF, Scene, TextStyle};

use super::super::Cx;
use super::super::parts::family::Member;
use super::super::parts::head::{self, Free};
use super::super::parts::{Anchor, Ink, number, tint};
use super::{Family, color, strength};

/// A row's least height in sizes of its text.
const ROW_SHARE: f32 = 1.5;
/// From here on the bar has a line of its own.
const HIGH_SHARE: f32 = 2.9;
/// A bar's least length with the space around it, in sizes of the text.
const BAR_SHARE: f32 = 5.5;
/// How short names that are long make it, the space around it included.
const BAR_LEAST: f32 = 5.0;
/// How much of a row long names always may take, and how much at most.
const NAME_SHARES: (f32, f32) = (0.42, 0.6);
/// Most columns side by side.
const COLUMNS_MAX: usize = 8;
/// From here on the detail has one, too.
const FOOT_SHARE: f32 = 4.2;
/// Rows grow to this many times their least height before they leave room below.
const GROWTH_MAX: f32 = 4.6;

/// Whether every member has a row.
pub fn fits(cx: &mut Cx<'_>, family: &Family<'_>, body: RectF) -> bool {
    let (columns, rows) = room(cx, family, body);
    family.members.len() <= columns * rows
}

/// Most columns, and most rows in each.
fn room(cx: &mut Cx<'_>, family: &Family<'_>, body: RectF) -> (usize, usize) {
    let size = cx.scale.body_px;
    let texts = Texts::measure(cx, family, (family.members, f32::MAX));
    let least = texts.name_px + texts.number_px + size * BAR_SHARE;
    (
        ((body.width / least) as usize).clamp(1, COLUMNS_MAX),
        ((body.height / (size * ROW_SHARE)) as usize).max(1),
    )
}

pub fn draw(cx: &mut Cx<'_>, scene: &mut Scene, family: &Family<'_>, body: RectF) {
    let (columns_max, rows_max) = room(cx, family, body);
    let count = family.members.len();
    // As few columns as do; high rows are easier to read than short bars.
    let columns = (1..=columns_max).find(|columns| columns * rows_max >= count).unwrap_or(columns_max);
    let rows = count.div_ceil(columns).min(rows_max);
    let is_full = columns * rows < count;
    let shown = if is_full { columns * rows - 1 } else { count };
    let least = cx.scale.body_px * ROW_SHARE;
    let height = (body.height / rows as f32).min(least * GROWTH_MAX);
    let gap = cx.gap_px() * 3.0;
    let width = (body.width + gap) / columns as f32 - gap;
    let members = &family.members[..shown];
    let texts = Texts::measure(cx, family, (members, width));
    for (i, member) in members.iter().enumerate() {
        let (column, row) = (i / rows, i % rows);
        let x = body.x + (width + gap) * column as f32;
        let place = RectF::new(x, body.y + height * row as f32, width, height);
        if height >= cx.scale.body_px * HIGH_SHARE {
            high(cx, scene, family, (member, place));
        } else {
            low(cx, scene, family, (member, place), &texts);
        }
    }
    if is_full {
        let place = RectF::new(body.right() - width, body.y + height * (rows - 1) as f32, width, height);
        let ink = cx.caption_ink();
        let baseline = cx.baseline(ink.style, place.y, place.bottom());
        let text = cx.say(format_args!("+{} more", count - shown));
        cx.put(scene, text, ink, (Anchor::Start, place.x, baseline), place.width);
    }
}

/// Widths that all rows share, so that their bars begin and end in line.
struct Texts {
    size_px: f32,
    name_px: f32,
    number_px: f32,
}

impl Texts {
    fn measure(cx: &mut Cx<'_>, family: &Family<'_>, (members, width): (&[Member<'_>], f32)) -> Texts {
        let size_px = cx.scale.body_px;
        let mut texts = Texts { size_px, name_px: 0.0, number_px: 0.0 };
        for member in members {
            let name = cx.fonts.width(family.name(cx, member), TextStyle::words(Face::Medium, size_px));
            let shown = family.shown(cx, member);
            let number = cx.fonts.width(shown.text, TextStyle::new(Face::SemiBold, size_px))
                + cx.fonts.width(shown.unit, TextStyle::new(Face::Medium, size_px))
                + size_px * 0.2;
            texts.name_px = texts.name_px.max(name);
            texts.number_px = texts.number_px.max(number);
        }
        // A full bar is the widest number of a percentage: its place is there from the start.
        let full = cx.fonts.width("100", TextStyle::new(Face::SemiBold, size_px));
        texts.number_px = texts.number_px.max(full + size_px).min(width * 0.4);
        // Long names may leave a short bar, but not none.
        let rest = width - texts.number_px - size_px * BAR_LEAST;
        texts.name_px = texts.name_px.min(rest.clamp(width * NAME_SHARES.0, width * NAME_SHARES.1));
        texts
    }
}

fn low(
    cx: &mut Cx<'_>,
    scene: &mut Scene,
    family: &Family<'_>,
    (member, place): (&Member<'_>, RectF),
    texts: &Texts,
) {
    let name = Ink::words(Face::Medium, texts.size_px, tint::aged(cx.theme.text_dim, member.freshness));
    let baseline = cx.baseline(name.style, place.y, place.bottom());
    cx.put(scene, family.name(cx, member), name, (Anchor::Start, place.x, baseline), texts.name_px + 0.5);
    let ink = tint::aged(number_color(cx, member), member.freshness);
    let at = (place.right(), baseline, texts.number_px + 0.5);
    let shown = family.shown(cx, member);
    number::put_end(cx, scene, &shown, (texts.size_px, ink), at);
    let gap = cx.gap_px() * 1.4;
    let height = (cx.scale.label_px * 0.5).round().max(3.0).min(place.height);
    let left = place.x + texts.name_px + gap;
    let right = (place.right() - texts.number_px - gap).max(left);
    let track =
        RectF::from_edges(left, place.centre().y - height / 2.0, right, place.centre().y + height / 2.0);
    bar(cx, scene, family, (member, track));
}

fn high(cx: &mut Cx<'_>, scene: &mut Scene, family: &Family<'_>, (member, place): (&Member<'_>, RectF)) {
    let size = cx.scale.body_px;
    // High rows have thicker bars, and room for their detail below.
    let thick = (place.height * 0.13).clamp(cx.scale.label_px * 0.5, cx.scale.label_px * 0.95).round();
    let (cap, gap) = ((size * 0.75).round(), (size * 0.55).round());
    let has_foot = family.bars.item_detail.is_some() && place.height >= size * FOOT_SHARE;
    let foot = if has_foot { gap + cx.scale.caption_px * 0.75 } else { 0.0 };
    let height = cap + gap + thick + foot;
    let top = (place.y + (place.height - height) / 2.0).round();
    let name = Ink::words(Face::Medium, size, tint::aged(cx.theme.text_dim, member.freshness));
    let baseline = cx.baseline(name.style, top, top + cap);
    let ink = tint::aged(number_color(cx, member), member.freshness);
    let at = (place.right(), baseline, place.width * 0.6);
    let shown = family.shown(cx, member);
    let used = number::put_end(cx, scene, &shown, (cx.scale.value_px, ink), at);
    let room = (place.width - used - cx.gap_px()).max(0.0);
    let name_px = cx.put(scene, family.name(cx, member), name, (Anchor::Start, place.x, baseline), room);
    bar(cx, scene, family, (member, RectF::new(place.x, top + cap + gap, place.width, thick)));
    let detail = family.detail(cx, member);
    if has_foot {
        let bottom = top + height;
        let ink = Ink { color: tint::aged(cx.theme.text_dim, member.freshness), ..cx.caption_ink() };
        let baseline = cx.baseline(ink.style, bottom - foot + gap, bottom);
        cx.put(scene, detail, ink, (Anchor::Start, place.x, baseline), place.width);
    } else {
        let left = place.x + name_px + cx.gap_px() * 1.6;
        let free = Free { left, right: place.x + room, baseline };
        head::note(cx, scene, Some(free), detail);
    }
}

fn number_color(cx: &Cx<'_>, member: &Member<'_>) -> Color {
    if member.number.is_none() { cx.theme.text_faint } else { cx.theme.text }
}

fn bar(cx: &mut Cx<'_>, scene: &mut Scene, family: &Family<'_>, (member, track): (&Member<'_>, RectF)) {
    let track = track.snapped();
    let radius = track.height / 2.0;
    scene.fill_rounded(track, radius, cx.theme.track);
    let Some(share) = family.share(member).filter(|share| *share > 0.0) else { return };
    // At least a dot: something is not nothing.
    let width = (track.width * share).max(track.height).min(track.width);
    let color = color(cx, member);
    let paint = Paint::horizontal(track.x, track.right(), tint::along(cx, color)).faded(strength(member));
    scene.fill_rounded(RectF { width, ..track }, radius, paint);
}
