//! The sink as a real process on plain files, against a real hub: pictures, losses, ends.

mod renderer;
mod sink;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use renderer::{HALF_SIZE_TOPIC, Renderer, RendererProcess, UNKNOWN_TOPIC, pixel};
use sink::{SinkProcess, signal, wait_for};
use tempfile::TempDir;

const WIDTH: u32 = 160;
const HEIGHT: u32 = 96;

/// A runtime directory and a file that stands for the panel.
struct Bench {
    folder: TempDir,
}

impl Bench {
    fn new() -> Bench {
        Bench { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    fn runtime(&self) -> &Path {
        self.folder.path()
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("panel.raw")
    }

    fn sink(&self, more: &[&str]) -> SinkProcess {
        let file = self.file();
        let file = file.to_str().expect("a plain path");
        let arguments = ["--file", file, "--size", "160x96", "--rate", "50", "--template", "test"];
        SinkProcess::start(self.runtime(), &[&arguments, more].concat())
    }

    /// The number of the picture in the file, once all of it is that picture and its number is at least `least`.
    #[track_caller]
    fn picture(&self, least: u32) -> u32 {
        wait_for(&format!("picture {least} in the file"), || {
            let bytes = fs::read(self.file()).ok()?;
            let n = u32::from_le_bytes(*bytes.first_chunk()?) & 0x00ff_ffff;
            (n >= least && bytes == expected(n)).then_some(n)
        })
    }

    #[track_caller]
    fn assert_keeps_its_picture(&self) {
        let bytes = fs::read(self.file()).expect("the file");
        let n = u32::from_le_bytes(*bytes.first_chunk().expect("pixels")) & 0x00ff_ffff;
        assert!(n > 0 && bytes == expected(n), "the file holds no whole picture (number {n})");
    }
}

fn expected(n: u32) -> Vec<u8> {
    let row = |y| (0..WIDTH).flat_map(move |x| pixel(x, y, n).to_le_bytes());
    (0..HEIGHT).flat_map(row).collect()
}

#[test]
fn every_picture_reaches_the_file_exactly_and_the_supervisor_hears_of_it() {
    let bench = Bench::new();
    let renderer = Renderer::start(bench.runtime());
    let mut sink = bench.sink(&["--name", "panel"]);
    let first = bench.picture(1);
    bench.picture(first + 50);
    sink.wait_for_message("READY=1");
    sink.wait_for_message("WATCHDOG=1");
    let status = sink.wait_for_status("160x96 xrgb8888");
    assert!(status.contains("panel.raw") && status.contains("50 Hz"), "{status}");
    let stats = {
        let seen = wait_for("statistics", || {
            let socket = bench.runtime().join("renderer.sock");
            let stats = casedd_common::transport::observe::observe(&socket, Duration::from_secs(1)).ok()?;
            stats.sinks.into_iter().find(|sink| sink.name == "panel" && sink.delivered >= 50)
        });
        drop(renderer);
        seen
    };
    assert!(stats.last_delivered_at_ns > 0 && stats.latency_p50_us > 0, "{stats:?}");
    let (status, _) = sink.terminate();
    assert_eq!(status.code(), Some(0), "{}", sink.log());
    sink.wait_for_message("STOPPING=1");
}

#[test]
fn readiness_waits_for_the_first_frame() {
    let bench = Bench::new();
    let sink = bench.sink(&[]);
    sink.wait_for_status("no renderer");
    sink.wait_for_message("WATCHDOG=1");
    assert!(!sink.messages().iter().any(|message| message == "READY=1"));
    let _renderer = Renderer::start(bench.runtime());
    sink.wait_for_message("READY=1");
    bench.picture(1);
}

#[test]
fn a_turned_picture_in_another_format_has_the_shape_of_the_turned_panel() {
    let bench = Bench::new();
    let _renderer = Renderer::start(bench.runtime());
    let _sink = bench.sink(&["--rotation", "90", "--format", "rgb565"]);
    let turned = |n: u32| -> Vec<u8> {
        // The panel is 96 wide and 160 high; its right edge is the picture's top.
        let at = |x: u32, y: u32| {
            let colour = pixel(y, HEIGHT - 1 - x, n);
            ((colour >> 8 & 0xf800 | colour >> 5 & 0x07e0 | colour >> 3 & 0x1f) as u16).to_le_bytes()
        };
        (0..WIDTH).flat_map(|y| (0..HEIGHT).flat_map(move |x| at(x, y))).collect()
    };
    let candidates: Vec<Vec<u8>> = (1..2000).map(turned).collect();
    for _ in 0..5 {
        wait_for("a turned picture", || {
            let bytes = fs::read(bench.file()).ok()?;
            candidates.contains(&bytes).then_some(())
        });
    }
}

#[test]
fn a_picture_of_another_size_is_scaled_to_the_file() {
    let bench = Bench::new();
    let _renderer = Renderer::start(bench.runtime());
    let mut sink = bench.sink(&["--template", HALF_SIZE_TOPIC]);
    sink.wait_for_message("READY=1");
    let bytes = fs::read(bench.file()).expect("the file");
    assert_eq!(bytes.len(), (WIDTH * HEIGHT * 4) as usize);
    // The pattern's last corner, away from what moves: near the source's own last corner.
    let last = &bytes[bytes.len() - 4..];
    let wanted = pixel(WIDTH / 2 - 1, HEIGHT / 2 - 1, 1).to_le_bytes();
    assert!(last.iter().zip(wanted).all(|(is, want)| is.abs_diff(want) < 24), "{last:?} {wanted:?}");
    assert_eq!(sink.terminate().0.code(), Some(0));
}

#[test]
fn a_killed_sink_leaves_its_picture_and_the_next_one_goes_on() {
    let bench = Bench::new();
    let _renderer = Renderer::start(bench.runtime());
    for _ in 0..5 {
        let sink = bench.sink(&[]);
        let before = bench.picture(1);
        signal(sink.pid(), Signal::SIGKILL);
        drop(sink);
        let sink = bench.sink(&[]);
        bench.picture(before + 1);
        drop(sink);
    }
}

#[test]
fn a_killed_renderer_leaves_the_picture_and_is_found_again_when_it_is_back() {
    let bench = Bench::new();
    let mut renderer = RendererProcess::start(bench.runtime(), 1);
    let mut sink = bench.sink(&[]);
    let mut newest = bench.picture(1);
    for round in 1..=5 {
        renderer.kill();
        sink.wait_for_status("no renderer");
        bench.assert_keeps_its_picture();
        let back = Instant::now();
        renderer = RendererProcess::start(bench.runtime(), round * 1_000_000);
        newest = bench.picture(round * 1_000_000).max(newest);
        assert!(back.elapsed() < Duration::from_secs(3), "{:?}", back.elapsed());
        assert!(sink.is_running());
    }
    assert!(newest >= 5_000_000);
}

#[test]
fn a_stopped_renderer_is_called_stale_and_its_picture_stays() {
    let bench = Bench::new();
    let renderer = RendererProcess::start(bench.runtime(), 1);
    let mut sink = bench.sink(&[]);
    let before = bench.picture(1);
    signal(renderer.pid(), Signal::SIGSTOP);
    sink.wait_for_status("stale");
    bench.assert_keeps_its_picture();
    let beats = sink.messages().iter().filter(|message| *message == "WATCHDOG=1").count();
    wait_for("the sink's own heart beats on", || {
        (sink.messages().iter().filter(|message| *message == "WATCHDOG=1").count() > beats + 2).then_some(())
    });
    signal(renderer.pid(), Signal::SIGCONT);
    bench.picture(before + 1);
    let fresh = wait_for("a fresh status", || {
        let messages = sink.messages();
        let status = messages.iter().rev().find(|message| message.starts_with("STATUS=")).cloned()?;
        (!status.contains("stale")).then_some(status)
    });
    assert!(fresh.contains("160x96"), "{fresh}");
    assert!(sink.is_running());
}

#[test]
fn a_removed_a_replaced_and_a_cut_file_are_written_anew_and_whole() {
    let bench = Bench::new();
    let _renderer = Renderer::start(bench.runtime());
    let mut sink = bench.sink(&[]);
    let mut newest = bench.picture(1);
    fs::remove_file(bench.file()).expect("removed");
    newest = bench.picture(newest + 1);
    fs::rename(bench.file(), bench.folder.path().join("moved.raw")).expect("moved");
    fs::write(bench.file(), vec![9; (WIDTH * HEIGHT * 4) as usize]).expect("written");
    newest = bench.picture(newest + 1);
    fs::OpenOptions::new().write(true).open(bench.file()).expect("open").set_len(100).expect("cut");
    bench.picture(newest + 1);
    assert!(sink.is_running());
}

#[test]
fn a_file_of_another_length_gets_the_length_of_the_picture() {
    let bench = Bench::new();
    fs::write(bench.file(), vec![7; 1_000_000]).expect("written");
    let _renderer = Renderer::start(bench.runtime());
    let _sink = bench.sink(&[]);
    bench.picture(1);
}

#[test]
fn a_device_that_never_was_there_ends_the_process_with_code_69_and_a_remedy() {
    let bench = Bench::new();
    let mut sink = SinkProcess::start(bench.runtime(), &["--device", "/dev/fb31"]);
    assert_eq!(sink.wait().code(), Some(69));
    let log = sink.log();
    assert!(log.contains("/dev/fb31") && log.contains("this machine has"), "{log}");
}

#[test]
fn a_plain_file_given_as_a_device_ends_the_process_with_code_78_and_a_remedy() {
    let bench = Bench::new();
    fs::write(bench.file(), "no framebuffer").expect("written");
    let mut sink = SinkProcess::start(bench.runtime(), &["--device", bench.file().to_str().expect("a path")]);
    assert_eq!(sink.wait().code(), Some(78));
    assert!(sink.log().contains("--file"), "{}", sink.log());
    assert_eq!(fs::read(bench.file()).expect("the file"), b"no framebuffer");
}

#[test]
fn a_file_in_a_folder_that_is_not_there_ends_the_process_with_code_73() {
    let bench = Bench::new();
    let mut sink =
        SinkProcess::start(bench.runtime(), &["--file", "/no/such/folder/panel.raw", "--size", "8x8"]);
    assert_eq!(sink.wait().code(), Some(73));
    assert!(sink.log().contains("/no/such/folder/panel.raw"), "{}", sink.log());
}

#[test]
fn a_wrong_command_line_ends_the_process_with_code_64() {
    let bench = Bench::new();
    let mut sink = SinkProcess::start(bench.runtime(), &["--rotation", "45"]);
    assert_eq!(sink.wait().code(), Some(64));
}

#[test]
fn an_unknown_template_ends_the_process_with_code_78_and_the_renderers_words() {
    let bench = Bench::new();
    let _renderer = Renderer::start(bench.runtime());
    let mut sink = bench.sink(&["--template", UNKNOWN_TOPIC]);
    assert_eq!(sink.wait().code(), Some(78));
    assert!(sink.log().contains("no_such_template"), "{}", sink.log());
}

#[test]
fn a_second_sink_on_the_same_file_ends_with_code_69() {
    let bench = Bench::new();
    let _renderer = Renderer::start(bench.runtime());
    let mut first = bench.sink(&[]);
    bench.picture(1);
    let mut second = bench.sink(&[]);
    assert_eq!(second.wait().code(), Some(69));
    assert!(first.is_running());
}

#[test]
fn the_end_comes_at_once_whatever_the_sink_waits_for() {
    let bench = Bench::new();
    let at_once = Duration::from_millis(1500);
    let mut waiting = bench.sink(&[]);
    waiting.wait_for_status("no renderer");
    let (status, took) = waiting.terminate();
    assert!(status.code() == Some(0) && took < at_once, "{status} after {took:?}");
    let renderer = RendererProcess::start(bench.runtime(), 1);
    let mut showing = bench.sink(&[]);
    bench.picture(1);
    signal(renderer.pid(), Signal::SIGSTOP);
    let (status, took) = showing.terminate();
    assert!(status.code() == Some(0) && took < at_once, "{status} after {took:?}");
    bench.assert_keeps_its_picture();
}

#[test]
fn the_file_is_cleared_or_put_back_at_the_end_as_asked() {
    let bench = Bench::new();
    let _renderer = Renderer::start(bench.runtime());
    let before = vec![0x5a; (WIDTH * HEIGHT * 4) as usize];
    fs::write(bench.file(), &before).expect("written");
    let mut sink = bench.sink(&["--at-exit", "restore"]);
    bench.picture(1);
    assert_eq!(sink.terminate().0.code(), Some(0));
    assert!(fs::read(bench.file()).expect("the file") == before, "not put back");
    let mut sink = bench.sink(&["--at-exit", "clear"]);
    bench.picture(1);
    assert_eq!(sink.terminate().0.code(), Some(0));
    assert!(fs::read(bench.file()).expect("the file").iter().all(|byte| *byte == 0), "not cleared");
}
