//! The JSON Schema of `casedd.yaml`, for editors: made from the tables that the reader uses.
//! Leaves out what only the reader can see: names that clash, ports taken twice, templates that are not there.

pub mod shape;

use super::intervals::DEFAULTS;
use super::output::{OutputType, Rotation};
use super::policy_reader::{DWELL_RANGE_S, PRIORITY, TIME_S};
use super::top::{INTERVAL_S, REFRESH_RATE_HZ, SIDE_PX};
use super::{AtExit, Choice, DropPolicy, FbFormat, Fit, LogLevel, Operator, ThemeName, keys, outputs};
use serde_json::{Value as Json, json};
use shape::Shape;

/// What the keys mean, in the words that people read.
const DOCUMENT: &str = include_str!("../../../../docs/configuration.md");

/// Definition, heading in the document, keys, keys that must be there.
type Section = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const TOP: Section = ("file", "## Top level", keys::TOP, &[]);
const SECTIONS: [Section; 6] = [
    ("output", "## Outputs", keys::OUTPUT, &["type"]),
    ("panel", "## Panels", keys::PANEL, &["name"]),
    ("trigger", "## Triggers", keys::TRIGGER, &["source", "value", "template"]),
    ("schedule", "## Schedule", keys::SCHEDULE, &["template", "start", "end"]),
    ("rotation", "## Rotation", keys::ROTATION, &["template"]),
    ("condition", "## Conditions", keys::CONDITION, &["source", "value"]),
];

/// The schema.
pub fn config() -> Json {
    let mut definitions = serde_json::Map::new();
    for section in SECTIONS {
        definitions.insert(section.0.to_owned(), object(section));
    }
    // What the original sent messages with is ignored, whatever it is called.
    definitions["trigger"]["patternProperties"] = json!({"^notify": {}});
    let mut schema = object(TOP);
    schema["$schema"] = json!(shape::DRAFT);
    schema["title"] = json!("casedd.yaml");
    schema["type"] = json!(["object", "null"]);
    schema["definitions"] = Json::Object(definitions);
    schema
}

fn object((_, heading, keys, required): Section) -> Json {
    let meaning = |key: &str| shape::meaning(DOCUMENT, heading, key);
    shape::object(keys.iter().copied(), required, (shape, meaning))
}

fn words<C: Choice>() -> Option<Shape> {
    Some(Shape::Words(C::WORDS.iter().map(|(word, _)| *word).collect()))
}

/// What a key's value may be; the same key means the same in every map. `None`: the key is in no table.
fn shape(key: &str) -> Option<Shape> {
    let list_of = |definition| Some(Shape::List(Box::new(Shape::Defined(definition))));
    let boxed = |shape| Box::new(shape);
    if let Some(getter) = key.strip_suffix("_interval")
        && DEFAULTS.iter().any(|(known, _)| *known == getter)
    {
        return Some(Shape::Number(INTERVAL_S));
    }
    match key {
        "outputs" => Some(Shape::MapOf(boxed(Shape::Defined("output")))),
        "panels" => list_of("panel"),
        "template_triggers" => list_of("trigger"),
        "template_schedule" => list_of("schedule"),
        "template_rotation" => {
            Some(Shape::List(boxed(Shape::AnyOf(vec![Shape::Text, Shape::Defined("rotation")]))))
        }
        "skip_if" => list_of("condition"),
        "viewer_layout" => Some(Shape::Anything),
        "net_interfaces" | "asset_dirs" => Some(Shape::OneOrList(boxed(Shape::Text))),
        "days" => Some(Shape::List(boxed(Shape::Whole(0..=6)))),
        "log_level" => words::<LogLevel>(),
        "theme" => words::<ThemeName>(),
        "type" => words::<OutputType>(),
        "rotation" => words::<Rotation>(),
        "drop_policy" => words::<DropPolicy>(),
        "format" => words::<FbFormat>(),
        "fit" => words::<Fit>(),
        "at_exit" => words::<AtExit>(),
        "operator" | "clear_operator" => words::<Operator>(),
        "value" | "clear_value" | "template" | "templates_dir" | "fb_device" | "procfs_path"
        | "sysfs_path" | "display_name" | "device" | "file" | "bind" | "token" | "hosts" | "name"
        | "source" => Some(Shape::Text),
        "trigger_border_color" => Some(Shape::Matching("^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")),
        "start" | "end" => {
            Some(Shape::AnyOf(vec![Shape::Matching("^[0-9]{1,2}:[0-9]{1,2}$"), Shape::Whole(0..=1439)]))
        }
        "fb_auto_detect"
        | "no_fb"
        | "template_rotation_enabled"
        | "enabled"
        | "optional"
        | "port_fallback"
        | "disabled" => Some(Shape::Flag),
        "refresh_rate" => Some(Shape::Number(REFRESH_RATE_HZ)),
        "template_rotation_interval" | "seconds" => Some(Shape::Number(DWELL_RANGE_S)),
        "duration" | "hold_for" | "cooldown" => Some(Shape::Number(TIME_S)),
        "width" | "height" => Some(Shape::Whole(SIDE_PX)),
        "http_port" | "ws_port" | "port" => Some(Shape::Whole(0..=65_535)),
        "ring_depth" => Some(Shape::Whole(outputs::RING_DEPTH)),
        "quality" => Some(Shape::Whole(1..=100)),
        "priority" => Some(Shape::Whole(PRIORITY)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_reader_has_a_shape_and_a_meaning() {
        for section in SECTIONS.into_iter().chain([TOP]) {
            for key in section.2 {
                assert!(shape(key).is_some(), "{key} of {} has no shape", section.0);
                assert!(
                    shape::meaning(DOCUMENT, section.1, key).is_some(),
                    "{key} of {} has no meaning",
                    section.0
                );
            }
        }
    }
}
