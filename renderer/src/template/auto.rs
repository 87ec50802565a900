//! Which built-in template suits a picture's size, for outputs that name none.
//! Leaves out what the templates look like: each has variants of its own for the sizes that it claims.

use super::spec::When;

/// Every canvas that no row of the table is for.
const OTHERWISE: &str = "system_stats";

/// Canvases and the template that suits them; the first row that holds is taken. Only overviews are here: what is
/// about one subject (disks, the network, pictures) is for those who name it.
const CHOICES: &[(When, &str)] = &[
    (When { min_aspect: Some(2.4), ..ANY }, "wide_bar"),
    // On watches and badges nothing but numbers can be read.
    (When { max_width_px: Some(240), ..ANY }, "wall"),
    (When { max_height_px: Some(169), ..ANY }, "wall"),
    (When { max_width_px: Some(400), ..ANY }, "compact"),
    (When { max_height_px: Some(239), ..ANY }, "compact"),
];

const ANY: When = When {
    min_width_px: None,
    max_width_px: None,
    min_height_px: None,
    max_height_px: None,
    min_aspect: None,
    max_aspect: None,
};

/// The template for a canvas of this size.
pub fn template_for(width_px: u32, height_px: u32) -> &'static str {
    let choice = CHOICES.iter().find(|(when, _)| when.holds(width_px, height_px));
    choice.map_or(OTHERWISE, |(_, template)| template)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::store::Store;

    #[test]
    fn common_displays_get_the_template_that_was_made_for_their_shape() {
        for (width_px, height_px, expected) in [
            (320, 240, "compact"),
            (240, 320, "wall"),
            (240, 240, "wall"),
            (240, 135, "wall"),
            (320, 170, "compact"),
            (320, 480, "compact"),
            (480, 320, "system_stats"),
            (800, 480, "system_stats"),
            (480, 800, "system_stats"),
            (1024, 600, "system_stats"),
            (1920, 1080, "system_stats"),
            (3840, 2160, "system_stats"),
            (1920, 480, "wide_bar"),
            (480, 128, "wide_bar"),
            (480, 1920, "system_stats"),
            (1, 1, "wall"),
        ] {
            assert_eq!(template_for(width_px, height_px), expected, "{width_px}x{height_px}");
        }
    }

    #[test]
    fn every_template_of_the_table_is_built_in() {
        for name in CHOICES.iter().map(|(_, name)| *name).chain([OTHERWISE]) {
            Store::default().load(name).unwrap_or_else(|error| panic!("{error}"));
        }
    }
}
