//! A rectangle of pixels, with the arithmetic that damage needs.
//! Sub-pixel geometry is left to whoever draws.

use serde::{Deserialize, Serialize};

/// Pixels from (`x`, `y`), `width` to the right and `height` down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rect {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Rect {
    /// True when it covers no pixel.
    pub const fn is_empty(&self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// First column right of it.
    pub const fn right(&self) -> u32 {
        self.x.saturating_add(self.width)
    }

    /// First row below it.
    pub const fn bottom(&self) -> u32 {
        self.y.saturating_add(self.height)
    }

    /// The smallest rectangle that covers both; an empty one adds nothing.
    pub fn union(&self, other: &Rect) -> Rect {
        if self.is_empty() {
            return *other;
        }
        if other.is_empty() {
            return *self;
        }
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Rect { x, y, width: right - x, height: bottom - y }
    }

    /// What both cover; empty (all zero) when nothing.
    pub fn intersect(&self, other: &Rect) -> Rect {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let (right, bottom) = (self.right().min(other.right()), self.bottom().min(other.bottom()));
        if right <= x || bottom <= y {
            return Rect::default();
        }
        Rect { x, y, width: right - x, height: bottom - y }
    }

    /// What lies inside a picture of this size.
    pub fn clip(&self, width: u32, height: u32) -> Rect {
        self.intersect(&Rect { x: 0, y: 0, width, height })
    }

    /// True when every pixel of `other` is in `self`; an empty `other` always is.
    pub fn contains(&self, other: &Rect) -> bool {
        other.is_empty() || self.intersect(other) == *other
    }

    /// Four 16-bit numbers in one word; each is at most `DIMENSION_MAX_PX`, so nothing is lost.
    pub(crate) fn pack(&self) -> u64 {
        let short = |value: u32| u64::from(value.min(0xffff));
        short(self.x) << 48 | short(self.y) << 32 | short(self.width) << 16 | short(self.height)
    }

    pub(crate) fn unpack(word: u64) -> Rect {
        let short = |shift: u32| (word >> shift) as u32 & 0xffff;
        Rect { x: short(48), y: short(32), width: short(16), height: short(0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(x: u32, y: u32, width: u32, height: u32) -> Rect {
        Rect { x, y, width, height }
    }

    #[test]
    fn union_covers_both_and_ignores_the_empty() {
        assert_eq!(rect(1, 2, 3, 4).union(&rect(10, 0, 1, 1)), rect(1, 0, 10, 6));
        assert_eq!(rect(1, 2, 3, 4).union(&rect(9, 9, 0, 5)), rect(1, 2, 3, 4));
        assert_eq!(Rect::default().union(&rect(5, 5, 1, 1)), rect(5, 5, 1, 1));
    }

    #[test]
    fn apart_rectangles_share_nothing() {
        assert_eq!(rect(0, 0, 4, 4).intersect(&rect(4, 0, 4, 4)), Rect::default());
        assert_eq!(rect(0, 0, 4, 4).intersect(&rect(2, 3, 9, 9)), rect(2, 3, 2, 1));
        assert_eq!(rect(u32::MAX, 0, 5, 5).clip(800, 480), Rect::default());
        assert!(rect(0, 0, 4, 4).contains(&rect(1, 1, 3, 3)));
        assert!(!rect(0, 0, 4, 4).contains(&rect(1, 1, 4, 3)));
    }

    #[test]
    fn a_word_holds_a_whole_rectangle() {
        for rectangle in [rect(0, 0, 16384, 16384), rect(16383, 1, 2, 3), Rect::default()] {
            assert_eq!(Rect::unpack(rectangle.pack()), rectangle);
        }
    }
}
