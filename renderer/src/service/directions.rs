//! What the configuration says about the templates of outputs, by the names under which their sinks ask.
//! Leaves out everything else about outputs: which there are, the renderer does not know.

use std::collections::BTreeMap;

use casedd_common::config::{Config, OutputConfig, TemplatePolicy, ThemeName};
use casedd_raster::Color;

/// What the configuration says about the templates of outputs, by the names under which their sinks ask.
#[derive(Default)]
pub struct Directions {
    outputs: BTreeMap<String, Direction>,
    border: Color,
}

/// What it says about one output.
pub struct Direction {
    /// The name that overrides use.
    pub directed_as: String,
    /// Its own template.
    pub template: String,
    /// Its theme.
    pub theme: Option<ThemeName>,
    /// Which other templates it shows, and when.
    pub policy: TemplatePolicy,
}

impl Directions {
    /// Those of a configuration.
    pub fn of(config: &Config) -> Directions {
        let direction = |output: &OutputConfig| {
            let direction = Direction {
                directed_as: output.directed_as().to_owned(),
                template: output.template.clone(),
                theme: output.theme,
                policy: output.template_policy.clone(),
            };
            (output.name.clone(), direction)
        };
        let outputs = config.outputs.iter().map(direction).collect();
        Directions { outputs, border: Color::hex(config.trigger_border_color) }
    }

    /// Colour of the border while a trigger holds a display.
    pub fn border(&self) -> Color {
        self.border
    }

    /// The name that overrides use for a sink.
    pub fn directed_as<'a>(&'a self, sink: &'a str) -> &'a str {
        self.outputs.get(sink).map_or(sink, |direction| direction.directed_as.as_str())
    }

    /// The outputs that have a policy, by the names that overrides use.
    pub fn directed(&self) -> impl Iterator<Item = (&str, &Direction)> {
        let has_policy = |direction: &&Direction| !direction.policy.is_empty();
        self.outputs.values().filter(has_policy).map(|direction| (direction.directed_as.as_str(), direction))
    }
}
