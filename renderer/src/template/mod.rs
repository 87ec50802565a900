//! The template language: from a `.casedd` file to checked types.
//! Leaves out layout and drawing.

pub mod auto;
mod color;
mod color_names;
pub mod error;
mod fields;
mod grid;
mod kinds;
mod look;
mod panel;
pub mod picture;
mod presets;
mod read;
pub mod schema;
pub mod spec;
pub mod stamp;
pub mod store;
pub mod table;
#[cfg(test)]
mod tests;
mod theme;
mod widget;

pub use kinds::TYPES;
pub use read::{template as parse, template_in as parse_in};
