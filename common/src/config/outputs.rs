//! Reads `outputs`, each with what the top level says for all; without `outputs` and `panels`, gives the two default
//! outputs.
//!
//! Checks each by itself; `conflicts.rs` checks them together. Whether a device exists is the sink's matter.

use super::conflicts;
use super::error::Place;
use super::output::{FbConfig, FbDevice, OutputConfig, OutputKind, OutputType, Rotation, WsConfig};
use super::policy::TemplatePolicy;
use super::section::{Section, Unknown, as_text};
use super::theme::ThemeName;
use super::token::Token;
use super::top::{REFRESH_RATE_HZ, path, size, template_name};
use super::yaml::Entry;
use super::{Config, DEFAULT_HTTP_PORT, DEFAULT_WS_SIZE, keys, panels, policy_reader};
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

/// Most outputs that are read: each is a process.
const OUTPUTS_MAX: usize = 32;
/// Longest name of an output.
const NAME_CHARS_MAX: usize = 64;
/// Most frames that may wait for a sink.
pub(super) const RING_DEPTH: std::ops::RangeInclusive<u32> = 1..=16;

/// What the top level says for every output that says nothing itself.
pub(super) struct Shared<'a> {
    pub template: String,
    pub theme: Option<ThemeName>,
    pub refresh_rate_hz: f64,
    pub size: Option<(u32, u32)>,
    pub policy: &'a TemplatePolicy,
    pub folder: Option<&'a Path>,
    pub fb_device: Option<PathBuf>,
    pub fb_auto_detect: bool,
    pub no_fb: bool,
    pub http_port: Option<u16>,
}

/// An output with the places that its conflicts would be told at.
pub(super) struct Draft {
    pub output: OutputConfig,
    /// Its name.
    pub place: Place,
    /// Its device, file or port, when it was written down.
    pub target: Option<Place>,
}

/// Reads every output into `config`.
pub(super) fn read(
    top: &mut Section<'_, '_>,
    config: &mut Config,
    policy: &TemplatePolicy,
    folder: Option<&Path>,
) {
    let shared = Shared {
        template: config.template.clone(),
        theme: config.theme,
        refresh_rate_hz: config.refresh_rate_hz,
        size: config.width.zip(config.height),
        policy,
        folder,
        fb_device: path(top, "fb_device", None),
        fb_auto_detect: top.flag("fb_auto_detect").unwrap_or(true),
        no_fb: top.flag("no_fb").unwrap_or(false),
        http_port: top.whole("http_port", 0..=65_535).and_then(|port| u16::try_from(port).ok()),
    };
    let (outputs, panels) = (top.node("outputs"), top.node("panels"));
    let mut drafts = Vec::new();
    if let Some(node) = outputs {
        let section = Section::open(&mut *top.findings, "outputs", node, &[]);
        for entry in section.entries() {
            drafts.extend(read_one(&mut *section.findings, entry, &shared));
        }
    }
    if let Some(node) = panels {
        drafts.extend(panels::read(top.findings, node, &shared));
    }
    if outputs.is_none() && panels.is_none() {
        drafts = default_outputs(&shared, &top.findings.file);
    }
    if shared.no_fb {
        let is_fb = |draft: &&mut Draft| matches!(draft.output.kind, OutputKind::Fb(_));
        drafts.iter_mut().filter(is_fb).for_each(|draft| draft.output.enabled = false);
    }
    conflicts::settle_ports(&mut drafts, shared.http_port.unwrap_or(DEFAULT_HTTP_PORT));
    conflicts::check(top.findings, &drafts);
    if drafts.len() > OUTPUTS_MAX {
        let message = format!("{} outputs; at most {OUTPUTS_MAX} are served", drafts.len());
        top.findings.problem(drafts[OUTPUTS_MAX].place.clone(), message);
    }
    config.outputs = drafts.into_iter().map(|draft| draft.output).collect();
}

impl Shared<'_> {
    /// The framebuffer that the top level names, or leaves to the machine.
    pub fn framebuffer(&self) -> FbDevice {
        match &self.fb_device {
            Some(path) => FbDevice::Path(path.clone()),
            None if self.fb_auto_detect => FbDevice::Auto,
            None => FbDevice::Path(PathBuf::from("/dev/fb1")),
        }
    }

    /// An output of that kind with everything as the top level says.
    pub fn output(&self, name: &str, kind: OutputKind) -> OutputConfig {
        let size = match kind {
            OutputKind::Fb(_) => self.size,
            OutputKind::Ws(_) => Some(self.size.unwrap_or(DEFAULT_WS_SIZE)),
        };
        OutputConfig {
            template: self.template.clone(),
            theme: self.theme,
            refresh_rate_hz: self.refresh_rate_hz,
            width: size.map(|size| size.0),
            height: size.map(|size| size.1),
            template_policy: self.policy.clone(),
            ..OutputConfig::new(name, kind)
        }
    }
}

/// The outputs of a file that names none. The framebuffer is left out by `no_fb`, and optional unless it was named.
fn default_outputs(shared: &Shared<'_>, file: &str) -> Vec<Draft> {
    let mut outputs = Vec::new();
    if !shared.no_fb {
        let kind = OutputKind::Fb(FbConfig::new(shared.framebuffer()));
        let optional = shared.fb_device.is_none();
        outputs.push(OutputConfig { optional, ..shared.output("framebuffer", kind) });
    }
    let port = shared.http_port.unwrap_or(DEFAULT_HTTP_PORT);
    let port_fallback = shared.http_port.is_none();
    let web = OutputKind::Ws(WsConfig { port_fallback, ..WsConfig::new(port) });
    outputs.push(shared.output("web", web));
    let place = Place::File { file: file.to_owned() };
    let draft = |output| Draft { output, place: place.clone(), target: Some(place.clone()) };
    outputs.into_iter().map(draft).collect()
}

/// One entry of `outputs`; `None` when it cannot be told what it is.
fn read_one(findings: &mut super::section::Findings, entry: &Entry, shared: &Shared<'_>) -> Option<Draft> {
    let place = findings.place(entry.mark);
    check_name(findings, &entry.key, &place);
    let name = format!("output \"{}\"", entry.key);
    let mut section = Section::open(findings, &name, &entry.node, keys::OUTPUT);
    section.check_keys(Unknown::Ignored);
    if section.node("type").is_none() {
        let message = format!("{name} has no type; give one of framebuffer, websocket, hdmi");
        section.findings.problem(place, message);
        return None;
    }
    let kind: OutputType = section.choice("type")?;
    let (kind, target) = match kind {
        OutputType::Websocket => read_ws(&mut section),
        OutputType::Framebuffer => read_fb(&mut section, shared.framebuffer(), shared),
        OutputType::Hdmi => read_fb(&mut section, FbDevice::Path(PathBuf::from("/dev/fb0")), shared),
    };
    let mut output = shared.output(&entry.key, kind);
    if let (Some(width), Some(height)) = size(&mut section) {
        (output.width, output.height) = (Some(width), Some(height));
    }
    read_common(&mut section, &mut output);
    let is_sizeless =
        matches!(&output.kind, OutputKind::Fb(fb) if fb.file.is_some()) && output.width.is_none();
    if is_sizeless {
        let message = format!("{name} writes to a file, which has no size of its own; add width and height");
        section.findings.problem(place.clone(), message);
    }
    Some(Draft { output, place, target })
}

/// What outputs of every type have.
fn read_common(section: &mut Section<'_, '_>, output: &mut OutputConfig) {
    output.enabled = section.flag("enabled").unwrap_or(output.enabled);
    output.optional = section.flag("optional").unwrap_or(output.optional);
    output.display_name = section.text("display_name");
    if let Some(template) = template_name(section) {
        output.template = template;
    }
    output.theme = section.choice("theme").or(output.theme);
    let own_rate_hz = section.number("refresh_rate", REFRESH_RATE_HZ);
    output.is_rate_fixed = own_rate_hz.is_some();
    output.refresh_rate_hz = own_rate_hz.unwrap_or(output.refresh_rate_hz);
    output.rotation = rotation(section, &output.kind);
    output.drop_policy = section.choice("drop_policy").unwrap_or(output.drop_policy);
    output.ring_depth = section.whole("ring_depth", RING_DEPTH).unwrap_or(output.ring_depth);
    let policy = policy_reader::read(section);
    if !policy.is_empty() {
        output.template_policy = policy;
    }
}

/// `rotation`: for a page, which has the size that it is given, nothing but 0 means anything.
fn rotation(section: &mut Section<'_, '_>, kind: &OutputKind) -> Rotation {
    let rotation = section.choice("rotation").unwrap_or_default();
    match (kind, section.field("rotation")) {
        (OutputKind::Ws(_), Some(field)) if rotation != Rotation::None => {
            let message = "rotation turns panels only, so it is ignored; give a websocket output the width and height it is to have";
            section.findings.warn(field.place, message);
            Rotation::None
        }
        _ => rotation,
    }
}

fn read_fb(
    section: &mut Section<'_, '_>,
    default_device: FbDevice,
    shared: &Shared<'_>,
) -> (OutputKind, Option<Place>) {
    warn_of_other_type(section, keys::OUTPUT_WS_ONLY, "a framebuffer output");
    let mut fb = FbConfig::new(default_device);
    let (device, file) = (section.field("device"), section.field("file"));
    if let (Some(_), Some(file)) = (&device, &file) {
        let message = format!("{} has both a device and a file; keep one", section.name);
        section.findings.problem(file.place.clone(), message);
    }
    match section.text("device").as_deref() {
        None => {}
        Some("auto") => fb.device = FbDevice::Auto,
        Some(device) => fb.device = FbDevice::Path(PathBuf::from(device)),
    }
    fb.file = path(section, "file", shared.folder);
    if let (Some(format), None) = (section.field("format"), &file) {
        let message = "format is for file only, so it is ignored; a device tells its own format";
        section.findings.warn(format.place, message);
    }
    fb.format = section.choice("format").unwrap_or(fb.format);
    fb.fit = section.choice("fit").unwrap_or(fb.fit);
    fb.at_exit = section.choice("at_exit").unwrap_or(fb.at_exit);
    (OutputKind::Fb(fb), file.or(device).map(|field| field.place))
}

fn read_ws(section: &mut Section<'_, '_>) -> (OutputKind, Option<Place>) {
    warn_of_other_type(section, keys::OUTPUT_FB_ONLY, "a websocket output");
    let mut ws = WsConfig::new(0);
    let port = section.field("port").map(|field| field.place);
    ws.port = section.whole("port", 0..=65_535).and_then(|port| u16::try_from(port).ok()).unwrap_or(0);
    ws.port_fallback = section.flag("port_fallback").unwrap_or(false);
    ws.quality = section.whole("quality", 1..=100).and_then(|q| u8::try_from(q).ok()).unwrap_or(ws.quality);
    ws.token = token(section);
    ws.hosts = section.text("hosts").map(|names| words(&names)).unwrap_or_default();
    ws.bind = bind(section, ws.token.is_some()).unwrap_or(ws.bind);
    (OutputKind::Ws(ws), port)
}

/// Words with commas or spaces between them.
fn words(text: &str) -> Vec<String> {
    text.split([',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// `token`: what is wrong with it is told without it.
fn token(section: &mut Section<'_, '_>) -> Option<Token> {
    let text = section.text("token")?;
    let place = section.field("token")?.place;
    Token::new(&text).map_err(|error| section.findings.problem(place, error.to_string())).ok()
}

/// `bind`: an address of this machine. One that others can reach needs a token, which may also come later, from the
/// environment of the sink.
fn bind(section: &mut Section<'_, '_>, has_token: bool) -> Option<IpAddr> {
    let field = section.field("bind")?;
    let address = match as_text(&field.value).map(str::trim) {
        Some("localhost") => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        text => text.and_then(|text| text.parse().ok()),
    };
    let Some(address) = address else {
        section.refuse(
            "bind",
            &field,
            "an IP address of this machine (127.0.0.1: only itself, 0.0.0.0: all)",
        );
        return None;
    };
    if !address.is_loopback() && !has_token {
        let message = format!(
            "{} is bound to {address}, where others can reach it, so it starts only with a token: set one here, or as \
             CASEDD_WS_TOKEN in its environment",
            section.name
        );
        section.findings.warn(field.place, message);
    }
    Some(address)
}

fn warn_of_other_type(section: &mut Section<'_, '_>, keys: &[&'static str], what: &str) {
    for key in keys {
        if let Some(entry) = section.entry(key) {
            let place = section.findings.place(entry.mark);
            section.findings.warn(place, format!("{key} means nothing for {what}, so it is ignored"));
        }
    }
}

/// A name stands in logs, in file names and on command lines.
pub(super) fn check_name(findings: &mut super::section::Findings, name: &str, place: &Place) {
    let is_bad = name.trim() != name
        || name.is_empty()
        || name.chars().count() > NAME_CHARS_MAX
        || name.starts_with(['-', '.'])
        || name.chars().any(|letter| letter == '/' || letter.is_control());
    if is_bad {
        let message = format!(
            "{name:?} cannot name an output; give 1 to {NAME_CHARS_MAX} characters without / that do not start with - or ."
        );
        findings.problem(place.clone(), message);
    }
}
