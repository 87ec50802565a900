//! Draws a template with sample data into a PNG: `picture TEMPLATE WIDTHxHEIGHT OUT.png [empty|stale]`.
//! TEMPLATE is a file or the name of a built-in template.
#![forbid(unsafe_code)]

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context, bail};
use casedd_renderer::template::store::{self, Store};
use casedd_renderer::{sample, view};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (name, size, out, state) = match arguments.as_slice() {
        [name, size, out] => (name, size, out, "full"),
        [name, size, out, state] => (name, size, out, state.as_str()),
        _ => bail!("usage: picture TEMPLATE WIDTHxHEIGHT OUT.png [empty|stale]"),
    };
    let (width, height) = size.split_once('x').context("the size is WIDTHxHEIGHT, as 800x480")?;
    let (width, height): (u32, u32) = (width.parse()?, height.parse()?);
    let path = Path::new(name);
    let template = if path.is_file() { store::load_file(path)? } else { Store::default().load(name)? };
    template.warnings.iter().for_each(|warning| eprintln!("{warning}"));
    let data = match state {
        "full" => sample::data(),
        "empty" => sample::empty(),
        "stale" => sample::stale(),
        other => bail!("no state \"{other}\"; use empty or stale"),
    };
    let pixels = view::render_once(&template, &data, width, height);
    let bytes: Vec<u8> =
        pixels.iter().flat_map(|pixel| [(pixel >> 16) as u8, (pixel >> 8) as u8, *pixel as u8]).collect();
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(out)?), width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header()?.write_image_data(&bytes)?;
    Ok(())
}
