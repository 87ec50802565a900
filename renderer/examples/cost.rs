//! What pictures cost: `cost [TEMPLATE]` draws a template at four sizes, whole, with all values changing, and with some.
//! Prints medians of wall time; run it with `--release` on a quiet machine.
#![forbid(unsafe_code)]

use std::sync::Arc;
use std::time::Instant;

use casedd_common::metrics::Value;
use casedd_renderer::data::Data;
use casedd_renderer::painter::Painter;
use casedd_renderer::sample;
use casedd_renderer::template::store::Store;
use casedd_renderer::view::View;

const SIZES: [(u32, u32); 4] = [(800, 480), (1024, 600), (1920, 1080), (3840, 2160)];
const ROUNDS: usize = 60;

fn main() -> anyhow::Result<()> {
    let name = std::env::args().nth(1).unwrap_or_else(|| "system_stats".into());
    let template = Store::default().load(&name)?;
    let mut painter = Painter::default();
    println!("{name}: ms a frame        whole   all values   one in five   nothing   damage of one in five");
    for (width, height) in SIZES {
        let mut whole = Vec::new();
        for _ in 0..ROUNDS / 4 {
            let mut view = View::new(Arc::clone(&template), width, height);
            whole.push(cost(&mut view, &sample::data(), &mut painter).0);
        }
        let mut view = View::new(Arc::clone(&template), width, height);
        let mut data = sample::data();
        cost(&mut view, &data, &mut painter);
        let mut medians = Vec::new();
        let mut share = 0.0;
        for every in [1, 5, usize::MAX] {
            let mut costs = Vec::new();
            for round in 0..ROUNDS {
                change(&mut data, every, round);
                let (ms, damaged_px) = cost(&mut view, &data, &mut painter);
                costs.push(ms);
                if every == 5 {
                    share += damaged_px as f64 / f64::from(width * height) / ROUNDS as f64;
                }
            }
            medians.push(median(costs));
        }
        let [all, some, none] = medians[..] else { unreachable!("three were measured") };
        let size = format!("{width}x{height}");
        println!(
            "{size:>18} {:12.3} {all:12.3} {some:13.3} {none:9.4} {:12.1} %",
            median(whole),
            share * 100.0
        );
    }
    Ok(())
}

/// How long a refresh takes, and how many pixels it changed.
fn cost(view: &mut View, data: &Data, painter: &mut Painter) -> (f64, i64) {
    let start = Instant::now();
    let damage = view.refresh(data, painter);
    let ms = start.elapsed().as_secs_f64() * 1000.0;
    (ms, damage.iter().map(|rect| i64::from(rect.width()) * i64::from(rect.height())).sum())
}

/// Moves one number in `every`.
fn change(data: &mut Data, every: usize, round: usize) {
    for reading in
        data.snapshot_mut().readings.iter_mut().step_by(every.min(1000)).skip(usize::from(every > 1000))
    {
        if let Value::Number(number) = &mut reading.value {
            *number += if round.is_multiple_of(2) { 1.3 } else { -1.3 };
        }
    }
}

fn median(mut costs: Vec<f64>) -> f64 {
    costs.sort_by(f64::total_cmp);
    costs[costs.len() / 2]
}
