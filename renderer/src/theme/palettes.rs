//! The colours of the built-in themes.
//! Leaves out what they are used for: see the fields of `Theme`.
//!
//! No accent is red or amber, in any theme that has other colours to offer: those two mean something.

use casedd_raster::Color;

use super::Theme;

/// Dark blue cards on a nearly black ground.
pub(super) fn dark() -> Theme {
    Theme {
        background: [Color::hex(0x0b1020), Color::hex(0x070b16)],
        card: [Color::hex(0x1a2440), Color::hex(0x141c33)],
        card_border: Color::hex(0x2a3659),
        shadow: Color::TRANSPARENT,
        veil: Color::TRANSPARENT,
        track: Color::hex(0x283457),
        text: Color::hex(0xe8edf9),
        text_dim: Color::hex(0x9aa6c7),
        text_faint: Color::hex(0x7582a8),
        good: Color::hex(0x34d399),
        warning: Color::hex(0xfbbf24),
        critical: Color::hex(0xf87171),
        accents: [0x38bdf8, 0xa78bfa, 0x34d399, 0xf472b6, 0x2dd4bf, 0x818cf8].map(Color::hex),
    }
}

/// White cards on a cool grey, with a soft shadow.
pub(super) fn light() -> Theme {
    Theme {
        background: [Color::hex(0xeef1f6), Color::hex(0xe4e8f0)],
        card: [Color::hex(0xffffff), Color::hex(0xfbfcfe)],
        card_border: Color::hex(0xdce2ec),
        shadow: Color::hex(0x1e293b).with_alpha(26),
        veil: Color::TRANSPARENT,
        track: Color::hex(0xe3e8f0),
        text: Color::hex(0x0f172a),
        text_dim: Color::hex(0x56637a),
        text_faint: Color::hex(0x76829a),
        good: Color::hex(0x059669),
        warning: Color::hex(0xc96a04),
        critical: Color::hex(0xdc2626),
        accents: [0x0284c7, 0x7c3aed, 0x059669, 0xdb2777, 0x0d9488, 0x4f46e5].map(Color::hex),
    }
}

/// White on black, hard edges, strong colours.
pub(super) fn high_contrast() -> Theme {
    Theme {
        background: [Color::BLACK; 2],
        card: [Color::BLACK; 2],
        card_border: Color::hex(0x9a9a9a),
        shadow: Color::TRANSPARENT,
        veil: Color::TRANSPARENT,
        track: Color::hex(0x4a4a4a),
        text: Color::WHITE,
        text_dim: Color::hex(0xe0e0e0),
        text_faint: Color::hex(0xb8b8b8),
        good: Color::hex(0x4dff88),
        warning: Color::hex(0xffd60a),
        critical: Color::hex(0xff8080),
        accents: [0x33ccff, 0xd9b3ff, 0x4dff88, 0xff99dd, 0x40ffe0, 0xadc2ff].map(Color::hex),
    }
}

/// Reds on black, almost without green and blue: states differ by how bright they are.
pub(super) fn night_red() -> Theme {
    Theme {
        background: [Color::hex(0x080202), Color::hex(0x050101)],
        card: [Color::hex(0x170606), Color::hex(0x110404)],
        card_border: Color::hex(0x3a1210),
        shadow: Color::TRANSPARENT,
        veil: Color::hex(0x160303).with_alpha(165),
        track: Color::hex(0x3a1310),
        text: Color::hex(0xff6b57),
        text_dim: Color::hex(0xd15444),
        text_faint: Color::hex(0xa83f33),
        good: Color::hex(0xc9452f),
        warning: Color::hex(0xff8f3d),
        critical: Color::hex(0xffc09a),
        accents: [0xf24b36, 0xd05a45, 0xff7a4d, 0xb83c4a, 0xe0672f, 0xc94f5c].map(Color::hex),
    }
}
