//! Colour roles of a picture: what a template leaves open, or names by its purpose, is answered here.
//! Leaves out the colours of the built-in themes (`palettes`) and sizes (`layout::scale`).

use casedd_common::config::ThemeName;
use casedd_raster::Color;

mod palettes;
#[cfg(test)]
mod tests;

/// How many accents a theme has.
pub const ACCENTS: usize = 6;

/// Colours by what they are for.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// The canvas, top and bottom of its gradient.
    pub background: [Color; 2],
    /// A card, top and bottom of its gradient.
    pub card: [Color; 2],
    /// The hair line round a card.
    pub card_border: Color,
    /// Below a card; see-through for none.
    pub shadow: Color,
    /// Over pictures, which have colours of their own; see-through for none.
    pub veil: Color,
    /// The empty part of bars and arcs, grid lines.
    pub track: Color,
    /// Values and titles.
    pub text: Color,
    /// Labels and units.
    pub text_dim: Color,
    /// Marks of axes, and dashes in place of what is missing.
    pub text_faint: Color,
    /// All is well.
    pub good: Color,
    /// Look at it some time.
    pub warning: Color,
    /// Look at it now.
    pub critical: Color,
    /// Accents of cards and series, in turn.
    pub accents: [Color; ACCENTS],
}

/// The words that templates may write for a colour, and that a template's own theme may change.
pub const ROLES: [&str; 11 + ACCENTS] = [
    "background",
    "card",
    "border",
    "shadow",
    "track",
    "text",
    "dim",
    "faint",
    "good",
    "warning",
    "critical",
    "accent1",
    "accent2",
    "accent3",
    "accent4",
    "accent5",
    "accent6",
];

impl Theme {
    /// A built-in theme.
    pub fn named(name: ThemeName) -> Theme {
        match name {
            ThemeName::Dark => palettes::dark(),
            ThemeName::Light => palettes::light(),
            ThemeName::HighContrast => palettes::high_contrast(),
            ThemeName::NightRed => palettes::night_red(),
        }
    }

    /// The colour of a role by its word; of a gradient its upper end.
    pub fn role(&self, word: &str) -> Option<Color> {
        self.clone().role_mut(word).map(|color| *color)
    }

    /// Gives a role another colour; a gradient becomes that one colour. `false`: there is no such role.
    pub fn set(&mut self, word: &str, color: Color) -> bool {
        match word {
            "background" => self.background[1] = color,
            "card" => self.card[1] = color,
            _ => {}
        }
        self.role_mut(word).map(|place| *place = color).is_some()
    }

    fn role_mut(&mut self, word: &str) -> Option<&mut Color> {
        Some(match word {
            "background" => &mut self.background[0],
            "card" => &mut self.card[0],
            "border" => &mut self.card_border,
            "shadow" => &mut self.shadow,
            "track" => &mut self.track,
            "text" => &mut self.text,
            "dim" => &mut self.text_dim,
            "faint" => &mut self.text_faint,
            "good" => &mut self.good,
            "warning" => &mut self.warning,
            "critical" => &mut self.critical,
            accent => {
                let number: usize = accent.strip_prefix("accent")?.parse().ok()?;
                self.accents.get_mut(number.checked_sub(1)?)?
            }
        })
    }

    /// The lightest colour of the theme's text and card: for a spot of light on an accent.
    pub fn light(&self) -> Color {
        if self.text.luminance() > self.card[0].luminance() { self.text } else { self.card[0] }
    }
}

impl Default for Theme {
    fn default() -> Theme {
        Theme::named(ThemeName::default())
    }
}
