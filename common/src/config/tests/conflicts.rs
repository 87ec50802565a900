//! Outputs that cannot all run.

use super::*;
use crate::config::OutputKind;

fn ports(text: &str) -> Vec<u16> {
    let port = |output: &crate::config::OutputConfig| match &output.kind {
        OutputKind::Ws(ws) => Some(ws.port),
        OutputKind::Fb(_) => None,
    };
    good(text).outputs.iter().filter_map(port).collect()
}

#[test]
fn outputs_without_a_port_get_the_first_free_numbers() {
    let text = "outputs: {a: {type: websocket}, b: {type: websocket, port: 8081}, c: {type: websocket}, d: {type: hdmi}}";
    assert_eq!(ports(text), [8080, 8081, 8082]);
    assert_eq!(ports(&format!("http_port: 0\n{text}")), [0, 8081, 0]);
    assert_eq!(ports(&format!("http_port: 65535\n{text}")), [65535, 8081, 0]);
}

#[test]
fn two_outputs_that_want_the_same_are_told_apart() {
    let cases = [
        (
            "a: {type: websocket, port: 81}, b: {type: websocket, port: 81}",
            "casedd.yaml:1:70: output \"b\" wants port 81, which output \"a\" has; give it another one, or set enabled: false",
        ),
        (
            "a: {type: hdmi}, b: {type: framebuffer, device: /dev/fb0}",
            "casedd.yaml:1:59: output \"b\" wants /dev/fb0, which output \"a\" has; give it another one, or set enabled: false",
        ),
        (
            "a: {type: framebuffer}, b: {type: framebuffer}",
            "casedd.yaml:1:35: output \"b\" wants the framebuffer that is found by itself, which output \"a\" has; give it another one, or set enabled: false",
        ),
        (
            "a: {type: hdmi, file: /x, width: 16, height: 16}, b: {type: hdmi, file: /x, width: 16, height: 16}",
            "casedd.yaml:1:83: output \"b\" wants the file /x, which output \"a\" has; give it another one, or set enabled: false",
        ),
    ];
    told(cases.map(|(entries, expected)| (format!("outputs: {{{entries}}}"), expected)));
}

#[test]
fn outputs_that_do_not_meet_are_no_conflict() {
    let cases = [
        "a: {type: websocket, port: 81}, b: {type: websocket, port: 81, enabled: no}",
        "a: {type: websocket, port: 81}, b: {type: websocket, port: 81, port_fallback: yes}",
        "a: {type: websocket, port: 0}, b: {type: websocket, port: 0}",
        "a: {type: websocket, port: 81, bind: 127.0.0.1}, b: {type: websocket, port: 81, bind: 127.0.0.2}",
        "a: {type: hdmi}, b: {type: hdmi, file: /x, width: 16, height: 16}",
    ];
    for entries in cases {
        good(&format!("outputs: {{{entries}}}"));
    }
}

#[test]
fn more_outputs_than_processes_are_refused() {
    let entries: Vec<String> = (0..33).map(|n| format!("  o{n}: {{type: websocket}}")).collect();
    assert_eq!(
        bad(&format!("outputs:\n{}", entries.join("\n"))),
        "casedd.yaml:34:3: 33 outputs; at most 32 are served"
    );
}
