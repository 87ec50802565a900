//! The framebuffer sink: frames onto the target, whole ones after it was opened, changes from then on.
//!
//! Leaves connecting and waiting to the shell, pixels to `pixels`, and devices to `target`.

use std::time::{Duration, Instant};

use casedd_common::config::{AtExit, FbConfig, OutputConfig};
use casedd_common::sink::{self, Sink, SinkError};
use casedd_common::transport::Want;
use casedd_common::transport::frame::Rect;
use casedd_common::transport::link::Frame;
use tracing::{info, warn};

use crate::find::Roots;
use crate::pixels::{Painter, Picture, Size, Surface};
use crate::target::{Place, Target};

/// How often the device is asked whether it is still there.
const CHECK: Duration = Duration::from_millis(250);

/// One framebuffer output.
pub struct FbSink {
    output: OutputConfig,
    place: Place,
    open: Option<Open>,
    /// What the target showed before us, when that is to be put back.
    before: Option<Vec<u8>>,
    was_open: bool,
    must_paint_all: bool,
    checked: Instant,
}

struct Open {
    target: Target,
    painter: Painter,
}

impl FbSink {
    /// For that output; opens nothing yet.
    pub fn new(output: OutputConfig, config: FbConfig, roots: Roots) -> FbSink {
        let picture = Size { width: output.width.unwrap_or(0), height: output.height.unwrap_or(0) };
        let file_size = if output.rotation.swaps_sides() { picture.swapped() } else { picture };
        FbSink {
            output,
            place: Place { config, file_size, roots, chosen: None },
            open: None,
            before: None,
            was_open: false,
            must_paint_all: true,
            checked: Instant::now(),
        }
    }

    /// The target, opened if it is not.
    fn opened(&mut self) -> Result<&Open, SinkError> {
        if let Some(open) = &mut self.open
            && open.target.check().is_err()
        {
            self.open = None;
        }
        if self.open.is_none() {
            let target = self.place.open().map_err(|failure| {
                // What never was there is somebody's mistake; what was there comes back.
                if self.was_open { SinkError::Reopen(failure.message) } else { SinkError::Fatal(failure) }
            })?;
            let painter = Painter::new(target.shape(), self.output.rotation, self.place.config.fit);
            // Reading a display's memory is slow: only when it is to be put back.
            if !self.was_open && self.place.config.at_exit == AtExit::Restore {
                self.before = target.read().ok();
            }
            self.was_open = true;
            self.open = Some(Open { target, painter });
            info!("opened {}", self.describe());
        }
        self.open.as_ref().ok_or_else(|| SinkError::Reopen("not open".into()))
    }

    fn lose(&mut self, reason: String) -> SinkError {
        self.open = None;
        SinkError::Reopen(reason)
    }
}

impl Sink for FbSink {
    fn want(&mut self) -> Result<Want, SinkError> {
        let natural = self.opened()?.painter.natural_size();
        self.must_paint_all = true;
        let width = self.output.width.unwrap_or(natural.width);
        let height = self.output.height.unwrap_or(natural.height);
        Ok(sink::want(&self.output, width, height))
    }

    fn show(&mut self, frame: Frame<'_>) -> Result<(), SinkError> {
        let Some(Open { target, painter }) = &mut self.open else {
            return Err(SinkError::Reopen("the device is not open".into()));
        };
        let geometry = frame.geometry();
        let picture = Picture {
            pixels: frame.pixels_u32(),
            stride_px: geometry.stride_bytes as usize / 4,
            size: Size { width: geometry.width, height: geometry.height },
        };
        let all = [Rect { x: 0, y: 0, width: geometry.width, height: geometry.height }];
        let damage = if self.must_paint_all { &all[..] } else { frame.damage().rects() };
        if let Err(error) = painter.paint(picture, damage, target) {
            let reason = format!("cannot write to {}: {error}", target.describe());
            return Err(self.lose(reason));
        }
        // A frame that changed under our hands may have left anything: the next one is painted whole.
        self.must_paint_all = frame.check().is_err();
        if self.must_paint_all {
            warn!("the renderer drew over a frame that was being shown");
        } else {
            frame.delivered();
        }
        Ok(())
    }

    fn tick(&mut self) -> Result<(), SinkError> {
        if self.checked.elapsed() < CHECK {
            return Ok(());
        }
        self.checked = Instant::now();
        let Some(open) = &mut self.open else { return Ok(()) };
        match open.target.check() {
            Ok(()) => Ok(()),
            Err(reason) => Err(self.lose(reason)),
        }
    }

    fn describe(&self) -> String {
        let rate_hz = self.output.refresh_rate_hz;
        let Some(open) = &self.open else {
            return format!("output {} at {rate_hz} Hz, device away", self.output.name);
        };
        let shape = open.target.shape();
        let turned = match self.output.rotation.degrees() {
            0 => String::new(),
            degrees => format!(" turned by {degrees}"),
        };
        format!("{} {}{turned} on {} at {rate_hz} Hz", shape.size, shape.layout, open.target.describe())
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            open.target.leave(self.place.config.at_exit, self.before.take());
        }
    }
}
