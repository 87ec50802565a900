//! What it costs to encode the dashboard for browsers: whole frames, and frames of which a part changed.
//! Leaves out sending.

use casedd_common::transport::frame::{Damage, Geometry, Rect};
use casedd_raster::Canvas;
use casedd_renderer::painter::Painter;
use casedd_renderer::view::View;
use casedd_sink_ws::encode::{JpegEncoder, JpegOptions, Source, Subsampling};
use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::feed::{self, Change, Feed};
use crate::measure::{Cost, cost};

/// The quality that the browser sink has by default.
const QUALITY: u8 = 80;
/// Rounds of each measurement.
const ROUNDS: usize = 24;

/// What it costs to encode one frame of each output.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Encoded {
    /// The case.
    pub case: Case,
    /// The library.
    pub encoder: String,
    /// All of each frame changed.
    pub full: Cost,
    /// One widget in five changed.
    pub live: Cost,
    /// Bytes of one frame.
    pub frame_bytes: usize,
    /// The share of the pixels within the damage of live data.
    pub live_damage: f64,
}

/// One output: its picture, and the encoder that follows it.
struct Output {
    view: View,
    pixels: Vec<u32>,
    damage: Damage,
    encoder: JpegEncoder,
}

struct Outputs {
    all: Vec<Output>,
    feed: Feed,
    painter: Painter,
    geometry: Geometry,
    frame_bytes: usize,
    /// Damaged pixels and frames so far.
    damaged: (f64, f64),
}

/// Measures one case.
pub fn run(case: Case) -> anyhow::Result<Encoded> {
    let (width, height) = case.size_px;
    let geometry = Geometry::new(width, height)?;
    let template = feed::template()?;
    let mut all = Vec::new();
    for _ in 0..case.outputs {
        let view = View::new(template.clone(), width, height);
        let pixels = vec![0; geometry.frame_bytes() / 4];
        let options = JpegOptions { quality: QUALITY, subsampling: Subsampling::S420 };
        all.push(Output { view, pixels, damage: Damage::empty(), encoder: JpegEncoder::new(options)? });
    }
    let encoder = all.first().map_or("", |output| output.encoder.name()).to_owned();
    let mut outputs = Outputs {
        all,
        feed: Feed::new()?,
        painter: Painter::default(),
        geometry,
        frame_bytes: 0,
        damaged: (0.0, 0.0),
    };
    let full = cost(ROUNDS, &mut outputs, |outputs| outputs.draw(Change::All), Outputs::encode);
    outputs.damaged = (0.0, 0.0);
    let live = cost(ROUNDS, &mut outputs, |outputs| outputs.draw(Change::Live), Outputs::encode);
    let live_damage = outputs.damaged.0 / outputs.damaged.1.max(1.0) / f64::from(width) / f64::from(height);
    Ok(Encoded { case, encoder, full, live, frame_bytes: outputs.frame_bytes, live_damage })
}

impl Outputs {
    fn draw(&mut self, change: Change) {
        self.feed.step(change);
        let (width, height) = (self.geometry.width, self.geometry.height);
        for output in &mut self.all {
            if change == Change::All {
                output.view.forget();
            }
            let regions = output.view.refresh(self.feed.data(), &mut self.painter).to_vec();
            let stride_px = (self.geometry.stride_bytes / 4) as usize;
            let mut canvas = Canvas::new(&mut output.pixels, stride_px, width, height);
            output.damage = Damage::empty();
            self.damaged.1 += 1.0;
            for region in regions {
                self.damaged.0 += f64::from(region.width()) * f64::from(region.height());
                output.view.draw(&mut canvas, region, &mut self.painter);
                output.damage.add(Rect {
                    x: region.left as u32,
                    y: region.top as u32,
                    width: region.width() as u32,
                    height: region.height() as u32,
                });
            }
        }
    }

    fn encode(&mut self) {
        for output in &mut self.all {
            let source = Source {
                pixels: bytemuck::cast_slice(&output.pixels),
                geometry: self.geometry,
                damage: &output.damage,
            };
            self.frame_bytes = output.encoder.encode(source).map_or(0, |jpeg| jpeg.len());
        }
    }
}
