//! The card of a widget that failed: it says which one.
//! Leaves out why: the log says that.

use casedd_raster::Scene;

use super::{Cx, Widget, notice};

/// Draws "failed" and the widget's name.
pub struct Failed;

impl Widget for Failed {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let name = cx.spec.label.clone().unwrap_or_else(|| cx.spec.name.clone());
        notice::draw(cx, scene, (&name, "failed"), cx.theme.critical);
    }
}
