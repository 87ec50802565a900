//! In steady state a frame allocates nothing: counted by an allocator that counts, for every built-in template.
//! A text, glyph or size that is shown for the first time may allocate; the caches of those are bounded.
#![forbid(unsafe_code)]

use allocation_counter::measure;
use casedd_common::metrics::{Snapshot, Value};
use casedd_renderer::data::Data;
use casedd_renderer::painter::Painter;
use casedd_renderer::picture::Picture;
use casedd_renderer::sample;
use casedd_renderer::template::store::Store;
use casedd_renderer::view::View;

const SIZES: [(u32, u32); 3] = [(320, 240), (800, 480), (1920, 1080)];
/// Different values, which come again and again.
const PHASES: u64 = 4;
/// Cycles before the one that counts.
const WARM_UP: usize = 16;

/// The sample's values, all numbers of it other ones in each phase, and the clock half a second on.
fn set_phase(data: &mut Data, (first, wall): (&Snapshot, &jiff::Zoned), phase: u64) {
    for (reading, before) in data.snapshot_mut().readings.iter_mut().zip(&first.readings) {
        if let Value::Number(number) = before.value {
            reading.value = Value::Number(number * (1.0 - phase as f64 * 0.07));
        }
    }
    let now_ns = first.taken_at_ns + phase * 500_000_000;
    data.set_now(now_ns, wall + jiff::SignedDuration::from_millis(phase as i64 * 500));
}

/// How many allocations a cycle of frames makes once all of them have been shown.
fn allocations(name: &str, (width, height): (u32, u32), is_full: bool) -> u64 {
    let template = Store::default().load(name).unwrap_or_else(|error| panic!("{error}"));
    let (mut painter, mut data) = (Painter::default(), sample::data());
    let (first, wall) = (data.snapshot().clone(), data.wall().clone());
    let mut picture = Picture::new(View::new(template, width, height));
    let mut show_all = || {
        for phase in 0..PHASES {
            set_phase(&mut data, (&first, &wall), phase);
            if is_full {
                picture.view().forget();
            }
            let is_new = !picture.refresh(&data, &mut painter).is_empty();
            assert!(is_new || name == "slideshow", "{name} shows none of the changes");
        }
    };
    // Scenes are built in turn in the same memory, which grows until the largest has room everywhere.
    (0..WARM_UP).for_each(|_| show_all());
    measure(show_all).count_total
}

#[test]
fn a_frame_allocates_nothing_in_steady_state() {
    for name in Store::default().names() {
        for size in SIZES {
            assert_eq!(allocations(&name, size, false), 0, "{name} at {size:?}, what changed");
            assert_eq!(allocations(&name, size, true), 0, "{name} at {size:?}, everything");
        }
    }
}
