//! Reads the top level of `casedd.yaml`, with the environment's `CASEDD_<KEY>` before it.
//!
//! Leaves the outputs to `outputs.rs` and `panels.rs`, and the policy to `policy_reader.rs`.

use super::intervals::DEFAULTS;
use super::section::{Findings, Section, Unknown, as_text, describe};
use super::yaml::{Node, Value};
use super::{Config, keys, outputs, policy_reader};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Shortest and longest interval of a getter, in seconds.
pub(super) const INTERVAL_S: std::ops::RangeInclusive<f64> = 0.1..=86_400.0;
/// Lowest and highest rate of an output.
pub(super) const REFRESH_RATE_HZ: std::ops::RangeInclusive<f64> = 0.01..=60.0;
/// Smallest and largest side of a picture.
pub(super) const SIDE_PX: std::ops::RangeInclusive<u32> = 16..=8192;

/// Values of the environment that go before those of the file: key, variable, text.
pub(super) fn overrides(env: &impl Fn(&str) -> Option<String>) -> Vec<(&'static str, String, String)> {
    let keys = keys::TOP.iter().filter(|key| !keys::NOT_IN_ENVIRONMENT.contains(key));
    let value = |key: &&'static str| {
        let variable = format!("CASEDD_{}", key.to_uppercase());
        let text = env(&variable)?;
        // An empty variable is a "no" for a flag and "not set" for anything else.
        let is_flag = matches!(*key, "no_fb" | "fb_auto_detect");
        (is_flag || !text.trim().is_empty()).then_some((*key, variable, text))
    };
    keys.filter_map(value).collect()
}

/// Reads the whole tree into a configuration; what is wrong with it is in `findings`.
pub(super) fn read(
    findings: &mut Findings,
    root: &Node,
    overrides: &[(&'static str, String, String)],
    folder: Option<&Path>,
) -> Config {
    let mut config = Config::default();
    let mut top = Section::open(findings, "the file", root, keys::TOP).with_overrides(overrides);
    top.check_keys(Unknown::Refused);
    config.log_level = top.choice("log_level").unwrap_or_default();
    config.refresh_rate_hz = top.number("refresh_rate", REFRESH_RATE_HZ).unwrap_or(config.refresh_rate_hz);
    if let Some(name) = template_name(&mut top) {
        config.template = name;
    }
    config.theme = top.choice("theme");
    (config.width, config.height) = size(&mut top);
    for (getter, _) in DEFAULTS {
        let key = keys::TOP.iter().find(|key| key.strip_suffix("_interval") == Some(getter));
        if let Some(seconds) = key.and_then(|key| top.number(key, INTERVAL_S)) {
            config.intervals.set(getter, Duration::from_secs_f64(seconds));
        }
    }
    if let Some(path) = path(&mut top, "templates_dir", folder) {
        config.template_dirs.push(path);
    }
    let asset_dirs = words(&mut top, "asset_dirs").into_iter().map(PathBuf::from);
    config.asset_dirs =
        asset_dirs.map(|path| folder.map_or(path.clone(), |folder| folder.join(&path))).collect();
    config.procfs_path = path(&mut top, "procfs_path", folder).unwrap_or(config.procfs_path);
    config.sysfs_path = path(&mut top, "sysfs_path", folder).unwrap_or(config.sysfs_path);
    config.net_interfaces = words(&mut top, "net_interfaces");
    config.trigger_border_color = color(&mut top).unwrap_or(config.trigger_border_color);
    warn_of_keys_without_meaning(&mut top);
    let policy = policy_reader::read(&mut top);
    outputs::read(&mut top, &mut config, &policy, folder);
    config
}

/// Width and height, which go together.
pub(super) fn size(section: &mut Section<'_, '_>) -> (Option<u32>, Option<u32>) {
    let size = (section.whole("width", SIDE_PX), section.whole("height", SIDE_PX));
    for (one, other) in [("width", "height"), ("height", "width")] {
        if let (Some(field), None) = (section.field(one), section.field(other)) {
            let message = format!("{one} stands alone in {}; add {other}", section.name);
            section.findings.problem(field.place, message);
            return (None, None);
        }
    }
    size
}

/// `template`: a name, not a path; the ending `.casedd` may be written and is left out.
pub(super) fn template_name(section: &mut Section<'_, '_>) -> Option<String> {
    let field = section.field("template")?;
    let name = section.text("template")?;
    let name = name.strip_suffix(".casedd").unwrap_or(&name);
    if name.is_empty() || name.contains(['/', '\\', '\0']) || name.starts_with('.') {
        section.refuse("template", &field, "the name of a template (its folder goes into templates_dir)");
        return None;
    }
    Some(name.to_owned())
}

/// A path; a relative one starts at the file's folder.
pub(super) fn path(
    section: &mut Section<'_, '_>,
    key: &'static str,
    folder: Option<&Path>,
) -> Option<PathBuf> {
    let path = PathBuf::from(section.text(key)?);
    Some(folder.map_or(path.clone(), |folder| folder.join(&path)))
}

/// A list of words; one text with commas is a list too.
fn words(section: &mut Section<'_, '_>, key: &'static str) -> Vec<String> {
    let Some(field) = section.field(key) else { return Vec::new() };
    let texts: Option<Vec<&str>> = match &*field.value {
        Value::List(items) => items.iter().map(|item| as_text(&item.value)).collect(),
        value => as_text(value).map(|text| text.split(',').collect()),
    };
    if texts.is_none() {
        section.refuse(key, &field, "a list of names");
    }
    let trimmed = texts.unwrap_or_default().into_iter().map(|word| word.trim().to_owned());
    trimmed.filter(|word| !word.is_empty()).collect()
}

/// `trigger_border_color`: `"#rgb"` or `"#rrggbb"`.
fn color(section: &mut Section<'_, '_>) -> Option<u32> {
    let key = "trigger_border_color";
    let want = "a colour in quotes, as \"#dc1e1e\"";
    let Some(field) = section.field(key) else {
        if let Some(entry) = section.entry(key) {
            let place = section.findings.place(entry.mark);
            section
                .findings
                .problem(place, format!("{key} is empty; give {want}: an unquoted # starts a comment"));
        }
        return None;
    };
    let color = as_text(&field.value).and_then(hex_color);
    if color.is_none() {
        section.refuse(key, &field, want);
    }
    color
}

fn hex_color(text: &str) -> Option<u32> {
    let digits = text.trim().strip_prefix('#')?;
    let number = u32::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?;
    match digits.len() {
        6 => Some(number),
        3 => Some((number >> 8 & 0xf) * 0x11_00_00 + (number >> 4 & 0xf) * 0x11_00 + (number & 0xf) * 0x11),
        _ => None,
    }
}

/// Keys of the original that need nothing of us: accepted, with one warning each.
fn warn_of_keys_without_meaning(section: &mut Section<'_, '_>) {
    let reasons = [
        ("ws_port", "page, picture and WebSocket share one port: http_port, or port of an output"),
        ("viewer_layout", "each websocket output has a page of its own"),
    ];
    for (key, reason) in reasons {
        if let Some(field) = section.field(key) {
            let message = format!("{key} ({}) has no meaning here: {reason}", describe(&field.value));
            section.findings.warn(field.place, message);
        }
    }
}
