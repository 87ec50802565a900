//! Everything that `casedd status` shows: the supervisor's view of the processes, the renderer's of the frames, the
//! board's of the getters.
//!
//! Puts together and measures ages; how it looks is the business of `table`. A part that cannot be had is said, and the
//! others are shown.

use std::time::Duration;

use casedd_common::board::BoardReader;
use casedd_common::exit::{Exit, Failure};
use casedd_common::metrics::{GetterState, Snapshot};
use casedd_common::runtime_dir::RuntimeDir;
use casedd_common::transport::observe::{SinkStats, Stats, ViewStats, observe};
use casedd_common::transport::{LinkError, Refusal, clock};
use serde::Serialize;

use crate::status::GroupStatus;

/// The version of the JSON; grows when a field changes its meaning or goes.
pub const VERSION: u32 = 1;
/// A renderer that is stopped or dead must not keep the status from being shown.
const ANSWER_WITHIN: Duration = Duration::from_millis(1000);

/// The whole status.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// [`VERSION`].
    pub version: u32,
    /// What the supervisor knows.
    #[serde(flatten)]
    pub group: GroupStatus,
    /// What the renderer knows, one entry a connected sink.
    pub outputs: Vec<OutputReport>,
    /// Why the renderer's part is missing.
    pub renderer_error: Option<String>,
    /// What the collector knows of its getters.
    pub getters: Vec<GetterReport>,
    /// How old the newest snapshot is.
    pub snapshot_age_ms: Option<u64>,
    /// Why the collector's part is missing.
    pub board_error: Option<String>,
}

/// One output's frames. Counts are those of the present connection; `earlier` has the ones before.
#[derive(Clone, Debug, Serialize)]
pub struct OutputReport {
    /// Frames drawn for its view.
    pub rendered: u64,
    /// The template that is drawn for it at present, and on whose word when it is not its own.
    pub shows: String,
    /// Frames a second that are drawn for it at present, in thousandths.
    pub drawn_rate_millihz: u32,
    /// What is wrong with the template; the last good one stays, or another stands in its place.
    pub template_error: Option<String>,
    /// How long ago it last showed a frame: the output's liveness.
    pub last_delivered_age_ms: Option<u64>,
    /// Everything else that is counted.
    #[serde(flatten)]
    pub stats: SinkStats,
}

/// One getter.
#[derive(Clone, Debug, Serialize)]
pub struct GetterReport {
    /// Its name, as in the configuration.
    pub name: String,
    /// Why its last run failed; empty when it did not.
    pub error: String,
    /// How long ago it last succeeded.
    pub last_success_age_ms: Option<u64>,
    /// How long its last run took.
    pub duration_us: u64,
    /// How often it runs.
    pub interval_ms: u32,
}

impl Report {
    /// Asks everybody else for what the supervisor does not know.
    pub fn collect(group: GroupStatus, runtime: &RuntimeDir) -> Report {
        let now_ns = clock::now_ns();
        let (outputs, renderer_error) = match observe(&runtime.renderer_socket(), ANSWER_WITHIN) {
            Ok(stats) => (outputs(stats, now_ns), None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        let (snapshot, board_error) = match read_board(runtime) {
            Ok(snapshot) => (snapshot, None),
            Err(error) => (None, Some(error)),
        };
        Report {
            version: VERSION,
            group,
            outputs,
            renderer_error,
            snapshot_age_ms: snapshot.as_ref().map(|snapshot| age_ms(now_ns, snapshot.taken_at_ns)),
            getters: snapshot.map_or_else(Vec::new, |snapshot| {
                snapshot.getters.into_iter().map(|getter| GetterReport::of(getter, now_ns)).collect()
            }),
            board_error,
        }
    }
}

impl GetterReport {
    fn of(getter: GetterState, now_ns: u64) -> GetterReport {
        GetterReport {
            last_success_age_ms: (getter.last_success_ns != 0)
                .then(|| age_ms(now_ns, getter.last_success_ns)),
            name: getter.name,
            error: getter.error,
            duration_us: getter.duration_ns / 1000,
            interval_ms: getter.interval_ms,
        }
    }
}

/// The newest snapshot, if there is one.
pub fn read_board(runtime: &RuntimeDir) -> Result<Option<Snapshot>, String> {
    let mut board = BoardReader::open(&runtime.board_name()).map_err(|error| error.to_string())?;
    board.read().map_err(|error| error.to_string())
}

fn outputs(stats: Stats, now_ns: u64) -> Vec<OutputReport> {
    let view = |sink: &SinkStats| {
        stats.views.iter().find(|known| known.view == sink.view).cloned().unwrap_or_default()
    };
    let report = |(view, sink): (ViewStats, &SinkStats)| OutputReport {
        rendered: view.published,
        drawn_rate_millihz: if view.rate_millihz == 0 { sink.rate_millihz } else { view.rate_millihz },
        shows: view.shows,
        template_error: Some(view.trouble).filter(|trouble| !trouble.is_empty()),
        last_delivered_age_ms: (sink.last_delivered_at_ns != 0)
            .then(|| age_ms(now_ns, sink.last_delivered_at_ns)),
        stats: sink.clone(),
    };
    stats.sinks.iter().map(|sink| report((view(sink), sink))).collect()
}

fn age_ms(now_ns: u64, at_ns: u64) -> u64 {
    now_ns.saturating_sub(at_ns) / 1_000_000
}

/// What a failed talk with the renderer means for whoever called us.
pub fn failure_of_link(error: LinkError) -> Failure {
    let exit = match &error {
        LinkError::NoRenderer { .. } | LinkError::Closed => Exit::Unavailable,
        LinkError::Refused { code, .. } => match code {
            Refusal::Topic => Exit::Config,
            Refusal::Forbidden => Exit::NoPermission,
            Refusal::Geometry | Refusal::Invalid => Exit::Usage,
            Refusal::Protocol | Refusal::Layout => Exit::Software,
            Refusal::Limit | Refusal::Memory | Refusal::Unavailable => Exit::TempFail,
        },
        LinkError::TimedOut { .. } => Exit::TempFail,
        LinkError::Want(_) => Exit::Usage,
        LinkError::Protocol(_) | LinkError::TooManyHeld { .. } => Exit::Software,
        LinkError::Os { .. } => Exit::OsError,
    };
    exit.because(error)
}
