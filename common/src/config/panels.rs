//! Reads `panels`, the original's older way of several displays, as outputs.
//!
//! A panel with a framebuffer gives an output of its name; every panel gives a WebSocket output `<name>-web`.

use super::output::{FbConfig, FbDevice, OutputConfig, OutputKind, WsConfig};
use super::outputs::{Draft, Shared, check_name};
use super::section::{Findings, Section, Unknown, describe};
use super::top::{size, template_name};
use super::yaml::{Node, Value};
use super::{keys, policy_reader};
use std::path::PathBuf;

/// Reads the list into outputs.
pub(super) fn read(findings: &mut Findings, node: &Node, shared: &Shared<'_>) -> Vec<Draft> {
    let Value::List(items) = &node.value else {
        let place = findings.place(node.mark);
        findings.problem(place, format!("panels is {}; give a list of panels", describe(&node.value)));
        return Vec::new();
    };
    let mut drafts: Vec<Draft> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        // Only one panel can have the framebuffer that the top level names or finds: the first that may have one.
        let is_taken = drafts.iter().any(|draft| matches!(draft.output.kind, OutputKind::Fb(_)));
        drafts.extend(read_one(findings, item, index, (!is_taken).then(|| shared.framebuffer()), shared));
    }
    drafts
}

fn read_one(
    findings: &mut Findings,
    item: &Node,
    index: usize,
    free_device: Option<FbDevice>,
    shared: &Shared<'_>,
) -> Vec<Draft> {
    let mut section = Section::open(findings, &format!("panel {}", index + 1), item, keys::PANEL);
    section.check_keys(Unknown::Ignored);
    let place = section.field("name").map_or(section.findings.place(item.mark), |field| field.place);
    let Some(name) = section.text("name") else {
        if section.node("name").is_none() {
            let message = format!("{} has no name; add one", section.name);
            section.findings.problem(place, message);
        }
        return Vec::new();
    };
    check_name(section.findings, &name, &place);
    let device_place = section.field("fb_device").map(|field| field.place);
    let device = section.text("fb_device").map(|path| FbDevice::Path(PathBuf::from(path)));
    let is_named = device.is_some();
    let device = if section.flag("no_fb").unwrap_or(false) { None } else { device.or(free_device) };
    let mut drafts = Vec::new();
    if let Some(device) = device {
        let kind = OutputKind::Fb(FbConfig::new(device));
        let output = OutputConfig { optional: !is_named, ..shared.output(&name, kind) };
        drafts.push(Draft { output, place: place.clone(), target: device_place });
    }
    let web = shared.output(&format!("{name}-web"), OutputKind::Ws(WsConfig::new(0)));
    drafts.push(Draft { output: web, place, target: None });
    fill(&mut section, &mut drafts);
    drafts.iter_mut().for_each(|draft| draft.output.panel = Some(name.clone()));
    drafts
}

/// What a panel says for both of its outputs.
fn fill(section: &mut Section<'_, '_>, drafts: &mut [Draft]) {
    let display_name = section.text("display_name");
    let template = template_name(section);
    let theme = section.choice("theme");
    let size = size(section);
    let policy = policy_reader::read(section);
    for Draft { output, .. } in drafts {
        output.display_name = display_name.clone();
        output.theme = theme.or(output.theme);
        if let Some(template) = &template {
            output.template = template.clone();
        }
        if let (Some(width), Some(height)) = size {
            (output.width, output.height) = (Some(width), Some(height));
        }
        if !policy.is_empty() {
            output.template_policy = policy.clone();
        }
    }
}
