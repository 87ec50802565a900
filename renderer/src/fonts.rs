//! The user's own font in place of the embedded one, and the system's for what both lack.
//! Leaves out how text is set and how a font is chosen for a character: see `casedd_raster`.

use std::path::{Path, PathBuf};

use casedd_common::exit::{Exit, Failure};
use casedd_raster::{Face, Fonts};

/// Largest font file: those with all of Chinese have about 20 MiB.
const FONT_BYTES_MAX: u64 = 64 << 20;

/// Sets all text but the monospaced in the font of a file.
pub fn replace(fonts: &mut Fonts, path: &Path) -> Result<(), Failure> {
    let refuse = |reason: String| {
        let remedy = "name an OpenType or TrueType file with --font, or leave it out for the embedded font";
        Exit::Config.because(format!("the font {} {reason}; {remedy}", path.display()))
    };
    let metadata = std::fs::metadata(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    if !metadata.is_file() || metadata.len() > FONT_BYTES_MAX {
        return Err(refuse(format!("is no regular file of at most {FONT_BYTES_MAX} bytes")));
    }
    let bytes = std::fs::read(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    for face in [Face::Regular, Face::Medium, Face::SemiBold, Face::Bold] {
        fonts.replace(face, bytes.clone()).map_err(|error| refuse(format!("cannot be used: {error}")))?;
    }
    Ok(())
}

/// The folders of the system's and the user's fonts, as fontconfig has them by default.
pub fn system_dirs(env: impl Fn(&str) -> Option<String>) -> Vec<PathBuf> {
    let mut dirs: Vec<PathBuf> = vec!["/usr/local/share/fonts".into(), "/usr/share/fonts".into()];
    let home = env("HOME").filter(|home| home.starts_with('/')).map(PathBuf::from);
    let data = env("XDG_DATA_HOME").filter(|dir| dir.starts_with('/')).map(PathBuf::from);
    let data = data.or_else(|| home.as_ref().map(|home| home.join(".local/share")));
    dirs.extend(data.map(|data| data.join("fonts")));
    dirs.extend(home.map(|home| home.join(".fonts")));
    dirs
}

/// Says once of each character that no font has it.
pub fn warn_of_missing(fonts: &mut Fonts) {
    for character in fonts.take_missing() {
        let code = u32::from(character);
        tracing::warn!(
            "no font has the character {character:?} (U+{code:04X}): a box stands in its place; install a font that has it"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_are_looked_for_where_the_system_and_the_user_keep_them() {
        let dirs = |pairs: &'static [(&str, &str)]| {
            let found = system_dirs(|key| {
                pairs.iter().find(|(name, _)| *name == key).map(|(_, value)| (*value).into())
            });
            found.iter().map(|dir| dir.display().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(dirs(&[]), ["/usr/local/share/fonts", "/usr/share/fonts"]);
        assert_eq!(dirs(&[("HOME", "/home/a")])[2..], ["/home/a/.local/share/fonts", "/home/a/.fonts"]);
        assert_eq!(dirs(&[("XDG_DATA_HOME", "/d")])[2..], ["/d/fonts"]);
    }

    #[test]
    fn a_missing_or_broken_font_is_a_clear_error_of_the_configuration() {
        let mut fonts = Fonts::embedded();
        let failure = replace(&mut fonts, Path::new("/no/such/font.ttf")).expect_err("missing");
        assert_eq!(failure.exit, Exit::Config);
        assert!(failure.message.contains("/no/such/font.ttf cannot be read"), "{failure}");
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("x.ttf");
        std::fs::write(&path, "no font at all").expect("written");
        let failure = replace(&mut fonts, &path).expect_err("broken");
        assert!(failure.message.contains("cannot be used: not an OpenType"), "{failure}");
    }
}
