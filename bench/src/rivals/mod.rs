//! Others drawing what we draw, in the same run: vello_cpu the same shapes, Pillow the same dashboard.
//! Leaves out correctness: the rasteriser's tests compare pixels.

mod list;
mod pillow;
mod shapes;

pub use pillow::{Pillow, prepare};
pub use shapes::{Shapes, run as shapes};
