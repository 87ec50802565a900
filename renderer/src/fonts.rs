//! The user's own font in place of the embedded one.
//! Leaves out how text is set: see `casedd_raster`.

use std::path::Path;

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

#[cfg(test)]
mod tests {
    use super::*;

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
