//! What holds when nothing is said.

use super::*;
use crate::config::{AtExit, DropPolicy, FbDevice, FbFormat, Fit, LogLevel, OutputKind, Rotation};
use std::path::PathBuf;
use std::time::Duration;

#[test]
fn an_empty_file_is_the_built_in_default() {
    for text in ["", "# nothing\n", "outputs:\npanels:\n", "{}"] {
        let config = good(text);
        assert_eq!(config.warnings, [], "{text:?}");
        let expected = Config {
            path: config.path.clone(),
            template_dirs: config.template_dirs.clone(),
            asset_dirs: config.asset_dirs.clone(),
            ..Config::default()
        };
        assert_eq!(config, expected, "{text:?}");
    }
}

#[test]
fn the_default_is_an_optional_framebuffer_and_a_page_on_loopback() {
    let config = Config::default();
    let [fb, web] = config.outputs.as_slice() else { panic!("{:?}", config.outputs) };
    assert_eq!((fb.name.as_str(), fb.enabled, fb.optional), ("framebuffer", true, true));
    assert_eq!((fb.width, fb.height, fb.rotation), (None, None, Rotation::None));
    let OutputKind::Fb(device) = &fb.kind else { panic!("{fb:?}") };
    assert_eq!(device.device, FbDevice::Auto);
    assert_eq!((device.format, device.fit, device.at_exit), (FbFormat::Xrgb8888, Fit::Stretch, AtExit::Keep));
    assert_eq!((web.name.as_str(), web.enabled, web.optional), ("web", true, false));
    assert_eq!((web.width, web.height), (Some(800), Some(480)));
    let OutputKind::Ws(server) = &web.kind else { panic!("{web:?}") };
    assert_eq!(
        (server.bind.to_string().as_str(), server.port, server.port_fallback),
        ("127.0.0.1", 8080, true)
    );
    assert_eq!(server.quality, 80);
    for output in &config.outputs {
        assert_eq!((output.template.as_str(), output.refresh_rate_hz), ("auto", 2.0));
        assert_eq!((output.drop_policy, output.ring_depth), (DropPolicy::DropOldest, 2));
    }
    assert_eq!(config.log_level, LogLevel::Info);
    assert_eq!((config.procfs_path, config.sysfs_path), (PathBuf::from("/proc"), PathBuf::from("/sys")));
}

#[test]
fn every_getter_has_its_interval() {
    let cases = [
        ("cpu", 2),
        ("memory", 2),
        ("disk", 2),
        ("network", 2),
        ("net", 2),
        ("sensors", 2),
        ("gpu", 5),
        ("fans", 3),
        ("system", 10),
        ("net_ports", 5),
        ("sysinfo", 30),
        ("htop", 5),
        ("ups", 10),
    ];
    for (getter, seconds) in cases {
        assert_eq!(Config::default().intervals.of(getter), Some(Duration::from_secs(seconds)), "{getter}");
    }
    assert_eq!(Config::default().intervals.of("weather"), None);
}
