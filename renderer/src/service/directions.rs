//! What the configuration says about the templates of outputs, by the names under which their sinks ask.
//! Leaves out everything else about outputs: which there are, the renderer does not know.

use std::collections::BTreeMap;

use casedd_common::config::{Config, OutputConfig, TemplatePolicy};
use casedd_raster::Color;

/// What the configuration says about the templates of outputs, by the names under which their sinks ask.
#[derive(Default)]
pub struct Directions {
    outputs: BTreeMap<String, (String, TemplatePolicy)>,
    border: Color,
}

impl Directions {
    /// Those of a configuration.
    pub fn of(config: &Config) -> Directions {
        let direction = |output: &OutputConfig| {
            let directed_as = output.directed_as().to_owned();
            (output.name.clone(), (directed_as, output.template_policy.clone()))
        };
        let outputs = config.outputs.iter().map(direction).collect();
        Directions { outputs, border: Color::hex(config.trigger_border_color) }
    }

    /// Colour of the border while a trigger holds a display.
    pub fn border(&self) -> Color {
        self.border
    }

    /// The name that overrides use for a sink, and its policy.
    pub fn find(&self, sink: &str) -> (String, TemplatePolicy) {
        self.outputs.get(sink).cloned().unwrap_or_else(|| (sink.to_owned(), TemplatePolicy::default()))
    }
}
