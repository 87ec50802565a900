//! `casedd templates` and `casedd render`, with no group running.

use std::path::Path;
use std::process::{Command, Output};

use casedd_tests::{fixture, picture, programs};

fn casedd(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(programs::path("casedd"));
    command.args(arguments).current_dir(folder).env("CASEDD_CONFIG", folder.join("casedd.yaml"));
    command.output().expect("casedd starts")
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("casedd.yaml"), "templates_dir: mine\n").expect("written");
    folder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_template_is_made_found_shown_checked_and_drawn() {
    let folder = folder();
    let run = |arguments: &[&str]| casedd(folder.path(), arguments);
    let made = run(&["templates", "new", "shelf"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let file = folder.path().join("mine/shelf.casedd");
    let source = std::fs::read_to_string(&file).expect("the file is there");
    assert!(text(&run(&["templates", "list"]).stdout).contains("shelf "));
    assert_eq!(text(&run(&["templates", "show", "shelf"]).stdout), source);
    assert_eq!(text(&run(&["templates", "check", "shelf"]).stdout), "shelf: good\n");
    assert!(run(&["templates", "check"]).status.success());
    assert_eq!(run(&["templates", "new", "shelf"]).status.code(), Some(73));

    std::fs::write(
        folder.path().join("data.json"),
        r#"{"cpu": {"percent": 12}, "history": {"cpu.percent": [9, 12]}}"#,
    )
    .expect("written");
    let drawn = run(&["render", "shelf", "--size", "320x240", "--data", "data.json", "-o", "a.png"]);
    assert!(drawn.status.success(), "{}", text(&drawn.stderr));
    let one = picture::decode(&std::fs::read(folder.path().join("a.png")).expect("the picture is there"));
    assert_eq!(one.dimensions(), (320, 240));
    let by_file = run(&["render", "mine/shelf.casedd", "--size", "320x240", "-o", "-"]);
    let other = picture::decode(&by_file.stdout);
    assert_eq!(other.dimensions(), (320, 240));
    assert!(picture::distance(&one, &other).max > 0, "the values of the file are not drawn");
}

#[test]
fn mistakes_are_told_with_file_line_and_column() {
    let folder = folder();
    let run = |arguments: &[&str]| {
        let output = casedd(folder.path(), arguments);
        (output.status.code(), text(&output.stderr))
    };
    std::fs::write(folder.path().join("bad.casedd"), "widgets:\n  a: {type: guage}\n").expect("written");
    let told = "bad.casedd:2:13: found the type \"guage\", expected a widget type; did you mean \"gauge\"?";
    for arguments in [&["templates", "check", "./bad.casedd"][..], &["render", "./bad.casedd", "-o", "x.png"]]
    {
        let (code, message) = run(arguments);
        assert_eq!(code, Some(78), "{message}");
        assert!(message.contains(told), "{message}");
    }
    std::fs::write(folder.path().join("data.json"), "{\"cpu\": {\n  percent: 1}}").expect("written");
    let (code, message) = run(&["render", "compact", "--data", "data.json", "-o", "x.png"]);
    assert_eq!(code, Some(64), "{message}");
    assert!(message.contains("data.json:2:3: no JSON"), "{message}");
    let (code, message) = run(&["render", "compct", "-o", "x.png"]);
    assert!(code == Some(78) && message.contains("did you mean \"compact\"?"), "{message}");
    assert_eq!(run(&["render", "compact", "--size", "0x9", "-o", "x.png"]).0, Some(64));
    assert_eq!(run(&["render", "compact", "-o", "no/such/x.png"]).0, Some(73));
}

#[test]
fn a_picture_by_hand_is_the_golden_one_of_the_renderer() {
    let folder = folder();
    let drawn = casedd(folder.path(), &["render", "compact", "--size", "480x320", "-o", "-"]);
    let golden = fixture::repository().join("renderer/tests/goldens/compact-480x320.png");
    let golden = picture::decode(&std::fs::read(golden).expect("the golden picture"));
    assert_eq!(picture::distance(&picture::decode(&drawn.stdout), &golden).max, 0);
}
