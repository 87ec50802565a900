//! The templates that views show: read once, read again when their files change. A wrong edit keeps the last good one.
//! Leaves out which of them is shown when.

use std::sync::Arc;

use casedd_common::config::{Condition, ThemeName};

use crate::overlay::Badge;
use crate::template::auto;
use crate::template::spec::Template;
use crate::template::stamp::stamp;
use crate::template::store::{LoadError, Store};
use crate::theme::Theme;

/// How often files are looked at. A change counts once two looks in a row have seen the same, so that a file is not
/// read half written.
const LOOK_EVERY_NS: u64 = 100_000_000;
/// The same while nobody looks at any picture.
const LOOK_IDLY_EVERY_NS: u64 = 1_000_000_000;
/// A template that nobody has asked for this long is forgotten.
const FORGET_NS: u64 = 60_000_000_000;
/// Most templates that are remembered: more than all outputs' policies name, and a bound for overrides of any name.
const TEMPLATES_MAX: usize = 256;

/// A template's name, and the theme that it is wanted in.
pub type Wanted<'a> = (&'a str, Option<ThemeName>);

/// Templates by name and theme.
pub struct Catalogue {
    store: Store,
    entries: Vec<Entry>,
    looked_at_ns: u64,
}

/// One template that somebody asks for.
struct Entry {
    name: String,
    theme: Option<ThemeName>,
    /// The last good version.
    good: Option<Arc<Template>>,
    /// What is wrong with the newest version.
    trouble: Option<Trouble>,
    /// What its files looked like when they were read, and at the last look.
    stamps: (u64, u64),
    asked_at_ns: u64,
}

/// What is wrong with a template, in two lengths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// For logs and tables: with the whole path.
    pub message: Arc<str>,
    /// For a display's corner.
    pub badge: Badge,
}

impl Catalogue {
    /// Templates of that store.
    pub fn new(store: Store) -> Catalogue {
        Catalogue { store, entries: Vec::new(), looked_at_ns: 0 }
    }

    /// The template of a topic, read anew: whoever asks for the first time is to hear of a mistake.
    pub fn open(&mut self, wanted: Wanted<'_>, now_ns: u64) -> Result<Arc<Template>, LoadError> {
        let index = self.entry(wanted, now_ns);
        let (entry, newest) = (&self.entries[index], stamp(&self.store, wanted.0));
        if let (Some(good), None) = (&entry.good, &entry.trouble)
            && entry.stamps.0 == newest
        {
            return Ok(Arc::clone(good));
        }
        let loaded = read(&self.store, wanted);
        self.entries[index].take(loaded.as_ref(), newest);
        loaded
    }

    /// A template of the program's own for a picture of that size, whatever files there are.
    pub fn stand_in(
        &self,
        size_px: (u32, u32),
        theme: Option<ThemeName>,
    ) -> Result<Arc<Template>, LoadError> {
        let name = auto::template_for(size_px.0, size_px.1);
        self.store.load_built_in(&Theme::named(theme.unwrap_or_default()), name)
    }

    /// The last good version of a template, and what is wrong with the newest one.
    pub fn get(&mut self, wanted: Wanted<'_>, now_ns: u64) -> (Option<&Arc<Template>>, Option<&Trouble>) {
        let index = self.entry(wanted, now_ns);
        let entry = &self.entries[index];
        (entry.good.as_ref(), entry.trouble.as_ref())
    }

    /// The conditions under which a rotation leaves a template out; none for one that cannot be read.
    pub fn skip_if(&mut self, wanted: Wanted<'_>, now_ns: u64) -> &[Condition] {
        self.get(wanted, now_ns).0.map(|template| template.skip_if.as_slice()).unwrap_or_default()
    }

    /// Looks for changed files, now and then, and reads them; says whether any was. They are in no hurry while no
    /// picture is watched.
    pub fn look(&mut self, now_ns: u64, is_watched: bool) -> bool {
        let every_ns = if is_watched { LOOK_EVERY_NS } else { LOOK_IDLY_EVERY_NS };
        if now_ns < self.looked_at_ns.saturating_add(every_ns) {
            return false;
        }
        self.looked_at_ns = now_ns;
        self.entries.retain(|entry| now_ns.saturating_sub(entry.asked_at_ns) < FORGET_NS);
        let mut has_changed = false;
        for entry in &mut self.entries {
            let seen = stamp(&self.store, &entry.name);
            let is_settled = std::mem::replace(&mut entry.stamps.1, seen) == seen;
            if is_settled && seen != entry.stamps.0 {
                entry.take(read(&self.store, (&entry.name, entry.theme)).as_ref(), seen);
                has_changed = true;
            }
        }
        has_changed
    }

    /// The place of a template in the list; one that nobody asked for so far is read.
    fn entry(&mut self, wanted: Wanted<'_>, now_ns: u64) -> usize {
        if let Some(index) =
            self.entries.iter().position(|entry| (entry.name.as_str(), entry.theme) == wanted)
        {
            self.entries[index].asked_at_ns = now_ns;
            return index;
        }
        if self.entries.len() >= TEMPLATES_MAX {
            let oldest = (0..self.entries.len()).min_by_key(|index| self.entries[*index].asked_at_ns);
            oldest.map(|index| self.entries.swap_remove(index));
        }
        let mut entry = Entry {
            name: wanted.0.to_owned(),
            theme: wanted.1,
            good: None,
            trouble: None,
            stamps: (0, 0),
            asked_at_ns: now_ns,
        };
        entry.take(read(&self.store, wanted).as_ref(), stamp(&self.store, wanted.0));
        self.entries.push(entry);
        self.entries.len() - 1
    }
}

fn read(store: &Store, wanted: Wanted<'_>) -> Result<Arc<Template>, LoadError> {
    store.load_in(&Theme::named(wanted.1.unwrap_or_default()), wanted.0)
}

impl Entry {
    /// Takes what was read, and says in the log what is new about it.
    fn take(&mut self, loaded: Result<&Arc<Template>, &LoadError>, stamp: u64) {
        let is_again = self.good.is_some() || self.trouble.is_some();
        self.stamps = (stamp, stamp);
        match loaded {
            Ok(template) => {
                if is_again {
                    tracing::info!("template {} was read again", self.name);
                }
                if self.good.as_ref().is_none_or(|good| good.warnings != template.warnings) {
                    template.warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
                }
                self.good = Some(Arc::clone(template));
                self.trouble = None;
            }
            Err(error) => {
                let trouble = Trouble::of(&self.name, error);
                if self.trouble.as_ref() != Some(&trouble) {
                    let stays = if self.good.is_some() { "; the last good version stays" } else { "" };
                    tracing::warn!("{}{stays}", trouble.message);
                }
                self.trouble = Some(trouble);
            }
        }
    }
}

impl Trouble {
    fn of(name: &str, error: &LoadError) -> Trouble {
        let (title, text) = match error {
            LoadError::Wrong(error) => {
                let file = error.file.rsplit('/').next().unwrap_or_default();
                (format!("{file}:{}:{}", error.line, error.column), error.reason())
            }
            LoadError::Unknown { .. } | LoadError::BadName(_) | LoadError::Unreadable { .. } => {
                (name.to_owned(), error.to_string())
            }
        };
        Trouble { message: error.to_string().into(), badge: Badge { title: title.into(), text: text.into() } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const SECOND_NS: u64 = 1_000_000_000;

    fn described(catalogue: &mut Catalogue, now_ns: u64) -> (Option<String>, Option<String>) {
        let (good, trouble) = catalogue.get(("shelf", None), now_ns);
        (good.map(|good| good.description.clone()), trouble.map(|trouble| trouble.badge.title.to_string()))
    }

    #[test]
    fn a_changed_file_is_read_once_it_has_settled_and_a_wrong_one_keeps_the_last_good() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("shelf.casedd");
        let write = |text: &str| fs::write(&file, text).expect("written");
        write("description: one\nwidgets: { a: { type: text } }\n");
        let mut catalogue = Catalogue::new(Store::new(vec![dir.path().into()]));
        let good = |text: &str| (Some(text.to_owned()), None);
        assert_eq!(described(&mut catalogue, 0), good("one"));
        let mut look = |second: u64| catalogue.look(second * SECOND_NS, true);
        assert_eq!([look(1), look(2)], [false, false]);
        write("description: two");
        assert!(!look(3), "it has not settled yet");
        write("description: two\nwidgets: { a: { type: txt } }\n");
        assert_eq!([look(4), look(5), look(6)], [false, true, false]);
        let expected = (Some("one".to_owned()), Some("shelf.casedd:2:23".to_owned()));
        assert_eq!(described(&mut catalogue, 6 * SECOND_NS), expected);
        write("description: three\nwidgets: { a: { type: text } }\n");
        let mut look = |second: u64| catalogue.look(second * SECOND_NS, true);
        assert_eq!([look(7), look(8)], [false, true]);
        assert_eq!(described(&mut catalogue, 8 * SECOND_NS), good("three"));
        fs::remove_file(&file).expect("removed");
        let mut look = |second: u64| catalogue.look(second * SECOND_NS, true);
        assert_eq!([look(9), look(10)], [false, true]);
        let expected = (Some("three".to_owned()), Some("shelf".to_owned()));
        assert_eq!(described(&mut catalogue, 10 * SECOND_NS), expected);
    }

    #[test]
    fn whoever_asks_for_the_first_time_hears_of_the_newest_mistake() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("shelf.casedd");
        let mut catalogue = Catalogue::new(Store::new(vec![dir.path().into()]));
        assert!(catalogue.open(("shelf", None), 0).is_err());
        fs::write(&file, "widgets: { a: { type: text } }\n").expect("written");
        assert!(catalogue.open(("shelf", None), 1).is_ok(), "without waiting for a look");
        fs::write(&file, "widgets: { a: { type: tex } }\n").expect("written");
        assert!(catalogue.open(("shelf", None), 2).is_err());
        assert!(catalogue.get(("shelf", None), 3).0.is_some());
    }

    #[test]
    fn what_nobody_asks_for_is_forgotten() {
        let mut catalogue = Catalogue::new(Store::default());
        for name in ["compact", "no_such", "wide_bar"] {
            catalogue.get((name, None), 0);
        }
        catalogue.get(("compact", None), FORGET_NS - 1);
        catalogue.look(FORGET_NS, true);
        assert_eq!(catalogue.entries.len(), 1);
    }
}
