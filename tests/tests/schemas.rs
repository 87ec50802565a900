//! The JSON Schemas: current in docs/schema, right about every template and configuration of the repository, and no
//! more generous with unknown keys than the programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use casedd_common::config::yaml::{self, Node, Value};
use casedd_common::config::{Config, keys};
use casedd_tests::{fixture, programs};
use jsonschema::Validator;
use serde_json::{Value as Json, json};

fn casedd(arguments: &[&str]) -> Output {
    Command::new(programs::path("casedd")).args(arguments).output().expect("casedd starts")
}

fn schema(format: &str) -> Json {
    serde_json::from_slice(&casedd(&["schema", format]).stdout).expect("the schema is JSON")
}

fn validator(format: &str) -> Validator {
    jsonschema::validator_for(&schema(format)).expect("the schema is a schema")
}

/// YAML as the reader sees it, in the words of JSON.
fn json_of(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Flag(flag, _) => json!(flag),
        Value::Number(number, _) if number.fract() == 0.0 && number.abs() < 1e15 => json!(*number as i64),
        Value::Number(number, _) => json!(number),
        Value::Text(text) => json!(text),
        Value::List(items) => items.iter().map(json_of).collect(),
        Value::Map(entries) => {
            Json::Object(entries.iter().map(|entry| (entry.key.clone(), json_of(&entry.node))).collect())
        }
    }
}

fn parse(text: &str) -> Json {
    json_of(&yaml::parse(text).unwrap_or_else(|error| panic!("{}: {text}", error.message)))
}

/// What the schema finds wrong with a text.
fn faults(validator: &Validator, text: &str) -> Vec<String> {
    let json = parse(text);
    validator.iter_errors(&json).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(fixture::repository().join(folder)).expect("the folder is there");
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    let mut files: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|found| found == ending)).collect();
    files.sort();
    assert!(!files.is_empty(), "no .{ending} in {folder}");
    files
}

/// The YAML examples of a document.
fn examples(document: &str) -> Vec<String> {
    let text = fs::read_to_string(fixture::repository().join(document)).expect("the document is there");
    text.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).map(str::to_owned).collect()
}

/// Whether the program takes a template.
fn accepts_template(text: &str) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("x.casedd");
    fs::write(&file, text).expect("written");
    casedd(&["templates", "check", file.to_str().expect("a path of letters")]).status.success()
}

fn accepts_config(text: &str) -> bool {
    Config::from_text(Path::new("casedd.yaml"), text, |_| None).is_ok_and(|config| config.warnings.is_empty())
}

#[test]
fn the_schemas_of_the_repository_are_current() {
    for format in ["template", "config"] {
        let path = fixture::repository().join(format!("docs/schema/{format}.json"));
        let current = String::from_utf8(casedd(&["schema", format]).stdout).expect("text");
        if std::env::var_os("CASEDD_BLESS").is_some() {
            fs::write(&path, &current).expect("written");
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == current, "{}: run this test with CASEDD_BLESS=1", path.display());
    }
}

#[test]
fn every_template_and_configuration_of_the_repository_is_right() {
    let (template, config) = (validator("template"), validator("config"));
    let mut texts: Vec<(String, &Validator, String)> = Vec::new();
    for path in files("renderer/templates", "casedd") {
        texts.push((path.display().to_string(), &template, fs::read_to_string(&path).expect("a text")));
    }
    for path in files("deploy/examples", "yaml") {
        texts.push((path.display().to_string(), &config, fs::read_to_string(&path).expect("a text")));
    }
    for example in examples("docs/configuration.md") {
        texts.push(("docs/configuration.md".to_owned(), &config, example));
    }
    for example in examples("docs/templates.md").into_iter().filter(|example| example.starts_with("name:")) {
        texts.push(("docs/templates.md".to_owned(), &template, example));
    }
    for (name, validator, text) in texts {
        assert_eq!(faults(validator, &text), [""; 0], "{name}\n{text}");
    }
}

#[test]
fn schema_and_program_refuse_the_same_templates() {
    let validator = validator("template");
    for (text, is_good) in [
        ("widgets: {a: {type: text, content: 1}}", true),
        (
            "widgets: {a: {type: gauge, source: cpu.percent, color_stops: [[0, lime], [80, '#f00']], card: no}}",
            true,
        ),
        ("widgets: {a: {type: panel, children: [{type: bar, source: a.b, width: 40}]}}", true),
        ("widgets: {a: {type: weather_now, anything: 3}}", true),
        ("skip_if: {source: a.b, operator: lt, value: 3}\nwidgets: {a: {type: clock, format: '%H'}}", true),
        ("widgets: {a: {type: plex_top, columns: [name, {part: 2, format: status}], label: x}}", true),
        (
            "widgets: {a: {type: table, rows: cpu, columns: [{key: '*', width: 2fr}, {key: percent, bar: yes, max: 9}]}}",
            true,
        ),
        (
            "theme: {base: light, card: [white, '#EEE'], accents: [Teal, accent1], text: 'rgb(1 2 3 / 50%)'}\nwidgets: {a: {type: text}}",
            true,
        ),
        (
            "background: 'linear-gradient(to bottom left, RED 10%, rgba(1,2,3,.5), good 100%)'\nwidgets: {a: {type: bar, source: a.b, color: 'linear-gradient(90deg, red, blue)'}}",
            true,
        ),
        (
            "widgets: {a: {type: image, path: x.png, scale: fill, tiers: {path: y.png, when: {source: a.b, value: 3}}}}",
            true,
        ),
        ("widgets: {a: {type: table, columns: [{kye: percent}]}}", false),
        ("widgets: {a: {type: table, columns: [{key: percent, width: 2em}]}}", false),
        ("widgets: {a: {type: table, columns: [{key: percent, format: percent}]}}", false),
        ("widgets: {a: {type: table, columns: [{part: 13}]}}", false),
        ("theme: {accent7: red}\nwidgets: {a: {type: text}}", false),
        ("theme: {card: [red, green, blue]}\nwidgets: {a: {type: text}}", false),
        ("theme: {text: 5}\nwidgets: {a: {type: text}}", false),
        ("widgets: {a: {type: text, color: rde}}", false),
        ("widgets: {a: {type: text, color: '#12345'}}", false),
        ("widgets: {a: {type: text, background: 'linear-gradient(red)'}}", false),
        ("widgets: {a: {type: text, background: 'linear-gradient(to up, red, blue)'}}", false),
        ("widgets: {a: {type: text, background: 'linear-gradient(red, blu)'}}", false),
        ("widgets: {a: {type: value, source: a.b, color_stops: [[0, grren]]}}", false),
        ("widgets: {a: {type: image, path: x, tiers: [{path: y}]}}", false),
        ("widgets: {a: {type: image, path: x, tiers: [{path: y, when: {sorce: a.b, value: 1}}]}}", false),
        ("widgets: {a: {type: image, path: x, scale: zoom}}", false),
        ("widgets: {a: {type: slideshow, paths: [x], transition: wipe}}", false),
        ("widgets: {a: {type: guage, source: cpu.percent}}", false),
        ("widgets: {a: {type: text, colour: red}}", false),
        ("widgets: {a: {content: x}}", false),
        ("widget: {a: {type: text}}", false),
        ("widgets: {a: {type: text, border_width: 17}}", false),
        ("widgets: {a: {type: text, border_style: wavy}}", false),
        ("widgets: {a: {type: panel, children: [{type: text, contents: x}]}}", false),
        ("grid: {template_areas: a, colums: 1fr}\nwidgets: {a: {type: text}}", false),
        ("variants: [{when: {min_widht: 3}, grid: {template_areas: a}}]\nwidgets: {a: {type: text}}", false),
    ] {
        let faults = faults(&validator, text);
        assert_eq!(faults.is_empty(), is_good, "schema: {text}: {faults:?}");
        assert_eq!(accepts_template(text), is_good, "program: {text}");
    }
}

#[test]
fn schema_and_program_refuse_the_same_configurations() {
    let validator = validator("config");
    for (text, is_good) in [
        ("template: nas\ntheme: night-red\nrefresh_rate: 0.5\nno_fb: yes", true),
        ("outputs: {a: {type: hdmi, rotation: 90, theme: light, drop_policy: drop_newest}}", true),
        ("outputs:\n", true),
        ("template_schedule: [{template: x, start: 23:00, end: '7:30', days: [0, 6]}]", true),
        ("template_triggers: [{source: a, value: x, operator: eq, template: t, notify_url: z}]", true),
        ("outputs: {a: {template: x}}", false),
        ("outputs: {a: {type: websocket, tempalte: x}}", false),
        ("panels: [{nam: x}]", false),
        ("theme: pink", false),
        ("template_triggers: [{source: a, value: 1}]", false),
        ("template_rotation: [{template: a, second: 3}]", false),
        ("outputs: {a: {type: hdmi, rotation: 45}}", false),
    ] {
        let faults = faults(&validator, text);
        assert_eq!(faults.is_empty(), is_good, "schema: {text}: {faults:?}");
        assert_eq!(accepts_config(text), is_good, "program: {text}");
    }
    for key in keys::TOP {
        let (unknown, wrong) = (format!("x_{key}: 1"), format!("{key}: [{{}}]"));
        assert!(!accepts_config(&unknown) && !faults(&validator, &unknown).is_empty(), "{unknown}");
        // Without meaning, so anything is taken, with a warning.
        if *key != "viewer_layout" {
            assert!(!accepts_config(&wrong) && !faults(&validator, &wrong).is_empty(), "{wrong}");
        }
    }
}
