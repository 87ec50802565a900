//! What only images and slide shows have, and how it is read.
//! Leaves out files: they are looked for when they are shown.

use casedd_common::config::Condition;
use casedd_common::config::yaml::Node;
pub use casedd_images::Scale;

use super::fields::{Fields, Read, Reader};
use super::read;

/// Most tiers of one image.
const TIERS_MAX: usize = 16;
/// Most files and folders of one slide show.
const PATHS_MAX: usize = 64;
/// Shortest and longest time that a slide stays, in seconds.
const INTERVAL_S: (f64, f64) = (0.5, 86_400.0);
/// How long a slide stays when the template does not say.
const INTERVAL_S_USUAL: f64 = 10.0;

/// How one slide follows another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transition {
    /// At once.
    #[default]
    None,
    /// The new one appears over the old one.
    Fade,
}

/// What only an image has.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageSpec {
    /// The file, when no tier holds.
    pub path: Option<String>,
    /// How it goes into its box.
    pub scale: Scale,
    /// Other files by other values: the last that holds is shown.
    pub tiers: Vec<Tier>,
}

/// A file for a state of the machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Tier {
    /// The file.
    pub path: String,
    /// It is shown when any of these holds.
    pub when: Vec<Condition>,
}

/// What only a slide show has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlideshowSpec {
    /// Files, and folders of files.
    pub paths: Vec<String>,
    /// How long a slide stays.
    pub interval_ms: u64,
    /// How slides go into their box.
    pub scale: Scale,
    /// How one follows another.
    pub transition: Transition,
}

/// The fields of a tier.
pub const TIER_FIELDS: &[&str] = &["path", "when"];

/// Words for how a picture goes into its cell.
pub const SCALES: &[(&str, Scale)] =
    &[("fit", Scale::Fit), ("fill", Scale::Fill), ("stretch", Scale::Stretch)];
/// Words for how one slide follows another.
pub const TRANSITIONS: &[(&str, Transition)] = &[("none", Transition::None), ("fade", Transition::Fade)];

/// Reads what only an image has.
pub fn image(reader: &mut Reader<'_>, node: &Node, fields: &mut Fields<'_>) -> Read<ImageSpec> {
    let path = fields.read("path", |node| self::path(reader, node))?;
    let scale = fields.read("scale", |node| reader.word(node, SCALES))?.unwrap_or_default();
    let tiers = fields.take("tiers").map(|node| tiers(reader, node)).transpose()?.unwrap_or_default();
    if path.is_none() && tiers.is_empty() {
        return reader.wrong(node, "a path, or tiers, for an image");
    }
    Ok(ImageSpec { path, scale, tiers })
}

/// Reads what only a slide show has.
pub fn slideshow(reader: &mut Reader<'_>, node: &Node, fields: &mut Fields<'_>) -> Read<SlideshowSpec> {
    let paths =
        |node: &Node| reader.list(node).iter().map(|item| path(reader, item)).collect::<Read<Vec<_>>>();
    let found = fields.read("paths", paths)?.or(fields.read("path", paths)?).unwrap_or_default();
    if found.is_empty() || found.len() > PATHS_MAX {
        return reader.wrong(node, &format!("1 to {PATHS_MAX} paths for a slide show"));
    }
    let interval = fields.read("interval", |node| reader.number_in(node, INTERVAL_S.0, INTERVAL_S.1))?;
    Ok(SlideshowSpec {
        paths: found,
        interval_ms: (interval.unwrap_or(INTERVAL_S_USUAL) * 1000.0) as u64,
        scale: fields.read("scale", |node| reader.word(node, SCALES))?.unwrap_or_default(),
        transition: fields.read("transition", |node| reader.word(node, TRANSITIONS))?.unwrap_or_default(),
    })
}

fn tiers(reader: &mut Reader<'_>, node: &Node) -> Read<Vec<Tier>> {
    let items = reader.list(node);
    if items.len() > TIERS_MAX {
        return reader.wrong(node, &format!("at most {TIERS_MAX} tiers"));
    }
    items.iter().map(|item| tier(reader, item)).collect()
}

fn tier(reader: &mut Reader<'_>, node: &Node) -> Read<Tier> {
    let mut fields = reader.fields(node, "a tier")?;
    let path = fields.read("path", |node| self::path(reader, node))?;
    let when = fields.take("when").map(|node| read::conditions(reader, node)).transpose()?;
    fields.finish(reader, TIER_FIELDS, &[])?;
    match (path, when) {
        (Some(path), Some(when)) if !when.is_empty() => Ok(Tier { path, when }),
        _ => reader.wrong(node, "path and when in a tier"),
    }
}

fn path(reader: &Reader<'_>, node: &Node) -> Read<String> {
    let text = reader.text(node)?;
    if text.trim().is_empty() || text.contains('\0') {
        return reader.wrong(node, "a path");
    }
    Ok(text)
}
