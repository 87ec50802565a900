//! `image`: a picture from a file, another one when values ask for it.
//! Leaves out loading: until a picture is there, and where there is none, its place is drawn.

use casedd_common::config::Condition;
use casedd_images::Asked;
use casedd_raster::Scene;

use super::parts::{frame, head};
use super::{Cx, Widget};
use crate::data::Freshness;
use crate::template::spec::{ImageSpec, Kind};

/// Draws a picture.
pub struct Image;

impl Widget for Image {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let Kind::Image(spec) = &cx.spec.kind else { return };
        let body = head::draw(cx, scene, (Freshness::Fresh, 0));
        let Some(box_px) = frame::box_px(body) else { return };
        // The others are asked for too: when a value asks for one of them, it is there already.
        let (chosen, now_ns) = (chosen(cx, spec), cx.data.now_ns());
        for path in spec.path.iter().chain(spec.tiers.iter().map(|tier| &tier.path)) {
            if Some(path.as_str()) != chosen {
                cx.images.picture(path, (box_px, spec.scale), now_ns);
            }
        }
        let Some(path) = chosen else {
            frame::draw_empty(cx, scene, body, ("no image", "for this state"));
            return;
        };
        match cx.images.picture(path, (box_px, spec.scale), now_ns) {
            Asked::Ready(image) => frame::draw_alone(cx, scene, (&image, body)),
            Asked::Waiting => frame::draw_waiting(cx, scene, body, path),
            Asked::Failed(reason) => frame::draw_empty(cx, scene, body, (frame::file_name(path), &reason)),
        }
    }
}

/// The last tier of which a condition holds, else the path of the widget itself.
fn chosen<'s>(cx: &Cx<'_>, spec: &'s ImageSpec) -> Option<&'s str> {
    let holds = |condition: &Condition| cx.data.holds(condition) == Some(true);
    let tier = spec.tiers.iter().rfind(|tier| tier.when.iter().any(holds));
    tier.map(|tier| tier.path.as_str()).or(spec.path.as_deref())
}
