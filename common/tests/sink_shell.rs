//! The sink shell against a real hub: what it asks, forwards and tells a sink, and how it ends.

use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use casedd_common::config::Config;
use casedd_common::exit::{Exit, Failure};
use casedd_common::notify::Notifier;
use casedd_common::runtime_dir::RuntimeDir;
use casedd_common::shell::{Shell, Stop};
use casedd_common::sink::{self, LinkState, Sink, SinkError};
use casedd_common::transport::clock::now_ns;
use casedd_common::transport::frame::Damage;
use casedd_common::transport::hub::{Event, Hub, HubOptions, ViewId};
use casedd_common::transport::link::Frame;
use casedd_common::transport::{DropPolicy, Refusal, Want};
use nix::sys::eventfd::EventFd;

const LIMIT: Duration = Duration::from_secs(20);

#[track_caller]
fn wait_for<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = condition() {
            return found;
        }
        assert!(start.elapsed() < LIMIT, "waited {LIMIT:?} in vain: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// What a sink saw, and what it is to do next; the test holds the other end.
#[derive(Default)]
struct Seen {
    wants: AtomicU32,
    closes: AtomicU32,
    sequences: Mutex<Vec<u64>>,
    states: Mutex<Vec<LinkState>>,
    unwatched: AtomicBool,
    /// The next `show` reports the device as lost.
    lose_device: AtomicBool,
    /// The device cannot be opened.
    device_away: AtomicBool,
    /// The next `tick` fails for good.
    fail: AtomicBool,
}

struct Probe {
    seen: Arc<Seen>,
    wake: Arc<EventFd>,
    policy: DropPolicy,
    slow: Duration,
}

impl Sink for Probe {
    fn want(&mut self) -> Result<Want, SinkError> {
        self.seen.wants.fetch_add(1, Ordering::SeqCst);
        if self.seen.device_away.load(Ordering::SeqCst) {
            return Err(SinkError::Reopen("unplugged".into()));
        }
        Ok(Want {
            name: "probe".into(),
            topic: "test".into(),
            width: 16,
            height: 8,
            rate_millihz: 100_000,
            policy: self.policy,
            depth: 4,
            ..Want::default()
        })
    }

    fn show(&mut self, frame: Frame<'_>) -> Result<(), SinkError> {
        if self.seen.lose_device.swap(false, Ordering::SeqCst) {
            return Err(SinkError::Reopen("pulled out".into()));
        }
        // sleeps because a sink that is slow is what is under test
        std::thread::sleep(self.slow);
        self.seen.sequences.lock().expect("no panic").push(frame.meta().sequence);
        frame.delivered();
        Ok(())
    }

    fn link_changed(&mut self, state: LinkState) {
        self.seen.states.lock().expect("no panic").push(state);
    }

    fn watched(&mut self) -> bool {
        !self.seen.unwatched.load(Ordering::SeqCst)
    }

    fn fds(&self) -> Vec<BorrowedFd<'_>> {
        vec![self.wake.as_fd()]
    }

    fn tick(&mut self) -> Result<(), SinkError> {
        // Empty already is as good as emptied.
        let _ = self.wake.read();
        if self.seen.fail.load(Ordering::SeqCst) {
            return Err(SinkError::Fatal(Exit::Io.because("it cannot go on")));
        }
        Ok(())
    }

    fn close(&mut self) {
        self.seen.closes.fetch_add(1, Ordering::SeqCst);
    }
}

/// A sink that runs on a thread.
struct Running {
    folder: tempfile::TempDir,
    seen: Arc<Seen>,
    wake: Arc<EventFd>,
    stop: Stop,
    thread: JoinHandle<Result<(), Failure>>,
}

impl Running {
    fn start(policy: DropPolicy, slow: Duration, seen: Seen) -> Running {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let stop = Stop::by_hand().expect("made");
        let shell = Shell {
            config: Config::default(),
            runtime: RuntimeDir::open(folder.path()).expect("ours"),
            stop: stop.clone(),
            notify: Notifier::default(),
        };
        let flags = nix::sys::eventfd::EfdFlags::EFD_NONBLOCK;
        let wake = Arc::new(EventFd::from_flags(flags).expect("made"));
        let seen = Arc::new(seen);
        let probe = Probe { seen: Arc::clone(&seen), wake: Arc::clone(&wake), policy, slow };
        let thread = std::thread::spawn(move || sink::run(shell, probe));
        Running { folder, seen, wake, stop, thread }
    }

    fn hub(&self) -> Hub {
        Hub::bind(&self.folder.path().join("renderer.sock"), HubOptions::default()).expect("bound")
    }

    fn finish(self) -> Result<(), Failure> {
        self.stop.request();
        let seen = Arc::clone(&self.seen);
        let result = self.thread.join().expect("no panic");
        assert_eq!(seen.closes.load(Ordering::SeqCst), 1, "closed once");
        result
    }

    fn last_sequence(&self) -> u64 {
        self.seen.sequences.lock().expect("no panic").last().copied().unwrap_or(0)
    }
}

/// Turns the hub until `condition` holds; gives what happened meanwhile.
#[track_caller]
fn turn_until(hub: &mut Hub, what: &str, mut condition: impl FnMut(&[Event]) -> bool) -> Vec<Event> {
    let mut events = Vec::new();
    wait_for(what, || {
        events.extend(hub.wait(Duration::from_millis(2), &[]).expect("the hub works"));
        hub.heartbeat();
        condition(&events).then_some(())
    });
    events
}

/// Waits for the sink's request and admits it to a new view.
#[track_caller]
fn admit(hub: &mut Hub) -> ViewId {
    let asked = |events: &[Event]| events.iter().any(|event| matches!(event, Event::Asked { .. }));
    let events = turn_until(hub, "a request", asked);
    let Some(Event::Asked { sink, want }) =
        events.into_iter().find(|event| matches!(event, Event::Asked { .. }))
    else {
        unreachable!("waited for it");
    };
    let view = hub.open_view(want.width, want.height).expect("memory");
    hub.admit(sink, view).expect("the sink is there");
    view
}

fn publish(hub: &mut Hub, view: ViewId) -> u64 {
    let now = now_ns();
    hub.begin(view).expect("the view is open").publish(now, now, &Damage::full(16, 8), 0).sequence
}

#[test]
fn a_sink_that_nobody_looks_at_says_so_and_is_woken_by_its_own_descriptor() {
    let running = Running::start(DropPolicy::DropOldest, Duration::ZERO, Seen::default());
    let mut hub = running.hub();
    let view = admit(&mut hub);
    turn_until(&mut hub, "watched at first", |_| true);
    for (unwatched, what) in [(true, "nobody looks"), (false, "somebody looks")] {
        running.seen.unwatched.store(unwatched, Ordering::SeqCst);
        running.wake.write(1).expect("woken");
        let start = Instant::now();
        let is_news = |event: &Event| matches!(event, Event::Watched { on, .. } if *on != unwatched);
        turn_until(&mut hub, what, |events| events.iter().any(is_news));
        assert!(start.elapsed() < Duration::from_millis(200), "not woken: {:?}", start.elapsed());
    }
    assert!(hub.watched(view));
    running.finish().expect("a clean end");
}

#[test]
fn a_slow_sink_that_blocks_gets_every_frame_in_order() {
    let running = Running::start(DropPolicy::Block, Duration::from_millis(3), Seen::default());
    let mut hub = running.hub();
    let view = admit(&mut hub);
    let mut published = 0;
    while published < 60 {
        if hub.writable(view) {
            published = publish(&mut hub, view);
        }
        hub.wait(Duration::from_millis(1), &[]).expect("the hub works");
        hub.heartbeat();
    }
    turn_until(&mut hub, "the last frame", |_| running.last_sequence() == published);
    let sequences = running.seen.sequences.lock().expect("no panic").clone();
    assert!(sequences.windows(2).all(|pair| pair[1] == pair[0] + 1), "{sequences:?}");
    running.finish().expect("a clean end");
}

#[test]
fn a_slow_sink_that_drops_shows_the_newest_frame_at_the_end() {
    let running = Running::start(DropPolicy::DropOldest, Duration::from_millis(5), Seen::default());
    let mut hub = running.hub();
    let view = admit(&mut hub);
    let mut published = 0;
    for _ in 0..100 {
        published = publish(&mut hub, view);
        hub.wait(Duration::from_millis(1), &[]).expect("the hub works");
    }
    turn_until(&mut hub, "the newest frame", |_| running.last_sequence() == published);
    let sequences = running.seen.sequences.lock().expect("no panic").clone();
    assert!(sequences.len() < 100 && sequences.is_sorted(), "{sequences:?}");
    running.finish().expect("a clean end");
}

#[test]
fn a_lost_device_ends_the_connection_and_is_opened_again_with_the_newest_picture() {
    let running = Running::start(DropPolicy::DropOldest, Duration::ZERO, Seen::default());
    let mut hub = running.hub();
    let view = admit(&mut hub);
    publish(&mut hub, view);
    turn_until(&mut hub, "a frame", |_| running.last_sequence() == 1);
    running.seen.device_away.store(true, Ordering::SeqCst);
    running.seen.lose_device.store(true, Ordering::SeqCst);
    publish(&mut hub, view);
    let is_gone = |events: &[Event]| events.iter().any(|event| matches!(event, Event::Gone { .. }));
    turn_until(&mut hub, "the connection ends", is_gone);
    let wants = running.seen.wants.load(Ordering::SeqCst);
    wait_for("it is tried again", || (running.seen.wants.load(Ordering::SeqCst) > wants + 1).then_some(()));
    running.seen.device_away.store(false, Ordering::SeqCst);
    let asked = |events: &[Event]| events.iter().any(|event| matches!(event, Event::Asked { .. }));
    for event in turn_until(&mut hub, "it asks again", asked) {
        if let Event::Asked { sink, .. } = event {
            hub.admit(sink, view).expect("the view is still there");
        }
    }
    turn_until(&mut hub, "the newest picture without a new frame", |_| running.last_sequence() == 2);
    running.finish().expect("a clean end");
}

#[test]
fn a_restarted_renderer_is_connected_to_again_and_the_sink_hears_of_each_change() {
    let running = Running::start(DropPolicy::DropOldest, Duration::ZERO, Seen::default());
    let mut hub = running.hub();
    let view = admit(&mut hub);
    publish(&mut hub, view);
    turn_until(&mut hub, "a frame", |_| running.last_sequence() == 1);
    let first = hub.generation();
    drop(hub);
    let states = || running.seen.states.lock().expect("no panic").clone();
    wait_for("lost", || matches!(states().last(), Some(LinkState::Lost { .. })).then_some(()));
    let mut hub = running.hub();
    admit(&mut hub);
    let second = hub.generation();
    turn_until(&mut hub, "connected", |_| {
        states().last() == Some(&LinkState::Connected { generation: second })
    });
    assert_ne!(first, second);
    assert!(states().contains(&LinkState::Connected { generation: first }), "{:?}", states());
    running.finish().expect("a clean end");
}

#[test]
fn a_renderer_whose_heart_stops_is_stale_until_it_beats_again() {
    let running = Running::start(DropPolicy::DropOldest, Duration::ZERO, Seen::default());
    let mut hub = running.hub();
    admit(&mut hub);
    let states = || running.seen.states.lock().expect("no panic").clone();
    wait_for("stale", || matches!(states().last(), Some(LinkState::Stale { .. })).then_some(()));
    turn_until(&mut hub, "connected again", |_| matches!(states().last(), Some(LinkState::Connected { .. })));
    running.finish().expect("a clean end");
}

#[test]
fn refusals_end_the_sink_with_their_code_unless_they_may_pass() {
    let cases = [(Refusal::Topic, Exit::Config), (Refusal::Memory, Exit::Unavailable)];
    for (refusal, exit) in cases {
        let running = Running::start(DropPolicy::DropOldest, Duration::ZERO, Seen::default());
        let mut hub = running.hub();
        let mut refused_for_now = false;
        let thread = running.thread;
        wait_for("it ends", || {
            for event in hub.wait(Duration::from_millis(2), &[]).expect("the hub works") {
                if let Event::Asked { sink, .. } = event {
                    let code = if refused_for_now { refusal } else { Refusal::Unavailable };
                    refused_for_now = true;
                    hub.refuse(sink, code, "not so");
                }
            }
            thread.is_finished().then_some(())
        });
        let failure = thread.join().expect("no panic").expect_err("refused");
        assert_eq!((failure.exit, failure.message.contains("not so")), (exit, true), "{failure}");
    }
}

#[test]
fn a_failure_in_a_tick_ends_the_process_also_without_a_renderer() {
    let running = Running::start(DropPolicy::DropOldest, Duration::ZERO, Seen::default());
    wait_for("it tries", || (running.seen.wants.load(Ordering::SeqCst) > 2).then_some(()));
    running.seen.fail.store(true, Ordering::SeqCst);
    wait_for("it ends", || running.thread.is_finished().then_some(()));
    let failure = running.finish().expect_err("failed");
    assert_eq!(failure, Exit::Io.because("it cannot go on"));
}
