//! The command line of the bench, and the order of its work.
//! Leaves out the measuring.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};
use casedd_common::transport::clock::now_ns;
use clap::Parser;
use serde::de::DeserializeOwned;

use crate::case::{self, Case, Drawn};
use crate::process::{self, Order};
use crate::report::Report;
use crate::{encode, rivals, table};

/// Measures what drawing and encoding cost on this machine.
#[derive(Debug, Parser)]
#[command(name = "casedd bench", version)]
struct Cli {
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
    /// Have the same dashboard drawn by Pillow and by vello_cpu, and print the ratios; installs Pillow into the
    /// user's cache when it is not there
    #[arg(long)]
    compare: bool,
    /// Sizes to measure
    #[arg(
        long,
        value_name = "WxH",
        value_delimiter = ',',
        value_parser = size,
        default_values = ["800x480", "1024x600", "1920x1080", "3840x2160"]
    )]
    sizes: Vec<(u32, u32)>,
    /// Numbers of outputs to measure
    #[arg(long, value_delimiter = ',', default_values_t = [1, 3, 5, 10])]
    outputs: Vec<usize>,
    /// What to measure: drawing, encoding, a renderer process at work
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["draw", "encode", "process"])]
    parts: Vec<What>,
    /// Leave Pillow's picture of each size in this folder
    #[arg(long, value_name = "FOLDER")]
    pictures: Option<PathBuf>,
    /// One measurement in a process of its own, started at this time
    #[arg(long, hide = true, num_args = 2, value_names = ["CASE", "NS"])]
    part: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum What {
    Draw,
    Encode,
    Process,
}

/// One output at the default rate, with dials that jump and with some that glide; ten outputs, each with a template of its own, at ten times a second.
const PROCESSES: [Order; 4] = [
    Order { outputs: 1, rate_hz: 2, is_live: false, is_gliding: false },
    Order { outputs: 1, rate_hz: 2, is_live: false, is_gliding: true },
    Order { outputs: 10, rate_hz: 10, is_live: false, is_gliding: false },
    Order { outputs: 10, rate_hz: 10, is_live: true, is_gliding: false },
];

fn size(text: &str) -> Result<(u32, u32), String> {
    let sides =
        text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    let possible = |(width, height): &(u32, u32)| (1..=8192).contains(width) && (1..=8192).contains(height);
    sides.filter(possible).ok_or_else(|| format!("\"{text}\" is no size; write 800x480"))
}

/// What a process of its own is asked for.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
enum Part {
    Draw(Case),
    Encode(Case),
}

/// Reads the command line and obeys it.
pub fn run() -> anyhow::Result<()> {
    let cli = Cli::parse();
    if let [part, started_ns] = cli.part.as_slice() {
        let json = match serde_json::from_str(part)? {
            Part::Draw(case) => serde_json::to_string(&case::run(case, started_ns.parse()?)?)?,
            Part::Encode(case) => serde_json::to_string(&encode::run(case)?)?,
        };
        println!("{json}");
        return Ok(());
    }
    let mut report = Report::here();
    for size_px in &cli.sizes {
        for outputs in &cli.outputs {
            let case = Case { size_px: *size_px, outputs: *outputs };
            eprintln!("bench: {outputs} outputs of {}x{}", size_px.0, size_px.1);
            if cli.parts.contains(&What::Draw) {
                report.drawn.push(apart(Part::Draw(case))?);
            }
            if cli.parts.contains(&What::Encode) {
                report.encoded.push(apart(Part::Encode(case))?);
            }
        }
    }
    for order in PROCESSES.iter().filter(|_| cli.parts.contains(&What::Process)) {
        eprintln!("bench: a renderer with {} outputs at {} Hz", order.outputs, order.rate_hz);
        report.processes.push(process::run(*order)?);
    }
    if cli.compare {
        let python = rivals::prepare()?;
        for size_px in &cli.sizes {
            eprintln!("bench: rivals at {}x{}", size_px.0, size_px.1);
            report.shapes.push(rivals::shapes(*size_px)?);
            let name = format!("pillow-{}x{}.png", size_px.0, size_px.1);
            let picture = cli.pictures.as_ref().map(|folder| folder.join(name));
            let ours = || -> anyhow::Result<_> {
                let drawn: Drawn = apart(Part::Draw(Case { size_px: *size_px, outputs: 1 }))?;
                Ok((drawn.full, drawn.live))
            };
            report.pillow.push(python.draw(*size_px, picture.as_deref(), ours)?);
        }
    }
    if cli.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{}", table::tables(&report));
    }
    Ok(())
}

/// Measures in a process of its own: its memory is that of one case.
fn apart<T: DeserializeOwned>(part: Part) -> anyhow::Result<T> {
    let program = std::env::current_exe().context("where this program is")?;
    let mut command = Command::new(program);
    command.arg("--part").arg(serde_json::to_string(&part)?).arg(now_ns().to_string());
    let output = command.stderr(std::process::Stdio::inherit()).output().context("cannot start a part")?;
    if !output.status.success() {
        bail!("{part:?} ended with {}", output.status);
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("what {part:?} printed"))
}
