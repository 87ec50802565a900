//! Points and rectangles, in pixels.
//! Leaves out transforms: whoever builds a scene places things where they belong.

/// A point; `y` grows downwards.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct PointF {
    /// Pixels from the left edge.
    pub x: f32,
    /// Pixels from the top edge.
    pub y: f32,
}

impl PointF {
    /// A point.
    pub const fn new(x: f32, y: f32) -> PointF {
        PointF { x, y }
    }

    pub(crate) fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}

/// A rectangle of real numbers: layout and shapes.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct RectF {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width; a shape of no or negative width is not drawn.
    pub width: f32,
    /// Height; a shape of no or negative height is not drawn.
    pub height: f32,
}

impl RectF {
    /// A rectangle by its corner and size.
    pub const fn new(x: f32, y: f32, width: f32, height: f32) -> RectF {
        RectF { x, y, width, height }
    }

    /// A rectangle by its edges.
    pub fn from_edges(left: f32, top: f32, right: f32, bottom: f32) -> RectF {
        RectF::new(left, top, right - left, bottom - top)
    }

    /// The right edge.
    pub fn right(self) -> f32 {
        self.x + self.width
    }

    /// The bottom edge.
    pub fn bottom(self) -> f32 {
        self.y + self.height
    }

    /// The middle.
    pub fn centre(self) -> PointF {
        PointF::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// True when nothing of it could be drawn (also for NaN and infinities).
    pub fn is_empty(self) -> bool {
        let finite = [self.x, self.y, self.width, self.height].iter().all(|edge| edge.is_finite());
        !finite || self.width <= 0.0 || self.height <= 0.0
    }

    /// The rectangle with each edge moved inwards by `by_px`, never to less than no size.
    pub fn inset(self, by_px: f32) -> RectF {
        self.inset_sides([by_px; 4])
    }

    /// The rectangle with its top, right, bottom and left edges moved inwards.
    pub fn inset_sides(self, [top, right, bottom, left]: [f32; 4]) -> RectF {
        RectF {
            x: self.x + left,
            y: self.y + top,
            width: (self.width - left - right).max(0.0),
            height: (self.height - top - bottom).max(0.0),
        }
    }

    /// The rectangle with its edges on the nearest pixel edges, so that straight sides are crisp.
    pub fn snapped(self) -> RectF {
        let (x, y) = (self.x.round(), self.y.round());
        RectF::from_edges(x, y, self.right().round().max(x), self.bottom().round().max(y))
    }

    /// The smallest rectangle of whole pixels that holds this one.
    pub fn outer(self) -> IRect {
        IRect {
            left: self.x.floor() as i32,
            top: self.y.floor() as i32,
            right: self.right().ceil() as i32,
            bottom: self.bottom().ceil() as i32,
        }
    }
}

/// A rectangle of whole pixels, by its edges: `left..right` and `top..bottom`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct IRect {
    /// First column.
    pub left: i32,
    /// First row.
    pub top: i32,
    /// Column after the last.
    pub right: i32,
    /// Row after the last.
    pub bottom: i32,
}

impl IRect {
    /// No pixel at all.
    pub const EMPTY: IRect = IRect { left: 0, top: 0, right: 0, bottom: 0 };
    /// Every pixel there can be.
    pub const ALL: IRect = IRect { left: -LIMIT_PX, top: -LIMIT_PX, right: LIMIT_PX, bottom: LIMIT_PX };

    /// A rectangle by its corner and size.
    pub const fn new(x: i32, y: i32, width: i32, height: i32) -> IRect {
        IRect { left: x, top: y, right: x.saturating_add(width), bottom: y.saturating_add(height) }
    }

    /// Columns, never less than none.
    pub fn width(self) -> i32 {
        self.right.saturating_sub(self.left).max(0)
    }

    /// Rows, never less than none.
    pub fn height(self) -> i32 {
        self.bottom.saturating_sub(self.top).max(0)
    }

    /// True when it holds no pixel.
    pub fn is_empty(self) -> bool {
        self.left >= self.right || self.top >= self.bottom
    }

    /// The pixels both hold.
    pub fn intersect(self, other: IRect) -> IRect {
        IRect {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    /// The smallest rectangle that holds both; an empty one adds nothing.
    pub fn union(self, other: IRect) -> IRect {
        if self.is_empty() {
            return other;
        }
        if other.is_empty() {
            return self;
        }
        IRect {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// The same rectangle as real numbers.
    pub fn to_rect_f(self) -> RectF {
        RectF::new(self.left as f32, self.top as f32, self.width() as f32, self.height() as f32)
    }
}

/// No coordinate beyond this is drawn: it keeps all arithmetic on pixels exact in `f32`.
pub(crate) const LIMIT_PX: i32 = 1 << 20;
