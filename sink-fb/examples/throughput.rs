//! How long a whole frame takes per layout and rotation, beside a plain copy of the same bytes.
//!
//! `cargo run --release -p casedd-sink-fb --example throughput`; processor milliseconds a frame, medians.

use std::hint::black_box;
use std::io;

use casedd_common::config::{Fit, Rotation};
use casedd_common::transport::frame::Rect;
use casedd_sink_fb::pixels::{Bits, Channel, Layout, Painter, Picture, Shape, Size, Surface};

const RUNS: usize = 25;
const SIZES: [Size; 3] = [
    Size { width: 800, height: 480 },
    Size { width: 1920, height: 1080 },
    Size { width: 3840, height: 2160 },
];
const ROTATIONS: [Rotation; 4] = [Rotation::None, Rotation::Quarter, Rotation::Half, Rotation::ThreeQuarters];

/// Ordinary memory: what the painter costs without a bus behind it.
struct Memory {
    shape: Shape,
    bytes: Vec<u8>,
}

impl Surface for Memory {
    fn shape(&self) -> Shape {
        self.shape
    }

    fn write(&mut self, offset_bytes: usize, bytes: &[u8]) {
        self.bytes[offset_bytes..offset_bytes + bytes.len()].copy_from_slice(bytes);
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Time this process was running: waiting for others on a busy machine does not count.
fn processor_ms() -> f64 {
    let time = nix::time::clock_gettime(nix::time::ClockId::CLOCK_PROCESS_CPUTIME_ID).expect("a clock");
    time.tv_sec() as f64 * 1e3 + time.tv_nsec() as f64 / 1e6
}

fn median_ms(mut work: impl FnMut()) -> f64 {
    let mut times_ms: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start_ms = processor_ms();
            work();
            processor_ms() - start_ms
        })
        .collect();
    times_ms.sort_by(f64::total_cmp);
    times_ms[RUNS / 2]
}

fn thirty_bit() -> Layout {
    let channel = |offset, length| Channel { offset, length };
    let bits = Bits {
        per_pixel: 32,
        is_gray: false,
        red: channel(20, 10),
        green: channel(10, 10),
        blue: channel(0, 10),
        alpha: channel(30, 2),
    };
    Layout::of_driver(bits).expect("a layout that exists")
}

fn measure(size: Size) {
    let pixels: Vec<u32> =
        (0..size.width * size.height).map(|at| 0xff00_0000 | at.wrapping_mul(0x9e37_79b1) >> 8).collect();
    let mut copy = pixels.clone();
    let copy_ms = median_ms(|| black_box(&mut copy).copy_from_slice(black_box(&pixels)));
    println!("\n{size}: memcpy {copy_ms:.3}\n{:>24} {:>8} {:>8} {:>8} {:>8}", "layout", 0, 90, 180, 270);
    let picture = Picture { pixels: &pixels, stride_px: size.width as usize, size };
    let all = [Rect { x: 0, y: 0, width: size.width, height: size.height }];
    let named =
        [Layout::Xrgb8888, Layout::Xbgr8888, Layout::Rgb565, Layout::Bgr565, Layout::Rgb24, Layout::Gray8];
    for layout in named.into_iter().chain([thirty_bit()]) {
        print!("{:>24}", layout.to_string());
        for rotation in ROTATIONS {
            let device = if rotation.swaps_sides() { size.swapped() } else { size };
            let stride_bytes = device.width as usize * layout.bytes_per_pixel();
            let shape = Shape { size: device, stride_bytes, layout };
            let mut memory = Memory { shape, bytes: vec![1; shape.extent_bytes()] };
            let mut painter = Painter::new(shape, rotation, Fit::Stretch);
            let ms = median_ms(|| painter.paint(black_box(picture), &all, &mut memory).expect("painted"));
            print!(" {ms:8.3}");
        }
        println!();
    }
    let small = Size { width: 800, height: 480 };
    let shape = Shape { size: small, stride_bytes: small.width as usize * 2, layout: Layout::Rgb565 };
    let mut memory = Memory { shape, bytes: vec![1; shape.extent_bytes()] };
    let mut painter = Painter::new(shape, Rotation::None, Fit::Contain);
    if size != small {
        let ms = median_ms(|| painter.paint(black_box(picture), &all, &mut memory).expect("painted"));
        println!("{:>24} {ms:8.3}", "scaled to 800x480 rgb565");
    }
}

fn main() {
    SIZES.into_iter().for_each(measure);
}
