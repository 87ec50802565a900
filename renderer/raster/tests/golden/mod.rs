//! Compares a picture with the one kept in a `goldens` folder, exactly.
//! Leaves out tolerance: when a picture is meant to change, `CASEDD_BLESS=1` keeps the new one.

use std::path::{Path, PathBuf};

/// Opaque pixels, `0xffRRGGBB` each.
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub pixels: Vec<u32>,
}

/// Fails when `picture` differs from `folder/name.png`; leaves `name.new.png` and `name.diff.png` beside it then.
pub fn check(folder: &Path, name: &str, picture: &Picture) {
    let file = |suffix: &str| folder.join(format!("{name}{suffix}.png"));
    let leftovers = [file(".new"), file(".diff")];
    if std::env::var_os("CASEDD_BLESS").is_some() {
        std::fs::create_dir_all(folder).expect("the goldens folder can be made");
        save(&file(""), picture);
        for leftover in leftovers {
            let _ = std::fs::remove_file(leftover);
        }
        return;
    }
    let differing = match load(&file("")) {
        Some(kept) if (kept.width, kept.height) == (picture.width, picture.height) => {
            let pairs = kept.pixels.iter().zip(&picture.pixels);
            let count = pairs.clone().filter(|(a, b)| a != b).count();
            if count == 0 {
                return;
            }
            // What is the same is dim; what differs is bright red.
            let shown = pairs.map(|(a, b)| if a == b { (a >> 2) & 0x3f3f3f } else { 0xff2020 });
            save(&file(".diff"), &Picture { pixels: shown.collect(), ..*picture });
            format!("{count} pixels differ")
        }
        Some(kept) => format!("it was {}x{}", kept.width, kept.height),
        None => String::from("there is no such golden yet"),
    };
    save(&file(".new"), picture);
    panic!(
        "{}: {differing}; look at {} and, when it is right, run the test with CASEDD_BLESS=1",
        file("").display(),
        PathBuf::from(&leftovers[0]).display()
    );
}

/// Writes a picture as PNG.
pub fn save(path: &Path, picture: &Picture) {
    let file = std::fs::File::create(path).expect("the folder is there and writable");
    let mut encoder = png::Encoder::new(std::io::BufWriter::new(file), picture.width, picture.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::High);
    let rgb: Vec<u8> =
        picture.pixels.iter().flat_map(|p| [(p >> 16) as u8, (p >> 8) as u8, *p as u8]).collect();
    let mut writer = encoder.write_header().expect("a PNG header can be written");
    writer.write_image_data(&rgb).expect("the picture can be written");
}

fn load(path: &Path) -> Option<Picture> {
    let file = std::fs::File::open(path).ok()?;
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().expect("a golden is a PNG");
    let mut bytes = vec![0; reader.output_buffer_size().expect("a golden is small")];
    let info = reader.next_frame(&mut bytes).expect("a golden is whole");
    let pixels = bytes[..info.buffer_size()].chunks_exact(3);
    Some(Picture {
        width: info.width,
        height: info.height,
        pixels: pixels.map(|p| u32::from_be_bytes([255, p[0], p[1], p[2]])).collect(),
    })
}
