//! A sink that writes garbage into its shared memory, in a running group: it is thrown out, the log says why, and the
//! other sinks go on.
//!
//! What it could write and what would come of it is fuzzed in the transport; here it is a process among others.

use std::fs;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use casedd_common::transport::Want;
use casedd_common::transport::link::Link;
use casedd_tests::group::{Group, Setup};
use casedd_tests::viewer::Viewer;
use casedd_tests::{pages, ports, wait};

const LIMIT: Duration = Duration::from_secs(15);
/// Makes this program the hostile sink: the socket to connect to.
const ROLE: &str = "CASEDD_TEST_HOSTILE";

/// Not a test of its own: what the hostile process runs.
#[test]
fn a_hostile_sink_plays_its_role() {
    let Some(socket) = std::env::var_os(ROLE).map(PathBuf::from) else { return };
    let want = Want { name: "liar".into(), topic: "busy".into(), width: 320, height: 240, ..Want::default() };
    let link = Link::connect(&socket, &want, LIMIT).expect("the renderer admits whom it does not know yet");
    let maps = fs::read_to_string("/proc/self/maps").expect("the list of mappings");
    let line = maps.lines().find(|line| line.contains("memfd:casedd-rx")).expect("its own memory");
    let (first, last) =
        line.split_whitespace().next().and_then(|range| range.split_once('-')).expect("a range");
    let [first, last] =
        [first, last].map(|address| u64::from_str_radix(address, 16).expect("an address is hexadecimal"));
    let memory = fs::OpenOptions::new().write(true).open("/proc/self/mem").expect("its own memory");
    let mut word = 0x9e37_79b9_7f4a_7c15_u64;
    loop {
        for at in (first..last).step_by(8) {
            word = word.rotate_left(23).wrapping_mul(0x2545_f491_4f6c_dd1d);
            memory.write_all_at(&word.to_le_bytes(), at).expect("its own memory can be written");
        }
        std::hint::black_box(&link);
    }
}

struct Hostile(Child);

impl Hostile {
    fn start(group: &Group) -> Hostile {
        let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
        command
            .args(["--exact", "a_hostile_sink_plays_its_role"])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.env(ROLE, group.runtime().join("renderer.sock"));
        Hostile(command.spawn().expect("this program starts again"))
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn delivered(group: &Group, name: &str) -> Option<u64> {
    let status = group.status()?;
    let outputs = status["outputs"].as_array()?;
    outputs.iter().find(|output| output["name"] == name)?["delivered"].as_u64()
}

#[test]
fn a_hostile_sink_is_thrown_out_with_a_reason_and_the_others_go_on() {
    let port = ports::free();
    let output = "width: 320, height: 240, template: busy";
    let config = format!(
        "refresh_rate: 10\noutputs:\n  panel: {{type: framebuffer, file: '@DIR@/panel.raw', {output}}}\n  \
         web: {{type: websocket, port: {port}, {output}}}\n"
    );
    let setup = Setup::new().config(&config).file("templates/busy.casedd", &pages::busy("busy"));
    let mut group = setup.start();
    let mut viewer = Viewer::connect(port).expect("the viewer connects");
    let pids = |group: &Group| group.processes().iter().map(|process| process.pid).collect::<Vec<_>>();
    let before = pids(&group);
    for round in 1..=3 {
        let shown = delivered(&group, "panel").expect("the panel is listed");
        let _hostile = Hostile::start(&group);
        wait::until_true(&format!("the reason; the log:\n{}", group.log()), LIMIT, || {
            group.log().matches("its memory makes no sense: it ").count() >= round
        });
        assert!(viewer.next_frame(LIMIT).is_some(), "the viewer's frames stopped");
        wait::until_true("the panel to go on", LIMIT, || {
            delivered(&group, "panel").is_some_and(|now| now > shown + 2)
        });
    }
    assert_eq!(pids(&group), before, "somebody else was hurt; the log:\n{}", group.log());
    assert!(group.stop().success());
}
