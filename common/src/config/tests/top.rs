//! Keys of the top level.

use super::*;
use crate::config::{LogLevel, OutputKind};
use std::path::PathBuf;
use std::time::Duration;

#[test]
fn the_top_level_speaks_for_every_output_that_says_nothing() {
    let config = good(
        "template: nas.casedd\nrefresh_rate: 0.5\nwidth: 1024\nheight: 600\nhttp_port: 9000\n\
         outputs:\n  a: {type: websocket}\n  b: {type: websocket, template: other, refresh_rate: 4, width: 320, height: 240}\n  c: {type: hdmi}\n",
    );
    let seen: Vec<_> = config
        .outputs
        .iter()
        .map(|output| {
            let port = if let OutputKind::Ws(ws) = &output.kind { ws.port } else { 0 };
            let rate = (output.refresh_rate_hz, output.is_rate_fixed);
            (output.template.as_str(), rate, output.width, output.height, port)
        })
        .collect();
    let expected = [
        ("nas", (0.5, false), Some(1024), Some(600), 9000),
        ("other", (4.0, true), Some(320), Some(240), 9001),
        ("nas", (0.5, false), Some(1024), Some(600), 0),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn log_levels_are_words_of_ours_or_of_the_original() {
    let cases = [
        ("debug", LogLevel::Debug),
        ("INFO", LogLevel::Info),
        ("Warning", LogLevel::Warn),
        ("warn", LogLevel::Warn),
        ("CRITICAL", LogLevel::Error),
        ("trace", LogLevel::Trace),
    ];
    for (word, level) in cases {
        assert_eq!(good(&format!("log_level: {word}")).log_level, level, "{word}");
    }
    assert_eq!(bad("log_level: inof"), "casedd.yaml:1:12: log_level is \"inof\"; did you mean \"info\"?");
}

#[test]
fn a_theme_holds_for_all_outputs_and_for_one() {
    use crate::config::ThemeName::{Light, NightRed};
    let config = good(
        "theme: night_red\noutputs: {a: {type: websocket}, b: {type: hdmi, theme: light}}\n\
         panels: [{name: p, no_fb: 1}, {name: q, no_fb: 1, theme: Light}]",
    );
    let themes: Vec<_> = config.outputs.iter().map(|output| output.theme).collect();
    assert_eq!(themes, [Some(NightRed), Some(Light), Some(NightRed), Some(Light)]);
    assert_eq!(config.outputs[1].topic().to_string(), "auto;theme=light");
    assert_eq!(good("outputs: {a: {type: websocket}}").outputs[0].theme, None);
    assert_eq!(bad("theme: nightred"), "casedd.yaml:1:8: theme is \"nightred\"; did you mean \"night-red\"?");
}

#[test]
fn intervals_are_seconds_and_may_be_fractions() {
    let config =
        good("cpu_interval: 0.5\nnetwork_interval: 1\nsysinfo_interval: 3600\nsensors_interval: '7'");
    let of = |getter| config.intervals.of(getter);
    assert_eq!(of("cpu"), Some(Duration::from_millis(500)));
    assert_eq!(of("net"), Some(Duration::from_secs(1)));
    assert_eq!(of("sysinfo"), Some(Duration::from_secs(3600)));
    assert_eq!(of("sensors"), Some(Duration::from_secs(7)));
    assert_eq!(of("memory"), Some(Duration::from_secs(2)));
}

#[test]
fn interfaces_are_a_list_or_one_text_with_commas() {
    for text in [
        "net_interfaces: [eth0, 'wlan0']",
        "net_interfaces: eth0 , wlan0,",
        "net_interfaces:\n- eth0\n- wlan0",
    ] {
        assert_eq!(good(text).net_interfaces, ["eth0", "wlan0"], "{text}");
    }
}

#[test]
fn colours_are_three_or_six_digits_in_quotes() {
    assert_eq!(good("trigger_border_color: '#ff8000'").trigger_border_color, 0xff_80_00);
    assert_eq!(good("trigger_border_color: \"#f80\"").trigger_border_color, 0xff_88_00);
    assert_eq!(
        bad("trigger_border_color: #dc1e1e"),
        "casedd.yaml:1:1: trigger_border_color is empty; give a colour in quotes, as \"#dc1e1e\": an unquoted # starts a comment"
    );
    assert_eq!(
        bad("trigger_border_color: red"),
        "casedd.yaml:1:23: trigger_border_color is \"red\"; give a colour in quotes, as \"#dc1e1e\""
    );
}

#[test]
fn relative_paths_start_at_the_folder_of_the_file() {
    let text = "templates_dir: mine\nprocfs_path: proc\nsysfs_path: /sys2\n\
                outputs: {a: {type: framebuffer, file: out.raw, width: 32, height: 32}}";
    let config =
        Config::from_text(Path::new("/srv/casedd/casedd.yaml"), text, |_| None).expect("it is right");
    assert_eq!(config.template_dirs[0], PathBuf::from("/srv/casedd/mine"));
    assert_eq!(config.procfs_path, PathBuf::from("/srv/casedd/proc"));
    assert_eq!(config.sysfs_path, PathBuf::from("/sys2"));
    let OutputKind::Fb(fb) = &config.outputs[0].kind else { panic!("{config:?}") };
    assert_eq!(fb.file, Some(PathBuf::from("/srv/casedd/out.raw")));
}

#[test]
fn keys_without_meaning_are_accepted_with_one_warning_each() {
    assert_eq!(
        warnings("ws_port: 8765\nviewer_layout: {columns: 2, cells: []}"),
        "casedd.yaml:1:10: ws_port (8765) has no meaning here: page, picture and WebSocket share one port: http_port, or port of an output\n\
         casedd.yaml:2:16: viewer_layout (a map) has no meaning here: each websocket output has a page of its own"
    );
}

#[test]
fn every_fault_of_the_top_level_is_told_at_its_place() {
    let cases = [
        (
            "refesh_rate: 2",
            "casedd.yaml:1:1: no key \"refesh_rate\" in the file; did you mean \"refresh_rate\"?",
        ),
        ("# a\n\n  zebra: 2", "casedd.yaml:3:3: no key \"zebra\" in the file"),
        (
            "cup_interval: 2",
            "casedd.yaml:1:1: no key \"cup_interval\" in the file; did you mean \"cpu_interval\"?",
        ),
        ("refresh_rate: fast", "casedd.yaml:1:15: refresh_rate is \"fast\"; give a number from 0.01 to 60"),
        ("refresh_rate: 0", "casedd.yaml:1:15: refresh_rate is 0; give a number from 0.01 to 60"),
        ("refresh_rate: 61.50", "casedd.yaml:1:15: refresh_rate is 61.50; give a number from 0.01 to 60"),
        ("refresh_rate: .nan", "casedd.yaml:1:15: refresh_rate is \".nan\"; give a number from 0.01 to 60"),
        ("width: 800.5\nheight: 480", "casedd.yaml:1:8: width is 800.5; give a whole number from 16 to 8192"),
        ("width: 800", "casedd.yaml:1:8: width stands alone in the file; add height"),
        ("height: 480", "casedd.yaml:1:9: height stands alone in the file; add width"),
        ("http_port: 65536", "casedd.yaml:1:12: http_port is 65536; give a whole number from 0 to 65535"),
        ("cpu_interval: 0", "casedd.yaml:1:15: cpu_interval is 0; give a number from 0.1 to 86400"),
        ("no_fb: maybe", "casedd.yaml:1:8: no_fb is \"maybe\"; give yes or no"),
        ("template: [a]", "casedd.yaml:1:11: template is a list; give a text"),
        ("template: ''", "casedd.yaml:1:11: template is \"\"; give a text"),
        (
            "template: ../x",
            "casedd.yaml:1:11: template is \"../x\"; give the name of a template (its folder goes into templates_dir)",
        ),
        ("net_interfaces: {a: b}", "casedd.yaml:1:17: net_interfaces is a map; give a list of names"),
        ("- a\n- b", "casedd.yaml:1:1: the file is a list; give a map of keys and values"),
        ("outputs: [a]", "casedd.yaml:1:10: outputs is a list; give a map of keys and values"),
        ("a: b: c", "casedd.yaml:1:5: not valid YAML: mapping values are not allowed in this context"),
        (
            "width: 800\nheight: 480\nwidth: 1",
            "casedd.yaml:3:1: key \"width\" stands here a second time; keep one of them",
        ),
    ];
    told(cases.map(|(text, expected)| (text.to_owned(), expected)));
}

#[test]
fn one_run_tells_every_fault() {
    assert_eq!(
        bad(
            "refresh_rate: 0\nhttp_port: x\noutputs:\n  a: {type: hdmi, quality: 1, rotation: 45}\n  b: {}\n"
        ),
        "casedd.yaml:1:15: refresh_rate is 0; give a number from 0.01 to 60\n\
         casedd.yaml:2:12: http_port is \"x\"; give a whole number from 0 to 65535\n\
         casedd.yaml:4:41: rotation is 45; known are: 0, 90, 180, 270\n\
         casedd.yaml:5:3: output \"b\" has no type; give one of framebuffer, websocket, hdmi"
    );
}

#[test]
fn words_of_yaml_1_1_are_yes_and_no() {
    for (word, expected) in [
        ("yes", true),
        ("on", true),
        ("True", true),
        ("1", true),
        ("'yes'", true),
        ("no", false),
        ("off", false),
        ("0", false),
    ] {
        let config = good(&format!("outputs: {{a: {{type: websocket, enabled: {word}}}}}"));
        assert_eq!(config.outputs[0].enabled, expected, "{word}");
    }
    // A word where a text is wanted stays the text that it is.
    assert_eq!(good("template: on").template, "on");
    assert_eq!(good("template: 007").template, "007");
}

#[test]
fn anchors_and_merge_keys_work() {
    let config = good(
        "outputs:\n  a: &base {type: websocket, quality: 90, port: 1}\n  b:\n    <<: *base\n    port: 2\n    template: x\n",
    );
    let b = config.output("b").expect("it is there");
    let OutputKind::Ws(ws) = &b.kind else { panic!("{b:?}") };
    assert_eq!((ws.quality, ws.port, b.template.as_str()), (90, 2, "x"));
}
