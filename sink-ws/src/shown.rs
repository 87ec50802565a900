//! What the renderer draws for this output at present, asked of it at most once a second, however many ask us.
//!
//! Leaves out what was asked for: that is in the settings.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use casedd_common::transport::observe::{Stats, observe};
use tokio::sync::Mutex;

/// How long an answer counts as of this moment.
const FRESH: Duration = Duration::from_secs(1);
/// A renderer answers within milliseconds.
const ANSWER_WITHIN: Duration = Duration::from_millis(500);

/// The newest answer of the renderer.
pub struct Shown {
    socket: PathBuf,
    newest: Mutex<Option<(Instant, Option<Drawn>)>>,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The template.
    pub template: String,
    /// The same with on whose word it is shown, for people.
    pub shows: String,
    /// What is wrong with it; empty: nothing.
    pub trouble: String,
    /// Pictures a second, at most.
    pub rate_hz: f64,
}

impl Shown {
    /// Nothing was asked yet of the renderer behind `socket`.
    pub fn new(socket: PathBuf) -> Shown {
        Shown { socket, newest: Mutex::default() }
    }

    /// What is drawn for the sink of that name; `None` without a renderer that says so.
    pub async fn now(&self, sink: &str) -> Option<Drawn> {
        let mut newest = self.newest.lock().await;
        if let Some((at, drawn)) = &*newest
            && at.elapsed() < FRESH
        {
            return drawn.clone();
        }
        let socket = self.socket.clone();
        let answer = tokio::task::spawn_blocking(move || observe(&socket, ANSWER_WITHIN)).await;
        let drawn = answer.ok().and_then(Result::ok).and_then(|stats| find(&stats, sink));
        *newest = Some((Instant::now(), drawn.clone()));
        drawn
    }
}

fn find(stats: &Stats, name: &str) -> Option<Drawn> {
    // Of two connections of one name, the later one is ours.
    let sink = stats.sinks.iter().rfind(|sink| sink.name == name)?;
    let view = stats.views.iter().find(|view| view.view == sink.view)?;
    (!view.template.is_empty()).then(|| Drawn {
        template: view.template.clone(),
        shows: view.shows.clone(),
        trouble: view.trouble.clone(),
        rate_hz: f64::from(view.rate_millihz) / 1000.0,
    })
}
