//! Damage: the few rectangles in which a frame differs from an earlier one, without allocation.
//! It never says less than changed; when there are too many rectangles it says more.

use super::Rect;

/// Rectangles that one `Damage` keeps apart; beyond that it is their union.
pub const DAMAGE_RECTS_MAX: usize = 16;

/// The changed part of a frame. Empty means that nothing changed.
#[derive(Clone, Copy)]
pub struct Damage {
    rects: [Rect; DAMAGE_RECTS_MAX],
    /// Invariant: `count <= DAMAGE_RECTS_MAX`, and none of the first `count` rectangles is empty.
    count: usize,
}

impl Damage {
    /// Nothing changed.
    pub const fn empty() -> Damage {
        Damage { rects: [Rect { x: 0, y: 0, width: 0, height: 0 }; DAMAGE_RECTS_MAX], count: 0 }
    }

    /// Everything changed, in a picture of this size.
    pub fn full(width: u32, height: u32) -> Damage {
        Damage::from(Rect { x: 0, y: 0, width, height })
    }

    /// The rectangles; none is empty, some may overlap.
    pub fn rects(&self) -> &[Rect] {
        &self.rects[..self.count]
    }

    /// True when nothing changed.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds one rectangle; what is covered already adds nothing, the seventeenth unites all.
    pub fn add(&mut self, rect: Rect) {
        if rect.is_empty() || self.rects().iter().any(|known| known.contains(&rect)) {
            return;
        }
        if self.count == DAMAGE_RECTS_MAX {
            self.rects[0] = self.bounds().union(&rect);
            self.count = 1;
            return;
        }
        self.rects[self.count] = rect;
        self.count += 1;
    }

    /// Adds all that another damage covers.
    pub fn union(&mut self, other: &Damage) {
        for rect in other.rects() {
            self.add(*rect);
        }
    }

    /// The smallest rectangle that covers it all.
    pub fn bounds(&self) -> Rect {
        self.rects().iter().fold(Rect::default(), |all, rect| all.union(rect))
    }

    /// What of it lies inside a picture of this size.
    pub fn clip(&self, width: u32, height: u32) -> Damage {
        let mut clipped = Damage::empty();
        for rect in self.rects() {
            clipped.add(rect.clip(width, height));
        }
        clipped
    }
}

impl From<Rect> for Damage {
    fn from(rect: Rect) -> Damage {
        let mut damage = Damage::empty();
        damage.add(rect);
        damage
    }
}

impl Default for Damage {
    fn default() -> Self {
        Damage::empty()
    }
}

impl PartialEq for Damage {
    fn eq(&self, other: &Damage) -> bool {
        self.rects() == other.rects()
    }
}

impl Eq for Damage {}

impl std::fmt::Debug for Damage {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_list().entries(self.rects()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(x: u32) -> Rect {
        Rect { x, y: 0, width: 1, height: 1 }
    }

    #[test]
    fn the_seventeenth_rectangle_unites_all() {
        let mut damage = Damage::empty();
        (0..16).for_each(|x| damage.add(dot(2 * x)));
        assert_eq!(damage.rects().len(), 16);
        damage.add(dot(40));
        assert_eq!(damage.rects(), [Rect { x: 0, y: 0, width: 41, height: 1 }]);
    }

    #[test]
    fn what_is_covered_adds_nothing() {
        let mut damage = Damage::full(800, 480);
        damage.add(dot(7));
        damage.add(Rect::default());
        assert_eq!(damage, Damage::full(800, 480));
    }

    #[test]
    fn clipping_drops_what_lies_outside() {
        let mut damage = Damage::from(dot(900));
        damage.add(Rect { x: 790, y: 470, width: 100, height: 100 });
        assert_eq!(damage.clip(800, 480).rects(), [Rect { x: 790, y: 470, width: 10, height: 10 }]);
    }
}
