//! A dashboard of 24 cards (gauges, bars, sparklines, a histogram, big numbers, lists) as plain scenes.
//! Leaves out templates and widgets: this measures the rasteriser alone.

use casedd_raster::{Arc, Color, Face, Fonts, Paint, PointF, RectF, Scene, Stops, TextStyle};

const ACCENTS: [u32; 6] = [0x38bdf8, 0x34d399, 0xfbbf24, 0xf87171, 0xa78bfa, 0xf472b6];
const TEXT: Color = Color::hex(0xe2e8f0);
const DIM: Color = Color::hex(0x94a3b8);
const TRACK: Color = Color::hex(0x26334e);

/// One card: its place, what never changes, and what does.
pub struct Card {
    pub place: RectF,
    pub scene: Scene,
}

/// All cards as they look at `tick`, for a display of this size.
pub fn cards(fonts: &mut Fonts, width: f32, height: f32, tick: u32) -> Vec<Card> {
    let scale = height / 480.0;
    let gap = (6.0 * scale).round();
    let mut tops = Vec::new();
    let mut y = gap;
    for row in [36.0f32, 124.0, 56.0, 100.0, 128.0] {
        let row_height = (row * scale).round();
        tops.push((y, row_height));
        y += row_height + gap;
    }
    let cell = |row: usize, column: f32, span: f32, count: f32| {
        let cell_width = (width - gap * (count + 1.0)) / count;
        let left = gap + column * (cell_width + gap);
        let right = gap + (column + span) * (cell_width + gap) - gap;
        RectF::from_edges(left, tops[row].0, right, tops[row].0 + tops[row].1).snapped()
    };
    let mut places = vec![(cell(0, 0.0, 1.0, 1.0), Kind::Title)];
    places.extend((0..6).map(|i| (cell(1, i as f32, 1.0, 6.0), Kind::Gauge)));
    places.extend((0..6).map(|i| (cell(2, i as f32, 1.0, 6.0), Kind::Bar)));
    places.extend((0..4).map(|i| (cell(3, i as f32, 1.0, 4.0), Kind::Spark)));
    places.push((cell(4, 0.0, 2.0, 6.0), Kind::Histogram));
    places.extend((2..4).map(|i| (cell(4, i as f32, 1.0, 6.0), Kind::Big)));
    let rest = cell(4, 4.0, 2.0, 6.0);
    let (half_width, half_height) = ((rest.width - gap) / 2.0, (rest.height - gap) / 2.0);
    for (i, lines) in [3, 3, 2, 2].into_iter().enumerate() {
        let x = rest.x + (i % 2) as f32 * (half_width + gap);
        let y = rest.y + (i / 2) as f32 * (half_height + gap);
        places.push((RectF::new(x, y, half_width, half_height).snapped(), Kind::List(lines)));
    }
    let mut maker = Maker { fonts, scale, tick };
    places.into_iter().enumerate().map(|(id, (place, kind))| maker.card(id as u32, place, kind)).collect()
}

/// The background under all cards.
pub fn background(width: f32, height: f32) -> Scene {
    let mut scene = Scene::new();
    let stops = Stops::two(Color::hex(0x0b1220), Color::hex(0x17213a));
    scene.fill_rect(RectF::new(0.0, 0.0, width, height), Paint::vertical(0.0, height, stops));
    scene
}

#[derive(Clone, Copy)]
enum Kind {
    Title,
    Gauge,
    Bar,
    Spark,
    Histogram,
    Big,
    List(u32),
}

struct Maker<'a> {
    fonts: &'a mut Fonts,
    scale: f32,
    tick: u32,
}

impl Maker<'_> {
    fn card(&mut self, id: u32, place: RectF, kind: Kind) -> Card {
        let mut scene = Scene::new();
        let radius = (8.0 * self.scale).round();
        let stops = Stops::two(Color::hex(0x202d4a), Color::hex(0x141c30));
        scene.fill_rounded(place, radius, Paint::vertical(place.y, place.bottom(), stops));
        let line = self.scale.round().max(1.0);
        scene.stroke_rounded(place, radius, line, Color::hex(0x405480).with_alpha(160));
        let value = smooth(id + 1, self.tick as f32 * 0.13 + id as f32 * 3.1);
        let accent = Color::hex(ACCENTS[id as usize % 6]);
        let inner = place.inset((8.0 * self.scale).round());
        match kind {
            Kind::Title => {
                let (y, size) = (place.y + 24.0 * self.scale, 17.0 * self.scale);
                self.text(
                    &mut scene,
                    "casedd - node-07.rack3",
                    (Face::SemiBold, size, TEXT),
                    (inner.x, y, 0.0),
                );
                let clock = format!("Tue 21 May 2026  14:{:02}:{:02}", self.tick / 60 % 60, self.tick % 60);
                self.text(&mut scene, &clock, (Face::Regular, size, TEXT), (inner.right(), y, 1.0));
            }
            Kind::Gauge => self.gauge(&mut scene, place, value, accent),
            Kind::Bar => self.bar(&mut scene, inner, value, (accent, id)),
            Kind::Spark => self.spark(&mut scene, inner, (value, id), accent),
            Kind::Histogram => self.histogram(&mut scene, inner, value),
            Kind::Big => self.big(&mut scene, place, value, accent),
            Kind::List(lines) => self.list(&mut scene, inner, lines, value),
        }
        Card { place, scene }
    }

    /// Text at `(x, baseline, align)`; align 0 starts there, 1 ends there.
    fn text(&mut self, scene: &mut Scene, text: &str, style: (Face, f32, Color), at: (f32, f32, f32)) {
        let line = self.fonts.line(text, TextStyle::new(style.0, style.1));
        let (x, y, align) = at;
        scene.text(&line, (x - line.width_px() * align).round(), y, style.2);
    }

    fn gauge(&mut self, scene: &mut Scene, place: RectF, value: f32, accent: Color) {
        let scale = self.scale;
        let centre = PointF::new(place.x + place.width / 2.0, place.y + place.height * 0.5);
        let radius = (place.width.min(place.height * 0.95) * 0.5 - 12.0 * scale).min(46.0 * scale);
        let (start, sweep) = (135f32.to_radians(), 270f32.to_radians());
        let arc =
            Arc { centre, radius, width: 9.0 * scale, start_rad: start, sweep_rad: sweep, round_caps: true };
        scene.arc(arc, TRACK);
        scene.arc(Arc { sweep_rad: sweep * value.max(0.02), ..arc }, accent);
        let number = format!("{:.0}%", value * 100.0);
        self.text(scene, &number, (Face::Bold, 26.0 * scale, TEXT), (centre.x, centre.y + 9.0 * scale, 0.5));
        let at = (centre.x, place.bottom() - 9.0 * scale, 0.5);
        self.text(scene, "CPU load", (Face::SemiBold, 12.0 * scale, DIM), at);
    }

    fn bar(&mut self, scene: &mut Scene, inner: RectF, value: f32, (accent, id): (Color, u32)) {
        let scale = self.scale;
        let y = inner.y + 11.0 * scale;
        self.text(scene, &format!("Core {id}"), (Face::SemiBold, 12.0 * scale, DIM), (inner.x, y, 0.0));
        let number = format!("{:.1}%", value * 100.0);
        self.text(scene, &number, (Face::SemiBold, 14.0 * scale, TEXT), (inner.right(), y, 1.0));
        let height = (10.0 * scale).round();
        let track = RectF::new(inner.x, inner.bottom() - height, inner.width, height);
        scene.fill_rounded(track, height / 2.0, TRACK);
        let next = Color::hex(ACCENTS[(id as usize + 1) % 6]);
        let paint = Paint::horizontal(track.x, track.right(), Stops::two(accent, next));
        let filled = RectF { width: (track.width * value.max(0.06)).round(), ..track };
        scene.fill_rounded(filled, height / 2.0, paint);
    }

    fn spark(&mut self, scene: &mut Scene, inner: RectF, (value, id): (f32, u32), accent: Color) {
        let scale = self.scale;
        let y = inner.y + 10.0 * scale;
        self.text(scene, "eth throughput", (Face::SemiBold, 12.0 * scale, DIM), (inner.x, y, 0.0));
        let number = format!("{:.1} MB/s", value * 118.0);
        self.text(scene, &number, (Face::SemiBold, 13.0 * scale, TEXT), (inner.right(), y, 1.0));
        let chart = inner.inset_sides([20.0 * scale, 0.0, 0.0, 0.0]);
        let points: Vec<PointF> = (0..120)
            .map(|i| {
                let t = self.tick + i;
                let height = smooth(id + 50, t as f32 * 0.23) * 0.8 + hash(t * 31 + id) * 0.2;
                PointF::new(chart.x + chart.width * i as f32 / 119.0, chart.y + chart.height * (1.0 - height))
            })
            .collect();
        let stops = Stops::two(accent.with_alpha(120), accent.with_alpha(8));
        scene.area(&points, chart.bottom(), Paint::vertical(chart.y, chart.bottom(), stops));
        scene.polyline(&points, 1.6 * scale, accent);
    }

    fn histogram(&mut self, scene: &mut Scene, inner: RectF, value: f32) {
        let scale = self.scale;
        let y = inner.y + 10.0 * scale;
        self.text(scene, "Request latency (ms)", (Face::SemiBold, 12.0 * scale, DIM), (inner.x, y, 0.0));
        let number = format!("p99 {:.1}", value * 80.0);
        self.text(scene, &number, (Face::SemiBold, 12.0 * scale, TEXT), (inner.right(), y, 1.0));
        let chart = inner.inset_sides([22.0 * scale, 0.0, 0.0, 0.0]);
        let stops = Stops::two(Color::hex(ACCENTS[0]), Color::hex(ACCENTS[4]));
        let paint = Paint::vertical(chart.y, chart.bottom(), stops);
        for i in 0..24 {
            let height = (chart.height * (0.08 + 0.9 * smooth(i + 300, self.tick as f32 * 0.13))).round();
            let left = chart.x + chart.width / 24.0 * i as f32;
            let right = chart.x + chart.width / 24.0 * (i + 1) as f32 - 2.0 * scale;
            let bar = RectF::from_edges(left, chart.bottom() - height, right, chart.bottom()).snapped();
            scene.fill_rounded(bar, 2.0 * scale, paint);
        }
    }

    fn big(&mut self, scene: &mut Scene, place: RectF, value: f32, accent: Color) {
        let scale = self.scale;
        let (x, middle) = (place.x + 8.0 * scale, place.centre().x);
        self.text(
            scene,
            "Temperature",
            (Face::SemiBold, 12.0 * scale, DIM),
            (x, place.y + 20.0 * scale, 0.0),
        );
        let number = format!("{:.1}", 30.0 + value * 60.0);
        let y = place.y + place.height * 0.62;
        self.text(scene, &number, (Face::Bold, 44.0 * scale, TEXT), (middle, y, 0.5));
        let y = place.bottom() - 14.0 * scale;
        self.text(scene, "°C", (Face::Regular, 13.0 * scale, accent), (middle, y, 0.5));
    }

    fn list(&mut self, scene: &mut Scene, inner: RectF, lines: u32, value: f32) {
        let scale = self.scale;
        let line_height = inner.height / lines as f32;
        for i in 0..lines {
            let y = inner.y + line_height * (i as f32 + 0.5) + 4.0 * scale;
            let (label, text) = match i {
                0 => ("Uptime", format!("12d {:02}:{:02}", self.tick % 24, self.tick * 7 % 60)),
                1 => ("Load avg", format!("{:.2}", value * 8.0)),
                _ => ("Procs", format!("{:.0}", 200.0 + value * 300.0)),
            };
            self.text(scene, label, (Face::Regular, 11.5 * scale, DIM), (inner.x, y, 0.0));
            self.text(scene, &text, (Face::SemiBold, 11.5 * scale, TEXT), (inner.right(), y, 1.0));
        }
    }
}

fn hash(seed: u32) -> f32 {
    let mut h = seed.wrapping_mul(0x9e37_79b1);
    h = (h ^ h >> 15).wrapping_mul(0x85eb_ca77);
    h = (h ^ h >> 13).wrapping_mul(0xc2b2_ae3d);
    ((h ^ h >> 16) & 0xff_ffff) as f32 / 16_777_216.0
}

fn smooth(seed: u32, t: f32) -> f32 {
    let part = t.fract();
    let part = part * part * (3.0 - 2.0 * part);
    let at = seed.wrapping_mul(7919) + t as u32;
    hash(at) * (1.0 - part) + hash(at + 1) * part
}
