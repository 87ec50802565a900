//! A renderer and a sink in two processes: the sink is started by the renderer and prints what arrives.
//! `cargo run -p casedd-transport --example two_processes`

use casedd_transport::clock::{age_ms, now_ns};
use casedd_transport::frame::{Damage, Rect};
use casedd_transport::hub::{Event, Hub, HubOptions};
use casedd_transport::link::Link;
use casedd_transport::{LinkError, Want};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;

const WIDTH: u32 = 320;
const HEIGHT: u32 = 240;
const FRAMES: u32 = 20;
const TICK: Duration = Duration::from_millis(50);

fn main() -> Result<(), Box<dyn Error>> {
    match std::env::args_os().nth(1) {
        Some(socket) => Ok(sink(Path::new(&socket))?),
        None => renderer(),
    }
}

/// Draws a bar that grows by one step a frame; only the step is damage.
fn renderer() -> Result<(), Box<dyn Error>> {
    let socket: PathBuf = std::env::temp_dir().join(format!("two-processes-{}.sock", std::process::id()));
    let mut hub = Hub::bind(&socket, HubOptions::default())?;
    let view = hub.open_view(WIDTH, HEIGHT)?;
    let mut child = std::process::Command::new(std::env::current_exe()?).arg(&socket).spawn()?;
    let step = WIDTH / FRAMES;
    let mut drawn = 0;
    while drawn < FRAMES {
        for event in hub.wait(TICK, &[])? {
            match event {
                Event::Asked { sink, .. } => hub.admit(sink, view)?,
                Event::Revoked { why, .. } => println!("renderer: the sink was told to go: {why}"),
                Event::Gone { why, .. } => println!("renderer: the sink is gone: {why}"),
                Event::Watched { .. } | Event::Space { .. } | Event::Extra(_) => {}
            }
        }
        hub.heartbeat();
        if !hub.watched(view) {
            continue;
        }
        let Some(mut writing) = hub.begin(view) else { break };
        let started = now_ns();
        drawn += 1;
        // A slot holds an older frame: the simplest right thing is to draw all of it.
        let stride_px = writing.geometry().stride_bytes as usize / 4;
        for row in writing.pixels_u32_mut().chunks_mut(stride_px) {
            let (done, left) = row.split_at_mut((drawn * step) as usize);
            done.fill(0xff40_a0ff);
            left.fill(0xff10_1820);
        }
        let damage = Rect { x: (drawn - 1) * step, y: 0, width: step, height: HEIGHT };
        writing.publish(started, started, &Damage::from(damage), 0);
    }
    let stats = hub.stats();
    for sink in &stats.sinks {
        println!("renderer: {} got {} of {} frames", sink.name, sink.delivered, sink.pushed);
    }
    drop(hub);
    child.wait()?;
    Ok(())
}

/// Takes the newest frame whenever there is one, until the renderer goes.
fn sink(socket: &Path) -> Result<(), LinkError> {
    let want = Want { name: "example".into(), width: WIDTH, height: HEIGHT, ..Want::default() };
    let mut link = Link::connect(socket, &want, Duration::from_secs(2))?;
    loop {
        match link.wait(Duration::from_secs(1), &[]) {
            Ok(_) => {}
            Err(LinkError::Closed) => return Ok(()),
            Err(error) => return Err(error),
        }
        let Some(frame) = link.take_newest()? else { continue };
        let blue = frame.pixels_u32()[..WIDTH as usize].iter().filter(|pixel| **pixel == 0xff40_a0ff).count();
        let meta = frame.meta();
        println!(
            "sink: frame {} with {blue} blue columns, changed {:?}, {} ms old",
            meta.sequence,
            frame.damage().bounds(),
            age_ms(meta.published_at_ns)
        );
        frame.delivered();
    }
}
