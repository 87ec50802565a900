//! Entries of `outputs`.

use super::*;
use crate::config::{
    AtExit, DropPolicy, FbConfig, FbDevice, FbFormat, Fit, OutputConfig, OutputKind, Rotation, Token,
    WsConfig,
};
use std::net::{IpAddr, Ipv6Addr};
use std::path::PathBuf;

fn path(text: &str) -> FbDevice {
    FbDevice::Path(PathBuf::from(text))
}

fn devices(text: &str) -> Vec<FbDevice> {
    let device = |output: &OutputConfig| match &output.kind {
        OutputKind::Fb(fb) => Some(fb.device.clone()),
        OutputKind::Ws(_) => None,
    };
    good(text).outputs.iter().filter_map(device).collect()
}

#[test]
fn every_key_of_a_framebuffer_is_read() {
    let config = good(
        "outputs:\n  panel:\n    type: framebuffer\n    enabled: no\n    optional: yes\n    display_name: Front panel\n    \
         device: /dev/fb7\n    template: nas\n    width: 480\n    height: 320\n    refresh_rate: 2.5\n    rotation: 270\n    \
         drop_policy: drop-newest\n    ring_depth: 3\n    fit: cover\n    at_exit: restore\n",
    );
    let kind = OutputKind::Fb(FbConfig {
        fit: Fit::Cover,
        at_exit: AtExit::Restore,
        ..FbConfig::new(path("/dev/fb7"))
    });
    let expected = OutputConfig {
        enabled: false,
        optional: true,
        display_name: Some("Front panel".to_owned()),
        template: "nas".to_owned(),
        width: Some(480),
        height: Some(320),
        refresh_rate_hz: 2.5,
        is_rate_fixed: true,
        rotation: Rotation::ThreeQuarters,
        drop_policy: DropPolicy::DropNewest,
        ring_depth: 3,
        ..OutputConfig::new("panel", kind)
    };
    assert_eq!((config.outputs, config.warnings), (vec![expected], vec![]));
}

#[test]
fn every_key_of_a_websocket_output_is_read() {
    let config = good(
        "outputs: {w: {type: websocket, bind: '::1', port: 81, port_fallback: true, quality: 95, \
         token: 0123456789abcdef, hosts: 'a.example, b.example'}}",
    );
    let kind = OutputKind::Ws(WsConfig {
        bind: IpAddr::V6(Ipv6Addr::LOCALHOST),
        port: 81,
        port_fallback: true,
        quality: 95,
        token: Some(Token::new("0123456789abcdef").unwrap()),
        hosts: vec!["a.example".to_owned(), "b.example".to_owned()],
    });
    let expected = OutputConfig { width: Some(800), height: Some(480), ..OutputConfig::new("w", kind) };
    assert_eq!((config.outputs, config.warnings), (vec![expected], vec![]));
}

#[test]
fn a_file_stands_in_for_a_device() {
    let config =
        good("outputs: {f: {type: framebuffer, file: /tmp/x, format: RGB565, width: 320, height: 240}}");
    let OutputKind::Fb(fb) = &config.outputs[0].kind else { panic!("{config:?}") };
    assert_eq!((fb.file.clone(), fb.format), (Some(PathBuf::from("/tmp/x")), FbFormat::Rgb565));
}

#[test]
fn the_device_is_found_by_type_top_level_and_output() {
    let cases = [
        ("outputs: {a: {type: framebuffer}}", vec![FbDevice::Auto]),
        ("outputs: {a: {type: hdmi}}", vec![path("/dev/fb0")]),
        ("outputs: {a: {type: hdmi, device: auto}}", vec![FbDevice::Auto]),
        (
            "fb_device: /dev/fb3\noutputs: {a: {type: framebuffer}, b: {type: hdmi}}",
            vec![path("/dev/fb3"), path("/dev/fb0")],
        ),
        ("fb_auto_detect: no\noutputs: {a: {type: framebuffer}}", vec![path("/dev/fb1")]),
        ("fb_device: /dev/fb3", vec![path("/dev/fb3")]),
        ("fb_auto_detect: no", vec![path("/dev/fb1")]),
        ("no_fb: yes", vec![]),
    ];
    for (text, expected) in cases {
        assert_eq!(devices(text), expected, "{text}");
    }
}

#[test]
fn a_default_framebuffer_is_optional_unless_it_is_named() {
    assert!(good("").outputs[0].optional);
    assert!(!good("fb_device: /dev/fb0").outputs[0].optional);
    assert!(!good("outputs: {a: {type: framebuffer}}").outputs[0].optional);
}

#[test]
fn no_fb_turns_off_every_framebuffer_of_the_file() {
    let config = good("no_fb: 1\noutputs: {a: {type: framebuffer}, b: {type: websocket}}");
    assert_eq!(config.outputs.iter().map(|output| output.enabled).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_named_port_is_kept_and_a_default_one_may_move() {
    let port = |text: &str| match &good(text).output("web").expect("there is a page").kind {
        OutputKind::Ws(ws) => (ws.port, ws.port_fallback),
        OutputKind::Fb(_) => panic!("{text}"),
    };
    assert_eq!(port(""), (8080, true));
    assert_eq!(port("http_port: 9090"), (9090, false));
    assert_eq!(port("outputs: {web: {type: websocket}}"), (8080, false));
    assert_eq!(port("outputs: {web: {type: websocket, port: 0}}"), (0, false));
}

#[test]
fn unknown_keys_are_ignored_with_one_warning_each() {
    assert_eq!(
        warnings("outputs:\n  a:\n    type: websocket\n    tempalte: x\n    zebra: 1\n"),
        "casedd.yaml:4:5: no key \"tempalte\" in output \"a\", so it is ignored; did you mean \"template\"?\n\
         casedd.yaml:5:5: no key \"zebra\" in output \"a\", so it is ignored"
    );
}

#[test]
fn keys_of_the_other_type_are_ignored_with_a_warning() {
    assert_eq!(
        warnings("outputs:\n  a: {type: hdmi, port: 1}\n  b: {type: websocket, device: /dev/fb0}\n"),
        "casedd.yaml:2:19: port means nothing for a framebuffer output, so it is ignored\n\
         casedd.yaml:3:24: device means nothing for a websocket output, so it is ignored"
    );
    assert_eq!(
        warnings("outputs: {a: {type: hdmi, format: rgb565}}"),
        "casedd.yaml:1:35: format is for file only, so it is ignored; a device tells its own format"
    );
}

#[test]
fn a_page_is_not_turned() {
    let text = "outputs: {a: {type: websocket, rotation: 90}}";
    assert_eq!(good(text).outputs[0].rotation, Rotation::None);
    assert_eq!(
        warnings(text),
        "casedd.yaml:1:42: rotation turns panels only, so it is ignored; give a websocket output the width and height it is to have"
    );
    assert_eq!(warnings("outputs: {a: {type: websocket, rotation: 0}}"), "");
}

#[test]
fn an_address_that_others_reach_is_told() {
    assert_eq!(
        warnings("outputs: {a: {type: websocket, bind: 0.0.0.0}}"),
        "casedd.yaml:1:38: output \"a\" is bound to 0.0.0.0, where others can reach it, so it starts only with a token: set one here, or as CASEDD_WS_TOKEN in its environment"
    );
    assert_eq!(warnings("outputs: {a: {type: websocket, bind: 0.0.0.0, token: 0123456789abcdef}}"), "");
    assert_eq!(warnings("outputs: {a: {type: websocket, bind: localhost}}"), "");
}

#[test]
fn every_fault_of_an_output_is_told_at_its_place() {
    let cases = [
        ("a: {type: framebufer}", "casedd.yaml:1:21: type is \"framebufer\"; did you mean \"framebuffer\"?"),
        ("a: {type: lcd}", "casedd.yaml:1:21: type is \"lcd\"; known are: framebuffer, websocket, hdmi"),
        ("a: {}", "casedd.yaml:1:11: output \"a\" has no type; give one of framebuffer, websocket, hdmi"),
        (
            "a: hdmi",
            "casedd.yaml:1:14: output \"a\" is \"hdmi\"; give a map of keys and values\n\
          casedd.yaml:1:11: output \"a\" has no type; give one of framebuffer, websocket, hdmi",
        ),
        ("a: {type: hdmi, rotation: 45}", "casedd.yaml:1:37: rotation is 45; known are: 0, 90, 180, 270"),
        (
            "a: {type: hdmi, drop_policy: oldest}",
            "casedd.yaml:1:40: drop_policy is \"oldest\"; known are: drop-oldest, drop-newest, block",
        ),
        (
            "a: {type: hdmi, drop_policy: drop-oldst}",
            "casedd.yaml:1:40: drop_policy is \"drop-oldst\"; did you mean \"drop-oldest\"?",
        ),
        (
            "a: {type: hdmi, ring_depth: 17}",
            "casedd.yaml:1:39: ring_depth is 17; give a whole number from 1 to 16",
        ),
        ("a: {type: hdmi, width: 99}", "casedd.yaml:1:34: width stands alone in output \"a\"; add height"),
        ("a: {type: hdmi, enabled: si}", "casedd.yaml:1:36: enabled is \"si\"; give yes or no"),
        (
            "a: {type: hdmi, fit: crop}",
            "casedd.yaml:1:32: fit is \"crop\"; known are: stretch, contain, cover, fit, fill",
        ),
        (
            "a: {type: hdmi, at_exit: blank}",
            "casedd.yaml:1:36: at_exit is \"blank\"; known are: keep, restore, clear",
        ),
        (
            "a: {type: hdmi, device: /dev/fb0, file: x, width: 32, height: 32}",
            "casedd.yaml:1:51: output \"a\" has both a device and a file; keep one",
        ),
        (
            "a: {type: hdmi, file: x}",
            "casedd.yaml:1:11: output \"a\" writes to a file, which has no size of its own; add width and height",
        ),
        (
            "a: {type: websocket, port: 70000}",
            "casedd.yaml:1:38: port is 70000; give a whole number from 0 to 65535",
        ),
        (
            "a: {type: websocket, token: geheim}",
            "casedd.yaml:1:39: the token must have 16 to 128 letters, digits or - . _ ~ (openssl rand -hex 16 makes one); this one has 6 characters",
        ),
        (
            "a: {type: websocket, quality: 0}",
            "casedd.yaml:1:41: quality is 0; give a whole number from 1 to 100",
        ),
        (
            "a: {type: websocket, bind: my-host}",
            "casedd.yaml:1:38: bind is \"my-host\"; give an IP address of this machine (127.0.0.1: only itself, 0.0.0.0: all)",
        ),
        (
            "a/b: {type: hdmi}",
            "casedd.yaml:1:11: \"a/b\" cannot name an output; give 1 to 64 characters without / that do not start with - or .",
        ),
    ];
    told(cases.map(|(entry, expected)| (format!("outputs: {{{entry}}}"), expected)));
}
