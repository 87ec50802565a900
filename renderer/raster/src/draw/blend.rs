//! Mixing colours into pixels, eight at a time: the innermost loops.
//! Leaves out shapes: a row of coverage and a colour (or a row of colours) come in, pixels go out.

use fearless_simd::{prelude::*, u16x16, u32x8};

/// The red-and-blue (or, shifted, alpha-and-green) bytes of a pixel.
const PAIR: u32 = 0x00ff_00ff;
const OPAQUE: u32 = 0xff00_0000;

/// What a row is painted with; the top byte of a word is its opacity.
#[derive(Clone, Copy)]
pub(super) enum Ink<'a> {
    Solid(u32),
    Words { words: &'a [u32], opaque: bool },
}

/// Paints a row that the shape covers all over to the same degree.
#[inline(always)]
pub(super) fn even<S: Simd>(simd: S, row: &mut [u32], coverage: u8, ink: Ink<'_>) {
    match ink {
        Ink::Solid(word) => match weight(u32::from(coverage), word >> 24) {
            0 => {}
            255 => fill(simd, row, word | OPAQUE),
            weight => solid_even(simd, row, weight, word | OPAQUE),
        },
        Ink::Words { words, opaque } if opaque && coverage == 255 => row.copy_from_slice(words),
        Ink::Words { words, .. } => words_even(simd, row, coverage, words),
    }
}

/// Paints a row that the shape covers as `mask` says, pixel by pixel.
#[inline(always)]
pub(super) fn masked<S: Simd>(simd: S, row: &mut [u32], mask: &[u8], ink: Ink<'_>) {
    match ink {
        Ink::Solid(word) => solid_masked(simd, row, mask, word),
        Ink::Words { words, .. } => words_masked(simd, row, mask, words),
    }
}

/// Sets all pixels of a row. Written out, because the library's own way is compiled without the vector instructions.
#[inline(always)]
pub(super) fn fill<S: Simd>(simd: S, row: &mut [u32], word: u32) {
    let words = u32x8::splat(simd, word);
    let mut groups = row.chunks_exact_mut(32);
    for pixels in &mut groups {
        for eight in pixels.chunks_exact_mut(8) {
            words.store_slice(eight);
        }
    }
    let mut eights = groups.into_remainder().chunks_exact_mut(8);
    for pixels in &mut eights {
        words.store_slice(pixels);
    }
    for pixel in eights.into_remainder() {
        *pixel = word;
    }
}

#[inline(always)]
fn solid_even<S: Simd>(simd: S, row: &mut [u32], weight: u32, word: u32) {
    let source = u32x8::splat(simd, word);
    let weights = u32x8::splat(simd, weight * 0x1_0001);
    let mut eights = row.chunks_exact_mut(8);
    for pixels in &mut eights {
        lerp8(simd, u32x8::from_slice(simd, pixels), source, weights).store_slice(pixels);
    }
    for pixel in eights.into_remainder() {
        *pixel = lerp(*pixel, word, weight);
    }
}

#[inline(always)]
fn words_even<S: Simd>(simd: S, row: &mut [u32], coverage: u8, words: &[u32]) {
    let coverage = u32::from(coverage);
    let mut eights = row.chunks_exact_mut(8);
    let mut sources = words.chunks_exact(8);
    for (pixels, source) in (&mut eights).zip(&mut sources) {
        let source = u32x8::from_slice(simd, source);
        let weights = weights8(simd, source >> 24, u32x8::splat(simd, coverage));
        lerp8(simd, u32x8::from_slice(simd, pixels), source | OPAQUE, weights).store_slice(pixels);
    }
    for (pixel, word) in eights.into_remainder().iter_mut().zip(sources.remainder()) {
        *pixel = lerp(*pixel, word | OPAQUE, weight(word >> 24, coverage));
    }
}

#[inline(always)]
fn solid_masked<S: Simd>(simd: S, row: &mut [u32], mask: &[u8], word: u32) {
    let alpha = word >> 24;
    let word = word | OPAQUE;
    let (source, alphas) = (u32x8::splat(simd, word), u32x8::splat(simd, alpha));
    let mut eights = row.chunks_exact_mut(8);
    let mut masks = mask.chunks_exact(8);
    for (pixels, bytes) in (&mut eights).zip(&mut masks) {
        let bytes: [u8; 8] = bytes.try_into().expect("chunks of eight");
        match u64::from_le_bytes(bytes) {
            0 => continue,
            u64::MAX if alpha == 255 => {
                pixels.fill(word);
                continue;
            }
            _ => {}
        }
        let coverage = widen(simd, bytes);
        let weights = if alpha == 255 { coverage * 0x1_0001 } else { weights8(simd, coverage, alphas) };
        lerp8(simd, u32x8::from_slice(simd, pixels), source, weights).store_slice(pixels);
    }
    for (pixel, coverage) in eights.into_remainder().iter_mut().zip(masks.remainder()) {
        *pixel = lerp(*pixel, word, weight(u32::from(*coverage), alpha));
    }
}

#[inline(always)]
fn words_masked<S: Simd>(simd: S, row: &mut [u32], mask: &[u8], words: &[u32]) {
    let mut eights = row.chunks_exact_mut(8);
    let mut masks = mask.chunks_exact(8);
    let mut sources = words.chunks_exact(8);
    for ((pixels, bytes), source) in (&mut eights).zip(&mut masks).zip(&mut sources) {
        let bytes: [u8; 8] = bytes.try_into().expect("chunks of eight");
        if u64::from_le_bytes(bytes) == 0 {
            continue;
        }
        let source = u32x8::from_slice(simd, source);
        let weights = weights8(simd, source >> 24, widen(simd, bytes));
        lerp8(simd, u32x8::from_slice(simd, pixels), source | OPAQUE, weights).store_slice(pixels);
    }
    let rest = masks.remainder().iter().zip(sources.remainder());
    for (pixel, (coverage, word)) in eights.into_remainder().iter_mut().zip(rest) {
        *pixel = lerp(*pixel, word | OPAQUE, weight(word >> 24, u32::from(*coverage)));
    }
}

#[inline(always)]
fn widen<S: Simd>(simd: S, bytes: [u8; 8]) -> u32x8<S> {
    let words: [u32; 8] = std::array::from_fn(|i| u32::from(bytes[i]));
    u32x8::from_slice(simd, &words)
}

/// `a * b / 255`, rounded, in both halves of each lane.
#[inline(always)]
fn weights8<S: Simd>(simd: S, a: u32x8<S>, b: u32x8<S>) -> u32x8<S> {
    // Products fit 16 bits: the cheaper multiplication will do.
    let product = (a.bitcast::<u16x16<S>>() * b.bitcast::<u16x16<S>>()).bitcast::<u32x8<S>>() + 128;
    let quotient = ((product >> 8) + product) >> 8;
    let _ = simd;
    quotient | (quotient << 16)
}

#[inline(always)]
fn weight(a: u32, b: u32) -> u32 {
    let product = a * b + 128;
    ((product >> 8) + product) >> 8
}

/// Each byte `weight / 255` of the way from `from` to `to`, rounded.
#[inline(always)]
fn lerp8<S: Simd>(simd: S, from: u32x8<S>, to: u32x8<S>, weights: u32x8<S>) -> u32x8<S> {
    let weights = weights.bitcast::<u16x16<S>>();
    let rest = u16x16::splat(simd, 255) - weights;
    let low = mix8::<S>(from & PAIR, to & PAIR, weights, rest);
    let high = mix8::<S>((from >> 8) & PAIR, (to >> 8) & PAIR, weights, rest);
    low | (high << 8)
}

#[inline(always)]
fn mix8<S: Simd>(from: u32x8<S>, to: u32x8<S>, weights: u16x16<S>, rest: u16x16<S>) -> u32x8<S> {
    let sum = from.bitcast::<u16x16<S>>() * rest + to.bitcast::<u16x16<S>>() * weights + 128;
    (((sum >> 8) + sum) >> 8).bitcast()
}

/// The same for one pixel: two bytes at a time, each with sixteen bits of room.
#[inline(always)]
fn lerp(from: u32, to: u32, weight: u32) -> u32 {
    let mix = |from: u32, to: u32| {
        let sum = (from & PAIR) * (255 - weight) + (to & PAIR) * weight + 0x0080_0080;
        ((((sum >> 8) & PAIR) + sum) >> 8) & PAIR
    };
    mix(from, to) | mix(from >> 8, to >> 8) << 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use fearless_simd::{Level, dispatch};

    /// Every opacity and coverage, in a row long enough for groups of eight and a rest.
    fn rows(level: Level) -> Vec<u32> {
        let mut all = Vec::new();
        for alpha in (0..=255u32).step_by(5) {
            let word = alpha << 24 | 0x00_37_c8_05;
            let mask: Vec<u8> = (0..=255).chain([255; 13]).chain([0; 9]).collect();
            let words: Vec<u32> =
                (0..mask.len() as u32).map(|i| (i * 7 % 256) << 24 | (i * 0x01_0305)).collect();
            let before: Vec<u32> =
                (0..mask.len() as u32).map(|i| OPAQUE | ((i * 0x03_0711) & 0xff_ffff)).collect();
            for ink in [Ink::Solid(word), Ink::Words { words: &words, opaque: false }] {
                let mut row = before.clone();
                dispatch!(level, simd => masked(simd, &mut row, &mask, ink));
                all.extend(&row);
                dispatch!(level, simd => even(simd, &mut row, alpha as u8, ink));
                all.extend(&row);
            }
        }
        all
    }

    #[test]
    fn all_levels_of_instructions_give_the_same_pixels() {
        assert_eq!(rows(Level::new()), rows(Level::baseline()));
    }

    #[test]
    fn pixels_stay_opaque_and_mixing_is_exact_to_half_a_step() {
        assert!(rows(Level::new()).iter().all(|pixel| pixel >> 24 == 255));
        for weight in 0..=255u32 {
            for (from, to) in [(0u32, 255u32), (255, 0), (13, 200), (77, 77)] {
                let exact = f64::from(from) + (f64::from(to) - f64::from(from)) * f64::from(weight) / 255.0;
                let mixed = lerp(from | OPAQUE, to | OPAQUE, weight) & 0xff;
                assert!((f64::from(mixed) - exact).abs() <= 0.5, "{from} {to} {weight}: {mixed} for {exact}");
            }
        }
    }
}
