//! Notices that the file of a template has changed, by its size, times and number.
//! Leaves out reading it, and when it is time to look.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::store::Store;

/// What the files that decide about a template look like: another number after any change to them, be it written in
/// place, renamed over, removed, or newly put into a folder that goes first.
pub fn stamp(store: &Store, name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut is_file = false;
    for path in store.candidates(name) {
        is_file |= look_at(&path, &mut hasher);
    }
    if !is_file && !Store::is_built_in(name) {
        // It may be known by the name that it gives itself: any file can be the one.
        store.files().for_each(|path| {
            look_at(&path, &mut hasher);
        });
    }
    hasher.finish()
}

/// Takes a file's looks into account; says whether there is one.
fn look_at(path: &Path, hasher: &mut DefaultHasher) -> bool {
    let looks = fs::metadata(path)
        .ok()
        .map(|file| (file.dev(), file.ino(), file.len(), file.mtime(), file.mtime_nsec()));
    (path, looks).hash(hasher);
    looks.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_save_a_file_changes_its_stamp_and_nothing_else_does() {
        let dir = tempfile::tempdir().expect("a folder");
        let (first, second) = (dir.path().join("a"), dir.path().join("b"));
        fs::create_dir_all(&first).expect("made");
        fs::create_dir_all(&second).expect("made");
        let store = Store::new(vec![first.clone(), second.clone()]);
        let mut seen = vec![stamp(&store, "shelf")];
        let mut changed = |what: &str, name: &str| {
            let now = stamp(&store, name);
            assert!(!seen.contains(&now), "{what}");
            assert_eq!(stamp(&store, name), now, "{what}");
            seen.push(now);
        };
        let file = second.join("shelf.casedd");
        fs::write(&file, "widgets: {}").expect("written");
        changed("a new file", "shelf");
        fs::write(&file, "widgets: { }").expect("written");
        changed("written in place", "shelf");
        fs::write(second.join("shelf.casedd~"), "widgets: { }").expect("written");
        fs::rename(second.join("shelf.casedd~"), &file).expect("renamed");
        changed("renamed over", "shelf");
        fs::write(first.join("shelf.casedd"), "widgets: {}").expect("written");
        changed("a file in a folder that goes first", "shelf");
        fs::remove_file(first.join("shelf.casedd")).expect("removed");
        fs::remove_file(&file).expect("removed");
        fs::write(second.join("other.casedd"), "name: shelf").expect("written");
        changed("a file that gives itself the name", "shelf");
        let built_in = stamp(&store, "compact");
        fs::write(second.join("third.casedd"), "name: x").expect("written");
        assert_eq!(stamp(&store, "compact"), built_in);
    }
}
