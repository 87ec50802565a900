//! From a template and a canvas size to rectangles: pure arithmetic.
//! Leaves out what is drawn in them.

pub mod scale;
