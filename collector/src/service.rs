//! The collector's loop: poll, publish, say that it is alive, until it is asked to leave.
//!
//! Reads no file of the machine itself.

use std::time::Duration;

use casedd_common::board::{BoardError, BoardWriter, MODE_PRIVATE};
use casedd_common::exit::Failure;
use casedd_common::logging::SUPERVISOR_PID_VAR;
use casedd_common::metrics::Snapshot;
use casedd_common::notify::HEARTBEAT_MS;
use casedd_common::shell::Shell;
use casedd_common::transport::clock::now_ns;

use crate::getters::Context;
use crate::poller::Poller;

/// How long the first snapshot waits for the slow getters.
const FIRST_WAIT: Duration = Duration::from_millis(150);

/// Runs until SIGTERM.
pub fn run(shell: &Shell, context: &Context) -> Result<(), Failure> {
    let name = shell.runtime.board_name();
    let (mut board, adopted) = BoardWriter::create_or_adopt(&name, MODE_PRIVATE)?;
    if let Some(adopted) = &adopted {
        tracing::info!(
            tick = adopted.tick,
            keys = adopted.readings.len(),
            "goes on where the last one ended"
        );
    }
    let mut poller = Poller::new(context, &shell.config.intervals, adopted)?;
    let mut publisher = Publisher::default();
    poller.poll(&mut board);
    poller.wait_for_threads(FIRST_WAIT, &mut board);
    publisher.publish(&mut board, poller.store.next_snapshot(now_ns()));
    shell.notify.ready();
    let mut status = summary(poller.store.snapshot());
    shell.notify.status(&status);
    loop {
        board.heartbeat();
        shell.notify.heartbeat();
        let until_due = Duration::from_nanos(poller.due_ns().saturating_sub(now_ns()));
        if shell.stop.wait(until_due.min(Duration::from_millis(HEARTBEAT_MS))) {
            break;
        }
        if poller.poll(&mut board) {
            publisher.publish(&mut board, poller.store.next_snapshot(now_ns()));
            let news = summary(poller.store.snapshot());
            if news != status {
                shell.notify.status(&news);
                status = news;
            }
        }
    }
    shell.notify.stopping();
    if is_alone() {
        BoardWriter::unlink(&name)?;
    }
    Ok(())
}

/// Nobody who started this process will remove the board, or start another collector to adopt it.
fn is_alone() -> bool {
    std::env::var_os(SUPERVISOR_PID_VAR).is_none() && std::env::var_os("NOTIFY_SOCKET").is_none()
}

/// One line on what was found.
fn summary(snapshot: &Snapshot) -> String {
    let failing: Vec<&str> = snapshot
        .getters
        .iter()
        .filter(|state| !state.error.is_empty())
        .map(|state| state.name.as_str())
        .collect();
    let failing =
        if failing.is_empty() { String::new() } else { format!(", failing: {}", failing.join(" ")) };
    format!("{} keys of {} getters{failing}", snapshot.readings.len(), snapshot.getters.len())
}

/// Publishes, and logs a failure once and not at every tick.
#[derive(Default)]
struct Publisher {
    failure: Option<String>,
}

impl Publisher {
    fn publish(&mut self, board: &mut BoardWriter, snapshot: &Snapshot) {
        let failure = board.publish(snapshot).err().map(|error: BoardError| error.to_string());
        if failure != self.failure {
            match &failure {
                Some(failure) => tracing::error!("this snapshot is not published: {failure}"),
                None => tracing::info!("snapshots are published again"),
            }
        }
        self.failure = failure;
    }
}
