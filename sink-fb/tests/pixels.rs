//! The painter against a naive one that computes every device pixel on its own, over random sizes, strides,
//! rotations, layouts and damage.

use casedd_common::config::{Fit, Rotation};
use casedd_common::transport::frame::Rect;
use casedd_sink_fb::pixels::{Bits, Channel, Layout, Painter, Picture, Shape, Size, Surface};
use proptest::prelude::*;

/// Memory in place of a device, with a margin that nobody may touch.
struct Memory {
    shape: Shape,
    bytes: Vec<u8>,
}

const UNTOUCHED: u8 = 0xa5;
const MARGIN_BYTES: usize = 64;

impl Memory {
    fn new(shape: Shape) -> Self {
        Memory { shape, bytes: vec![UNTOUCHED; shape.extent_bytes() + MARGIN_BYTES] }
    }
}

impl Surface for Memory {
    fn shape(&self) -> Shape {
        self.shape
    }

    fn write(&mut self, offset_bytes: usize, bytes: &[u8]) {
        self.bytes[offset_bytes..offset_bytes + bytes.len()].copy_from_slice(bytes);
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A picture that owns its pixels, the padding of its rows filled with a colour that must never be seen.
#[derive(Clone, Debug)]
struct Drawn {
    pixels: Vec<u32>,
    stride_px: usize,
    size: Size,
}

impl Drawn {
    fn new(size: Size, padding_px: usize, seed: u32) -> Self {
        let stride_px = size.width as usize + padding_px;
        let mut pixels = vec![0xff_ff_00_ff; stride_px * size.height as usize];
        for (index, pixel) in pixels.iter_mut().enumerate() {
            if index % stride_px < size.width as usize {
                let noise = (index as u32 ^ seed).wrapping_mul(0x9e37_79b1);
                *pixel = 0xff00_0000 | (noise >> 8);
            }
        }
        Drawn { pixels, stride_px, size }
    }

    fn picture(&self) -> Picture<'_> {
        Picture { pixels: &self.pixels, stride_px: self.stride_px, size: self.size }
    }

    fn at(&self, x: u32, y: u32) -> u32 {
        self.pixels[y as usize * self.stride_px + x as usize]
    }

    fn paint_over(&mut self, rect: Rect, colour: u32) {
        for y in rect.y..rect.bottom() {
            for x in rect.x..rect.right() {
                self.pixels[y as usize * self.stride_px + x as usize] =
                    0xff00_0000 | colour.wrapping_add(x * 7 + y);
            }
        }
    }
}

/// Which picture pixel a device pixel shows: the definition of a clockwise turn.
fn shown_at(x: u32, y: u32, device: Size, rotation: Rotation) -> (u32, u32) {
    match rotation {
        Rotation::None => (x, y),
        Rotation::Quarter => (y, device.width - 1 - x),
        Rotation::Half => (device.width - 1 - x, device.height - 1 - y),
        Rotation::ThreeQuarters => (device.height - 1 - y, x),
    }
}

/// The bytes of one pixel, channel by channel, in whole numbers.
fn bytes_of(pixel: u32, bits: Bits) -> Vec<u8> {
    let [blue, green, red, _] = pixel.to_le_bytes().map(u64::from);
    if bits.is_gray {
        return vec![((red * 77 + green * 150 + blue * 29) / 256) as u8];
    }
    let channel = |value: u64, channel: Channel| {
        let wide = value * 256 + value;
        (wide / (1 << (16 - channel.length))) << channel.offset
    };
    let word = channel(red, bits.red)
        | channel(green, bits.green)
        | channel(blue, bits.blue)
        | channel(255, bits.alpha);
    word.to_le_bytes()[..bits.per_pixel as usize / 8].to_vec()
}

fn bits(per_pixel: u32, channels: [(u32, u32); 4]) -> Bits {
    let [red, green, blue, alpha] = channels.map(|(length, offset)| Channel { length, offset });
    Bits { per_pixel, is_gray: false, red, green, blue, alpha }
}

/// Every layout that a driver of ours was seen with, and some that none was.
fn layouts() -> impl Strategy<Value = Bits> {
    let gray = Bits { is_gray: true, ..bits(8, [(0, 0); 4]) };
    prop::sample::select(vec![
        bits(32, [(8, 16), (8, 8), (8, 0), (8, 24)]),
        bits(32, [(8, 0), (8, 8), (8, 16), (8, 24)]),
        bits(32, [(8, 24), (8, 16), (8, 8), (8, 0)]),
        bits(32, [(8, 8), (8, 16), (8, 24), (8, 0)]),
        bits(32, [(10, 20), (10, 10), (10, 0), (2, 30)]),
        bits(16, [(5, 11), (6, 5), (5, 0), (0, 0)]),
        bits(16, [(5, 0), (6, 5), (5, 11), (0, 0)]),
        bits(16, [(5, 10), (5, 5), (5, 0), (1, 15)]),
        bits(16, [(4, 8), (4, 4), (4, 0), (4, 12)]),
        bits(24, [(8, 16), (8, 8), (8, 0), (0, 0)]),
        bits(24, [(8, 0), (8, 8), (8, 16), (0, 0)]),
        bits(24, [(6, 12), (6, 6), (6, 0), (0, 0)]),
        bits(8, [(3, 5), (3, 2), (2, 0), (0, 0)]),
        gray,
    ])
}

fn rotations() -> impl Strategy<Value = Rotation> {
    prop::sample::select(vec![Rotation::None, Rotation::Quarter, Rotation::Half, Rotation::ThreeQuarters])
}

fn rects(size: Size) -> impl Strategy<Value = Vec<Rect>> {
    // Some reach outside: the painter must clip them.
    let rect = (0..size.width + 3, 0..size.height + 3, 0..size.width + 9, 0..size.height + 9)
        .prop_map(|(x, y, width, height)| Rect { x, y, width, height });
    prop::collection::vec(rect, 1..5)
}

fn whole(size: Size) -> Vec<Rect> {
    vec![Rect { x: 0, y: 0, width: size.width, height: size.height }]
}

#[derive(Clone, Debug)]
struct Case {
    device: Size,
    bits: Bits,
    rotation: Rotation,
    row_padding_bytes: usize,
    picture: Drawn,
    damage: Vec<Rect>,
}

impl Case {
    fn shape(&self) -> Shape {
        let layout = Layout::of_driver(self.bits).expect("a layout");
        let row_bytes = self.device.width as usize * layout.bytes_per_pixel();
        Shape { size: self.device, stride_bytes: row_bytes + self.row_padding_bytes, layout }
    }
}

fn cases() -> impl Strategy<Value = Case> {
    let device = (1..90u32, 1..70u32).prop_map(|(width, height)| Size { width, height });
    (device, layouts(), rotations(), 0..20usize, 0..9usize, any::<u32>()).prop_flat_map(
        |(device, bits, rotation, row_padding_bytes, padding_px, seed)| {
            let size = if rotation.swaps_sides() { device.swapped() } else { device };
            let picture = Drawn::new(size, padding_px, seed);
            rects(size).prop_map(move |damage| Case {
                device,
                bits,
                rotation,
                row_padding_bytes,
                picture: picture.clone(),
                damage,
            })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn every_device_pixel_is_the_one_that_belongs_there(case in cases()) {
        let shape = case.shape();
        let mut memory = Memory::new(shape);
        let mut painter = Painter::new(shape, case.rotation, Fit::Stretch);
        painter.paint(case.picture.picture(), &whole(case.picture.size), &mut memory).expect("painted");
        let mut expected = Memory::new(shape);
        for y in 0..case.device.height {
            for x in 0..case.device.width {
                let (from_x, from_y) = shown_at(x, y, case.device, case.rotation);
                let bytes = bytes_of(case.picture.at(from_x, from_y), case.bits);
                let offset = y as usize * shape.stride_bytes + x as usize * shape.layout.bytes_per_pixel();
                expected.write(offset, &bytes);
            }
        }
        prop_assert_eq!(memory.bytes, expected.bytes);
    }

    #[test]
    fn painting_what_changed_equals_painting_everything(case in cases(), colour in any::<u32>()) {
        let shape = case.shape();
        let mut memory = Memory::new(shape);
        let mut painter = Painter::new(shape, case.rotation, Fit::Stretch);
        painter.paint(case.picture.picture(), &whole(case.picture.size), &mut memory).expect("painted");
        let mut changed = case.picture.clone();
        for rect in &case.damage {
            changed.paint_over(rect.clip(changed.size.width, changed.size.height), colour);
        }
        painter.paint(changed.picture(), &case.damage, &mut memory).expect("painted");
        let mut fresh = Memory::new(shape);
        Painter::new(shape, case.rotation, Fit::Stretch)
            .paint(changed.picture(), &whole(changed.size), &mut fresh)
            .expect("painted");
        prop_assert_eq!(memory.bytes, fresh.bytes);
    }

    #[test]
    fn only_what_changed_is_written(case in cases()) {
        let shape = case.shape();
        let mut memory = Memory::new(shape);
        let mut painter = Painter::new(shape, case.rotation, Fit::Stretch);
        painter.paint(case.picture.picture(), &case.damage, &mut memory).expect("painted");
        for y in 0..case.device.height {
            for x in 0..case.device.width {
                let (from_x, from_y) = shown_at(x, y, case.device, case.rotation);
                let is_damaged = case.damage.iter().any(|rect| {
                    (rect.x..rect.right()).contains(&from_x) && (rect.y..rect.bottom()).contains(&from_y)
                });
                let offset = y as usize * shape.stride_bytes + x as usize * shape.layout.bytes_per_pixel();
                let bytes = &memory.bytes[offset..offset + shape.layout.bytes_per_pixel()];
                if !is_damaged {
                    prop_assert!(bytes.iter().all(|byte| *byte == UNTOUCHED), "{x},{y}");
                }
            }
        }
    }

    #[test]
    fn scaled_painting_of_what_changed_equals_painting_everything(
        case in cases(),
        size in (1..90u32, 1..70u32),
        fit in prop::sample::select(vec![Fit::Stretch, Fit::Contain, Fit::Cover]),
        colour in any::<u32>(),
        seed in any::<u32>(),
    ) {
        let shape = case.shape();
        let mut picture = Drawn::new(Size { width: size.0, height: size.1 }, 3, seed);
        let mut memory = Memory::new(shape);
        let mut painter = Painter::new(shape, case.rotation, fit);
        painter.paint(picture.picture(), &whole(picture.size), &mut memory).expect("painted");
        for rect in &case.damage {
            picture.paint_over(rect.clip(picture.size.width, picture.size.height), colour);
        }
        painter.paint(picture.picture(), &case.damage, &mut memory).expect("painted");
        let mut fresh = Memory::new(shape);
        Painter::new(shape, case.rotation, fit)
            .paint(picture.picture(), &whole(picture.size), &mut fresh)
            .expect("painted");
        prop_assert_eq!(memory.bytes, fresh.bytes);
    }

    #[test]
    fn a_plain_colour_stays_itself_however_it_is_scaled(
        device in (1..200u32, 1..200u32),
        size in (1..200u32, 1..200u32),
        colour in 0..0x0100_0000_u32,
    ) {
        let device = Size { width: device.0, height: device.1 };
        let size = Size { width: size.0, height: size.1 };
        let stride_bytes = device.width as usize * 4;
        let shape = Shape { size: device, stride_bytes, layout: Layout::Xrgb8888 };
        let pixels = vec![0xff00_0000 | colour; (size.width * size.height) as usize];
        let picture = Picture { pixels: &pixels, stride_px: size.width as usize, size };
        let mut memory = Memory::new(shape);
        Painter::new(shape, Rotation::None, Fit::Stretch)
            .paint(picture, &whole(size), &mut memory)
            .expect("painted");
        let expected = (0xff00_0000 | colour).to_le_bytes();
        prop_assert!(memory.bytes[..shape.extent_bytes()].chunks(4).all(|pixel| pixel == expected));
    }
}

#[test]
fn a_picture_that_is_shown_whole_has_black_bars() {
    let device = Size { width: 40, height: 40 };
    let shape = Shape { size: device, stride_bytes: 160, layout: Layout::Xrgb8888 };
    let pixels = vec![0xff_ff_ff_ff; 80 * 40];
    let picture = Picture { pixels: &pixels, stride_px: 80, size: Size { width: 80, height: 40 } };
    let mut memory = Memory::new(shape);
    Painter::new(shape, Rotation::None, Fit::Contain)
        .paint(picture, &whole(picture.size), &mut memory)
        .expect("painted");
    let row = |y: usize| &memory.bytes[y * 160..y * 160 + 4];
    assert_eq!(
        (row(9), row(10), row(29), row(30)),
        (&[0, 0, 0, 255][..], &[255; 4][..], &[255; 4][..], &[0, 0, 0, 255][..])
    );
}
