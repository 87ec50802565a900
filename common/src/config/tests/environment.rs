//! `CASEDD_<KEY>` before the file.

use super::*;
use crate::config::{FbDevice, LogLevel, OutputKind};
use std::path::PathBuf;
use std::time::Duration;

#[test]
fn a_variable_goes_before_the_file() {
    let text = "template: file\nrefresh_rate: 1\ncpu_interval: 9\n";
    let variables = [
        ("CASEDD_TEMPLATE", "env"),
        ("CASEDD_CPU_INTERVAL", "0.5"),
        ("CASEDD_LOG_LEVEL", "DEBUG"),
        ("CASEDD_PROCFS_PATH", "/fake/proc"),
        ("CASEDD_SYSFS_PATH", "/fake/sys"),
        ("CASEDD_NET_INTERFACES", "eth0,eth1"),
        ("CASEDD_HTTP_PORT", "0"),
        ("CASEDD_FB_DEVICE", "/dev/fb9"),
        ("CASEDD_WIDTH", "320"),
        ("CASEDD_HEIGHT", "240"),
        ("CASEDD_TRIGGER_BORDER_COLOR", "#fff"),
        ("UNRELATED", "x"),
    ];
    let config = in_environment_over(text, &variables).expect("all is right");
    assert_eq!((config.template.as_str(), config.refresh_rate_hz), ("env", 1.0));
    assert_eq!(config.intervals.of("cpu"), Some(Duration::from_millis(500)));
    assert_eq!(config.log_level, LogLevel::Debug);
    assert_eq!(config.procfs_path, PathBuf::from("/fake/proc"));
    assert_eq!(config.sysfs_path, PathBuf::from("/fake/sys"));
    assert_eq!(config.net_interfaces, ["eth0", "eth1"]);
    assert_eq!((config.width, config.height), (Some(320), Some(240)));
    assert_eq!(config.trigger_border_color, 0xff_ff_ff);
    let kinds: Vec<_> = config.outputs.iter().map(|output| &output.kind).collect();
    let [OutputKind::Fb(fb), OutputKind::Ws(ws)] = kinds.as_slice() else { panic!("{kinds:?}") };
    assert_eq!((fb.device.clone(), ws.port), (FbDevice::Path(PathBuf::from("/dev/fb9")), 0));
}

#[test]
fn only_a_few_words_and_nothing_are_no() {
    let has_fb =
        |text: &str| in_environment(&[("CASEDD_NO_FB", text)]).expect("any word is right").outputs.len() == 2;
    for text in ["0", "false", "False", "no", "NO", "off", "", " "] {
        assert!(has_fb(text), "{text:?}");
    }
    for text in ["1", "true", "yes", "on", "2", "whatever"] {
        assert!(!has_fb(text), "{text:?}");
    }
    let config = in_environment_over("no_fb: yes", &[("CASEDD_NO_FB", "")]).expect("it is right");
    assert_eq!(config.outputs.len(), 2);
}

#[test]
fn an_empty_variable_is_not_set() {
    let config =
        in_environment_over("template: file", &[("CASEDD_TEMPLATE", ""), ("CASEDD_REFRESH_RATE", " ")]);
    assert_eq!(config.expect("it is right").template, "file");
}

#[test]
fn what_is_more_than_a_word_has_no_variable() {
    for variable in
        ["CASEDD_OUTPUTS", "CASEDD_PANELS", "CASEDD_TEMPLATE_ROTATION", "CASEDD_TEMPLATE_ROTATION_ENABLED"]
    {
        let config = in_environment(&[(variable, "x")]).expect("it is not looked at");
        assert_eq!(config.outputs, Config::default().outputs, "{variable}");
    }
}

#[test]
fn a_fault_names_the_variable() {
    let cases = [
        ("CASEDD_REFRESH_RATE", "fast", "refresh_rate is \"fast\"; give a number from 0.01 to 60"),
        ("CASEDD_HTTP_PORT", "-1", "http_port is \"-1\"; give a whole number from 0 to 65535"),
        (
            "CASEDD_LOG_LEVEL",
            "loud",
            "log_level is \"loud\"; known are: error, warn, info, debug, trace, warning, critical",
        ),
        ("CASEDD_WIDTH", "800", "width stands alone in the file; add height"),
    ];
    for (variable, text, expected) in cases {
        let error = in_environment(&[(variable, text)]).expect_err(variable).to_string();
        assert_eq!(error, format!("environment variable {variable}: {expected}"));
    }
}
