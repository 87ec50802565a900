//! A renderer whose every frame is one plain red, and sinks that show frames or only accept them.

use std::time::Duration;

use casedd_common::exit::{Exit, Failure};
use casedd_common::shell::Shell;
use casedd_common::transport::Want;
use casedd_common::transport::clock::now_ns;
use casedd_common::transport::frame::Damage;
use casedd_common::transport::hub::{Event, Hub, HubOptions, ViewId};
use casedd_common::transport::link::Link;

/// Size of every frame.
const SIZE: (u32, u32) = (64, 48);
/// A little over ten frames a second.
const TURN: Duration = Duration::from_millis(90);

/// Serves red frames until asked to leave.
pub fn render(shell: &Shell) -> Result<(), Failure> {
    let mut hub = Hub::bind(&shell.runtime.renderer_socket(), HubOptions::default())
        .map_err(|error| Exit::Unavailable.because(error))?;
    let view = hub.open_view(SIZE.0, SIZE.1).map_err(|error| Exit::OsError.because(error))?;
    shell.notify.ready();
    while !shell.stop.requested() {
        shell.notify.heartbeat();
        hub.heartbeat();
        for event in hub.wait(TURN, &[]).map_err(|error| Exit::OsError.because(error))? {
            if let Event::Asked { sink, .. } = event {
                let _ = hub.admit(sink, view);
            }
        }
        draw(&mut hub, view);
    }
    Ok(())
}

fn draw(hub: &mut Hub, view: ViewId) {
    if let Some(mut writing) = hub.begin(view) {
        writing.pixels_mut().chunks_exact_mut(4).for_each(|pixel| pixel.copy_from_slice(&[0, 0, 0xff, 0xff]));
        writing.publish(now_ns(), now_ns(), &Damage::full(SIZE.0, SIZE.1), 0);
    }
}

/// Connects and takes frames; shows each, or none.
pub fn sink(shell: &Shell, name: &str, shows: bool) -> Result<(), Failure> {
    let want = Want { name: name.to_owned(), topic: "red".to_owned(), ..Want::default() };
    let lost = |error| Exit::Unavailable.because(error);
    let mut link =
        Link::connect(&shell.runtime.renderer_socket(), &want, Duration::from_secs(2)).map_err(lost)?;
    shell.notify.ready();
    while !shell.stop.requested() {
        shell.notify.heartbeat();
        link.wait(TURN, &[]).map_err(lost)?;
        if shows && let Some(frame) = link.take_newest().map_err(lost)? {
            frame.delivered();
        }
    }
    Ok(())
}
