//! `panel`: a container; its card and label are drawn with the background, its children are widgets of their own.
//! Leaves out everything else: the layout places the children.

use casedd_raster::Scene;

use super::{Cx, Widget};

/// Draws nothing of its own.
pub struct Panel;

impl Widget for Panel {
    fn build(&self, _: &mut Cx<'_>, _: &mut Scene) {}
}
