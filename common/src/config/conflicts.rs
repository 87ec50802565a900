//! What only all outputs together show: which port each gets, and whether two want the same name, device or port.
//!
//! Knows nothing of YAML.

use super::output::{FbDevice, OutputKind, WsConfig};
use super::outputs::Draft;
use super::section::Findings;
use std::collections::HashMap;

/// Gives each WebSocket output without a port of its own the first free number from `first` on.
pub(super) fn settle_ports(drafts: &mut [Draft], first: u16) {
    let port_of = |draft: &Draft| match (&draft.output.kind, &draft.target) {
        (OutputKind::Ws(ws), Some(_)) => Some(ws.port),
        _ => None,
    };
    let mut taken: Vec<u16> = drafts.iter().filter_map(port_of).collect();
    for draft in drafts.iter_mut().filter(|draft| draft.target.is_none()) {
        if let OutputKind::Ws(ws) = &mut draft.output.kind {
            let free = (first..=u16::MAX).find(|port| *port == 0 || !taken.contains(port));
            ws.port = free.unwrap_or(0);
            taken.push(ws.port);
        }
    }
}

/// Notes every pair of outputs that cannot both run.
pub(super) fn check(findings: &mut Findings, drafts: &[Draft]) {
    let mut names: HashMap<&str, ()> = HashMap::new();
    for draft in drafts {
        if names.insert(&draft.output.name, ()).is_some() {
            let message = format!("a second output is named \"{}\"; rename one", draft.output.name);
            findings.problem(draft.place.clone(), message);
        }
    }
    let enabled: Vec<&Draft> = drafts.iter().filter(|draft| draft.output.enabled).collect();
    for (index, draft) in enabled.iter().enumerate() {
        let rival =
            enabled[..index].iter().find_map(|earlier| Some((earlier, shared_thing(earlier, draft)?)));
        if let Some((earlier, thing)) = rival {
            let place = draft.target.as_ref().unwrap_or(&draft.place);
            let message = format!(
                "output \"{}\" wants {thing}, which output \"{}\" has; give it another one, or set enabled: false",
                draft.output.name, earlier.output.name
            );
            findings.problem(place.clone(), message);
        }
    }
}

/// What both want, in words.
fn shared_thing(one: &Draft, other: &Draft) -> Option<String> {
    match (&one.output.kind, &other.output.kind) {
        (OutputKind::Ws(one), OutputKind::Ws(other)) => {
            is_same_port(one, other).then(|| format!("port {}", other.port))
        }
        (OutputKind::Fb(one), OutputKind::Fb(other)) => match (&one.file, &other.file) {
            (Some(one), Some(other)) => (one == other).then(|| format!("the file {}", other.display())),
            (None, None) if one.device == other.device => Some(match &other.device {
                FbDevice::Auto => "the framebuffer that is found by itself".to_owned(),
                FbDevice::Path(path) => path.display().to_string(),
            }),
            _ => None,
        },
        _ => None,
    }
}

fn is_same_port(one: &WsConfig, other: &WsConfig) -> bool {
    let overlaps = one.bind == other.bind || one.bind.is_unspecified() || other.bind.is_unspecified();
    one.port == other.port && one.port != 0 && overlaps && !one.port_fallback && !other.port_fallback
}
