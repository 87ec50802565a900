//! The colours of a paint, pixel by pixel.
//! Leaves out coverage: shapes say where, this says which colour.

use super::blend::Ink;
use super::lanes::{self, LANES};
use crate::geometry::IRect;
use crate::paint::{Paint, Stops};
use fearless_simd::{f32x8, prelude::*};
use std::f32::consts::{FRAC_PI_2, PI, TAU};

/// Added to a number of 0..2^22, it leaves the nearest whole number in the low bits.
pub(super) const ROUND: f32 = 8_388_608.0;

/// A paint made ready for the pixels of one clip.
pub(super) struct Shader<'a> {
    kind: Kind,
    /// In whole groups of pixels.
    words: &'a mut Vec<u32>,
    clip: IRect,
}

enum Kind {
    Solid(u32),
    /// One colour a row of the clip, in `words`.
    Rows,
    /// One colour a column of the clip, in `words`.
    Columns {
        opaque: bool,
    },
    /// Another colour at each pixel.
    Field(Ramp, Along),
    Round(Ramp, Around),
}

/// Where along a gradient's line a pixel is: `x * dx + y * dy + at_origin`.
#[derive(Clone, Copy)]
struct Along {
    dx: f32,
    dy: f32,
    at_origin: f32,
}

/// How far round a point a pixel is.
#[derive(Clone, Copy)]
struct Around {
    x: f32,
    y: f32,
    middle_rad: f32,
    sweep_rad: f32,
}

impl<'a> Shader<'a> {
    #[inline(always)]
    pub(super) fn new<S: Simd>(simd: S, paint: &Paint, clip: IRect, words: &'a mut Vec<u32>) -> Shader<'a> {
        let kind = match paint {
            Paint::Solid(color) => Kind::Solid(color.word()),
            Paint::Linear { .. } | Paint::Sweep { .. } => Shader::gradient(simd, paint, clip, words),
        };
        Shader { kind, words, clip }
    }

    /// Much code, and once a shape: one copy of it is enough.
    #[inline(never)]
    fn gradient<S: Simd>(simd: S, paint: &Paint, clip: IRect, words: &mut Vec<u32>) -> Kind {
        match paint {
            Paint::Solid(color) => Kind::Solid(color.word()),
            Paint::Linear { from, to, stops } => {
                let (dx, dy) = (to.x - from.x, to.y - from.y);
                let scale = 1.0 / (dx * dx + dy * dy);
                let (dx, dy) = (dx * scale, dy * scale);
                let along = Along { dx, dy, at_origin: -(from.x * dx + from.y * dy) };
                let ramp = Ramp::new(stops);
                if dx == 0.0 {
                    let rows = room(words, clip.height().max(0) as usize);
                    simd.vectorize(
                        #[inline(always)]
                        || {
                            ramp.shade(
                                simd,
                                rows,
                                clip.top,
                                #[inline(always)]
                                |middles| along.at(f32x8::splat(simd, 0.0), middles),
                            )
                        },
                    );
                    Kind::Rows
                } else if dy == 0.0 {
                    let columns = room(words, clip.width().max(0) as usize);
                    simd.vectorize(
                        #[inline(always)]
                        || {
                            ramp.shade(
                                simd,
                                columns,
                                clip.left,
                                #[inline(always)]
                                |middles| along.at(middles, f32x8::splat(simd, 0.0)),
                            )
                        },
                    );
                    Kind::Columns { opaque: ramp.opaque }
                } else {
                    Kind::Field(ramp, along)
                }
            }
            Paint::Sweep { centre, start_rad, sweep_rad, stops } => {
                let middle_rad = start_rad + sweep_rad / 2.0;
                let around = Around { x: centre.x, y: centre.y, middle_rad, sweep_rad: *sweep_rad };
                Kind::Round(Ramp::new(stops), around)
            }
        }
    }

    /// The colour of row `y` of the clip, when it has only one.
    #[inline(always)]
    pub(super) fn solid(&self, y: i32) -> Option<u32> {
        match self.kind {
            Kind::Solid(word) => Some(word),
            Kind::Rows => Some(self.words[(y - self.clip.top) as usize]),
            Kind::Columns { .. } | Kind::Field(..) | Kind::Round(..) => None,
        }
    }

    /// The colours of `left..right` in row `y` of the clip.
    #[inline(always)]
    pub(super) fn ink<S: Simd>(&mut self, simd: S, y: i32, left: i32, right: i32) -> Ink<'_> {
        let count = (right - left) as usize;
        let middle_y = f32x8::splat(simd, y as f32 + 0.5);
        match &self.kind {
            Kind::Solid(word) => Ink::Solid(*word),
            Kind::Rows => Ink::Solid(self.words[(y - self.clip.top) as usize]),
            Kind::Columns { opaque } => {
                let start = (left - self.clip.left) as usize;
                Ink::Words { words: &self.words[start..start + count], opaque: *opaque }
            }
            Kind::Field(ramp, along) => {
                let words = room(self.words, count);
                ramp.shade(
                    simd,
                    words,
                    left,
                    #[inline(always)]
                    |middles| along.at(middles, middle_y),
                );
                Ink::Words { words: &words[..count], opaque: ramp.opaque }
            }
            Kind::Round(ramp, around) => {
                let words = room(self.words, count);
                ramp.shade(
                    simd,
                    words,
                    left,
                    #[inline(always)]
                    |middles| around.at(middles, middle_y),
                );
                Ink::Words { words: &words[..count], opaque: ramp.opaque }
            }
        }
    }
}

/// Room for `count` colours, in whole groups.
#[inline(always)]
fn room(words: &mut Vec<u32>, count: usize) -> &mut [u32] {
    let count = count.next_multiple_of(LANES);
    if words.len() < count {
        words.resize(count, 0);
    }
    &mut words[..count]
}

impl Along {
    #[inline(always)]
    fn at<S: Simd>(self, x: f32x8<S>, y: f32x8<S>) -> f32x8<S> {
        x * self.dx + y * self.dy + self.at_origin
    }
}

impl Around {
    /// 0 at the start, 1 at the end; before the start less, beyond the end more, by the shorter way round.
    #[inline(always)]
    fn at<S: Simd>(self, x: f32x8<S>, y: f32x8<S>) -> f32x8<S> {
        let turn = (angle(x - self.x, y - self.y) - self.middle_rad) * (1.0 / TAU);
        let turn = turn - (turn + 0.5).floor();
        turn * TAU / self.sweep_rad + 0.5
    }
}

/// `atan2(y, x)`, to some 1e-4: colours need no more, and it has no branches.
#[inline(always)]
fn angle<S: Simd>(x: f32x8<S>, y: f32x8<S>) -> f32x8<S> {
    let (ax, ay) = (x.abs(), y.abs());
    let ratio = ax.min(ay) / ax.max(ay).max(1e-9);
    let square = ratio * ratio;
    let part = ratio
        * (square * (square * (square * (square * 0.020_83 + -0.085_13) + 0.180_14) + -0.330_3) + 0.999_87);
    let part = ax.simd_lt(ay).select(-part + FRAC_PI_2, part);
    let part = x.simd_lt(0.0).select(-part + PI, part);
    y.simd_lt(0.0).select(-part, part)
}

/// A gradient's colours as a start and the steps added to it, which needs no branches. Channels are mixed
/// multiplied by alpha, so that a fade to transparent keeps its hue.
pub(super) struct Ramp {
    start: [f32; 4],
    steps: [Step; crate::paint::STOPS_MAX],
    count: usize,
    one_alpha: bool,
    opaque: bool,
}

#[derive(Clone, Copy, Default)]
struct Step {
    offset: f32,
    rate: f32,
    delta: [f32; 4],
}

impl Ramp {
    fn new(stops: &Stops) -> Ramp {
        let stops = stops.as_slice();
        let first = stops[0].1;
        let one_alpha = stops.iter().all(|(_, color)| color.a == first.a);
        let channels = |color: crate::color::Color| {
            let alpha = f32::from(color.a);
            let by = if one_alpha { 1.0 } else { alpha / 255.0 };
            [f32::from(color.b) * by, f32::from(color.g) * by, f32::from(color.r) * by, alpha]
        };
        let mut steps = [Step::default(); crate::paint::STOPS_MAX];
        for (step, pair) in steps.iter_mut().zip(stops.windows(2)) {
            let (from, to) = (channels(pair[0].1), channels(pair[1].1));
            *step = Step {
                offset: pair[0].0,
                rate: 1.0 / (pair[1].0 - pair[0].0).max(1e-6),
                delta: std::array::from_fn(|i| to[i] - from[i]),
            };
        }
        let opaque = one_alpha && first.a == 255;
        Ramp { start: channels(first), steps, count: stops.len() - 1, one_alpha, opaque }
    }

    /// The colours at the places that `place` gives for the middles of pixels from `first` on.
    #[inline(always)]
    fn shade<S: Simd>(&self, simd: S, words: &mut [u32], first: i32, place: impl Fn(f32x8<S>) -> f32x8<S>) {
        for (group, words) in words.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            let places = place(lanes::middles(simd, first + (group * LANES) as i32));
            let [blue, green, red, alpha] = self.start;
            let mut channels = [
                f32x8::splat(simd, blue),
                f32x8::splat(simd, green),
                f32x8::splat(simd, red),
                f32x8::splat(simd, alpha),
            ];
            for step in &self.steps[..self.count] {
                let part = lanes::unit((places - step.offset) * step.rate);
                for (channel, delta) in channels.iter_mut().zip(step.delta) {
                    *channel += part * delta;
                }
            }
            if !self.one_alpha {
                let by = f32x8::splat(simd, 255.0) / channels[3].max(1e-3);
                for channel in &mut channels[..3] {
                    *channel *= by;
                }
            }
            let [blue, green, red, alpha] = channels;
            let (blue, green) = (lanes::bytes(blue), lanes::bytes(green));
            let (red, alpha) = (lanes::bytes(red), lanes::bytes(alpha));
            (alpha << 24 | red << 16 | green << 8 | blue).store_slice(words);
        }
    }
}

/// Clamped to 0..=1; a NaN becomes 0. Written so that each comparison is one instruction.
#[inline(always)]
pub(super) fn unit(value: f32) -> f32 {
    let value = if value > 0.0 { value } else { 0.0 };
    if value < 1.0 { value } else { 1.0 }
}

/// A share of 0..=1 as a byte of coverage.
#[inline(always)]
pub(super) fn coverage(value: f32) -> u8 {
    (unit(value) * 255.0 + ROUND).to_bits() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_angle_is_right_all_round() {
        let simd = fearless_simd::Level::baseline();
        for degree in 0..360 {
            let exact = (degree as f32).to_radians();
            let got = fearless_simd::dispatch!(simd, simd => {
                let at = |number: f32| f32x8::splat(simd, number * 7.0);
                angle(at(exact.cos()), at(exact.sin())).as_slice()[0]
            });
            let difference = (got - exact).rem_euclid(TAU);
            assert!(difference.min(TAU - difference) < 5e-4, "{degree}: {got}");
        }
    }
}
