//! Notices that the configuration file or a folder of templates has changed.
//!
//! Looks a few times a second at sizes and times only; what the change means is decided elsewhere.

use std::fs::{self, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How often it looks. A change counts once two looks in a row have seen the same, so that a file is not read half
/// written.
const LOOK_EVERY: Duration = Duration::from_millis(300);
/// Files looked at in one folder of templates.
const FILES_MAX: usize = 512;

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The configuration file.
    Configuration,
    /// A template.
    Templates,
}

/// Remembers how the files looked.
#[derive(Debug)]
pub struct Watch {
    file: Watched<Option<PathBuf>>,
    folders: Watched<Vec<PathBuf>>,
    next_look: Instant,
}

#[derive(Debug)]
struct Watched<T> {
    what: T,
    accepted: u64,
    last_look: u64,
}

impl<T> Watched<T> {
    fn new(what: T, look: impl Fn(&T) -> u64) -> Self {
        let accepted = look(&what);
        Watched { what, accepted, last_look: accepted }
    }

    fn has_changed(&mut self, look: impl Fn(&T) -> u64) -> bool {
        let seen = look(&self.what);
        let is_stable = std::mem::replace(&mut self.last_look, seen) == seen;
        let has_changed = is_stable && seen != self.accepted;
        if has_changed {
            self.accepted = seen;
        }
        has_changed
    }
}

impl Watch {
    /// Watches a configuration file and folders from here on.
    pub fn new(file: Option<PathBuf>, folders: Vec<PathBuf>, now: Instant) -> Watch {
        Watch {
            file: Watched::new(file, look_at_file),
            folders: Watched::new(folders, look_at_folders),
            next_look: now + LOOK_EVERY,
        }
    }

    /// What has changed since the last time.
    pub fn look(&mut self, now: Instant) -> Option<Change> {
        if now < self.next_look {
            return None;
        }
        self.next_look = now + LOOK_EVERY;
        if self.file.has_changed(look_at_file) {
            return Some(Change::Configuration);
        }
        self.folders.has_changed(look_at_folders).then_some(Change::Templates)
    }
}

fn look_at_file(path: &Option<PathBuf>) -> u64 {
    let mut hasher = DefaultHasher::new();
    if let Some(path) = path {
        look_at(path, &mut hasher);
    }
    hasher.finish()
}

fn look_at_folders(folders: &Vec<PathBuf>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for folder in folders {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        let mut paths: Vec<PathBuf> = entries.flatten().take(FILES_MAX).map(|entry| entry.path()).collect();
        paths.sort_unstable();
        paths.iter().for_each(|path| look_at(path, &mut hasher));
    }
    hasher.finish()
}

fn look_at(path: &Path, hasher: &mut DefaultHasher) {
    path.hash(hasher);
    let look = |file: Metadata| (file.ino(), file.len(), file.mtime(), file.mtime_nsec());
    fs::metadata(path).ok().map(look).hash(hasher);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(watch: &mut Watch, start: Instant, times: std::ops::Range<u32>) -> Vec<Option<Change>> {
        times.map(|turn| watch.look(start + LOOK_EVERY * turn)).collect()
    }

    #[test]
    fn a_change_is_told_once_and_only_when_it_has_settled() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let file = dir.path().join("casedd.yaml");
        fs::write(&file, "a").expect("written");
        let start = Instant::now();
        let mut watch = Watch::new(Some(file.clone()), Vec::new(), start);
        assert_eq!(looks(&mut watch, start, 1..3), [None, None]);
        fs::write(&file, "ab").expect("written");
        assert_eq!(looks(&mut watch, start, 3..4), [None]);
        fs::write(&file, "abc").expect("written");
        assert_eq!(looks(&mut watch, start, 4..8), [None, Some(Change::Configuration), None, None]);
        fs::remove_file(&file).expect("removed");
        assert_eq!(looks(&mut watch, start, 8..10), [None, Some(Change::Configuration)]);
    }

    #[test]
    fn a_new_template_is_noticed() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let start = Instant::now();
        let mut watch = Watch::new(None, vec![dir.path().to_owned()], start);
        fs::write(dir.path().join("nas.casedd"), "name: nas").expect("written");
        assert_eq!(looks(&mut watch, start, 1..4), [None, Some(Change::Templates), None]);
    }
}
