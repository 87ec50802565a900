//! Rows and columns to pixels.
//! Leaves out areas: `grid` puts them on the edges found here.

use crate::template::spec::Track;

/// First pixel and length of each track in `length_px` pixels with `gap_px` between neighbours.
///
/// Pixels and per cent are cut to whole pixels; what they leave is shared by fractions, whose edges are rounded half
/// to even, so that no pixel is lost or used twice. Where the fixed ones are too long they shrink in proportion.
pub fn tracks(tracks: &[Track], length_px: u32, gap_px: u32) -> Vec<(u32, u32)> {
    let gaps = gap_px * tracks.len().saturating_sub(1) as u32;
    // Where not even the gaps fit there are none.
    let (gap_px, room) = if gaps < length_px { (gap_px, length_px - gaps) } else { (0, length_px) };
    let fixed: Vec<Option<u32>> = tracks.iter().map(|track| fixed_px(*track, room)).collect();
    let fixed_sum: u64 = fixed.iter().flatten().map(|px| u64::from(*px)).sum();
    let shares: f64 = tracks.iter().map(|track| share(*track)).sum();
    let left = f64::from(room) - fixed_sum.min(u64::from(room)) as f64;
    let shrink = if fixed_sum > u64::from(room) { f64::from(room) / fixed_sum as f64 } else { 1.0 };
    let (mut found, mut at, mut shared) = (Vec::with_capacity(tracks.len()), 0u32, 0.0f64);
    for (track, fixed) in tracks.iter().zip(fixed) {
        let length = match fixed {
            Some(px) => (f64::from(px) * shrink) as u32,
            None => {
                let before = (shared * left / shares.max(f64::MIN_POSITIVE)).round_ties_even();
                shared += share(*track);
                ((shared * left / shares.max(f64::MIN_POSITIVE)).round_ties_even() - before) as u32
            }
        };
        found.push((at, length));
        at += length + gap_px;
    }
    found
}

fn fixed_px(track: Track, room: u32) -> Option<u32> {
    match track {
        Track::Pixels(px) => Some(px as u32),
        Track::Percent(share) => Some((f64::from(share) / 100.0 * f64::from(room)) as u32),
        Track::Fraction(_) => None,
    }
}

fn share(track: Track) -> f64 {
    match track {
        Track::Fraction(share) => f64::from(share),
        Track::Pixels(_) | Track::Percent(_) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::Track::{Fraction, Percent, Pixels};
    use super::*;

    #[test]
    fn tracks_come_out_as_css_would_have_them() {
        for (given, length, gap, expected) in [
            (vec![Fraction(1.0); 3], 800, 0, vec![(0, 267), (267, 266), (533, 267)]),
            (vec![Fraction(1.0), Fraction(3.0)], 400, 0, vec![(0, 100), (100, 300)]),
            (vec![Pixels(100.9), Fraction(1.0)], 300, 10, vec![(0, 100), (110, 190)]),
            (vec![Percent(12.5), Fraction(1.0)], 799, 0, vec![(0, 99), (99, 700)]),
            (vec![Fraction(1.0), Fraction(1.0)], 5, 0, vec![(0, 2), (2, 3)]),
            (vec![Pixels(300.0), Pixels(100.0)], 200, 0, vec![(0, 150), (150, 50)]),
            (vec![Fraction(1.0); 3], 4, 10, vec![(0, 1), (1, 2), (3, 1)]),
            (vec![Fraction(0.0)], 50, 0, vec![(0, 0)]),
            (vec![], 50, 5, vec![]),
        ] {
            assert_eq!(tracks(&given, length, gap), expected, "{given:?}");
        }
    }
}
