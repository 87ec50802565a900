//! What a sink asks to see, as one word on the wire: a template's name, the theme that was chosen if any, and whether
//! its rate is its own.
//!
//! Knows neither templates nor colours: both are the renderer's.

use super::ThemeName;
use std::fmt;
use std::str::FromStr;

/// The template that means: a built-in one, chosen by the size of the picture.
pub const AUTO_TEMPLATE: &str = "auto";

/// What stands between the template's name, which cannot hold it, and each of the rest.
const SEPARATOR: char = ';';
/// What begins the theme.
const THEME: &str = "theme=";
/// What says that the rate asked for goes before the template's.
const RATE_FIXED: &str = "rate=fixed";
/// What begins the name of another output, which may hold anything: it comes last.
const LIKE: &str = ";like=";

/// What a sink asks to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Name of the template, or [`AUTO_TEMPLATE`].
    pub template: String,
    /// The theme; `None` leaves it to the template, and then to the default.
    pub theme: Option<ThemeName>,
    /// Whether the rate asked for holds whatever rate the template would like.
    pub is_rate_fixed: bool,
    /// The output whose overrides and policy hold; `None`: those of the sink's own name.
    pub like: Option<String>,
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.template)?;
        if let Some(theme) = self.theme {
            write!(f, "{SEPARATOR}{THEME}{theme}")?;
        }
        if self.is_rate_fixed {
            write!(f, "{SEPARATOR}{RATE_FIXED}")?;
        }
        self.like.as_ref().map_or(Ok(()), |output| write!(f, "{LIKE}{output}"))
    }
}

impl FromStr for Topic {
    type Err = String;

    fn from_str(text: &str) -> Result<Topic, String> {
        let (text, like) = match text.split_once(LIKE) {
            Some((text, output)) => (text, Some(output.to_owned())),
            None => (text, None),
        };
        let mut parts = text.split(SEPARATOR);
        let template = parts.next().unwrap_or_default().to_owned();
        let mut topic = Topic { template, theme: None, is_rate_fixed: false, like };
        for part in parts {
            match part.strip_prefix(THEME) {
                Some(theme) => topic.theme = Some(theme.parse()?),
                None if part == RATE_FIXED => topic.is_rate_fixed = true,
                None => return Err(format!("\"{part}\" is no part of a topic: {THEME}NAME or {RATE_FIXED}")),
            }
        }
        Ok(topic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_read_as_it_is_written() {
        for (text, template, theme, is_rate_fixed, like) in [
            ("nas", "nas", None, false, None),
            ("nas;rate=fixed", "nas", None, true, None),
            ("my nas.v2;theme=night-red", "my nas.v2", Some(ThemeName::NightRed), false, None),
            ("auto;theme=dark;rate=fixed", AUTO_TEMPLATE, Some(ThemeName::Dark), true, None),
            ("nas;theme=dark;like=a;b=c", "nas", Some(ThemeName::Dark), false, Some("a;b=c")),
        ] {
            let like = like.map(str::to_owned);
            let topic = Topic { template: template.to_owned(), theme, is_rate_fixed, like };
            assert_eq!(text.parse(), Ok(topic.clone()));
            assert_eq!(topic.to_string(), text);
        }
        let error = "nas;theme=pink".parse::<Topic>().expect_err("no such theme");
        assert_eq!(error, "\"pink\" is none of: dark, light, high-contrast, night-red");
        assert!("nas;themes=dark".parse::<Topic>().is_err());
    }
}
