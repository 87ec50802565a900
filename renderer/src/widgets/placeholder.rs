//! A card for types that are known but not built yet: it names the type.
//! Leaves out any value.

use casedd_raster::Scene;

use super::{Cx, Widget};

/// Draws the name of the type.
pub struct Placeholder;

impl Widget for Placeholder {
    fn build(&self, _: &mut Cx<'_>, _: &mut Scene) {}
}
