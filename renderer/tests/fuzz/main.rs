//! Random templates over random data at random sizes: no panic, no runaway, and after any sequence of changes the
//! picture that was drawn by parts is, bit for bit, the one drawn whole.
//!
//! A fixed number of cases by default; `CASEDD_FUZZ_SECONDS` goes on for so long (`./x fuzz-render`). What was found
//! once is kept in `tests/corpus` and tried each time.

#[path = "../../raster/tests/dice/mod.rs"]
mod dice;
mod templates;
mod values;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use casedd_renderer::painter::Painter;
use casedd_renderer::picture::Picture;
use casedd_renderer::template;
use casedd_renderer::view::{self, View};
use dice::Dice;
use values::World;

/// Cases of an ordinary run.
const CASES: u64 = 300;
/// Sequences of changes in a case.
const STEPS: usize = 4;
/// How often images are waited for, and how long: a folder is listed before its files are asked for.
const IMAGE_ROUNDS_MAX: usize = 4;
const PATIENCE: Duration = Duration::from_secs(10);
/// No widget needs more shapes: a chart of eight series, a table of 200 rows of eight columns.
const SHAPES_MAX: usize = 16_384;
/// Nor more points.
const POINTS_MAX: usize = 65_536;

/// Panics, also those that a view contains.
static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Draws one template through a sequence of changes; says what was wrong.
fn run(text: &str, seed: u64) -> Result<(), String> {
    let panics = PANICS.load(Ordering::SeqCst);
    let outcome = std::panic::catch_unwind(|| changes(text, seed));
    if PANICS.load(Ordering::SeqCst) != panics {
        return Err("something panicked".into());
    }
    outcome.unwrap_or_else(|_| Err("something panicked".into()))
}

fn changes(text: &str, seed: u64) -> Result<(), String> {
    let Ok(template) = template::parse("fuzz.casedd", "fuzz", text) else { return Ok(()) };
    let template = Arc::new(template);
    let mut dice = Dice(seed);
    let (width, height) = match dice.below(6) {
        0 => (1 + dice.below(4) as u32, 1 + dice.below(300) as u32),
        1 => (1 + dice.below(900) as u32, 1 + dice.below(4) as u32),
        _ => (40 + dice.below(400) as u32, 30 + dice.below(240) as u32),
    };
    let mut world = World::new(&mut dice);
    let mut painter = Painter::default();
    let mut picture = Picture::new(View::new(Arc::clone(&template), width, height));
    for step in 0..STEPS {
        let data = world.data();
        picture.refresh(&data, &mut painter);
        // Files are looked for beside the picture: the whole one waits for the answers, too.
        for _ in 0..IMAGE_ROUNDS_MAX {
            if !painter.images.settle(PATIENCE) {
                break;
            }
            picture.refresh(&data, &mut painter);
        }
        for (scene, _) in picture.view().scenes() {
            if scene.ops().len() > SHAPES_MAX || scene.points().len() > POINTS_MAX {
                return Err(format!("{} shapes of {} points", scene.ops().len(), scene.points().len()));
            }
        }
        if picture.pixels() != view::render_once(&template, &data, width, height) {
            return Err(format!("step {step} at {width}x{height}: drawn by parts it is another picture"));
        }
        world.step(&mut dice);
    }
    Ok(())
}

fn count_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        before(info);
    }));
}

#[test]
fn no_template_and_no_data_break_the_renderer_and_parts_add_up_to_the_whole() {
    count_panics();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    for entry in std::fs::read_dir(&corpus).expect("the corpus is there") {
        let path = entry.expect("an entry of the corpus").path();
        let text = std::fs::read_to_string(&path).expect("a readable case");
        let seed =
            text.lines().find_map(|line| line.strip_prefix("# seed ")).and_then(|seed| seed.parse().ok());
        run(&text, seed.unwrap_or(1)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let seconds: u64 =
        std::env::var("CASEDD_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let (start, mut seed, mut accepted) = (Instant::now(), 0, 0u64);
    while seed < CASES || start.elapsed() < Duration::from_secs(seconds) {
        let text = templates::template(&mut Dice(seed));
        accepted += u64::from(template::parse("fuzz.casedd", "fuzz", &text).is_ok());
        run(&text, seed).unwrap_or_else(|error| panic!("{error}; the case:\n# seed {seed}\n{text}"));
        seed += 1;
    }
    println!("{seed} cases, {accepted} of them accepted as templates");
    assert!(accepted * 3 > seed, "too few are templates at all: {accepted} of {seed}");
}
