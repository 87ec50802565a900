//! Asks the renderer for its counts now and then, on a thread of its own: a renderer that hangs must not hold the loop.
//!
//! Judges nothing; the counts go to `delivery`. Starts no process, so the parent-death signal stays with the main thread.

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use casedd_common::transport::observe::{Stats, observe};

/// How often the counts are asked for.
const ASK_EVERY: Duration = Duration::from_secs(2);
/// How long the renderer may take for an answer.
const ANSWER_WITHIN: Duration = Duration::from_millis(500);

/// The receiving end: the newest counts. The thread ends when it is dropped.
#[derive(Debug)]
pub struct Observer {
    answers: Receiver<Option<Stats>>,
    _alive: SyncSender<()>,
}

impl Observer {
    /// Begins to ask the renderer behind `socket`.
    pub fn start(socket: PathBuf) -> io::Result<Observer> {
        let (sender, answers) = sync_channel(1);
        let (_alive, ended) = sync_channel::<()>(0);
        std::thread::Builder::new().name("observer".to_owned()).spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = ended.recv_timeout(ASK_EVERY) {
                let stats = observe(&socket, ANSWER_WITHIN).ok();
                // One that was not fetched yet is as good: the next one follows.
                if let Err(TrySendError::Disconnected(_)) = sender.try_send(stats) {
                    return;
                }
            }
        })?;
        Ok(Observer { answers, _alive })
    }

    /// What has come since the last look; the inner `None` is a renderer that did not answer.
    pub fn news(&self) -> Option<Option<Stats>> {
        self.answers.try_recv().ok()
    }
}
