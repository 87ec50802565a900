//! How `casedd status` looks in a terminal.
//!
//! Pure: turns a report into text.

use crate::report::{GetterReport, OutputReport, Report};
use crate::status::{ProcessStatus, State};

/// Whether escape sequences are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// They are.
    On,
    /// Plain text.
    Off,
}

impl Colours {
    /// On in a terminal, unless the user does not want any.
    pub fn when(is_terminal: bool) -> Colours {
        match is_terminal && std::env::var_os("NO_COLOR").is_none() {
            true => Colours::On,
            false => Colours::Off,
        }
    }

    /// `text` in a colour.
    pub fn paint(self, code: &str, text: &str) -> String {
        match self {
            Colours::On => format!("\x1b[{code}m{text}\x1b[0m"),
            Colours::Off => text.to_owned(),
        }
    }
}

/// Bold.
pub const BOLD: &str = "1";
/// For what matters less.
pub const DIM: &str = "2";
/// For what is as it should be.
pub const GREEN: &str = "32";
/// For what deserves a look.
pub const YELLOW: &str = "33";
/// For what is broken.
pub const RED: &str = "31";

/// One cell: its text and its colour.
#[derive(Clone, Debug)]
struct Cell {
    text: String,
    colour: Option<&'static str>,
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Cell {
        Cell { text: text.into(), colour: None }
    }
}

/// A column's heading; numbers stand at the right of theirs.
#[derive(Clone, Copy)]
enum Column {
    Text(&'static str),
    Number(&'static str),
}

impl Column {
    fn heading(self) -> &'static str {
        match self {
            Column::Text(heading) | Column::Number(heading) => heading,
        }
    }
}

/// The whole status as text.
pub fn tables(report: &Report, colours: Colours) -> String {
    let supervisor = &report.group.supervisor;
    let head = format!(
        "pid {}, up {}, {}",
        supervisor.pid,
        span(supervisor.uptime_ms),
        supervisor.config.as_deref().unwrap_or("built-in defaults")
    );
    let title = colours.paint(BOLD, &format!("casedd {}", supervisor.version));
    let stopping = if supervisor.is_stopping { ", stopping" } else { "" };
    let mut text = format!("{title}  {head}{stopping}\n\n");
    text += &processes(&report.group.processes, colours);
    for output in &report.group.left_out {
        text += &colours.paint(DIM, &format!("{} is left out: {}\n", output.name, output.why));
    }
    text.push('\n');
    match &report.renderer_error {
        Some(error) => text += &colours.paint(YELLOW, &format!("no figures of outputs: {error}\n")),
        None if report.outputs.is_empty() => text += "no output is connected\n",
        None => text += &outputs(&report.outputs, colours),
    }
    text.push('\n');
    match &report.board_error {
        Some(error) => text += &colours.paint(YELLOW, &format!("no figures of getters: {error}\n")),
        None if report.getters.is_empty() => text += "no snapshot yet\n",
        None => text += &getters(&report.getters, colours),
    }
    text
}

fn processes(processes: &[ProcessStatus], colours: Colours) -> String {
    use Column::{Number, Text};
    let columns = [
        Text("PROCESS"),
        Text("STATE"),
        Number("PID"),
        Number("UP"),
        Number("RESTARTS"),
        Text("LAST EXIT"),
        Text("SAYS"),
    ];
    let row = |process: &ProcessStatus| {
        let name =
            if process.is_attached { format!("{} (attached)", process.name) } else { process.name.clone() };
        vec![
            name.into(),
            state(process),
            process.pid.map_or("-".to_owned(), |pid| pid.to_string()).into(),
            process.uptime_ms.map_or("-".to_owned(), span).into(),
            process.restarts.to_string().into(),
            process.last_exit.as_deref().unwrap_or("-").into(),
            shorten(process.says(), 100).into(),
        ]
    };
    draw(&columns, processes.iter().map(row).collect(), colours)
}

fn state(process: &ProcessStatus) -> Cell {
    let colour = match process.state {
        State::Ready => GREEN,
        State::Waiting | State::Starting | State::Ending | State::Ended => DIM,
        State::Suspect | State::Restarting => YELLOW,
        State::Failed | State::NeedsConfig => RED,
    };
    let text = match process.next_start_ms {
        Some(ms) => format!("{} in {}", process.state.word(), span(ms)),
        None => process.state.word().to_owned(),
    };
    Cell { text, colour: Some(colour) }
}

fn outputs(outputs: &[OutputReport], colours: Colours) -> String {
    use Column::{Number, Text};
    let columns = [
        Text("OUTPUT"),
        Text("TEMPLATE"),
        Number("SIZE"),
        Number("HZ"),
        Number("RENDERED"),
        Number("DELIVERED"),
        Number("DROPPED OLDEST"),
        Number("NEWEST"),
        Number("LAST FRAME"),
        Number("LATENCY P50"),
        Number("P99"),
        Text("NOTE"),
    ];
    let row = |output: &OutputReport| {
        let stats = &output.stats;
        let has_latency = stats.delivered > 0;
        let latency = |us: u64| if has_latency { micros(us) } else { "-".to_owned() };
        vec![
            stats.name.as_str().into(),
            if output.shows.is_empty() { &stats.topic } else { &output.shows }.as_str().into(),
            format!("{}x{}", stats.width, stats.height).into(),
            hertz(output.drawn_rate_millihz).into(),
            output.rendered.to_string().into(),
            stats.delivered.to_string().into(),
            stats.dropped_oldest.to_string().into(),
            stats.dropped_newest.to_string().into(),
            output.last_delivered_age_ms.map_or("never".to_owned(), |ms| format!("{} ago", span(ms))).into(),
            latency(stats.latency_p50_us).into(),
            latency(stats.latency_p99_us).into(),
            note(output),
        ]
    };
    draw(&columns, outputs.iter().map(row).collect(), colours)
}

fn note(output: &OutputReport) -> Cell {
    let stats = &output.stats;
    if let Some(error) = &output.template_error {
        return Cell { text: format!("its newest version is wrong: {error}"), colour: Some(RED) };
    }
    let (text, colour) = match () {
        () if stats.revoked => ("told to go", RED),
        () if stats.stalled => ("stalled: holds a frame too long", RED),
        () if !stats.watched => ("nobody looks: nothing is drawn for it", DIM),
        () if stats.is_full => ("ring full", YELLOW),
        () => ("", DIM),
    };
    Cell { text: text.to_owned(), colour: Some(colour) }
}

fn getters(getters: &[GetterReport], colours: Colours) -> String {
    use Column::{Number, Text};
    let columns = [Text("GETTER"), Number("EVERY"), Number("LAST SUCCESS"), Number("TOOK"), Text("STATE")];
    let row = |getter: &GetterReport| {
        let state = match getter.error.is_empty() {
            true => Cell { text: "ok".to_owned(), colour: Some(GREEN) },
            false => Cell { text: shorten(&getter.error, 120), colour: Some(RED) },
        };
        vec![
            getter.name.as_str().into(),
            span(u64::from(getter.interval_ms)).into(),
            getter.last_success_age_ms.map_or("never".to_owned(), |ms| format!("{} ago", span(ms))).into(),
            micros(getter.duration_us).into(),
            state,
        ]
    };
    draw(&columns, getters.iter().map(row).collect(), colours)
}

/// Columns as wide as their widest cell, two spaces apart, nothing behind the last one.
fn draw(columns: &[Column], rows: Vec<Vec<Cell>>, colours: Colours) -> String {
    let width_of = |index: usize| {
        let cells = rows.iter().map(|row| row[index].text.chars().count());
        cells.chain([columns[index].heading().chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width_of).collect();
    let heading = |column: &Column| Cell { text: column.heading().to_owned(), colour: Some(DIM) };
    let mut text = String::new();
    for row in std::iter::once(columns.iter().map(heading).collect()).chain(rows) {
        let mut line = String::new();
        for ((cell, column), &width) in row.iter().zip(columns).zip(&widths) {
            let padded = match column {
                Column::Text(_) => format!("{:<width$}", cell.text),
                Column::Number(_) => format!("{:>width$}", cell.text),
            };
            line += &cell.colour.map_or_else(|| padded.clone(), |colour| colours.paint(colour, &padded));
            line += "  ";
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

/// A span of time in its two largest units.
pub fn span(ms: u64) -> String {
    let seconds = ms / 1000;
    match seconds {
        0 => format!("{ms} ms"),
        1..10 => format!("{}.{} s", seconds, ms % 1000 / 100),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{}h {:02}m", seconds / 3600, seconds / 60 % 60),
        _ => format!("{}d {:02}h", seconds / 86_400, seconds / 3600 % 24),
    }
}

fn micros(us: u64) -> String {
    match us {
        0..1000 => format!("{us} us"),
        1000..100_000 => format!("{}.{} ms", us / 1000, us % 1000 / 100),
        _ => span(us / 1000),
    }
}

/// A rate as people write it.
pub fn hertz(millihz: u32) -> String {
    match millihz % 1000 {
        0 => (millihz / 1000).to_string(),
        _ => format!("{:.2}", f64::from(millihz) / 1000.0),
    }
}

fn shorten(text: &str, characters_max: usize) -> String {
    match text.char_indices().nth(characters_max) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_their_headings() {
        let columns = [Column::Text("NAME"), Column::Number("N"), Column::Text("X")];
        let rows = vec![
            vec!["web".into(), "7".into(), "a".into()],
            vec!["desk-panel".into(), "1234".into(), "".into()],
        ];
        let expected = "NAME           N  X\nweb            7  a\ndesk-panel  1234\n";
        assert_eq!(draw(&columns, rows, Colours::Off), expected);
    }

    #[test]
    fn spans_have_their_two_largest_units() {
        let table = [
            (0, "0 ms"),
            (999, "999 ms"),
            (1250, "1.2 s"),
            (59_999, "59 s"),
            (61_000, "1m 01s"),
            (3_720_000, "1h 02m"),
            (90_000_000, "1d 01h"),
        ];
        for (ms, expected) in table {
            assert_eq!(span(ms), expected);
        }
        assert_eq!(
            (micros(90), micros(12_345), micros(1_500_000)),
            ("90 us".into(), "12.3 ms".into(), "1.5 s".into())
        );
        assert_eq!((hertz(2000), hertz(2500)), ("2".to_owned(), "2.50".to_owned()));
    }
}
