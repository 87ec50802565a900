//! The colours of a paint, pixel by pixel.
//! Leaves out coverage: shapes say where, this says which colour.

use super::blend::Ink;
use crate::geometry::IRect;
use crate::paint::{Paint, Stops};
use std::f32::consts::{FRAC_PI_2, PI, TAU};

/// Pixels shaded together: enough for any vector width, few enough for the fastest cache.
const BLOCK: usize = 32;
/// Added to a number of 0..2^22, it leaves the nearest whole number in the low bits.
const ROUND: f32 = 8_388_608.0;

/// A paint made ready for the pixels of one clip.
pub(super) struct Shader<'a> {
    kind: Kind,
    words: &'a mut Vec<u32>,
    left: i32,
    row: Option<(i32, u32)>,
}

enum Kind {
    Solid(u32),
    /// One colour a row.
    Rows(Ramp, Along),
    /// One colour a column, in `words`.
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
    pub(super) fn new(paint: &Paint, clip: IRect, words: &'a mut Vec<u32>) -> Shader<'a> {
        let kind = match paint {
            Paint::Solid(color) => Kind::Solid(color.word()),
            Paint::Linear { from, to, stops } => {
                let (dx, dy) = (to.x - from.x, to.y - from.y);
                let scale = 1.0 / (dx * dx + dy * dy);
                let (dx, dy) = (dx * scale, dy * scale);
                let along = Along { dx, dy, at_origin: -(from.x * dx + from.y * dy) };
                let ramp = Ramp::new(stops);
                if dx == 0.0 {
                    Kind::Rows(ramp, along)
                } else if dy == 0.0 {
                    words.resize(clip.width().max(0) as usize, 0);
                    ramp.shade(words, |i| along.at((clip.left + i as i32) as f32 + 0.5, 0.0));
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
        };
        Shader { kind, words, left: clip.left, row: None }
    }

    /// The colour, when there is only one.
    #[inline(always)]
    pub(super) fn solid(&self) -> Option<u32> {
        match self.kind {
            Kind::Solid(word) => Some(word),
            _ => None,
        }
    }

    /// The colours of `left..right` in row `y`.
    #[inline(always)]
    pub(super) fn ink(&mut self, y: i32, left: i32, right: i32) -> Ink<'_> {
        let count = (right - left) as usize;
        let middle_y = y as f32 + 0.5;
        match &self.kind {
            Kind::Solid(word) => Ink::Solid(*word),
            Kind::Rows(ramp, along) => match self.row {
                Some((row, word)) if row == y => Ink::Solid(word),
                _ => {
                    let word = ramp.at(along.at(0.0, middle_y));
                    self.row = Some((y, word));
                    Ink::Solid(word)
                }
            },
            Kind::Columns { opaque } => {
                let start = (left - self.left) as usize;
                Ink::Words { words: &self.words[start..start + count], opaque: *opaque }
            }
            Kind::Field(ramp, along) => {
                if self.words.len() < count {
                    self.words.resize(count, 0);
                }
                let words = &mut self.words[..count];
                ramp.shade(words, |i| along.at((left + i as i32) as f32 + 0.5, middle_y));
                Ink::Words { words, opaque: ramp.opaque }
            }
            Kind::Round(ramp, around) => {
                if self.words.len() < count {
                    self.words.resize(count, 0);
                }
                let words = &mut self.words[..count];
                ramp.shade(words, |i| around.at((left + i as i32) as f32 + 0.5, middle_y));
                Ink::Words { words, opaque: ramp.opaque }
            }
        }
    }
}

impl Along {
    #[inline(always)]
    fn at(self, x: f32, y: f32) -> f32 {
        x * self.dx + y * self.dy + self.at_origin
    }
}

impl Around {
    /// 0 at the start, 1 at the end; before the start less, beyond the end more, by the shorter way round.
    #[inline(always)]
    fn at(self, x: f32, y: f32) -> f32 {
        let turn = (angle(x - self.x, y - self.y) - self.middle_rad) * (1.0 / TAU);
        let turn = turn - (turn + 0.5).floor();
        turn * TAU / self.sweep_rad + 0.5
    }
}

/// `atan2(y, x)`, to some 1e-4: colours need no more, and it has no branches.
#[inline(always)]
fn angle(x: f32, y: f32) -> f32 {
    let (ax, ay) = (x.abs(), y.abs());
    let (least, most) = if ax < ay { (ax, ay) } else { (ay, ax) };
    let ratio = least / if most > 1e-9 { most } else { 1e-9 };
    let square = ratio * ratio;
    let part = ratio
        * (0.999_87 + square * (-0.330_3 + square * (0.180_14 + square * (-0.085_13 + square * 0.020_83))));
    let part = if ax < ay { FRAC_PI_2 - part } else { part };
    let part = if x < 0.0 { PI - part } else { part };
    if y < 0.0 { -part } else { part }
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

    /// The colour at one place.
    fn at(&self, t: f32) -> u32 {
        let mut channels = self.start;
        for step in &self.steps[..self.count] {
            let part = unit((t - step.offset) * step.rate);
            for (channel, delta) in channels.iter_mut().zip(step.delta) {
                *channel += delta * part;
            }
        }
        let by = if self.one_alpha { 1.0 } else { 255.0 / channels[3].max(1e-3) };
        let byte = |channel: f32| (clamp_byte(channel) + ROUND).to_bits() & 0xff;
        byte(channels[3]) << 24
            | byte(channels[2] * by) << 16
            | byte(channels[1] * by) << 8
            | byte(channels[0] * by)
    }

    /// The colours at the places that `place` names.
    #[inline(always)]
    fn shade(&self, words: &mut [u32], place: impl Fn(usize) -> f32) {
        let mut done = 0;
        for block in words.chunks_mut(BLOCK) {
            let mut places = [0.0f32; BLOCK];
            for (i, value) in places.iter_mut().enumerate() {
                *value = place(done + i);
            }
            let mut channels = [[0.0f32; BLOCK]; 4];
            for (channel, start) in channels.iter_mut().zip(self.start) {
                *channel = [start; BLOCK];
            }
            for step in &self.steps[..self.count] {
                for (i, place) in places.iter().enumerate() {
                    let part = unit((place - step.offset) * step.rate);
                    channels[0][i] += step.delta[0] * part;
                    channels[1][i] += step.delta[1] * part;
                    channels[2][i] += step.delta[2] * part;
                    channels[3][i] += step.delta[3] * part;
                }
            }
            if !self.one_alpha {
                let [blue, green, red, alpha] = &mut channels;
                for (((blue, green), red), alpha) in blue.iter_mut().zip(green).zip(red).zip(alpha) {
                    let by = 255.0 / if *alpha > 1e-3 { *alpha } else { 1e-3 };
                    *blue *= by;
                    *green *= by;
                    *red *= by;
                }
            }
            let mut packed = [0u32; BLOCK];
            for (i, word) in packed.iter_mut().enumerate() {
                let byte = |channel: usize| (clamp_byte(channels[channel][i]) + ROUND).to_bits() & 0xff;
                *word = byte(3) << 24 | byte(2) << 16 | byte(1) << 8 | byte(0);
            }
            block.copy_from_slice(&packed[..block.len()]);
            done += BLOCK;
        }
    }
}

/// Clamped to 0..=1; a NaN becomes 0. Written so that each comparison is one instruction.
#[inline(always)]
pub(super) fn unit(value: f32) -> f32 {
    let value = if value > 0.0 { value } else { 0.0 };
    if value < 1.0 { value } else { 1.0 }
}

#[inline(always)]
fn clamp_byte(value: f32) -> f32 {
    let value = if value > 0.0 { value } else { 0.0 };
    if value < 255.0 { value } else { 255.0 }
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
        for degree in 0..360 {
            let exact = (degree as f32).to_radians();
            let got = angle(exact.cos() * 7.0, exact.sin() * 7.0);
            let difference = (got - exact).rem_euclid(TAU);
            assert!(difference.min(TAU - difference) < 5e-4, "{degree}: {got}");
        }
        assert!(angle(0.0, 0.0).is_finite());
    }
}
