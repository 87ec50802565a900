//! The viewer's page in a real browser, in front of a whole group.

use std::time::Duration;

use casedd_tests::chromium::Chromium;
use casedd_tests::group::{Group, Setup};
use casedd_tests::{pages, picture, ports, wait};
use image::RgbImage;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

const LIMIT: Duration = Duration::from_secs(20);

fn group(port: u16) -> Group {
    let config = format!(
        "refresh_rate: 10\noutputs:\n  web: {{type: websocket, port: {port}, width: 480, height: 320, template: busy}}\n"
    );
    Setup::new().config(&config).file("templates/busy.casedd", &pages::busy("busy")).start()
}

fn open(port: u16) -> Chromium {
    let mut browser = Chromium::start();
    browser.open(&format!("http://127.0.0.1:{port}/"), 1280, 800);
    browser.wait_until("document.body?.dataset.state === 'live'");
    browser
}

fn frames(browser: &mut Chromium) -> u64 {
    let count = browser.evaluate("document.body.dataset.frames");
    count.as_str().and_then(|count| count.parse().ok()).expect("the page counts its frames")
}

fn wait_for_more_frames(browser: &mut Chromium) {
    let now = frames(browser);
    wait::until_true("more frames", LIMIT, || frames(browser) > now + 2);
}

/// The part of a screenshot in which the picture is.
fn shown(browser: &mut Chromium) -> RgbImage {
    let place = browser.evaluate(
        "(() => { const b = document.getElementById('picture').getBoundingClientRect(); return [b.x, b.y, b.width, b.height] })()",
    );
    let [x, y, width, height] = [0, 1, 2, 3].map(|at| place[at].as_f64().expect("a number") as u32);
    let screen = picture::decode(&browser.screenshot());
    image::imageops::crop_imm(&screen, x, y, width, height).to_image()
}

/// How far the colours of a picture are from grey, at most.
fn colourfulness(picture: &RgbImage) -> u8 {
    let spread =
        |pixel: &image::Rgb<u8>| pixel.0.iter().max().zip(pixel.0.iter().min()).map(|(max, min)| max - min);
    picture.pixels().filter_map(spread).max().unwrap_or(0)
}

#[test]
fn a_picture_appears_fits_the_window_and_changes_without_a_complaint() {
    let port = ports::free();
    let _group = group(port);
    let mut browser = open(port);
    assert_eq!(browser.evaluate("document.title"), "web · casedd");
    let first = shown(&mut browser);
    let (width, height) = first.dimensions();
    let shape = f64::from(width) / f64::from(height);
    assert!((shape - 1.5).abs() < 0.01 && width > 1000, "a picture of 480x320 is shown as {width}x{height}");
    let distinct: std::collections::HashSet<_> = first.pixels().map(|pixel| pixel.0).collect();
    assert!(distinct.len() > 20, "only {} colours", distinct.len());
    wait_for_more_frames(&mut browser);
    let second = shown(&mut browser);
    assert!(picture::distance(&first, &second).max > 40, "the clock stands still");
    for (width, height) in [(320, 480), (800, 200), (1920, 1080)] {
        browser.resize(width, height);
        let inside = "(() => { const b = document.getElementById('picture').getBoundingClientRect(); \
            return b.left >= 0 && b.top >= 0 && b.right <= innerWidth && b.bottom <= innerHeight && b.width > 100 })()";
        browser.wait_until(inside);
    }
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn full_screen_shows_nothing_but_the_picture_as_large_as_fits() {
    let port = ports::free();
    let _group = group(port);
    let mut browser = open(port);
    browser.click("#full");
    browser.wait_until("document.fullscreenElement !== null");
    // 480x320 on a screen of another shape: one side is the screen's.
    browser.wait_until(
        "(() => { const b = document.getElementById('picture').getBoundingClientRect(); \
         return Math.abs(b.width - innerWidth) < 2 || Math.abs(b.height - innerHeight) < 2 })()",
    );
    browser.wait_until("getComputedStyle(document.getElementById('bar')).opacity === '0'");
    wait_for_more_frames(&mut browser);
    let (width, height) = shown(&mut browser).dimensions();
    assert!((f64::from(width) / f64::from(height) - 1.5).abs() < 0.01, "shown as {width}x{height}");
    browser.click("#full");
    browser.wait_until("document.fullscreenElement === null");
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn a_stopped_renderer_makes_the_picture_stale_and_a_killed_one_is_got_over() {
    let port = ports::free();
    let group = group(port);
    let mut browser = open(port);
    let vivid = colourfulness(&shown(&mut browser));
    let renderer = Pid::from_raw(group.process("renderer").pid);
    kill(renderer, Signal::SIGSTOP).expect("the renderer runs");
    browser.wait_until("document.body.dataset.state === 'stale'");
    browser.wait_until("/silent for|no renderer for/.test(document.getElementById('notice').innerText)");
    browser.wait_until("getComputedStyle(document.getElementById('notice')).opacity === '1'");
    wait::until_true("a pale picture", LIMIT, || colourfulness(&shown(&mut browser)) < vivid);
    // Its supervisor may have replaced it by now.
    let _ = kill(renderer, Signal::SIGCONT);
    browser.wait_until("document.body.dataset.state === 'live'");
    wait_for_more_frames(&mut browser);
    kill(Pid::from_raw(group.process("renderer").pid), Signal::SIGKILL).expect("the renderer runs");
    wait_for_more_frames(&mut browser);
    browser.wait_until("document.body.dataset.state === 'live'");
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "the connection never broke: {complaints:#?}");
}

#[test]
fn a_killed_server_is_said_and_found_again() {
    let port = ports::free();
    let mut group = group(port);
    let mut browser = open(port);
    kill(Pid::from_raw(group.process("web").pid), Signal::SIGKILL).expect("the sink runs");
    wait_for_more_frames(&mut browser);
    browser.wait_until("document.body.dataset.state === 'live'");
    group.stop();
    browser.wait_until("document.body.dataset.state === 'lost'");
    browser.wait_until("document.getElementById('notice').innerText.includes('the server is away')");
    group.spawn_again();
    wait_for_more_frames(&mut browser);
    browser.wait_until("document.body.dataset.state === 'live'");
}
