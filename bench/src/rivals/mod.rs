//! Others drawing what we draw, in the same run: vello_cpu the same shapes, Pillow the same dashboard.
//! Leaves out correctness: the rasteriser's tests compare pixels.

mod list;
mod pillow;
mod shapes;

use serde::{Deserialize, Serialize};

use crate::measure::{Cost, ratio};

pub use pillow::{Pillow, prepare};
pub use shapes::{Shapes, run as shapes};

/// Both at the same work, turn by turn: medians, and the middle one of the turns' ratios.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Beside {
    /// CPU time of ours.
    pub ours_ms: f64,
    /// CPU time of theirs.
    pub theirs_ms: f64,
    /// How many times ours is faster.
    pub times: f64,
}

impl Beside {
    fn new(ours: Vec<Cost>, theirs: Vec<Cost>) -> Beside {
        let times = ratio(&theirs, &ours);
        let [ours_ms, theirs_ms] = [ours, theirs].map(|turns| Cost::of_turns(turns).cpu_ms);
        Beside { ours_ms, theirs_ms, times }
    }
}
