//! The time below a chart: round steps back from the present, each where it belongs.
//! Leaves out the scale of values: see `steps`.

use casedd_raster::{RectF, Scene};
use compact_str::format_compact;

use super::super::Cx;
use super::Anchor;
use crate::format::Text;

/// Steps that people reckon in.
const STEPS_S: [u64; 18] =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400];
/// Most marks: more are not read.
const MARKS_MAX: f32 = 6.0;
/// A mark takes this many times its own width: more of them would be a row of text.
const SPREAD: f32 = 1.7;

/// The time between two marks.
pub fn step_ms(cx: &mut Cx<'_>, window_ms: u64, width: f32) -> u64 {
    let mark = cx.fonts.width(&format_compact!("−{}", span(window_ms)), cx.caption_ink().style);
    let most = (width / (mark * SPREAD).max(1.0)).floor().clamp(1.0, MARKS_MAX) as u64;
    step(window_ms, most)
}

/// The least round step that goes into the window at most `most` times.
fn step(window_ms: u64, most: u64) -> u64 {
    let fits = |step_s: &u64| window_ms / (step_s * 1_000) <= most;
    STEPS_S.into_iter().find(fits).map_or(window_ms, |step_s| step_s * 1_000).max(1)
}

/// Where marks stand, as how long ago, the present left out.
pub fn marks(window_ms: u64, step_ms: u64) -> impl Iterator<Item = u64> {
    (1..=window_ms / step_ms.max(1)).map(move |count| count * step_ms)
}

/// Writes the marks into `foot`, and the present at its right end.
pub fn draw(cx: &mut Cx<'_>, scene: &mut Scene, foot: RectF, (window_ms, step_ms): (u64, u64)) {
    let ink = cx.caption_ink();
    let baseline = cx.baseline(ink.style, foot.y, foot.bottom());
    let now = cx.put(scene, "now", ink, (Anchor::End, foot.right(), baseline), foot.width * 0.5);
    let gap = cx.gap_px() * 2.0;
    let mut free = foot.right() - now - gap;
    for ago_ms in marks(window_ms, step_ms) {
        let x = foot.right() - (ago_ms as f64 / window_ms.max(1) as f64) as f32 * foot.width;
        let text = format_compact!("−{}", span(ago_ms));
        let width = cx.fonts.width(&text, ink.style);
        // The outermost one begins at the edge in place of standing over it.
        let left = (x - width / 2.0).max(foot.x);
        if left + width <= free {
            cx.put(scene, &text, ink, (Anchor::Start, left, baseline), width + 1.0);
            free = left - gap;
        }
    }
}

/// A length of time as people say it: `90 s`, `5 min`, `24 h`.
fn span(ms: u64) -> Text {
    match ms.div_ceil(1_000) {
        seconds if seconds < 60 || (seconds < 120 && seconds % 60 != 0) => format_compact!("{seconds} s"),
        seconds if seconds < 7_200 => format_compact!("{} min", (seconds + 30) / 60),
        seconds => format_compact!("{} h", (seconds + 1_800) / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_at_round_times_as_many_as_have_room() {
        for (window_s, most, step_s) in
            [(300, 5, 60), (300, 4, 120), (900, 3, 300), (60, 4, 15), (86_400, 6, 21_600)]
        {
            assert_eq!(step(window_s * 1_000, most), step_s * 1_000, "{window_s} s, {most} marks");
        }
        assert_eq!(marks(300_000, 120_000).collect::<Vec<_>>(), [120_000, 240_000]);
        assert_eq!(step(1, 1), 1_000);
        assert_eq!(marks(500, 1_000).count(), 0);
    }

    #[test]
    fn lengths_of_time_are_said_shortly() {
        for (ms, text) in
            [(30_000, "30 s"), (60_000, "1 min"), (90_000, "90 s"), (300_000, "5 min"), (7_200_000, "2 h")]
        {
            assert_eq!(span(ms), text);
        }
    }
}
