//! The newest frame as plain pixels, for pictures without loss.
//!
//! Follows the frames by their damage; encoding is the encoders' work.

use std::sync::{Mutex, MutexGuard, PoisonError};

use casedd_common::transport::frame::Geometry;

use crate::encode::{Source, copy_rgb};
use crate::shared::FrameName;

/// A copy of the newest frame.
#[derive(Default)]
pub struct Canvas {
    inner: Mutex<Inner>,
}

/// A copy of the copy.
pub struct Copied {
    /// Which frame it is.
    pub name: FrameName,
    /// Its size.
    pub geometry: Geometry,
    /// Its pixels, rows without gaps.
    pub rgb: Vec<u8>,
}

#[derive(Default)]
struct Inner {
    rgb: Vec<u8>,
    /// Which frame it is; `None` until one was copied.
    frame: Option<(FrameName, Geometry)>,
    /// Frames were missed, so that the next one's damage does not say all that changed.
    has_missed: bool,
}

impl Canvas {
    /// Brings the copy to this frame.
    pub fn follow(&self, source: Source<'_>, name: FrameName) {
        let mut inner = self.lock();
        let geometry = source.geometry;
        let last = inner.frame.replace((name, geometry));
        if last.is_some_and(|(_, last)| last == geometry) && !inner.has_missed {
            for rect in source.damage.clip(geometry.width, geometry.height).rects() {
                copy_rgb(source, *rect, &mut inner.rgb);
            }
            return;
        }
        inner.rgb.resize(geometry.width as usize * geometry.height as usize * 3, 0);
        copy_rgb(source, geometry.bounds(), &mut inner.rgb);
        inner.has_missed = false;
    }

    /// Frames are missed from here on: the next one is copied whole.
    pub fn lose_track(&self) {
        self.lock().has_missed = true;
    }

    /// Which frame it is.
    pub fn name(&self) -> Option<FrameName> {
        self.lock().frame.map(|(name, _)| name)
    }

    /// RGB, rows without gaps.
    pub fn copy(&self) -> Option<Copied> {
        let inner = self.lock();
        inner.frame.map(|(name, geometry)| Copied { name, geometry, rgb: inner.rgb.clone() })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use casedd_common::transport::frame::{Damage, Rect};

    fn follow(canvas: &Canvas, pixels: &[u8], geometry: Geometry, damage: &Damage) {
        canvas.follow(Source { pixels, geometry, damage }, FrameName::default());
    }

    #[test]
    fn a_copy_follows_the_damage_and_is_whole_again_after_missed_frames() {
        let geometry = Geometry::new(4, 2).unwrap();
        let canvas = Canvas::default();
        assert!(canvas.copy().is_none());
        let little = Damage::from(Rect { x: 1, y: 1, width: 1, height: 1 });
        follow(&canvas, &vec![1; geometry.frame_bytes()], geometry, &little);
        assert_eq!(canvas.copy().unwrap().rgb, [1; 24], "the first one is whole");
        follow(&canvas, &vec![2; geometry.frame_bytes()], geometry, &little);
        assert_eq!(canvas.copy().unwrap().rgb.iter().filter(|&&byte| byte == 2).count(), 3);
        canvas.lose_track();
        assert!(canvas.copy().is_some(), "the last picture stays");
        follow(&canvas, &vec![3; geometry.frame_bytes()], geometry, &little);
        assert_eq!(canvas.copy().unwrap().rgb, [3; 24]);
    }
}
