//! An evening over a lake, drawn by formulas: what a slide show finds, where a test or the documentation shows one.
//! Leaves out files.

/// The sky from the zenith to the horizon.
const SKY: [[f32; 3]; 5] =
    [[0.08, 0.09, 0.22], [0.22, 0.16, 0.38], [0.55, 0.27, 0.47], [0.91, 0.47, 0.43], [0.99, 0.76, 0.52]];
/// Where the water begins, from the top.
const SHORE: f32 = 0.74;
/// The sun's place, from the left and from the top, and its radius, in heights but for the first.
const SUN: (f32, f32, f32) = (0.64, 0.5, 0.045);
/// The ridges from far to near: how high, how rugged, and how far its haze has gone.
const RIDGES: [(f32, f32, f32); 4] =
    [(0.54, 0.09, 0.0), (0.6, 0.08, 0.33), (0.66, 0.07, 0.66), (0.715, 0.045, 1.0)];

/// Red, green and blue of each pixel.
pub fn evening(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        for x in 0..width {
            let at = [(x as f32 + 0.5) / height as f32, (y as f32 + 0.5) / height as f32];
            let color = pixel(at, width as f32 / height as f32, 1.0 / height as f32);
            bytes.extend(color.map(|channel| (channel.clamp(0.0, 1.0) * 255.0 + 0.5) as u8));
        }
    }
    bytes
}

fn pixel([x, y]: [f32; 2], wide: f32, px: f32) -> [f32; 3] {
    let mut color = if y < SHORE {
        land([x, y], wide, px)
    } else {
        // The water shows the land upside down, drawn out and darker, broken by flat waves.
        let depth = (y - SHORE) / (1.0 - SHORE);
        let wave = noise([x * 9.0, depth.sqrt() * 60.0], 7) - 0.5;
        let mirrored = SHORE - (y - SHORE) * 1.9 - wave * 0.05 * (0.3 + depth);
        let image = land([x + wave * 0.012, mirrored.clamp(0.0, SHORE - px)], wide, px);
        let path = (-((x - SUN.0 * wide) / (0.05 + depth * 0.09)).powi(2)).exp() * (wave + 0.45).max(0.0);
        let dark = mix(image, [0.05, 0.06, 0.17], 0.3 + depth * 0.4);
        mix(dark, [1.0, 0.8, 0.55], (path * 0.9 * (1.0 - depth * 0.6)).min(1.0))
    };
    // The near shore with its trees.
    let ground = 0.955 + 0.035 * (x / wide * 3.4 + 0.6).cos() - trees(x, wide);
    color = mix(color, [0.025, 0.03, 0.085], ((y - ground) / px).clamp(0.0, 1.0));
    color
}

fn land([x, y]: [f32; 2], wide: f32, px: f32) -> [f32; 3] {
    let share = (y / 0.66).min(0.999) * 4.0;
    let step = share as usize;
    let mut color = mix(SKY[step], SKY[step + 1], share.fract());
    let away = ((x - SUN.0 * wide).powi(2) + (y - SUN.1).powi(2)).sqrt();
    color = mix(color, [1.0, 0.86, 0.6], 0.75 * (-(away / 0.16).powi(2)).exp() + 0.25 * (-away * 3.0).exp());
    color = mix(color, [1.0, 0.96, 0.84], ((SUN.2 - away) / px + 0.5).clamp(0.0, 1.0));
    // Thin clouds, lit from below.
    let cloud =
        (fractal([x * 1.6 + 3.0, y * 9.0], 3) - 0.5).max(0.0) * 2.2 * (1.0 - (y - 0.3).abs() * 3.0).max(0.0);
    color = mix(color, [1.0, 0.66, 0.56], cloud * 0.7);
    color = mix(color, [1.0, 0.95, 0.95], star([x, y], px) * (1.0 - y * 3.6).clamp(0.0, 1.0));
    for (index, (top, rugged, near)) in RIDGES.into_iter().enumerate() {
        let seed = 20 + index as u32;
        let edge = top - rugged * (fractal([x * (2.2 + near), 0.0], seed) - 0.35) * 2.2;
        let slope = (-((x - SUN.0 * wide) / 0.5).powi(2)).exp();
        let face = mix([0.62, 0.32, 0.46], [0.075, 0.075, 0.19], near.powf(0.7));
        let lit = mix(face, [0.95, 0.55, 0.48], 0.35 * slope * (1.0 - near));
        // Mist lies in the valleys.
        let mist = ((y - edge) / 0.16).clamp(0.0, 1.0) * (1.0 - near) * 0.55;
        let body = mix(lit, [0.93, 0.55, 0.5], mist);
        color = mix(color, body, ((y - edge) / px + 0.5).clamp(0.0, 1.0));
    }
    color
}

/// How bright the star is whose square of the sky this is, if it has one.
fn star([x, y]: [f32; 2], px: f32) -> f32 {
    let (column, row) = ((x * 34.0).floor(), (y * 34.0).floor());
    let seed = 60 + row as u32;
    let bright = (hash(column as i32, seed) - 0.55).max(0.0) * 2.0;
    let centre = [
        column + 0.2 + hash(column as i32, seed + 100) * 0.6,
        row + 0.2 + hash(column as i32, seed + 200) * 0.6,
    ];
    let away = ((x - centre[0] / 34.0).powi(2) + (y - centre[1] / 34.0).powi(2)).sqrt();
    (-(away / (px * 0.55).max(0.0011)).powi(2)).exp() * bright
}

/// How high the trees of the near shore stand at `x`: none before the sun.
fn trees(x: f32, wide: f32) -> f32 {
    let mut height = 0.0f32;
    for layer in 0..3 {
        let spacing = 0.035 + layer as f32 * 0.012;
        let middle = (x / spacing).floor();
        for near in [middle - 1.0, middle, middle + 1.0] {
            let (size, place) = (hash(near as i32, layer), hash(near as i32, layer + 40));
            let side = ((near * spacing / wide - SUN.0).abs() * 2.6 - 0.35).clamp(0.0, 1.0);
            let tall = (0.045 + size * size * 0.17) * side;
            let off = (x - (near + place) * spacing).abs();
            let up = 1.0 - off / (tall * 0.17 + 1e-4);
            // Branches: the outline goes in and out on its way up.
            let branch = (up * (7.0 + size * 4.0)).fract() * 0.1;
            height = height.max(if up > 0.0 { tall * (up - branch).max(0.0) } else { 0.0 });
        }
    }
    height
}

fn mix(a: [f32; 3], b: [f32; 3], share: f32) -> [f32; 3] {
    [0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * share)
}

/// Noise of several scales, about 0 to 1.
fn fractal([x, y]: [f32; 2], seed: u32) -> f32 {
    let octaves = [(1.0, 0.5), (2.3, 0.25), (5.1, 0.13), (11.0, 0.07), (23.0, 0.035)];
    octaves.iter().map(|(scale, part)| noise([x * scale, y * scale], seed) * part).sum()
}

/// Smooth noise between 0 and 1.
fn noise([x, y]: [f32; 2], seed: u32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (u, v) = (ease(x - left), ease(y - top));
    let at = |dx: i32, dy: i32| hash(left as i32 + dx + (top as i32 + dy) * 5_701, seed);
    let (above, below) = (at(0, 0) + (at(1, 0) - at(0, 0)) * u, at(0, 1) + (at(1, 1) - at(0, 1)) * u);
    above + (below - above) * v
}

fn hash(at: i32, seed: u32) -> f32 {
    let mut word = (at as u32).wrapping_mul(0x9e37_79b1) ^ seed.wrapping_mul(0x85eb_ca6b);
    word = (word ^ (word >> 15)).wrapping_mul(0x2c1b_3c6d);
    word = (word ^ (word >> 12)).wrapping_mul(0x297a_2d39);
    (word ^ (word >> 15)) as f32 / u32::MAX as f32
}
