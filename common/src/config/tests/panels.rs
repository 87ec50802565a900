//! Entries of `panels`, the original's older way.

use super::*;
use crate::config::{FbDevice, OutputConfig, OutputKind};
use std::path::PathBuf;

/// One line an output: name, where to, template, size, title.
fn shown(text: &str) -> Vec<String> {
    let line = |output: &OutputConfig| {
        let kind = match &output.kind {
            OutputKind::Fb(fb) => match &fb.device {
                FbDevice::Auto => "auto".to_owned(),
                FbDevice::Path(path) => path.display().to_string(),
            },
            OutputKind::Ws(ws) => format!("port {}", ws.port),
        };
        let size = output
            .width
            .zip(output.height)
            .map_or("own".to_owned(), |(width, height)| format!("{width}x{height}"));
        let title = output.display_name.as_deref().unwrap_or("-");
        format!("{} {kind} {} {size} {title} optional={}", output.name, output.template, output.optional)
    };
    good(text).outputs.iter().map(line).collect()
}

#[test]
fn a_panel_gives_a_framebuffer_and_a_page() {
    let text = "panels:\n- name: front\n  display_name: Front\n  template: nas\n  width: 800\n  height: 480\n  fb_device: /dev/fb1\n\
                - {name: side, no_fb: yes}\n- {name: rack}\n";
    assert_eq!(
        shown(text),
        [
            "front /dev/fb1 nas 800x480 Front optional=false",
            "front-web port 8080 nas 800x480 Front optional=false",
            "side-web port 8081 auto 800x480 - optional=false",
            "rack-web port 8082 auto 800x480 - optional=false",
        ]
    );
}

#[test]
fn the_first_panel_without_a_device_takes_that_of_the_top_level() {
    assert_eq!(
        shown("panels: [{name: a, no_fb: 1}, {name: b}, {name: c}]"),
        [
            "a-web port 8080 auto 800x480 - optional=false",
            "b auto auto own - optional=true",
            "b-web port 8081 auto 800x480 - optional=false",
            "c-web port 8082 auto 800x480 - optional=false",
        ]
    );
    let config = good("fb_device: /dev/fb5\npanels: [{name: a}]");
    let OutputKind::Fb(fb) = &config.outputs[0].kind else { panic!("{config:?}") };
    assert_eq!(fb.device, FbDevice::Path(PathBuf::from("/dev/fb5")));
}

#[test]
fn both_outputs_of_a_panel_are_directed_by_its_name() {
    let config = good("panels: [{name: front}]\noutputs: {o: {type: websocket}}");
    let names: Vec<&str> = config.outputs.iter().map(OutputConfig::directed_as).collect();
    assert_eq!(names, ["o", "front", "front"]);
}

#[test]
fn panels_stand_beside_outputs() {
    let names = |text: &str| good(text).outputs.iter().map(|output| output.name.clone()).collect::<Vec<_>>();
    assert_eq!(names("outputs: {o: {type: websocket}}\npanels: [{name: p, no_fb: 1}]"), ["o", "p-web"]);
    assert_eq!(
        bad("outputs: {p-web: {type: websocket}}\npanels: [{name: p, no_fb: 1}]"),
        "casedd.yaml:2:17: a second output is named \"p-web\"; rename one"
    );
}

#[test]
fn every_fault_of_a_panel_is_told_at_its_place() {
    let cases = [
        ("panels: {a: b}", "casedd.yaml:1:9: panels is a map; give a list of panels"),
        ("panels: [{template: x}]", "casedd.yaml:1:10: panel 1 has no name; add one"),
        ("panels: [{name: [x]}]", "casedd.yaml:1:17: name is a list; give a text"),
        (
            "panels: [{name: a, width: 1, height: 1}]",
            "casedd.yaml:1:27: width is 1; give a whole number from 16 to 8192\n\
          casedd.yaml:1:38: height is 1; give a whole number from 16 to 8192",
        ),
    ];
    told(cases.map(|(text, expected)| (text.to_owned(), expected)));
    assert_eq!(
        warnings("panels: [{name: a, templat: x}]"),
        "casedd.yaml:1:20: no key \"templat\" in panel 1, so it is ignored; did you mean \"template\"?"
    );
}
