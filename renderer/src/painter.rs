//! What all views of one thread draw with: fonts, glyph masks, and room for intermediate lists.
//! Leaves out what is drawn.

use std::io::{Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use bumpalo::Bump;
use casedd_images::Images;
use casedd_raster::{Fonts, GlyphCache, Line, PointF, Scene};

use crate::data::Sample;
use crate::fonts;

/// Tools and working memory, used by one view after the other.
pub struct Painter {
    /// Faces and shaped lines.
    pub fonts: Fonts,
    /// Rasterised glyphs.
    pub glyphs: GlyphCache,
    /// Pictures from files.
    pub images: Images,
    /// Room for samples.
    pub samples: Vec<Sample>,
    /// Room for points.
    pub points: Vec<PointF>,
    /// Room for lines of wrapped text.
    pub lines: Vec<Line>,
    /// Room for texts and lists of the widget being built.
    pub room: Bump,
    /// Room for the scene being built.
    pub scene: Scene,
    /// When the widgets being built look different though no value does, by the clock of the data.
    pub moves_at_ms: Option<u64>,
    /// Readable when fonts were found by a thread.
    pub fonts_wake: Option<UnixStream>,
}

impl Painter {
    /// The embedded fonts, and nothing drawn yet.
    pub fn new() -> Painter {
        Painter {
            fonts: Fonts::embedded(),
            glyphs: GlyphCache::new(),
            images: Images::default(),
            samples: Vec::new(),
            points: Vec::new(),
            lines: Vec::new(),
            room: Bump::new(),
            scene: Scene::new(),
            moves_at_ms: None,
            fonts_wake: None,
        }
    }

    /// The same with the system's fonts for the characters that the embedded ones lack.
    pub fn with_system_fonts() -> Painter {
        let mut painter = Painter::new();
        painter.fonts.use_system(fonts::system_dirs(|key| std::env::var(key).ok()));
        painter
    }

    /// The same without waiting for font files: they are read by a thread while pictures are drawn.
    pub fn with_system_fonts_beside() -> Painter {
        let mut painter = Painter::new();
        let dirs = fonts::system_dirs(|key| std::env::var(key).ok());
        match painter.look_for_fonts(dirs) {
            Ok(()) => painter,
            Err(error) => {
                tracing::warn!(
                    "no thread for fonts ({error}): the first picture with a new script waits for them"
                );
                Painter::with_system_fonts()
            }
        }
    }

    /// Has a thread look beneath these folders for fonts; what it finds shows in [`Painter::fonts_fd`].
    pub fn look_for_fonts(&mut self, dirs: Vec<PathBuf>) -> std::io::Result<()> {
        let (here, there) = UnixStream::pair()?;
        here.set_nonblocking(true)?;
        there.set_nonblocking(true)?;
        // A full socket has been heard already.
        self.fonts.use_system_beside(dirs, move || drop((&there).write_all(&[1])))?;
        self.fonts_wake = Some(here);
        Ok(())
    }

    /// Readable when [`Painter::collect_fonts`] has something to take in.
    pub fn fonts_fd(&self) -> Option<BorrowedFd<'_>> {
        self.fonts_wake.as_ref().map(UnixStream::as_fd)
    }

    /// Takes in the fonts that were found; whether texts look different by it.
    pub fn collect_fonts(&mut self) -> bool {
        if let Some(mut wake) = self.fonts_wake.as_ref() {
            while matches!(wake.read(&mut [0; 64]), Ok(64)) {}
        }
        self.fonts.collect()
    }
}

impl Default for Painter {
    fn default() -> Painter {
        Painter::new()
    }
}
