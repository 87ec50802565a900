//! Eight pixels of a row side by side: where they are, and shares of them as bytes of coverage.
//! Leaves out shapes. Every step is one IEEE operation a lane, so that all levels of instructions give the same bytes.
//!
//! Whatever handles lanes is inlined always, closures too: a function of its own would lack the vector instructions, and
//! each step in it would be a call.

use super::shade::ROUND;
use fearless_simd::{f32x8, prelude::*, u32x8};

/// Pixels that are worked out at a time: rows of masks are as long as whole groups.
pub(super) const LANES: usize = 8;

const PLACES: [f32; LANES] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];

/// The middles of the pixels from column `left` on.
#[inline(always)]
pub(super) fn middles<S: Simd>(simd: S, left: i32) -> f32x8<S> {
    f32x8::from_slice(simd, &PLACES) + left as f32 + 0.5
}

/// Clamped to 0..=1.
#[inline(always)]
pub(super) fn unit<S: Simd>(value: f32x8<S>) -> f32x8<S> {
    value.max(0.0).min(1.0)
}

/// Numbers of 0..=255 as the nearest whole ones.
#[inline(always)]
pub(super) fn bytes<S: Simd>(value: f32x8<S>) -> u32x8<S> {
    (value.max(0.0).min(255.0) + ROUND).bitcast::<u32x8<S>>() & 0xff
}

/// Shares of 0..=1 as bytes of coverage.
#[inline(always)]
pub(super) fn coverage<S: Simd>(share: f32x8<S>) -> [u8; LANES] {
    let words = (unit(share) * 255.0 + ROUND).bitcast::<u32x8<S>>();
    let [a, b, c, d, e, f, g, h] = *words.as_array();
    [a as u8, b as u8, c as u8, d as u8, e as u8, f as u8, g as u8, h as u8]
}

/// The length of a line from the middle to each place.
#[inline(always)]
pub(super) fn length<S: Simd>(x: f32x8<S>, y: f32x8<S>) -> f32x8<S> {
    (x * x + y * y).sqrt()
}
