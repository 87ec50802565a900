//! `casedd render`: a template at a size into a PNG, drawn as for a display.
//! Leaves out where values come from (`data`).

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use casedd_common::config::{AUTO_TEMPLATE, DEFAULT_WS_SIZE, ThemeName};
use casedd_common::exit::{Exit, Failure};
use jiff::Zoned;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{data, templates};
use crate::template::auto;
use crate::template::store::Store;
use crate::theme::Theme;
use crate::{sample, view};

/// Longest side of a picture.
const SIDE_PX_MAX: u32 = 8192;

/// What is drawn, how and where to.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// A template's name or file; auto: the built-in one for the size
    template: String,
    /// Size of the picture
    #[arg(long, value_name = "WxH", value_parser = size, default_value_t = Size(DEFAULT_WS_SIZE.0, DEFAULT_WS_SIZE.1))]
    size: Size,
    /// Values as JSON; without it, made-up ones of a small server
    #[arg(long, value_name = "FILE.json")]
    data: Option<PathBuf>,
    /// Colours it is drawn in: dark, light, high-contrast, night-red
    #[arg(long)]
    theme: Option<ThemeName>,
    /// The time that clocks show, as 2026-05-21T14:00:07 [default: now]
    #[arg(long)]
    time: Option<DateTime>,
    /// Where to write it; - is standard output
    #[arg(short, long, value_name = "FILE.png")]
    output: PathBuf,
}

/// Width and height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Size(u32, u32);

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}x{}", self.0, self.1)
    }
}

fn size(text: &str) -> Result<Size, String> {
    let sides = text.split_once(['x', 'X']).and_then(|(width, height)| {
        let side = |text: &str| text.parse().ok().filter(|side| (1..=SIDE_PX_MAX).contains(side));
        Some(Size(side(width)?, side(height)?))
    });
    sides.ok_or_else(|| format!("give width and height from 1 to {SIDE_PX_MAX}, as 800x480"))
}

/// Draws it.
pub fn run(options: &Options, store: &Store) -> Result<(), Failure> {
    let Size(width_px, height_px) = options.size;
    let name = match options.template.as_str() {
        AUTO_TEMPLATE => auto::template_for(width_px, height_px),
        name => name,
    };
    let template = templates::load_in(&Theme::named(options.theme.unwrap_or_default()), name, store)
        .map_err(|error| Exit::Config.because(error))?;
    template.warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
    let wall = match options.time {
        Some(time) => time.to_zoned(TimeZone::system()).map_err(|error| Exit::Usage.because(error))?,
        None => Zoned::now(),
    };
    let data = match &options.data {
        Some(path) => data::read(path, wall)?,
        None => {
            let mut data = sample::data();
            if options.time.is_some() {
                data.set_now(data.now_ns(), wall);
            }
            data
        }
    };
    let pixels = view::render_once(&template, &data, width_px, height_px);
    let bytes: Vec<u8> =
        pixels.iter().flat_map(|pixel| [(pixel >> 16) as u8, (pixel >> 8) as u8, *pixel as u8]).collect();
    write(&options.output, &bytes, options.size).map_err(|error| {
        let remedy = "choose a place that can be written to";
        Exit::CantCreate.because(format!("cannot write {}: {error}; {remedy}", options.output.display()))
    })
}

fn write(path: &Path, rgb: &[u8], size: Size) -> io::Result<()> {
    if path == Path::new("-") {
        return encode(io::stdout().lock(), rgb, size);
    }
    encode(File::create(path)?, rgb, size)
}

fn encode(to: impl Write, rgb: &[u8], Size(width, height): Size) -> io::Result<()> {
    let mut writer = BufWriter::new(to);
    let mut encoder = png::Encoder::new(&mut writer, width, height);
    encoder.set_color(png::ColorType::Rgb);
    let mut image = encoder.write_header().map_err(io::Error::other)?;
    image.write_image_data(rgb).map_err(io::Error::other)?;
    image.finish().map_err(io::Error::other)?;
    writer.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_impossible_ones_refused() {
        assert_eq!(size("1920x480"), Ok(Size(1920, 480)));
        for text in ["0x1", "10x", "x", "8193x1", "-1x2", "800 x 480"] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}
