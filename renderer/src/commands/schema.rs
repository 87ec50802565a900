//! `casedd schema`: the JSON Schemas of templates and of the configuration.
//! Leaves out what they say: each is made from the tables of its reader.

use casedd_common::config::schema;

/// A format that has a schema.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Format {
    /// `<name>.casedd`
    Template,
    /// `casedd.yaml`
    Config,
}

/// The schema, as it stands in docs/schema.
pub fn text(format: Format) -> String {
    let schema = match format {
        Format::Template => crate::template::schema::template(),
        Format::Config => schema::config(),
    };
    format!("{schema:#}\n")
}
