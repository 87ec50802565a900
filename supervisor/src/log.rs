//! One log for the whole group: every line with its time and the process it comes from, on stderr.
//!
//! Whoever adds a line never waits: lines go through a bounded queue to a thread that writes, and what finds the queue
//! full is counted and said later. Keeps no file.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant, SystemTime};

use casedd_common::logging::LogFormat;
use tracing_subscriber::fmt::MakeWriter;

use crate::log_line::{Style, compose};

/// Lines that may wait for a slow terminal or disk.
const QUEUE_LINES: usize = 2048;
/// How long the end of the program waits for the last lines.
const FLUSH_WITHIN: Duration = Duration::from_millis(300);

#[derive(Debug)]
enum Entry {
    Line { at: SystemTime, process: Arc<str>, text: String },
    Flush(SyncSender<()>),
}

/// A handle on the log.
#[derive(Clone, Debug)]
pub struct Log {
    queue: SyncSender<Entry>,
    lost: Arc<AtomicU64>,
    own_name: Arc<str>,
}

impl Log {
    /// Starts the log on stderr.
    pub fn start(format: LogFormat) -> io::Result<Log> {
        let terminal = io::stderr().is_terminal();
        let style = Style {
            format,
            colours: terminal && std::env::var_os("NO_COLOR").is_none(),
            short_time: terminal,
            time: std::env::var_os("JOURNAL_STREAM").is_none(),
        };
        Log::start_to(io::stderr(), style)
    }

    fn start_to(out: impl Write + Send + 'static, style: Style) -> io::Result<Log> {
        let (queue, entries) = sync_channel(QUEUE_LINES);
        let lost = Arc::new(AtomicU64::new(0));
        let log = Log { queue, lost: Arc::clone(&lost), own_name: "casedd".into() };
        std::thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || write(&entries, &lost, out, style))?;
        Ok(log)
    }

    /// Adds what a process printed.
    pub fn line(&self, process: &Arc<str>, text: String) {
        let entry = Entry::Line { at: SystemTime::now(), process: Arc::clone(process), text };
        if self.queue.try_send(entry).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until everything so far is written, but not for ever: nobody may be reading.
    pub fn flush(&self) {
        let deadline = Instant::now() + FLUSH_WITHIN;
        let (done, wait) = sync_channel(1);
        let mut entry = Entry::Flush(done);
        while let Err(TrySendError::Full(back)) = self.queue.try_send(entry) {
            if Instant::now() >= deadline {
                return;
            }
            entry = back;
            std::thread::sleep(Duration::from_millis(1));
        }
        let _ = wait.recv_timeout(deadline.saturating_duration_since(Instant::now()));
    }
}

fn write(entries: &Receiver<Entry>, lost: &AtomicU64, mut out: impl Write, style: Style) {
    for entry in entries {
        match entry {
            Entry::Line { at, process, text } => {
                let missing = lost.swap(0, Ordering::Relaxed);
                if missing > 0 {
                    let text = format!("WARN casedd: {missing} log lines lost: the log was read too slowly");
                    let _ = out.write_all(compose(style, at, "casedd", &text).as_bytes());
                }
                let _ = out.write_all(compose(style, at, &process, &text).as_bytes());
            }
            Entry::Flush(done) => {
                let _ = out.flush();
                let _ = done.send(());
            }
        }
    }
}

/// Takes the supervisor's own events, of which each arrives in one piece.
pub struct OwnLines<'a>(&'a Log);

impl Write for OwnLines<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for line in String::from_utf8_lossy(bytes).lines() {
            self.0.line(&self.0.own_name, line.to_owned());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = OwnLines<'a>;

    fn make_writer(&'a self) -> OwnLines<'a> {
        OwnLines(self)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_queue_loses_lines_and_says_so() {
        let out = Shared::default();
        let style = Style { format: LogFormat::Text, colours: false, short_time: true, time: false };
        let log = Log::start_to(out.clone(), style).expect("started");
        let name: Arc<str> = "web".into();
        let gate = out.0.lock().expect("no panic");
        for index in 0..QUEUE_LINES + 10 {
            log.line(&name, format!("line {index}"));
        }
        drop(gate);
        let text = || String::from_utf8(out.0.lock().expect("no panic").clone()).expect("text");
        let deadline = Instant::now() + Duration::from_secs(10);
        while !text().contains("after") && Instant::now() < deadline {
            log.line(&name, "after".to_owned());
            log.flush();
        }
        let text = text();
        let lines: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("web        ")).collect();
        assert_eq!(lines[..2], ["line 0", "line 1"]);
        assert_eq!(lines.last(), Some(&"after"));
        assert!(text.contains("log lines lost"), "nothing was said");
    }
}
