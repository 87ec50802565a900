//! Draws a template with sample data into a PNG: `picture TEMPLATE WIDTHxHEIGHT OUT.png [empty|stale] [THEME]`.
//! TEMPLATE is a file or the name of a built-in template.
#![forbid(unsafe_code)]

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context, bail};
use casedd_common::config::ThemeName;
use casedd_renderer::template::store::{self, Store};
use casedd_renderer::theme::Theme;
use casedd_renderer::{sample, view};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, size, out, options @ ..] = arguments.as_slice() else {
        bail!("usage: picture TEMPLATE WIDTHxHEIGHT OUT.png [empty|stale] [THEME]");
    };
    let (mut data, mut theme) = (sample::data(), ThemeName::default());
    for option in options {
        match option.as_str() {
            "empty" => data = sample::empty(),
            "stale" => data = sample::stale(),
            word => theme = word.parse().map_err(|error: String| anyhow::anyhow!("{error}"))?,
        }
    }
    let theme = Theme::named(theme);
    let (width, height) = size.split_once('x').context("the size is WIDTHxHEIGHT, as 800x480")?;
    let (width, height): (u32, u32) = (width.parse()?, height.parse()?);
    let path = Path::new(name);
    let template = match path.is_file() {
        true => store::load_file_in(&theme, path)?,
        false => Store::default().load_in(&theme, name)?,
    };
    template.warnings.iter().for_each(|warning| eprintln!("{warning}"));
    let pixels = view::render_once(&template, &data, width, height);
    let bytes: Vec<u8> =
        pixels.iter().flat_map(|pixel| [(pixel >> 16) as u8, (pixel >> 8) as u8, *pixel as u8]).collect();
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(out)?), width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header()?.write_image_data(&bytes)?;
    Ok(())
}
