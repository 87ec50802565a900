//! Draws a template with sample data into a PNG: `picture TEMPLATE WIDTHxHEIGHT OUT.png [empty|stale] [THEME] [system-fonts]`.
//! TEMPLATE is a file or the name of a built-in template.
#![forbid(unsafe_code)]

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context, bail};
use casedd_common::config::ThemeName;
use casedd_renderer::painter::Painter;
use casedd_renderer::picture::Picture;
use casedd_renderer::sample;
use casedd_renderer::template::store::{self, Store};
use casedd_renderer::theme::Theme;
use casedd_renderer::view::View;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, size, out, options @ ..] = arguments.as_slice() else {
        bail!("usage: picture TEMPLATE WIDTHxHEIGHT OUT.png [empty|stale] [THEME] [system-fonts]");
    };
    let (mut data, mut theme, mut painter) = (sample::data(), ThemeName::default(), Painter::default());
    for option in options {
        match option.as_str() {
            "empty" => data = sample::empty(),
            "stale" => data = sample::stale(),
            "system-fonts" => painter = Painter::with_system_fonts(),
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
    let mut picture = Picture::new(View::new(template, width, height));
    picture.refresh(&data, &mut painter);
    let bytes: Vec<u8> = picture
        .pixels()
        .iter()
        .flat_map(|pixel| [(pixel >> 16) as u8, (pixel >> 8) as u8, *pixel as u8])
        .collect();
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(out)?), width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header()?.write_image_data(&bytes)?;
    Ok(())
}
