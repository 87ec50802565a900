//! What a sink asks to see, as one word on the wire: a template's name, and a theme when one was chosen.
//!
//! Knows neither templates nor colours: both are the renderer's.

use super::ThemeName;
use std::fmt;
use std::str::FromStr;

/// The template that means: a built-in one, chosen by the size of the picture.
pub const AUTO_TEMPLATE: &str = "auto";

/// What stands between the template's name, which cannot hold it, and the theme.
const SEPARATOR: &str = ";theme=";

/// What a sink asks to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Name of the template, or [`AUTO_TEMPLATE`].
    pub template: String,
    /// The theme; `None` leaves it to the template, and then to the default.
    pub theme: Option<ThemeName>,
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.template)?;
        self.theme.map_or(Ok(()), |theme| write!(f, "{SEPARATOR}{theme}"))
    }
}

impl FromStr for Topic {
    type Err = String;

    fn from_str(text: &str) -> Result<Topic, String> {
        let (template, theme) = match text.split_once(SEPARATOR) {
            Some((template, theme)) => (template, Some(theme.parse()?)),
            None => (text, None),
        };
        Ok(Topic { template: template.to_owned(), theme })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_read_as_it_is_written() {
        for (text, template, theme) in [
            ("nas", "nas", None),
            ("my nas.v2;theme=night-red", "my nas.v2", Some(ThemeName::NightRed)),
            ("auto;theme=dark", AUTO_TEMPLATE, Some(ThemeName::Dark)),
        ] {
            let topic = Topic { template: template.to_owned(), theme };
            assert_eq!(text.parse(), Ok(topic.clone()));
            assert_eq!(topic.to_string(), text);
        }
        let error = "nas;theme=pink".parse::<Topic>().expect_err("no such theme");
        assert_eq!(error, "\"pink\" is none of: dark, light, high-contrast, night-red");
    }
}
