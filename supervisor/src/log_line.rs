//! What the bytes that a process prints become in the log: whole lines, clean, with time and name.
//!
//! Pure: reads no pipe and no clock, and writes nothing.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use casedd_common::logging::LogFormat;

/// A longer line is cut into pieces of this size.
pub const LINE_BYTES_MAX: usize = 8 * 1024;

/// How the log looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// For people or for programs.
    pub format: LogFormat,
    /// Coloured names and levels.
    pub colours: bool,
    /// Only the time of day.
    pub short_time: bool,
    /// Whether a time is written at all; the journal has its own.
    pub time: bool,
}

/// Bytes of one process that are not yet a whole line.
#[derive(Debug, Default)]
pub struct Lines {
    pending: Vec<u8>,
}

impl Lines {
    /// Adds bytes and gives each line that is now whole.
    pub fn feed(&mut self, bytes: &[u8], mut line: impl FnMut(String)) {
        for &byte in bytes {
            if byte == b'\n' || self.pending.len() >= LINE_BYTES_MAX {
                self.finish(&mut line);
            }
            if byte != b'\n' {
                self.pending.push(byte);
            }
        }
    }

    /// Gives what is left of a process that is gone.
    pub fn finish(&mut self, mut line: impl FnMut(String)) {
        if !self.pending.is_empty() {
            line(clean(&self.pending));
            self.pending.clear();
        }
    }
}

/// Text without anything that could move a terminal's cursor: processes also print what came from outside.
fn clean(bytes: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(bytes)
        .chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect();
    text.trim().to_owned()
}

/// One line of the log, with its newline.
pub fn compose(style: Style, at: SystemTime, process: &str, text: &str) -> String {
    match style.format {
        LogFormat::Json => compose_json(at, process, text),
        LogFormat::Text => compose_text(style, at, process, text),
    }
}

fn compose_text(style: Style, at: SystemTime, process: &str, text: &str) -> String {
    let text = text.trim_start();
    let mut line = String::with_capacity(text.len() + 48);
    if style.time {
        let time = Utc::of(at);
        let time = if style.short_time { time.time_of_day() } else { time.full() };
        line += &if style.colours { format!("\x1b[2m{time}\x1b[0m ") } else { format!("{time} ") };
    }
    let (level, rest) = split_level(text);
    let colour = if style.colours { colour_of(process) } else { "" };
    let end = if style.colours { "\x1b[0m" } else { "" };
    let _ = write!(line, "{colour}{process:<10}{end} ");
    if let Some(level) = level {
        let colour = match level {
            _ if !style.colours => "",
            "ERROR" => "\x1b[1;31m",
            "WARN" => "\x1b[33m",
            "INFO" => "\x1b[32m",
            _ => "\x1b[2m",
        };
        let _ = write!(line, "{colour}{level:>5}{end} ");
    }
    line += rest;
    line.push('\n');
    line
}

/// A process that logs JSON is only given its name; anything else it prints (a panic) becomes the message.
fn compose_json(at: SystemTime, process: &str, text: &str) -> String {
    let process = serde_json::Value::from(process);
    match text.trim().strip_prefix('{') {
        Some(fields) if fields.ends_with('}') => format!("{{\"process\":{process},{fields}\n"),
        _ => {
            let (message, time) = (serde_json::Value::from(text), Utc::of(at).full());
            format!("{{\"process\":{process},\"timestamp\":\"{time}\",\"message\":{message}}}\n")
        }
    }
}

fn split_level(text: &str) -> (Option<&str>, &str) {
    match text.split_once(' ') {
        Some((level @ ("ERROR" | "WARN" | "INFO" | "DEBUG" | "TRACE"), rest)) => (Some(level), rest),
        _ => (None, text),
    }
}

/// The same name has the same colour in every run.
fn colour_of(process: &str) -> &'static str {
    const SINKS: [&str; 4] = ["\x1b[34m", "\x1b[33m", "\x1b[94m", "\x1b[92m"];
    match process {
        "casedd" => "\x1b[1m",
        "collector" => "\x1b[36m",
        "renderer" => "\x1b[35m",
        sink => SINKS[sink.bytes().map(usize::from).sum::<usize>() % SINKS.len()],
    }
}

/// An instant in calendar terms, without a time zone.
struct Utc {
    year: u64,
    month: u64,
    day: u64,
    of_day: Duration,
}

impl Utc {
    fn of(at: SystemTime) -> Utc {
        let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
        let seconds = since.as_secs();
        let of_day = Duration::new(seconds % 86_400, since.subsec_nanos());
        // Civil date from days, counted in years that begin in March, so that a leap day is a year's last.
        let days = seconds / 86_400 + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * march_month + 2) / 5 + 1;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        Utc { year: year_of_era + era * 400 + u64::from(month <= 2), month, day, of_day }
    }

    fn time_of_day(&self) -> String {
        let seconds = self.of_day.as_secs();
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        format!("{hour:02}:{minute:02}:{second:02}.{:03}Z", self.of_day.subsec_millis())
    }

    fn full(&self) -> String {
        format!("{:04}-{:02}-{:02}T{}", self.year, self.month, self.day, self.time_of_day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Style = Style { format: LogFormat::Text, colours: false, short_time: false, time: true };

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(seconds * 1000 + 7)
    }

    fn fed(pieces: &[&[u8]]) -> Vec<String> {
        let (mut lines, mut out) = (Lines::default(), Vec::new());
        pieces.iter().for_each(|piece| lines.feed(piece, |line| out.push(line)));
        lines.finish(|line| out.push(line));
        out
    }

    #[test]
    fn lines_are_put_together_from_pieces() {
        assert_eq!(fed(&[b"a\nb", b"c\n\n", b"d"]), ["a", "bc", "d"]);
    }

    #[test]
    fn an_endless_line_is_cut_and_never_grows() {
        let lines = fed(&[&[b'x'; LINE_BYTES_MAX * 2 + 5]]);
        let lengths: Vec<usize> = lines.iter().map(String::len).collect();
        assert_eq!(lengths, [LINE_BYTES_MAX, LINE_BYTES_MAX, 5]);
    }

    #[test]
    fn nothing_that_moves_a_cursor_reaches_the_log() {
        assert_eq!(fed(&[b"GET /\x1b[2J\x07\r\n"]), ["GET / [2J"]);
        assert_eq!(fed(&[b"\xff\n"]), ["\u{fffd}"]);
    }

    #[test]
    fn a_line_has_time_name_and_level_in_columns() {
        let line = compose(PLAIN, at(0), "web", " INFO casedd_sink_ws: serving");
        assert_eq!(line, "1970-01-01T00:00:00.007Z web         INFO casedd_sink_ws: serving\n");
        let line = compose(PLAIN, at(0), "renderer", "thread 'main' panicked");
        assert_eq!(line, "1970-01-01T00:00:00.007Z renderer   thread 'main' panicked\n");
    }

    #[test]
    fn a_coloured_line_says_the_same() {
        let style = Style { colours: true, short_time: true, ..PLAIN };
        let line = compose(style, at(0), "web", "WARN x: y");
        let mut plain = line.replace("\x1b[0m", "");
        for code in ["\x1b[2m", "\x1b[33m", "\x1b[34m", "\x1b[94m", "\x1b[92m"] {
            plain = plain.replace(code, "");
        }
        assert_eq!(plain, "00:00:00.007Z web         WARN x: y\n");
    }

    #[test]
    fn json_lines_get_their_process_and_other_text_becomes_a_message() {
        let style = Style { format: LogFormat::Json, ..PLAIN };
        let line = compose(style, at(0), "web", r#"{"level":"INFO","message":"up"}"#);
        let value: serde_json::Value = serde_json::from_str(&line).expect("json");
        assert_eq!((&value["process"], &value["level"]), (&"web".into(), &"INFO".into()));
        let line = compose(style, at(0), "web", "thread \"main\" panicked");
        let value: serde_json::Value = serde_json::from_str(&line).expect("json");
        assert_eq!(value["message"], "thread \"main\" panicked");
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        let table = [
            (951_782_399, "2000-02-28T23:59:59.007Z"),
            (951_782_400, "2000-02-29T00:00:00.007Z"),
            (1_709_251_199, "2024-02-29T23:59:59.007Z"),
            (4_102_444_800, "2100-01-01T00:00:00.007Z"),
        ];
        for (seconds, expected) in table {
            assert_eq!(Utc::of(at(seconds)).full(), expected);
        }
    }
}
