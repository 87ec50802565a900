//! The colour themes by name: what an output or a template may ask for.
//! Leaves out their colours: the renderer has those.

use super::choice;

/// One of the built-in sets of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ThemeName {
    /// Dark blue cards: for rooms with little or changing light.
    #[default]
    Dark,
    /// White cards on grey: for bright rooms.
    Light,
    /// Black and white with strong colours: for weak eyes and weak panels.
    HighContrast,
    /// Red on black: for dark rooms, where blue light would wake or blind.
    NightRed,
}

choice!(ThemeName {
    "dark" => Dark, "light" => Light, "high-contrast" => HighContrast, "night-red" => NightRed,
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn themes_are_found_by_their_words() {
        assert_eq!("night_red".parse(), Ok(ThemeName::NightRed));
        assert_eq!(ThemeName::HighContrast.to_string(), "high-contrast");
        assert!("blue".parse::<ThemeName>().is_err());
    }
}
