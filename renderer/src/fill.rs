//! Values within a text: `{key}`, `{key:digits}`, `{key:bytes}` or `{key:gb}` in a widget's `content`.
//! Leaves out every other brace: what is no key stays as it was written.

use bumpalo::Bump;
use bumpalo::collections::String;
use casedd_common::metrics::Value;

use crate::data::{Data, Freshness};
use crate::format;

/// The text with its values in place, and how far the worst of them can be relied on.
pub fn fill<'a>(content: &'a str, data: &Data, room: &'a Bump) -> (&'a str, Freshness) {
    if !content.contains('{') {
        return (content, Freshness::Fresh);
    }
    let (mut text, mut rest) = (String::with_capacity_in(content.len(), room), content);
    let (mut keys, mut missing, mut is_stale) = (0, 0, false);
    while let Some(start) = rest.find('{') {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        let Some((key, format, length)) = field(rest) else {
            text.push('{');
            rest = &rest[1..];
            continue;
        };
        keys += 1;
        match data.freshness(key) {
            Freshness::Missing => missing += 1,
            Freshness::Stale => is_stale = true,
            Freshness::Fresh => {}
        }
        match data.value(key) {
            Some(Value::Number(number)) => format.push(*number, &mut text),
            Some(_) => text.push_str(data.text(key, room).unwrap_or_default()),
            None => text.push_str(format::DASH),
        }
        rest = &rest[length..];
    }
    text.push_str(rest);
    let freshness = match (is_stale, missing) {
        (true, _) => Freshness::Stale,
        (false, missing) if keys > 0 && missing == keys => Freshness::Missing,
        (false, _) => Freshness::Fresh,
    };
    (text.into_bump_str(), freshness)
}

/// How a number is written.
#[derive(Clone, Copy)]
enum Format {
    /// With so many digits after the point, or three significant ones.
    Digits(Option<u8>),
    /// As a number of bytes, in the largest unit that fits.
    Bytes,
    /// As a number of GB, in GB or, from a thousand on, TB.
    Gigabytes,
}

impl Format {
    fn push(self, number: f64, text: &mut String<'_>) {
        match self {
            Format::Digits(precision) => text.push_str(&format::number(number, precision)),
            Format::Bytes | Format::Gigabytes if !number.is_finite() => text.push_str(format::DASH),
            Format::Bytes => with_unit(text, format::bytes(number)),
            Format::Gigabytes if number.abs() < 999.5 => with_unit(text, (number, "GB")),
            Format::Gigabytes => with_unit(text, (number / 1024.0, "TB")),
        }
    }
}

fn with_unit(text: &mut String<'_>, (number, unit): (f64, &str)) {
    text.push_str(&format::number(number, None));
    text.push(' ');
    text.push_str(unit);
}

/// The key, format and length of a field at the start of `text`.
fn field(text: &str) -> Option<(&str, Format, usize)> {
    let end = text.find('}')?;
    let inside = &text[1..end];
    let (key, format) = match inside.split_once(':') {
        Some((key, "bytes")) => (key, Format::Bytes),
        Some((key, "gb")) => (key, Format::Gigabytes),
        Some((key, digits)) => {
            (key, Format::Digits(Some(digits.parse::<u8>().ok().filter(|digits| *digits <= 9)?)))
        }
        None => (inside, Format::Digits(None)),
    };
    let is_key = key.contains('.')
        && key.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '_' | '-' | '/'));
    is_key.then_some((key, format, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn keys_in_braces_become_values_and_other_braces_stay() {
        for (content, expected, freshness) in [
            ("plain", "plain", Freshness::Fresh),
            ("up {system.uptime}", "up 12d 4h 36m", Freshness::Fresh),
            ("{cpu.percent:0} % of {cpu.count}", "43 % of 8", Freshness::Fresh),
            ("{ups.online}", "yes", Freshness::Fresh),
            ("{net.bytes_recv_total:bytes} in", "754 GiB in", Freshness::Fresh),
            ("{disk.free_gb:gb} free", "134 GB free", Freshness::Fresh),
            ("{disk./srv/backup.free_gb:gb}", "1.67 TB", Freshness::Fresh),
            ("{no.such}|{no.other}", "–|–", Freshness::Missing),
            ("{no.such} {cpu.percent}", "– 43.2", Freshness::Fresh),
            ("{json: 1} {} {a b.c} {x", "{json: 1} {} {a b.c} {x", Freshness::Fresh),
            ("{cpu.percent:x}", "{cpu.percent:x}", Freshness::Fresh),
        ] {
            assert_eq!(fill(content, &sample::data(), &Bump::new()), (expected, freshness), "{content}");
        }
        assert_eq!(fill("{cpu.percent}", &sample::stale(), &Bump::new()).1, Freshness::Stale);
    }
}
