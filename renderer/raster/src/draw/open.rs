//! What is seen of a ground that later shapes cover: the rest would be drawn for nothing.
//! Leaves out small shapes: taking the ground apart costs time, too.

use crate::geometry::IRect;
use crate::shape::Op;

/// Shapes that cover less of a band are not looked at: short rows cost more than they save.
const WIDTH_PX_MIN: i32 = 256;
const HEIGHT_PX_MIN: i32 = 8;
/// Most parts that a ground is taken into.
const PARTS_MAX: usize = 96;

/// Puts the parts of `clip` that none of `covers` hides in place of what `parts` held.
pub(super) fn parts(clip: IRect, covers: &[Op], parts: &mut Vec<IRect>) {
    parts.clear();
    parts.push(clip);
    for op in covers {
        let hole = op.hidden().intersect(clip);
        if hole.width() < WIDTH_PX_MIN || hole.height() < HEIGHT_PX_MIN {
            continue;
        }
        // Parts that are added lie outside of the hole.
        for index in 0..parts.len() {
            let part = parts[index];
            let common = part.intersect(hole);
            if common.is_empty() || parts.len() + 3 > PARTS_MAX {
                continue;
            }
            let beside = IRect { top: common.top, bottom: common.bottom, ..part };
            let around = [
                IRect { bottom: common.top, ..part },
                IRect { top: common.bottom, ..part },
                IRect { right: common.left, ..beside },
                IRect { left: common.right, ..beside },
            ];
            parts[index] = IRect::EMPTY;
            parts.extend(around.into_iter().filter(|rest| !rest.is_empty()));
        }
    }
    parts.retain(|part| !part.is_empty());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::color::Color;
    use crate::geometry::RectF;
    use crate::scene::Scene;

    #[test]
    fn every_pixel_is_in_one_part_or_hidden() {
        let mut scene = Scene::new();
        scene.fill_rounded(RectF::new(10.0, 10.0, 300.0, 90.0), 12.0, Color::WHITE);
        scene.fill_rect(RectF::new(290.0, 60.0, 400.0, 100.0), Color::WHITE);
        scene.fill_rect(RectF::new(20.0, 110.0, 260.5, 30.0), Color::WHITE.with_alpha(254));
        let (clip, mut found) = (IRect::new(0, 0, 640, 150), Vec::new());
        parts(clip, scene.ops(), &mut found);
        for y in clip.top..clip.bottom {
            for x in clip.left..clip.right {
                let pixel = IRect::new(x, y, 1, 1);
                let count = found.iter().filter(|part| part.intersect(pixel) == pixel).count();
                let is_hidden = scene.ops().iter().any(|op| op.hides(pixel));
                assert!(count == 1 || (count == 0 && is_hidden), "{x} {y}: {count}");
            }
        }
        assert!(found.iter().map(|part| part.width() * part.height()).sum::<i32>() < 640 * 150 / 2);
    }
}
