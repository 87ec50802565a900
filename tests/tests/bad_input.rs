//! Bad input is refused with a message that names the thing and the remedy, and nobody else is affected.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use casedd_tests::group::{Group, Process, Setup};
use casedd_tests::{http, ports, programs, wait};

/// How long a fault may take to show.
const LIMIT: Duration = Duration::from_secs(15);

/// Exit codes of sysexits, as docs/operations.md lists them.
const UNAVAILABLE: i64 = 69;
const CANNOT_CREATE: i64 = 73;
const CONFIG: i64 = 78;

/// A group of a healthy page and one more output, which is at fault.
fn group_with(faulty: &str, template: Option<&str>) -> (Group, u16) {
    let port = ports::free();
    let config = format!(
        "outputs:\n  web: {{type: websocket, port: {port}, width: 320, height: 240}}\n  faulty: {faulty}\n"
    );
    let mut setup = Setup::new().config(&config);
    if let Some(text) = template {
        setup = setup.file("templates/mine.casedd", text);
    }
    (setup.spawn(), port)
}

/// Waits until `faulty` left with `code`, and sees that the others are well.
fn assert_only_it_fails(group: &Group, port: u16, code: i64, words: &[&str]) {
    wait::until_true(&format!("exit code {code}; the log:\n{}", group.log()), LIMIT, || {
        exit_code(group, "faulty") == Some(code)
    });
    wait::until_true("the healthy page to be ready", LIMIT, || is_ready(group, "web"));
    assert_eq!(http::get(port, "/image").expect("an answer").status, 200, "{}", group.log());
    assert!(is_ready(group, "collector") && is_ready(group, "renderer"), "{:?}", group.processes());
    for word in words {
        wait::until_true(&format!("the log to say {word:?}"), LIMIT, || group.log().contains(word));
    }
}

fn exit_code(group: &Group, name: &str) -> Option<i64> {
    let status = group.status()?;
    let processes = status["processes"].as_array()?;
    processes.iter().find(|process| process["name"] == name)?["last_exit_code"].as_i64()
}

fn is_ready(group: &Group, name: &str) -> bool {
    let is = |process: &Process| process.name == name && process.state == "ready";
    group.processes().iter().any(is)
}

#[test]
fn a_bad_configuration_is_refused_with_place_and_remedy() {
    let mut group = Setup::new().config("refresh_rate: 2\nouputs:\n  web: {type: websocket}\n").spawn();
    assert_eq!(group.wait_for_end(LIMIT).code().map(i64::from), Some(CONFIG));
    let log = group.log();
    assert!(log.contains("casedd.yaml:2:1") && log.contains("outputs"), "{log}");
}

#[test]
fn a_bad_template_has_another_in_its_place_until_it_is_mended() {
    let template =
        "name: mine\ngrid: {template_areas: a, columns: 1fr, rows: 1fr}\nwidgets:\n  a: {type: guage}\n";
    let (mut group, port) = group_with(
        "{type: framebuffer, file: '@DIR@/a.raw', width: 320, height: 240, template: mine}",
        Some(template),
    );
    wait::until_true("both outputs to be ready", LIMIT, || {
        is_ready(&group, "faulty") && is_ready(&group, "web")
    });
    assert_eq!(http::get(port, "/image").expect("an answer").status, 200, "{}", group.log());
    let output = |group: &Group| {
        let outputs = group.status()?["outputs"].as_array()?.clone();
        outputs.into_iter().find(|output| output["name"] == "faulty")
    };
    let told = wait::until("the mistake to be told", LIMIT, || {
        output(&group).filter(|output| !output["template_error"].is_null())
    });
    assert!(told["shows"].as_str().is_some_and(|shows| shows.ends_with(" in place of mine")), "{told:#}");
    let error = told["template_error"].as_str().expect("a text").to_owned();
    assert!(error.contains("mine.casedd:4:") && error.contains("did you mean \"gauge\"?"), "{error}");
    std::fs::write(group.file("templates/mine.casedd"), template.replace("guage", "gauge")).expect("written");
    wait::until_true("the mended template", LIMIT, || {
        output(&group).is_some_and(|output| output["shows"] == "mine" && output["template_error"].is_null())
    });
    assert!(group.processes().iter().all(|process| process.restarts == 0), "{:?}", group.processes());
    assert!(group.stop().success());
}

#[test]
fn an_unknown_template_fails_its_output_alone() {
    let (mut group, port) = group_with(
        "{type: framebuffer, file: '@DIR@/a.raw', width: 320, height: 240, template: system_stat}",
        None,
    );
    assert_only_it_fails(&group, port, CONFIG, &["system_stat\"", "system_stats"]);
    assert!(group.stop().success());
}

#[test]
fn a_port_that_is_taken_fails_its_output_alone() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = taken.local_addr().expect("an address").port();
    let (mut group, healthy) = group_with(&format!("{{type: websocket, port: {port}}}"), None);
    assert_only_it_fails(&group, healthy, UNAVAILABLE, &[&port.to_string(), "port"]);
    drop(taken);
    wait::until_true("the output to be back once the port is free", Duration::from_secs(60), || {
        is_ready(&group, "faulty")
    });
    assert!(group.stop().success());
}

#[test]
fn a_device_that_is_not_there_fails_its_output_alone() {
    let (mut group, port) =
        group_with("{type: framebuffer, device: /dev/fb27, width: 320, height: 240}", None);
    assert_only_it_fails(&group, port, UNAVAILABLE, &["/dev/fb27"]);
    assert!(group.stop().success());
}

#[test]
fn an_unreadable_proc_is_told_and_nothing_is_invented() {
    let port = ports::free();
    let config = format!("outputs:\n  web: {{type: websocket, port: {port}, width: 320, height: 240}}\n");
    let mut group = Setup::new()
        .config(&config)
        .file("proc/loadavg", "0.50 0.40 0.30 1/100 4000\n")
        .variable("CASEDD_PROCFS_PATH", "@DIR@/proc")
        .start();
    let status = group.status().expect("a status");
    let getters = status["getters"].as_array().expect("the getters' states").clone();
    let memory = getters.iter().find(|getter| getter["name"] == "memory").expect("a state of its own");
    let error = memory["error"].as_str().expect("an error text");
    assert!(error.contains("meminfo"), "{error}");
    assert_eq!(http::get(port, "/image").expect("an answer").status, 200);
    let values = Command::new(programs::path("casedd-collector"))
        .args(["--once", "--json"])
        .env("CASEDD_PROCFS_PATH", group.file("proc"))
        .output()
        .expect("the collector runs");
    assert!(!String::from_utf8_lossy(&values.stdout).contains("\"memory.percent\""));
    assert!(group.stop().success());
}

#[test]
fn a_missing_font_ends_the_renderer_alone() {
    let port = ports::free();
    let config = format!("outputs:\n  web: {{type: websocket, port: {port}, width: 320, height: 240}}\n");
    let mut group = Setup::new().config(&config).variable("CASEDD_FONT", "@DIR@/none.ttf").spawn();
    wait::until_true("the renderer's exit code", LIMIT, || exit_code(&group, "renderer") == Some(CONFIG));
    wait::until_true("the page to be served all the same", LIMIT, || {
        http::get(port, "/").is_ok_and(|answer| answer.status == 200)
    });
    assert!(is_ready(&group, "collector"), "{:?}", group.processes());
    wait::until_true("the font's name in the log", LIMIT, || group.log().contains("none.ttf"));
    assert!(group.stop().success());
}

#[test]
fn a_full_dev_shm_is_told_with_the_remedy() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).expect("a mode");
    let port = ports::free();
    let config = folder.path().join("casedd.yaml");
    let text = format!("outputs:\n  web: {{type: websocket, port: {port}, width: 320, height: 240}}\n");
    std::fs::write(&config, text).expect("a configuration");
    let log_path = folder.path().join("log");
    let log = std::fs::File::create(&log_path).expect("a log");
    // A namespace of its own, with a /dev/shm of 16 KiB.
    let mut command = Command::new("unshare");
    command.args(["--mount", "--map-root-user", "sh", "-c"]);
    command.arg(
        "mount -t tmpfs -o size=16k tmpfs /dev/shm && exec \"$0\" up --runtime-dir \"$1\" --config \"$2\"",
    );
    command.arg(programs::path("casedd")).arg(folder.path().join("run")).arg(&config);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().expect("unshare runs");
    let read = || std::fs::read_to_string(&log_path).unwrap_or_default();
    let said = wait::watch(LIMIT, || {
        let log = read();
        (log.contains("/dev/shm") && log.contains(&format!("exit {CANNOT_CREATE}"))).then_some(log)
    });
    let ready = wait::watch(LIMIT, || read().contains("web ready").then_some(()));
    let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id()).expect("a pid fits"));
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).expect("it runs");
    let ended = wait::watch(LIMIT, || child.try_wait().expect("a child"));
    assert!(said.is_some(), "not told:\n{}", read());
    assert!(ready.is_some(), "the page is not served without a board:\n{}", read());
    assert!(ended.is_some_and(|status| status.success()), "it did not end by SIGTERM:\n{}", read());
}
