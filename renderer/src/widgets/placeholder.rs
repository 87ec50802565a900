//! A card for types that are known but not built yet: it names the type.
//! Leaves out any value.

use casedd_raster::Scene;

use super::{Cx, Widget, notice};
use crate::template::spec::Kind;

/// Draws the name of the type.
pub struct Placeholder;

impl Widget for Placeholder {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let name = match &cx.spec.kind {
            Kind::Placeholder(name) => name.as_str(),
            _ => cx.spec.name.as_str(),
        };
        notice::draw(cx, scene, (name, "not built yet"), cx.theme.text_faint);
    }
}
