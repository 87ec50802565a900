//! Where the built programs are: beside the test program's own folder.

use std::path::PathBuf;

/// The path of the program `name`, as cargo built it in this profile.
///
/// # Panics
/// When it was not built; the message names the command that builds it.
pub fn path(name: &str) -> PathBuf {
    let folder = folder();
    let program = folder.join(name);
    assert!(
        program.exists(),
        "{} is not built: run `cargo build --workspace --bins` first",
        program.display()
    );
    program
}

/// The folder of the built programs (`target/debug`, say).
///
/// # Panics
/// When the test program does not know its own place.
pub fn folder() -> PathBuf {
    let test = std::env::current_exe().expect("a test program knows its own path");
    test.parent().and_then(|deps| deps.parent()).expect("cargo puts tests into <profile>/deps").to_path_buf()
}
