//! Pixel layouts: the six that are named, and any other packed one that a driver describes by bit fields.
//!
//! Describes only; the loops that convert are in `convert.rs`.

use casedd_common::config::FbFormat;

/// What one pixel looks like in memory (all of them little endian).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// 32 bit, bytes B, G, R, X: as the frames.
    Xrgb8888,
    /// 32 bit, bytes R, G, B, X.
    Xbgr8888,
    /// 16 bit, red in the high bits.
    Rgb565,
    /// 16 bit, blue in the high bits.
    Bgr565,
    /// 24 bit, bytes B, G, R.
    Rgb24,
    /// 24 bit, bytes R, G, B.
    Bgr24,
    /// One byte of brightness.
    Gray8,
    /// Anything else with its channels in bit fields.
    Packed(Packing),
}

/// Where one channel's bits are in a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Lowest bit.
    pub offset: u32,
    /// How many; 0: the pixel has no such channel.
    pub length: u32,
}

impl Channel {
    const fn new(offset: u32, length: u32) -> Self {
        Self { offset, length }
    }

    fn mask(self) -> u64 {
        ((1u64 << self.length) - 1) << self.offset
    }
}

/// A pixel of 1 to 4 bytes with its channels in bit fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packing {
    /// Bytes a pixel.
    pub bytes: usize,
    /// Red's bits.
    pub red: Channel,
    /// Green's bits.
    pub green: Channel,
    /// Blue's bits.
    pub blue: Channel,
    /// Opacity's bits; always written as full.
    pub alpha: Channel,
}

/// What a driver says of its pixels (`fb_var_screeninfo`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits {
    /// Bits from one pixel to the next.
    pub per_pixel: u32,
    /// Whether there is only brightness.
    pub is_gray: bool,
    /// Red's bits.
    pub red: Channel,
    /// Green's bits.
    pub green: Channel,
    /// Blue's bits.
    pub blue: Channel,
    /// Opacity's bits.
    pub alpha: Channel,
}

/// The named layouts by their channels (red, green, blue): what drivers have nine times in ten.
const NAMED: [(Layout, usize, [Channel; 3]); 6] = [
    (Layout::Xrgb8888, 4, [Channel::new(16, 8), Channel::new(8, 8), Channel::new(0, 8)]),
    (Layout::Xbgr8888, 4, [Channel::new(0, 8), Channel::new(8, 8), Channel::new(16, 8)]),
    (Layout::Rgb565, 2, [Channel::new(11, 5), Channel::new(5, 6), Channel::new(0, 5)]),
    (Layout::Bgr565, 2, [Channel::new(0, 5), Channel::new(5, 6), Channel::new(11, 5)]),
    (Layout::Rgb24, 3, [Channel::new(16, 8), Channel::new(8, 8), Channel::new(0, 8)]),
    (Layout::Bgr24, 3, [Channel::new(0, 8), Channel::new(8, 8), Channel::new(16, 8)]),
];

impl Layout {
    /// The layout a driver describes; what it describes is checked here and nowhere later.
    pub fn of_driver(bits: Bits) -> Result<Layout, String> {
        if bits.is_gray {
            return match bits.per_pixel {
                8 => Ok(Layout::Gray8),
                depth => Err(format!("{depth} bit grey; grey is supported with 8 bit")),
            };
        }
        let bytes = match bits.per_pixel {
            8 | 16 | 24 | 32 => bits.per_pixel as usize / 8,
            depth => return Err(format!("{depth} bits a pixel; 8, 16, 24 and 32 are supported")),
        };
        let colours = [bits.red, bits.green, bits.blue];
        let mut taken = 0;
        for channel in [bits.red, bits.green, bits.blue, bits.alpha] {
            if channel.length > 16 || channel.offset > 32 || channel.offset + channel.length > bits.per_pixel
            {
                return Err(format!("a channel of {} bits at bit {}", channel.length, channel.offset));
            }
            if taken & channel.mask() != 0 {
                return Err("channels that overlap; a palette mode is not supported".into());
            }
            taken |= channel.mask();
        }
        if colours.iter().any(|channel| channel.length == 0) {
            return Err("no red, green or blue; a palette mode is not supported".into());
        }
        let named = NAMED.iter().find(|(_, size, channels)| *size == bytes && *channels == colours);
        Ok(match named {
            Some((layout, ..)) => *layout,
            None => Layout::Packed(Packing {
                bytes,
                red: bits.red,
                green: bits.green,
                blue: bits.blue,
                alpha: bits.alpha,
            }),
        })
    }

    /// Bytes from one pixel to the next.
    pub fn bytes_per_pixel(self) -> usize {
        match self {
            Layout::Xrgb8888 | Layout::Xbgr8888 => 4,
            Layout::Rgb24 | Layout::Bgr24 => 3,
            Layout::Rgb565 | Layout::Bgr565 => 2,
            Layout::Gray8 => 1,
            Layout::Packed(packing) => packing.bytes,
        }
    }
}

impl From<FbFormat> for Layout {
    fn from(format: FbFormat) -> Self {
        match format {
            FbFormat::Xrgb8888 => Layout::Xrgb8888,
            FbFormat::Xbgr8888 => Layout::Xbgr8888,
            FbFormat::Rgb565 => Layout::Rgb565,
            FbFormat::Bgr565 => Layout::Bgr565,
            FbFormat::Rgb24 => Layout::Rgb24,
            FbFormat::Bgr24 => Layout::Bgr24,
        }
    }
}

impl std::fmt::Display for Layout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Layout::Xrgb8888 => "xrgb8888",
            Layout::Xbgr8888 => "xbgr8888",
            Layout::Rgb565 => "rgb565",
            Layout::Bgr565 => "bgr565",
            Layout::Rgb24 => "rgb24",
            Layout::Bgr24 => "bgr24",
            Layout::Gray8 => "gray8",
            Layout::Packed(packing) => {
                let Packing { bytes, red, green, blue, .. } = packing;
                return write!(
                    f,
                    "{}bit(r{}@{} g{}@{} b{}@{})",
                    bytes * 8,
                    red.length,
                    red.offset,
                    green.length,
                    green.offset,
                    blue.length,
                    blue.offset
                );
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(per_pixel: u32, red: (u32, u32), green: (u32, u32), blue: (u32, u32)) -> Bits {
        let channel = |(offset, length)| Channel { offset, length };
        Bits {
            per_pixel,
            is_gray: false,
            red: channel(red),
            green: channel(green),
            blue: channel(blue),
            alpha: channel((0, 0)),
        }
    }

    #[test]
    fn the_channel_offsets_tell_the_order() {
        let of = |bits| Layout::of_driver(bits).expect("known");
        assert_eq!(of(bits(32, (16, 8), (8, 8), (0, 8))), Layout::Xrgb8888);
        assert_eq!(of(bits(32, (0, 8), (8, 8), (16, 8))), Layout::Xbgr8888);
        assert_eq!(of(bits(16, (11, 5), (5, 6), (0, 5))), Layout::Rgb565);
        assert_eq!(of(bits(16, (0, 5), (5, 6), (11, 5))), Layout::Bgr565);
        assert_eq!(of(bits(24, (16, 8), (8, 8), (0, 8))), Layout::Rgb24);
        assert_eq!(of(bits(24, (0, 8), (8, 8), (16, 8))), Layout::Bgr24);
        assert!(matches!(of(bits(16, (10, 5), (5, 5), (0, 5))), Layout::Packed(_)));
        assert!(matches!(of(bits(32, (20, 10), (10, 10), (0, 10))), Layout::Packed(_)));
    }

    #[test]
    fn palettes_and_nonsense_are_refused_in_words() {
        let palette = Layout::of_driver(bits(8, (0, 8), (0, 8), (0, 8))).expect_err("refused");
        assert!(palette.contains("palette"), "{palette}");
        assert!(Layout::of_driver(bits(1, (0, 1), (0, 1), (0, 1))).is_err());
        assert!(Layout::of_driver(bits(16, (16, 8), (8, 8), (0, 8))).is_err());
        assert!(Layout::of_driver(bits(32, (u32::MAX - 1, 1), (8, 8), (0, 8))).is_err());
    }
}
