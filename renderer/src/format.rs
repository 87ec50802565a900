//! Numbers, sizes and times as texts for a display.
//! Leaves out where they are drawn and which unit a template asks for.

use compact_str::{CompactString, format_compact};

/// A text that needs no memory of its own while it is short, as numbers are: frames are made without allocation.
pub type Text = CompactString;

/// What stands where a value is missing.
pub const DASH: &str = "–";

/// Above this a number is shown with a suffix for its magnitude.
const PLAIN_MAX: f64 = 999_999.5;

/// A number with `precision` digits after the point, or three significant ones.
pub fn number(value: f64, precision: Option<u8>) -> Text {
    if !value.is_finite() {
        return DASH.into();
    }
    let magnitude = value.abs();
    if magnitude >= 1e15 {
        return format_compact!("{value:.1e}");
    }
    if magnitude > PLAIN_MAX {
        let (scaled, suffix) = match magnitude {
            m if m >= 1e12 => (value / 1e12, "T"),
            m if m >= 1e9 => (value / 1e9, "G"),
            _ => (value / 1e6, "M"),
        };
        return format_compact!("{}{suffix}", number(scaled, precision.or(Some(1))));
    }
    let digits = usize::from(precision.unwrap_or_else(|| automatic_precision(value)).min(9));
    let text = format_compact!("{value:.digits$}");
    // A small negative number rounds to "-0", which is no number people write.
    if text.trim_start_matches(['-', '0', '.']).is_empty() {
        text.trim_start_matches('-').into()
    } else {
        text
    }
}

/// Whole numbers stay whole; else about three significant digits.
pub fn automatic_precision(value: f64) -> u8 {
    let magnitude = value.abs();
    if (value - value.round()).abs() < 1e-9 || magnitude >= 99.95 {
        0
    } else if magnitude >= 9.995 {
        1
    } else {
        2
    }
}

/// A text as yes or no, as people write them in scripts; `None` when it is neither.
pub fn flag(text: &str) -> Option<bool> {
    let text = text.trim();
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&["true", "on", "yes", "enabled", "1", "ok", "up"]) {
        Some(true)
    } else if is(&["false", "off", "no", "disabled", "0", "down", ""]) {
        Some(false)
    } else {
        text.parse::<f64>().ok().map(|number| number != 0.0)
    }
}

/// A length of time as short as it can be said: `45 s`, `12 min`, `3 h`, `2 d`.
pub fn age(age_ms: u64) -> Text {
    match age_ms / 1000 {
        seconds @ 0..=99 => format_compact!("{seconds} s"),
        seconds @ 100..=5_999 => format_compact!("{} min", seconds / 60),
        seconds @ 6_000..=172_799 => format_compact!("{} h", seconds / 3_600),
        seconds => format_compact!("{} d", seconds / 86_400),
    }
}

/// A number of bytes in the largest unit of which there is at least one.
pub fn bytes(bytes: f64) -> (f64, &'static str) {
    const UNITS: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let (mut number, mut unit) = (bytes, 0);
    while number.abs() >= 999.5 && unit + 1 < UNITS.len() {
        number /= 1024.0;
        unit += 1;
    }
    (number, UNITS[unit])
}

/// A length of time in its two largest units: `3d 4h`, `2h 5m`, `12m`, `40s`.
pub fn duration(seconds: f64) -> Text {
    if !(seconds.is_finite() && (0.0..=1e12).contains(&seconds)) {
        return DASH.into();
    }
    let whole = seconds as u64;
    let (days, hours, minutes) = (whole / 86_400, whole / 3_600 % 24, whole / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format_compact!("{whole}s"),
        (0, 0, _) => format_compact!("{minutes}m"),
        (0, _, _) => format_compact!("{hours}h {minutes}m"),
        _ => format_compact!("{days}d {hours}h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_about_three_digits_unless_told_otherwise() {
        for (value, precision, text) in [
            (0.0, None, "0"),
            (5.0, None, "5"),
            (0.1234, None, "0.12"),
            (12.345, None, "12.3"),
            (99.96, None, "100"),
            (1234.5, None, "1234"),
            (12.345, Some(2), "12.35"),
            (-0.001, Some(1), "0.0"),
            (1_500_000.0, None, "1.5M"),
            (2.5e12, None, "2.5T"),
            (1e300, None, "1.0e300"),
            (f64::NAN, None, DASH),
            (f64::NEG_INFINITY, Some(3), DASH),
        ] {
            assert_eq!(number(value, precision), text, "{value}");
        }
    }

    #[test]
    fn words_for_yes_and_no_are_understood_and_others_are_not_guessed() {
        assert_eq!(flag("Enabled"), Some(true));
        assert_eq!(flag("off"), Some(false));
        assert_eq!(flag("2"), Some(true));
        assert_eq!(flag("perhaps"), None);
    }

    #[test]
    fn bytes_and_durations_are_said_in_units_that_fit() {
        assert_eq!(bytes(512.0), (512.0, "B"));
        assert_eq!(bytes(1024.0 * 1000.0), (1000.0 / 1024.0, "MiB"));
        assert_eq!(bytes(-3.0 * 1024.0 * 1024.0), (-3.0, "MiB"));
        assert_eq!(bytes(1e300).1, "PiB");
        for (seconds, text) in [
            (40.0, "40s"),
            (720.0, "12m"),
            (7_500.0, "2h 5m"),
            (273_600.0, "3d 4h"),
            (-1.0, DASH),
            (f64::NAN, DASH),
            (1e300, DASH),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }

    #[test]
    fn ages_are_said_in_the_largest_fitting_unit() {
        assert_eq!(age(45_900), "45 s");
        assert_eq!(age(720_000), "12 min");
        assert_eq!(age(10_800_000), "3 h");
        assert_eq!(age(200_000_000), "2 d");
    }
}
