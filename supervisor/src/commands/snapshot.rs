//! `casedd snapshot`: the newest picture of an output as PNG, taken by a short-lived sink that wants the same view.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use casedd_common::config::Topic;
use casedd_common::exit::{Exit, Failure};
use casedd_common::runtime_dir::RuntimeDir;
use casedd_common::shell::Args;
use casedd_common::transport::link::{Frame, Link};
use casedd_common::transport::observe::{SinkStats, Stats, observe};
use casedd_common::transport::{DropPolicy, LinkError, Want};
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};

use crate::report::failure_of_link;

/// A renderer answers within milliseconds.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);
/// A view that nobody looked at draws its first frame for us.
const FRAME_WITHIN: Duration = Duration::from_secs(5);

/// Saves the newest picture of `output` to `file`.
pub fn run(args: &Args, output: &str, file: &Path) -> Result<(), Failure> {
    let socket = RuntimeDir::locate_here(args.runtime_dir.as_deref()).join("renderer.sock");
    let stats = observe(&socket, ANSWER_WITHIN).map_err(failure_of_link)?;
    let want = want_of(find(&stats, output)?);
    let mut link = Link::connect(&socket, &want, ANSWER_WITHIN).map_err(failure_of_link)?;
    let (width, height, rgb) = first_picture(&mut link).map_err(failure_of_link)?;
    write(file, &rgb, width, height)
        .map_err(|message| Exit::CantCreate.because(format!("cannot write {}: {message}", file.display())))
}

fn find<'a>(stats: &'a Stats, output: &str) -> Result<&'a SinkStats, Failure> {
    stats.sinks.iter().find(|sink| sink.name == output).ok_or_else(|| {
        let names: Vec<&str> = stats.sinks.iter().map(|sink| sink.name.as_str()).collect();
        let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        Exit::NoInput
            .because(format!("no output \"{output}\" is connected to the renderer; connected: {names}"))
    })
}

/// The same view, under a name of our own and with the least demand on the pool. Overrides and policy of the output
/// hold for it, too.
fn want_of(sink: &SinkStats) -> Want {
    let topic = sink.topic.parse().map(|topic: Topic| {
        let like = topic.like.or_else(|| Some(sink.name.clone()));
        Topic { like, ..topic }.to_string()
    });
    Want {
        name: format!("snapshot-{}", std::process::id()),
        topic: topic.unwrap_or_else(|_| sink.topic.clone()),
        width: sink.width,
        height: sink.height,
        rate_millihz: sink.rate_millihz,
        policy: DropPolicy::DropOldest,
        depth: 1,
        holds: 1,
        ..Want::default()
    }
}

fn first_picture(link: &mut Link) -> Result<(u32, u32, Vec<u8>), LinkError> {
    let deadline = Instant::now() + FRAME_WITHIN;
    loop {
        if let Some(frame) = link.latest()? {
            let picture = copy(&frame);
            // A picture that changed under our hands is not shown to anybody: take the next one.
            if frame.check().is_ok() {
                return Ok(picture);
            }
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let waited_ms = u64::try_from(FRAME_WITHIN.as_millis()).unwrap_or(u64::MAX);
            return Err(LinkError::TimedOut { waited_ms });
        }
        link.wait(left, &[])?;
    }
}

fn copy(frame: &Frame<'_>) -> (u32, u32, Vec<u8>) {
    let geometry = frame.geometry();
    let (width, height) = (geometry.width as usize, geometry.height as usize);
    let mut rgb = Vec::with_capacity(width * height * 3);
    for row in frame.pixels().chunks(geometry.stride_bytes as usize).take(height) {
        rgb.extend(row.chunks_exact(4).take(width).flat_map(|pixel| [pixel[2], pixel[1], pixel[0]]));
    }
    (geometry.width, geometry.height, rgb)
}

fn write(file: &Path, rgb: &[u8], width: u32, height: u32) -> Result<(), String> {
    let mut png = Vec::new();
    PngEncoder::new(&mut png)
        .write_image(rgb, width, height, ExtendedColorType::Rgb8)
        .map_err(|error| error.to_string())?;
    let mut out: Box<dyn Write> = match file == Path::new("-") {
        true => Box::new(std::io::stdout()),
        false => Box::new(BufWriter::new(File::create(file).map_err(|error| error.to_string())?)),
    };
    out.write_all(&png).and_then(|()| out.flush()).map_err(|error| error.to_string())
}
