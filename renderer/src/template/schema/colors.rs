//! Colours and gradients as patterns of the JSON Schema: what `template::color` reads, as far as a pattern can tell.
//! Leaves out where each may stand.

use casedd_raster::STOPS_MAX;
use serde_json::{Value as Json, json};

use crate::template::color_names::NAMES;
use crate::theme::ROLES;

/// A number as it stands within colours.
const NUMBER: &str = "[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?";

/// One colour.
pub fn color() -> Json {
    // Editors offer the words; the pattern takes them in any case.
    json!({"anyOf": [
        {"enum": words().collect::<Vec<_>>()},
        {"type": "string", "pattern": format!("^\\s*(?:{})\\s*$", one())},
    ]})
}

/// A colour, or a gradient of 2 to 8.
pub fn background() -> Json {
    let stop = format!("(?:{})(?:\\s+{NUMBER}%)?", one());
    let sides = ["top", "right", "bottom", "left"].map(any_case).join("|");
    let direction =
        format!("(?:{NUMBER}\\s*{}|{}\\s+(?:{sides})(?:\\s+(?:{sides}))?)", any_case("deg"), any_case("to"));
    // The program looks for the word in small letters first.
    let gradient = format!(
        "^\\s*linear-gradient\\s*\\(\\s*(?:{direction}\\s*,\\s*)?{stop}(?:\\s*,\\s*{stop}){{1,{}}}\\s*\\)\\s*$",
        STOPS_MAX - 1
    );
    json!({"anyOf": [{"$ref": "#/definitions/color"}, {"type": "string", "pattern": gradient}]})
}

fn words() -> impl Iterator<Item = &'static str> {
    ROLES.iter().copied().chain(["transparent"]).chain(NAMES.iter().map(|(name, _)| *name))
}

/// The pattern of one colour, without its ends.
fn one() -> String {
    let hex = "#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})";
    let part = format!("{NUMBER}%?");
    let between = "(?:[ ,/]+)";
    let rgb = format!(
        "{}{}?\\s*\\([ ,/]*{part}(?:{between}{part}){{2,3}}[ ,/]*\\)",
        any_case("rgb"),
        any_case("a")
    );
    let names: Vec<String> = words().map(any_case).collect();
    format!("{hex}|{rgb}|{}", names.join("|"))
}

/// A word in letters of either case.
fn any_case(word: &str) -> String {
    word.chars()
        .map(|letter| match letter.is_ascii_alphabetic() {
            true => format!("[{}{}]", letter.to_ascii_lowercase(), letter.to_ascii_uppercase()),
            false => letter.to_string(),
        })
        .collect()
}
