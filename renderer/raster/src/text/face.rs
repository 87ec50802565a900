//! Faces: font files and their sizes.
//! Leaves out the system's fonts: which of them stand in for missing glyphs is the renderer's to say.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use swash::shape::ShapeContext;
use swash::{CacheKey, FontRef};

/// Smallest and largest text, in pixels: below nothing can be read, above a glyph is bigger than a display.
const SIZE_PX: std::ops::RangeInclusive<f32> = 1.0..=2000.0;

/// The faces there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Face {
    /// Running text.
    #[default]
    Regular,
    /// Labels.
    Medium,
    /// Titles and small numbers.
    SemiBold,
    /// Big numbers: drawn for large sizes, tighter.
    Bold,
    /// Every glyph as wide as the next.
    Mono,
}

impl Face {
    pub(super) const COUNT: usize = 5;
}

/// How text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextStyle {
    /// The face.
    pub face: Face,
    /// Size of the em; taken to the nearest quarter pixel.
    pub size_px: f32,
    /// Digits all as wide as each other, so that a changing number does not jitter.
    pub tabular: bool,
}

impl TextStyle {
    /// A style with tabular digits.
    pub const fn new(face: Face, size_px: f32) -> TextStyle {
        TextStyle { face, size_px, tabular: true }
    }

    /// A style for words: digits in them are as wide as they look best.
    pub const fn words(face: Face, size_px: f32) -> TextStyle {
        TextStyle { face, size_px, tabular: false }
    }

    /// The same style in another size.
    pub const fn sized(self, size_px: f32) -> TextStyle {
        TextStyle { size_px, ..self }
    }

    /// The style that is really used: a size within bounds, on a quarter pixel.
    pub(super) fn settled(self) -> TextStyle {
        let size = if self.size_px.is_nan() { 1.0 } else { self.size_px };
        self.sized((size.clamp(*SIZE_PX.start(), *SIZE_PX.end()) * 4.0).round() / 4.0)
    }
}

/// Sizes of a style, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metrics {
    /// From the baseline up to the top of the line.
    pub ascent: f32,
    /// From the baseline down to the bottom of the line.
    pub descent: f32,
    /// Height of capitals and digits: what looks centred is centred by this.
    pub cap_height: f32,
    /// Height of an `x`.
    pub x_height: f32,
    /// From one baseline to the next.
    pub line_height: f32,
}

/// Why a font cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// It cannot be read as a font.
    #[error("not an OpenType or TrueType font")]
    NotAFont,
}

/// A font file in memory.
pub(crate) struct FaceData {
    /// Tells faces apart in caches; never used twice.
    pub(crate) id: u32,
    bytes: Cow<'static, [u8]>,
    offset: u32,
    key: CacheKey,
    /// Sizes for an em of one pixel.
    unit: Metrics,
    /// How wide every tabular digit is, for an em of one pixel.
    digit: f32,
}

impl FaceData {
    pub(super) fn new(bytes: Cow<'static, [u8]>) -> Result<FaceData, FontError> {
        static NEXT_ID: AtomicU32 = AtomicU32::new(0);
        let font = FontRef::from_index(&bytes, 0).ok_or(FontError::NotAFont)?;
        let (offset, key) = (font.offset, font.key);
        let raw = font.metrics(&[]).linear_scale(1.0);
        let em = f32::from(raw.units_per_em.max(1));
        let unit = Metrics {
            ascent: raw.ascent / em,
            descent: raw.descent / em,
            cap_height: if raw.cap_height > 0.0 { raw.cap_height / em } else { 0.72 },
            x_height: if raw.x_height > 0.0 { raw.x_height / em } else { 0.53 },
            line_height: (raw.ascent + raw.descent + raw.leading) / em,
        };
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        let digit = widest_digit(font);
        Ok(FaceData { id, bytes, offset, key, unit, digit })
    }

    pub(super) fn font(&self) -> FontRef<'_> {
        FontRef { data: &self.bytes, offset: self.offset, key: self.key }
    }

    pub(super) fn metrics(&self, size_px: f32) -> Metrics {
        let unit = self.unit;
        Metrics {
            ascent: unit.ascent * size_px,
            descent: unit.descent * size_px,
            cap_height: unit.cap_height * size_px,
            x_height: unit.x_height * size_px,
            line_height: unit.line_height * size_px,
        }
    }

    pub(super) fn digit_advance(&self, size_px: f32) -> f32 {
        self.digit * size_px
    }

    pub(super) fn has(&self, character: char) -> bool {
        self.font().charmap().map(character) != 0
    }
}

fn widest_digit(font: FontRef<'_>) -> f32 {
    let mut context = ShapeContext::new();
    let mut shaper = context.builder(font).size(1.0).features([("tnum", 1), ("kern", 0)]).build();
    shaper.add_str("0123456789");
    let mut widest = 0.0f32;
    shaper.shape_with(|cluster| widest = widest.max(cluster.advance()));
    widest
}

pub(super) fn embedded() -> [Arc<FaceData>; Face::COUNT] {
    const FILES: [&[u8]; Face::COUNT] = [
        include_bytes!("../../fonts/Inter-Regular.otf"),
        include_bytes!("../../fonts/Inter-Medium.otf"),
        include_bytes!("../../fonts/Inter-SemiBold.otf"),
        include_bytes!("../../fonts/InterDisplay-Bold.otf"),
        include_bytes!("../../fonts/JetBrainsMono-Medium.ttf"),
    ];
    FILES.map(|bytes| {
        Arc::new(FaceData::new(Cow::Borrowed(bytes)).expect("the embedded fonts are read by a test"))
    })
}
