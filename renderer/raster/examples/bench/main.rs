//! `cargo run -p casedd-raster --release --example bench [FOLDER]`: CPU milliseconds to draw a dashboard, beside a
//! copy of the frame; with a folder, its pictures are left there.

mod dashboard;

use casedd_raster::{Canvas, Fonts, GlyphCache, IRect, Scene};
use nix::time::{ClockId, clock_gettime};

const SIZES: [(u32, u32); 4] = [(800, 480), (1024, 600), (1920, 1080), (3840, 2160)];
const TICKS: u32 = 16;

fn main() {
    let folder = std::env::args().nth(1);
    println!(
        "{:>10} {:>9} {:>9} {:>9} {:>9} {:>7}",
        "size", "full ms", "20 % ms", "build ms", "memcpy", "masks"
    );
    for (width, height) in SIZES {
        measure(width, height, folder.as_deref());
    }
}

fn measure(width: u32, height: u32, folder: Option<&str>) {
    let mut fonts = Fonts::embedded();
    let mut cache = GlyphCache::new();
    let mut pixels = vec![0u32; (width * height) as usize];
    let background = dashboard::background(width as f32, height as f32);
    let frames: Vec<_> =
        (0..TICKS).map(|tick| dashboard::cards(&mut fonts, width as f32, height as f32, tick)).collect();
    let full = median(120, |i| {
        let mut canvas = Canvas::new(&mut pixels, width as usize, width, height);
        let cards = &frames[i % frames.len()];
        draw(&mut canvas, IRect::new(0, 0, width as i32, height as i32), &background, cards, &mut cache);
    });
    if let Some(folder) = folder {
        save(&format!("{folder}/dashboard-{width}x{height}.png"), width, height, &pixels);
    }
    let part = median(120, |i| {
        let mut canvas = Canvas::new(&mut pixels, width as usize, width, height);
        let cards = &frames[i % frames.len()];
        for step in 0..5 {
            let card = &cards[(i * 5 + step * 8) % cards.len()];
            let clip = card.place.outer();
            background.draw(&mut canvas, clip, &mut cache);
            card.scene.draw(&mut canvas, clip, &mut cache);
        }
    });
    let build = median(60, |i| {
        dashboard::cards(&mut fonts, width as f32, height as f32, i as u32 % TICKS);
    });
    let mut copy = vec![0u32; pixels.len()];
    let memcpy = median(60, |_| copy.copy_from_slice(std::hint::black_box(&pixels)));
    let name = format!("{width}x{height}");
    let masks = cache.masks();
    println!("{name:>10} {full:>9.3} {part:>9.3} {build:>9.3} {memcpy:>9.3} {masks:>7}");
}

/// Everything, in bands: what was drawn last is still in the cache when the next card covers it.
fn draw(
    canvas: &mut Canvas<'_>,
    clip: IRect,
    background: &Scene,
    cards: &[dashboard::Card],
    cache: &mut GlyphCache,
) {
    let rows = (128 * 1024 / clip.width()).max(32);
    let mut top = clip.top;
    while top < clip.bottom {
        let band = IRect { top, bottom: (top + rows).min(clip.bottom), ..clip };
        background.draw(canvas, band, cache);
        for card in cards {
            card.scene.draw(canvas, band.intersect(card.place.outer()), cache);
        }
        top = band.bottom;
    }
}

fn median(rounds: usize, mut work: impl FnMut(usize)) -> f64 {
    let cpu_ms = || {
        let time = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("every Linux has this clock");
        time.tv_sec() as f64 * 1e3 + time.tv_nsec() as f64 / 1e6
    };
    for i in 0..3 {
        work(i);
    }
    let mut times: Vec<f64> = (0..rounds)
        .map(|i| {
            let start = cpu_ms();
            work(i);
            cpu_ms() - start
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[rounds / 2]
}

fn save(path: &str, width: u32, height: u32, pixels: &[u32]) {
    let file = std::fs::File::create(path).expect("the folder is there and writable");
    let mut encoder = png::Encoder::new(std::io::BufWriter::new(file), width, height);
    encoder.set_color(png::ColorType::Rgb);
    let rgb: Vec<u8> = pixels.iter().flat_map(|p| [(p >> 16) as u8, (p >> 8) as u8, *p as u8]).collect();
    let mut writer = encoder.write_header().expect("a PNG header can be written");
    writer.write_image_data(&rgb).expect("the picture can be written");
}
