//! Where a picture of one size goes on a display of another: stretched, whole with bars, or cut to fill.
//!
//! Geometry only, with the way of damage through it; the pixels are `scale.rs`'s.

use casedd_common::config::Fit;
use casedd_common::transport::frame::Rect;

use super::Size;

/// Which part of the picture goes where on the display.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    /// Part of the picture that is shown, in its pixels.
    pub crop: Rect,
    /// Where it is shown; what is around it stays black.
    pub target: Rect,
}

impl Placement {
    /// Places a picture of `picture` pixels on a display of `display` pixels.
    pub fn new(picture: Size, display: Size, fit: Fit) -> Placement {
        let (width, height) = (f64::from(picture.width), f64::from(picture.height));
        let whole = Rect { x: 0, y: 0, width: picture.width, height: picture.height };
        let filled = Rect { x: 0, y: 0, width: display.width, height: display.height };
        let (across, down) = (f64::from(display.width) / width, f64::from(display.height) / height);
        match fit {
            Fit::Stretch => Placement { crop: whole, target: filled },
            Fit::Contain => {
                let scale = across.min(down);
                let side = |length: f64, most: u32| ((length * scale).round() as u32).clamp(1, most);
                let (shown_width, shown_height) = (side(width, display.width), side(height, display.height));
                let target = Rect {
                    x: (display.width - shown_width) / 2,
                    y: (display.height - shown_height) / 2,
                    width: shown_width,
                    height: shown_height,
                };
                Placement { crop: whole, target }
            }
            Fit::Cover => {
                let scale = across.max(down);
                let side =
                    |length: u32, most: u32| ((f64::from(length) / scale).round() as u32).clamp(1, most);
                let (shown_width, shown_height) =
                    (side(display.width, picture.width), side(display.height, picture.height));
                let crop = Rect {
                    x: (picture.width - shown_width) / 2,
                    y: (picture.height - shown_height) / 2,
                    width: shown_width,
                    height: shown_height,
                };
                Placement { crop, target: filled }
            }
        }
    }

    /// The part of the display that may change when `damage` of the picture did; rounded outward.
    ///
    /// `reach` is how far the scaling filter looks to either side, in pixels of the coarser of the two grids.
    pub fn damaged(&self, damage: Rect, reach: f64) -> Option<Rect> {
        let (x, width) = Axis { from: self.crop.x, length: self.crop.width, to: self.target.width }.damaged(
            damage.x,
            damage.width,
            reach,
        )?;
        let (y, height) = Axis { from: self.crop.y, length: self.crop.height, to: self.target.height }
            .damaged(damage.y, damage.height, reach)?;
        Some(Rect { x: self.target.x + x, y: self.target.y + y, width, height })
    }
}

/// One direction of a placement.
struct Axis {
    from: u32,
    length: u32,
    to: u32,
}

impl Axis {
    fn damaged(&self, start: u32, length: u32, reach: f64) -> Option<(u32, u32)> {
        let (from, step) = (f64::from(self.from), f64::from(self.length) / f64::from(self.to));
        let reach = reach * step.max(1.0);
        // Display pixel i looks at picture pixels within `reach` of from + (i + 1/2) * step; one more for rounding.
        let first = ((f64::from(start) - reach - from) / step - 0.5).floor() - 1.0;
        let last = ((f64::from(start) + f64::from(length) + reach - from) / step - 0.5).ceil() + 1.0;
        let first = first.clamp(0.0, f64::from(self.to)) as u32;
        let end = (last + 1.0).clamp(0.0, f64::from(self.to)) as u32;
        (end > first).then_some((first, end - first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDE: Size = Size { width: 800, height: 480 };

    #[test]
    fn a_wide_picture_on_a_square_display_gets_bars_above_and_below() {
        let placed = Placement::new(WIDE, Size { width: 240, height: 240 }, Fit::Contain);
        assert_eq!(placed.target, Rect { x: 0, y: 48, width: 240, height: 144 });
    }

    #[test]
    fn a_wide_picture_that_fills_a_square_display_loses_its_sides() {
        let placed = Placement::new(WIDE, Size { width: 240, height: 240 }, Fit::Cover);
        assert_eq!(placed.crop, Rect { x: 160, y: 0, width: 480, height: 480 });
        assert_eq!(placed.target, Rect { x: 0, y: 0, width: 240, height: 240 });
    }

    #[test]
    fn a_very_flat_picture_still_has_one_row() {
        let placed =
            Placement::new(Size { width: 4000, height: 1 }, Size { width: 10, height: 10 }, Fit::Contain);
        assert_eq!(placed.target.height, 1);
    }

    #[test]
    fn damage_outside_the_shown_part_changes_nothing() {
        let placed = Placement::new(WIDE, Size { width: 240, height: 240 }, Fit::Cover);
        assert_eq!(placed.damaged(Rect { x: 0, y: 0, width: 50, height: 480 }, 2.0), None);
    }

    #[test]
    fn damage_is_rounded_outward() {
        let placed = Placement::new(WIDE, Size { width: 400, height: 240 }, Fit::Stretch);
        let damage = placed.damaged(Rect { x: 100, y: 100, width: 1, height: 1 }, 1.0).expect("seen");
        assert!(damage.x < 50 && damage.x + damage.width > 51 && damage.width < 10, "{damage:?}");
    }
}
