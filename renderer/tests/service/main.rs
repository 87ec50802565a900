//! The renderer's service with real sinks and a real board, over real shared memory.
//! Leaves out the processes around it: see the workspace's `tests`.
#![forbid(unsafe_code)]

#[path = "../../images/tests/pictures/mod.rs"]
mod pictures;

use std::time::{Duration, Instant};

use casedd_common::transport::link::Link;
use casedd_common::transport::{DropPolicy, LinkError, Refusal, Want};

mod directed;
mod stage;

use stage::{PATIENCE, Renderer, comes, connect, next, pixels, snapshot, want};

#[test]
fn a_sink_gets_a_picture_at_once_and_then_only_what_changes() {
    let renderer = Renderer::start();
    let mut board = renderer.writer();
    let mut link = connect(&renderer.socket(), &want("one", "meter"));
    let first = next(&mut link);
    assert_eq!(first.damage().bounds().width, 200, "the first frame is whole");
    let before = pixels(&first);
    drop(first);
    board.heartbeat();
    board.publish(&snapshot(1, 70.0)).expect("published");
    let frame = next(&mut link);
    let bounds = frame.damage().bounds();
    assert!(bounds.right() <= 100, "only the left half changed: {bounds:?}");
    let after = pixels(&frame);
    assert_ne!(before, after);
    assert!(frame.meta().captured_at_ns > 0 && frame.meta().published_at_ns >= frame.meta().captured_at_ns);
    drop(frame);
    for row in 0..100 {
        let (left, right) = (row * 200 + 100, row * 200 + 200);
        assert_eq!(before[left..right], after[left..right], "row {row}");
    }
    board.heartbeat();
    assert!(!comes(&mut link, Duration::from_millis(300)), "nothing changed, so no frame");
}

#[test]
fn a_bar_that_glides_is_drawn_more_often_than_its_sink_asked_for_until_it_has_arrived() {
    let renderer = Renderer::start();
    let template = "widgets: { a: { type: bar, source: cpu.percent, min: 0, max: 100, ease_ms: 400 } }\n";
    std::fs::write(renderer.dir.path().join("glide.casedd"), template).expect("written");
    let mut board = renderer.writer();
    board.heartbeat();
    board.publish(&snapshot(1, 10.0)).expect("published");
    let mut slow = want("slow", "glide");
    slow.rate_millihz = 1_000;
    let mut link = connect(&renderer.socket(), &slow);
    drop(next(&mut link));
    board.heartbeat();
    board.publish(&snapshot(2, 90.0)).expect("published");
    let mut pictures = Vec::new();
    while pictures.len() < 4 {
        pictures.push(pixels(&next(&mut link)));
    }
    let differing = pictures.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert_eq!(differing, 3, "each picture is a step on the way");
}

#[test]
fn a_fade_begins_on_time_and_is_drawn_more_often_than_its_sink_asked_for() {
    let renderer = Renderer::start();
    let slides = renderer.dir.path().join("assets/slides");
    std::fs::create_dir_all(&slides).expect("made");
    for (name, color) in [("a.png", [250, 0, 0]), ("b.png", [0, 0, 250])] {
        std::fs::write(slides.join(name), pictures::filled_png(20, 10, color)).expect("written");
    }
    let template =
        "widgets:\n  a: { type: slideshow, paths: slides, interval: 2, scale: stretch, transition: fade }\n";
    std::fs::write(renderer.dir.path().join("fading.casedd"), template).expect("written");
    // A frame in twenty seconds.
    let mut link = connect(&renderer.socket(), &Want { rate_millihz: 50, ..want("one", "fading") });
    let (start, mut between) = (Instant::now(), Vec::new());
    while between.len() < 5 {
        let middle = pixels(&next(&mut link))[50 * 200 + 100];
        let [blue, _, red, _] = middle.to_le_bytes();
        if (5..245).contains(&red) && (5..245).contains(&blue) && !between.contains(&middle) {
            between.push(middle);
        }
        assert!(start.elapsed() < Duration::from_secs(15), "{between:x?}");
    }
}

#[test]
fn sinks_that_want_the_same_share_a_view_and_a_late_one_gets_the_newest_picture() {
    let renderer = Renderer::start();
    let mut first = connect(&renderer.socket(), &want("first", "meter"));
    let shown = next(&mut first);
    let mut late = connect(&renderer.socket(), &want("late", "meter"));
    let got = next(&mut late);
    assert_eq!(got.meta().sequence, shown.meta().sequence);
    assert_eq!(pixels(&got), pixels(&shown));
    let stats = casedd_common::transport::observe::observe(&renderer.socket(), PATIENCE).expect("statistics");
    assert_eq!((stats.views.len(), stats.sinks.len()), (1, 2));
    let other = Want { rate_millihz: 5_000, ..want("slower", "meter") };
    let mut slower = connect(&renderer.socket(), &other);
    next(&mut slower);
    let alone = Want { policy: DropPolicy::Block, ..want("alone", "meter") };
    let mut alone = connect(&renderer.socket(), &alone);
    next(&mut alone);
    let stats = casedd_common::transport::observe::observe(&renderer.socket(), PATIENCE).expect("statistics");
    assert_eq!((stats.views.len(), stats.sinks.len()), (3, 4));
}

#[test]
fn a_sink_that_names_no_template_gets_the_one_for_its_size() {
    let renderer = Renderer::start();
    let seen = |topic: &str, width, height| {
        let want = Want { width, height, ..want("one", topic) };
        pixels(&next(&mut connect(&renderer.socket(), &want)))
    };
    assert!(seen("auto", 320, 240) == seen("compact", 320, 240));
    assert!(seen("auto", 240, 240) == seen("wall", 240, 240));
    assert!(seen("auto", 480, 120) == seen("wide_bar", 480, 120));
}

#[test]
fn a_view_ends_with_its_last_sink() {
    let renderer = Renderer::start();
    let mut link = connect(&renderer.socket(), &want("one", "meter"));
    next(&mut link);
    drop(link);
    let start = Instant::now();
    loop {
        let stats =
            casedd_common::transport::observe::observe(&renderer.socket(), PATIENCE).expect("statistics");
        if stats.views.is_empty() {
            break;
        }
        assert!(start.elapsed() < PATIENCE, "the view is still open");
        std::thread::yield_now();
    }
}

#[test]
fn an_unknown_template_is_refused_with_the_remedy() {
    let renderer = Renderer::start();
    match Link::connect(&renderer.socket(), &want("one", "meterr"), PATIENCE) {
        Err(LinkError::Refused { code: Refusal::Topic, message }) => {
            let expected = "no template \"meterr\"; did you mean \"meter\"?; there are clock, compact";
            assert!(message.contains(expected), "{message}")
        }
        other => panic!("not refused: {:?}", other.map(|_| "admitted")),
    }
    next(&mut connect(&renderer.socket(), &want("one", "meter")));
}

#[test]
fn nothing_is_drawn_for_a_view_that_nobody_looks_at_until_somebody_does() {
    let renderer = Renderer::start();
    let mut board = renderer.writer();
    let mut link = connect(&renderer.socket(), &want("one", "meter"));
    let first = next(&mut link).meta().sequence;
    link.set_watched(false).expect("said");
    // The renderer has heard it once a later sink of the same socket has been answered.
    next(&mut connect(&renderer.socket(), &want("other", "compact")));
    board.heartbeat();
    board.publish(&snapshot(1, 55.0)).expect("published");
    assert!(!comes(&mut link, Duration::from_millis(200)));
    link.set_watched(true).expect("said");
    let frame = next(&mut link);
    assert_eq!(frame.meta().sequence, first + 1, "exactly one frame was drawn, when somebody looked again");
}

#[test]
fn who_joins_a_view_that_nobody_looked_at_gets_a_picture_of_now() {
    let renderer = Renderer::start();
    let mut board = renderer.writer();
    let mut first = connect(&renderer.socket(), &want("one", "meter"));
    let shown = next(&mut first).meta().sequence;
    first.set_watched(false).expect("said");
    next(&mut connect(&renderer.socket(), &want("other", "compact")));
    board.publish(&snapshot(1, 55.0)).expect("published");
    let mut late = connect(&renderer.socket(), &want("late", "meter"));
    let got = late.latest().expect("a sound link").expect("a frame at once").meta().sequence;
    assert_eq!(got, shown + 1, "the first frame is not the one of long ago");
}

#[test]
fn a_block_sink_that_reads_nothing_holds_up_nobody_else_and_goes_on_when_it_reads_again() {
    let renderer = Renderer::start();
    let mut board = renderer.writer();
    let slow = Want { policy: DropPolicy::Block, depth: 1, longest_block_ms: 0, ..want("slow", "meter") };
    let mut slow = connect(&renderer.socket(), &slow);
    let mut other = connect(&renderer.socket(), &want("other", "meter"));
    next(&mut other);
    for tick in 1..=5 {
        board.heartbeat();
        board.publish(&snapshot(tick, 10.0 * tick as f64)).expect("published");
        next(&mut other);
    }
    let first = next(&mut slow);
    let first = pixels(&first);
    let newest = pixels(&next(&mut slow));
    assert_ne!(first, newest, "the frame that was held up comes as soon as there is space");
}

#[test]
fn frames_go_on_without_a_collector_and_with_its_successor() {
    let renderer = Renderer::start();
    let mut board = renderer.writer();
    board.heartbeat();
    board.publish(&snapshot(1, 30.0)).expect("published");
    let mut link = connect(&renderer.socket(), &want("one", "meter"));
    let first = pixels(&next(&mut link));
    drop(board);
    let lost = pixels(&next(&mut link));
    assert_ne!(first, lost, "marked stale once the heartbeat is old");
    let mut board = renderer.writer();
    board.heartbeat();
    board.publish(&snapshot(2, 30.0)).expect("published");
    let back = pixels(&next(&mut link));
    assert_eq!(first, back);
}

#[test]
fn an_image_is_shown_when_it_arrives_and_not_only_at_the_next_deadline() {
    let renderer = Renderer::start();
    std::fs::create_dir(renderer.dir.path().join("assets")).expect("made");
    let file = pictures::filled_png(20, 10, [9, 99, 199]);
    std::fs::write(renderer.dir.path().join("assets/p.png"), file).expect("written");
    let template = "widgets:\n  a: { type: image, path: p.png, scale: stretch }\n";
    std::fs::write(renderer.dir.path().join("photo.casedd"), template).expect("written");
    // A frame in twenty seconds.
    let mut link = connect(&renderer.socket(), &Want { rate_millihz: 50, ..want("one", "photo") });
    let start = Instant::now();
    let middle = 50 * 200 + 100;
    while pixels(&next(&mut link))[middle] & 0xff_ffff != 0x0963c7 {
        assert!(start.elapsed() < Duration::from_secs(15), "it came with the next deadline");
    }
    assert!(start.elapsed() < Duration::from_secs(15), "it came with the next deadline");
}
