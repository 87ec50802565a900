//! Every JPEG encoder of this build against the source, and against each other.

use casedd_common::transport::frame::{Damage, Geometry};
use casedd_sink_ws::encode::{JpegEncoder, JpegOptions, Source, Subsampling, encode_png};

const SIZES: [(u32, u32); 6] = [(1, 1), (17, 9), (320, 240), (801, 480), (1024, 600), (1366, 768)];

/// A picture with what dashboards are made of: soft gradients, hard edges, thin lines. Its rows' padding is a colour
/// that must never be seen.
struct Drawn {
    geometry: Geometry,
    bgrx: Vec<u8>,
    rgb: Vec<u8>,
}

impl Drawn {
    fn new(width: u32, height: u32) -> Drawn {
        let geometry = Geometry::new(width, height).expect("a possible size");
        let mut bgrx = vec![0xee; geometry.frame_bytes()];
        let mut rgb = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let [red, green, blue] = colour(x, y, width, height);
                let at = (y * geometry.stride_bytes + x * 4) as usize;
                bgrx[at..at + 4].copy_from_slice(&[blue, green, red, 0xff]);
                rgb.extend([red, green, blue]);
            }
        }
        Drawn { geometry, bgrx, rgb }
    }

    fn source<'a>(&'a self, damage: &'a Damage) -> Source<'a> {
        Source { pixels: &self.bgrx, geometry: self.geometry, damage }
    }
}

fn colour(x: u32, y: u32, width: u32, height: u32) -> [u8; 3] {
    let is_card = x / 100 % 2 == y / 80 % 2;
    let is_line = x % 100 == 50 || y % 80 == 40;
    match (is_card, is_line) {
        (_, true) => [76, 194, 255],
        (true, false) => {
            [16 + (x * 40 / width) as u8, 21 + (y * 40 / height) as u8, 31 + (x * 60 / width) as u8]
        }
        (false, false) => [6, 8, 12],
    }
}

fn options(subsampling: Subsampling) -> JpegOptions {
    JpegOptions { quality: 80, subsampling }
}

fn encoders(options: JpegOptions) -> Vec<JpegEncoder> {
    vec![
        #[cfg(feature = "turbojpeg")]
        JpegEncoder::turbo(options).expect("libjpeg-turbo starts"),
        #[cfg(feature = "pure-jpeg")]
        JpegEncoder::pure(options),
    ]
}

fn decode(bytes: &[u8], geometry: Geometry) -> Vec<u8> {
    let picture = image::load_from_memory(bytes).expect("a picture").to_rgb8();
    assert_eq!(picture.dimensions(), (geometry.width, geometry.height));
    picture.into_raw()
}

fn psnr_db(one: &[u8], other: &[u8]) -> f64 {
    assert_eq!(one.len(), other.len());
    let squares: f64 = one.iter().zip(other).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
    10.0 * (255.0_f64.powi(2) * one.len() as f64 / squares.max(f64::MIN_POSITIVE)).log10()
}

#[test]
fn every_encoder_gives_back_the_picture_whatever_its_size_and_stride() {
    for subsampling in [Subsampling::S420, Subsampling::S422, Subsampling::S444] {
        for mut encoder in encoders(options(subsampling)) {
            for (width, height) in SIZES {
                let drawn = Drawn::new(width, height);
                let damage = Damage::full(width, height);
                let jpeg = encoder.encode(drawn.source(&damage)).expect("encoded");
                let quality_db = psnr_db(&decode(&jpeg, drawn.geometry), &drawn.rgb);
                let least_db = if subsampling == Subsampling::S444 { 34.0 } else { 27.0 };
                let name = encoder.name();
                assert!(quality_db > least_db, "{name} {subsampling:?} {width}x{height}: {quality_db:.1} dB");
            }
        }
    }
}

#[test]
#[cfg(all(feature = "turbojpeg", feature = "pure-jpeg"))]
fn both_encoders_decode_alike() {
    for (width, height) in SIZES {
        let drawn = Drawn::new(width, height);
        let damage = Damage::full(width, height);
        let jpegs: Vec<_> = encoders(options(Subsampling::S420))
            .iter_mut()
            .map(|encoder| encoder.encode(drawn.source(&damage)).expect("encoded"))
            .collect();
        let alike_db = psnr_db(&decode(&jpegs[0], drawn.geometry), &decode(&jpegs[1], drawn.geometry));
        assert!(alike_db > 50.0, "{width}x{height}: {alike_db:.1} dB between them");
        let (one, other) = (jpegs[0].len() as f64, jpegs[1].len() as f64);
        assert!((one / other - 1.0).abs() < 0.02, "{one} and {other} bytes");
    }
}

#[test]
fn an_encoder_can_be_used_again_for_another_size() {
    for mut encoder in encoders(options(Subsampling::S420)) {
        for (width, height) in [(640, 480), (64, 48), (640, 480)] {
            let drawn = Drawn::new(width, height);
            let jpeg = encoder.encode(drawn.source(&Damage::empty())).expect("encoded");
            assert!(psnr_db(&decode(&jpeg, drawn.geometry), &drawn.rgb) > 27.0);
        }
    }
}

#[test]
fn a_png_loses_nothing() {
    let drawn = Drawn::new(801, 480);
    let png = encode_png(&drawn.rgb, drawn.geometry).expect("encoded");
    assert_eq!(decode(&png, drawn.geometry), drawn.rgb);
}
