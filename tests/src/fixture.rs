//! Fixture trees in place of /proc and /sys: copied into a temporary folder, so that a test may change them.

use std::fs;
use std::path::{Path, PathBuf};

/// Where the repository is.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests is a folder of the repository").to_path_buf()
}

/// Copies the tree `from` to `to`, folder by folder; symbolic links stay links.
///
/// # Panics
/// When a file cannot be copied; the message names it.
pub fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap_or_else(|error| panic!("{}: {error}", to.display()));
    let entries = fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    for entry in entries {
        let entry = entry.expect("a folder's entry can be read");
        let target = to.join(entry.file_name());
        let kind = entry.file_type().expect("an entry has a type");
        if kind.is_dir() {
            copy_tree(&entry.path(), &target);
        } else if kind.is_symlink() {
            let link = fs::read_link(entry.path()).expect("a link can be read");
            std::os::unix::fs::symlink(link, &target).expect("a link can be made");
        } else {
            fs::copy(entry.path(), &target).unwrap_or_else(|error| panic!("{}: {error}", target.display()));
        }
    }
}

/// Replaces `path` in one step, as the kernel would show a new content at the next read.
///
/// # Panics
/// When it cannot be written.
pub fn replace(path: &Path, content: &str) {
    let fresh = path.with_extension("fresh");
    fs::write(&fresh, content).expect("a fixture file can be written");
    fs::rename(&fresh, path).expect("a fixture file can be replaced");
}
