//! Colour roles of a picture: what a template leaves open is answered here.
//! Leaves out sizes: see `layout::scale`.

use casedd_raster::Color;

/// Colours by what they are for.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// The canvas, top and bottom of its gradient.
    pub background: [Color; 2],
    /// A card, top and bottom of its gradient.
    pub card: [Color; 2],
    /// The hair line round a card.
    pub card_border: Color,
    /// The empty part of bars and arcs, grid lines.
    pub track: Color,
    /// Values and titles.
    pub text: Color,
    /// Labels and units.
    pub text_dim: Color,
    /// Stale values and dashes.
    pub text_faint: Color,
    /// All is well.
    pub good: Color,
    /// Look at it some time.
    pub warning: Color,
    /// Look at it now.
    pub critical: Color,
    /// Accents of cards and series, in turn.
    pub accents: [Color; 6],
}

impl Theme {
    /// The default: dark blue cards.
    pub fn dark() -> Theme {
        Theme {
            background: [Color::hex(0x0b1020), Color::hex(0x070b16)],
            card: [Color::hex(0x1b2540), Color::hex(0x141c33)],
            card_border: Color::hex(0x2a3659),
            track: Color::hex(0x263154),
            text: Color::hex(0xe8edf9),
            text_dim: Color::hex(0x93a0c2),
            text_faint: Color::hex(0x5a678c),
            good: Color::hex(0x34d399),
            warning: Color::hex(0xfbbf24),
            critical: Color::hex(0xf87171),
            // No red and no amber: those mean something.
            accents: [0x38bdf8, 0xa78bfa, 0x34d399, 0xf472b6, 0x2dd4bf, 0x818cf8].map(Color::hex),
        }
    }
}

impl Default for Theme {
    fn default() -> Theme {
        Theme::dark()
    }
}
