//! A sink attached and detached at runtime, again and again, without a leak.

use std::fs;
use std::path::Path;
use std::time::Duration;

use casedd_tests::group::Setup;
use casedd_tests::{ports, wait};

/// How often a sink is attached and detached.
const ROUNDS: usize = 50;

/// Frames a second of the attached sink.
const RATE_HZ: u64 = 20;

/// The first frame is due after two periods and 100 ms.
const FIRST_FRAME_LIMIT: Duration = Duration::from_millis(2 * 1000 / RATE_HZ + 100);

/// How much more memory the renderer may hold at the end; a leaked pool of one round is 1.5 MB.
const GROWTH_LIMIT_KB: u64 = 1_000;

fn descriptors(pid: i32) -> usize {
    fs::read_dir(format!("/proc/{pid}/fd")).expect("the renderer runs").count()
}

fn resident_kb(pid: i32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("the renderer runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a process has memory");
    line.split_whitespace().nth(1).and_then(|kb| kb.parse().ok()).expect("VmRSS is a number")
}

fn has_picture(path: &Path) -> bool {
    fs::read(path).is_ok_and(|bytes| bytes.iter().any(|byte| *byte != 0))
}

#[test]
fn a_sink_attached_at_runtime_shows_its_first_frame_at_once_and_leaves_nothing_behind() {
    let port = ports::free();
    let config = format!("outputs:\n  web: {{type: websocket, port: {port}, width: 320, height: 240}}\n");
    let mut group = Setup::new().config(&config).start();
    let renderer = group.process("renderer").pid;
    let mut counted = None;
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let file = group.file(&format!("panel-{round}.raw"));
        let path = file.display().to_string();
        let rate = RATE_HZ.to_string();
        let attached = group.casedd(&[
            "attach",
            "fb",
            "--name",
            "extra",
            "--file",
            &path,
            "--size",
            "800x480",
            "--template",
            "compact",
            "--rate",
            &rate,
        ]);
        assert!(attached.status.success(), "{}", String::from_utf8_lossy(&attached.stderr));
        let (_, took) =
            wait::timed("the first frame", Duration::from_secs(10), || has_picture(&file).then_some(()));
        times.push((round, took));
        let pid = group.process("extra").pid;
        let detached = group.casedd(&["detach", "extra"]);
        assert!(detached.status.success(), "{}", String::from_utf8_lossy(&detached.stderr));
        wait::until_true("the sink to leave", Duration::from_secs(3), || {
            !Path::new(&format!("/proc/{pid}")).exists()
        });
        fs::remove_file(&file).expect("the panel's file is there");
        // The first rounds fill caches and pools that stay.
        if round == 4 {
            wait::until_true("the renderer to let go", Duration::from_secs(5), || descriptors(renderer) > 0);
            counted = Some((descriptors(renderer), resident_kb(renderer)));
        }
    }
    let (descriptors_before, resident_before) = counted.expect("more than five rounds");
    wait::until_true("the renderer's descriptors to be back where they were", Duration::from_secs(5), || {
        descriptors(renderer) <= descriptors_before
    });
    let grown = resident_kb(renderer).saturating_sub(resident_before);
    assert!(grown <= GROWTH_LIMIT_KB, "the renderer grew by {grown} kB over {ROUNDS} rounds");
    wait::mostly_within(FIRST_FRAME_LIMIT, &times, || "first frames".into());
    assert!(group.stop().success());
}
