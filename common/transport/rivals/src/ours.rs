//! Frames through this transport: one view, `block` sinks at full speed, so that nothing is lost.

use crate::contest::{DEPTH, Job, Seen};
use crate::run::Error;
use casedd_transport::clock::now_ns;
use casedd_transport::frame::Damage;
use casedd_transport::hub::{Event, Hub, HubOptions, ViewId};
use casedd_transport::link::{Frame, Link};
use casedd_transport::{DropPolicy, Want};
use std::process::Child;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

/// Waits until as many sinks as wanted are there.
fn gather(hub: &mut Hub, view: ViewId, wanted: usize) -> Result<(), Error> {
    let mut admitted = 0;
    while admitted < wanted {
        for event in hub.wait(SECOND, &[])? {
            if let Event::Asked { sink, .. } = event {
                hub.admit(sink, view)?;
                admitted += 1;
            }
        }
    }
    Ok(())
}

pub fn produce(job: &Job, start: impl Fn() -> Result<Vec<Child>, Error>) -> Result<Vec<Child>, Error> {
    produce_by(job, start, |number, stamp, pixels| {
        pixels.fill(number);
        stamp(bytemuck::cast_slice_mut(pixels));
    })
}

/// Publishes frames that `draw` draws; it is given the number, what writes the time of publishing, and the slot.
pub fn produce_by(
    job: &Job,
    start: impl Fn() -> Result<Vec<Child>, Error>,
    mut draw: impl FnMut(u32, fn(&mut [u64]), &mut [u32]),
) -> Result<Vec<Child>, Error> {
    let options = HubOptions { pool_bytes_max: 2 << 30, ..HubOptions::default() };
    let mut hub = Hub::bind(&job.socket(), options)?;
    let view = hub.open_view(job.width, job.height)?;
    let children = start()?;
    gather(&mut hub, view, job.consumers)?;
    let damage = Damage::full(job.width, job.height);
    for number in 0..job.frames {
        job.pace();
        while !hub.writable(view) {
            hub.wait(SECOND, &[])?;
        }
        let mut writing = hub.begin(view).ok_or("the view is open")?;
        draw(number as u32, |words| words[0] = now_ns(), writing.pixels_u32_mut());
        let now = now_ns();
        writing.publish(now, now, &damage, 0);
    }
    // Frames that wait stay readable after the hub has gone.
    Ok(children)
}

pub fn consume(job: &Job) -> Result<Seen, Error> {
    // All rivals are read in words of eight bytes; a frame is aligned to a page.
    consume_by(job, |seen, frame| seen.frame(job, bytemuck::cast_slice(frame.pixels())))
}

/// Takes frames, and has `look` read each of them.
pub fn consume_by(job: &Job, mut look: impl FnMut(&mut Seen, &Frame<'_>)) -> Result<Seen, Error> {
    let want = Want {
        name: job.name.clone(),
        width: job.width,
        height: job.height,
        policy: DropPolicy::Block,
        depth: DEPTH,
        longest_block_ms: 0,
        ..Want::default()
    };
    let mut link = Link::connect(&job.socket(), &want, 5 * SECOND)?;
    let mut seen = Seen::default();
    while !seen.is_complete(job) {
        link.wait(SECOND, &[])?;
        while let Some(frame) = link.take()? {
            look(&mut seen, &frame);
            frame.delivered();
        }
    }
    Ok(seen)
}
