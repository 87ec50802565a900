//! The template language: from a `.casedd` file to checked types.
//! Leaves out layout and drawing.

pub mod error;
pub mod node;
pub mod spec;
