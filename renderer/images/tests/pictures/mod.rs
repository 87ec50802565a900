//! Image files made by the tests themselves.
//! Leaves out pictures that anybody else has a right to.

#![allow(dead_code, reason = "each test uses a part of it")]

pub mod scenery;

pub use ::png;

/// A PNG with a gradient.
pub fn png(width: u32, height: u32, color: png::ColorType) -> Vec<u8> {
    let samples = color.samples() as u32;
    let byte = |at: u32| (at * 37 % 251) as u8;
    let bytes: Vec<u8> = (0..width * height * samples).map(byte).collect();
    encode(width, height, color, &bytes)
}

/// A PNG of one colour.
pub fn filled_png(width: u32, height: u32, color: [u8; 3]) -> Vec<u8> {
    encode(width, height, png::ColorType::Rgb, &color.repeat((width * height) as usize))
}

/// A PNG of many pixels and few bytes.
pub fn flat_png(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().expect("a header");
    let mut stream = writer.stream_writer().expect("a stream");
    let row = vec![0u8; width as usize * 4];
    (0..height).for_each(|_| std::io::Write::write_all(&mut stream, &row).expect("written"));
    stream.finish().expect("whole");
    writer.finish().expect("whole");
    file
}

/// A landscape of soft colours, as a photograph would be.
pub fn landscape(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        for x in 0..width {
            let (u, v) = (x as f32 / width as f32, y as f32 / height as f32);
            let hill = 0.62 + (u * 5.0).sin() * 0.09 + (u * 13.0 + 1.0).sin() * 0.03;
            let near = 0.8 + (u * 3.0 + 2.0).sin() * 0.07;
            let sun = ((u - 0.7).powi(2) * 2.2 + (v - 0.32).powi(2)).sqrt();
            let sky = [0.98 - v * 0.5, 0.62 - v * 0.25, 0.42 + v * 0.35];
            let color = match (v, sun) {
                (v, _) if v > near => [0.08, 0.11, 0.2],
                (v, _) if v > hill => [0.24, 0.2, 0.38],
                (_, sun) if sun < 0.09 => [1.0, 0.9, 0.66],
                (_, sun) => sky.map(|channel| channel + (0.22 - sun).max(0.0) * 0.6),
            };
            bytes.extend(color.map(|channel: f32| (channel.clamp(0.0, 1.0) * 255.0) as u8));
        }
    }
    bytes
}

/// The landscape as a PNG.
pub fn landscape_png(width: u32, height: u32) -> Vec<u8> {
    encode(width, height, png::ColorType::Rgb, &landscape(width, height))
}

/// An evening over a lake, as a PNG.
pub fn evening_png(width: u32, height: u32) -> Vec<u8> {
    encode(width, height, png::ColorType::Rgb, &scenery::evening(width, height))
}

/// The landscape as a JPEG.
pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let bytes = landscape(width, height);
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut file, 90);
    encoder.encode(&bytes, width, height, image::ExtendedColorType::Rgb8).expect("a picture");
    file
}

fn encode(width: u32, height: u32, color: png::ColorType, bytes: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(color);
    encoder.write_header().and_then(|mut writer| writer.write_image_data(bytes)).expect("a picture");
    file
}
