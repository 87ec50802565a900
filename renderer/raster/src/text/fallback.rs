//! Fonts of the system for characters that no embedded face has: looked for at the first need, within limits.
//! Leaves out where the folders are, and saying what was not found: the renderer does both.

use super::face::FaceData;
use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use swash::FontRef;

/// Most font files that are looked into.
const FILES_MAX: usize = 600;
/// How deep folders are followed.
const DEPTH_MAX: usize = 6;
/// Largest font file: those with all of Chinese have about 20 MiB.
const FILE_BYTES_MAX: u64 = 64 << 20;
/// All fonts loaded together.
const ALL_BYTES_MAX: u64 = 160 << 20;
/// Most fonts loaded: one a script is enough.
const FACES_MAX: usize = 16;
/// Largest table of characters.
const TABLE_BYTES_MAX: u32 = 4 << 20;
/// Most characters remembered; more are shown as a box without another search.
const KNOWN_MAX: usize = 8192;
/// Most searches through the files: a text of strange characters must not stop the picture each time.
const SEARCHES_MAX: usize = 256;
/// Most characters waiting to be reported as missing.
const MISSING_MAX: usize = 64;

/// Whole scripts first, then fonts of many; others follow by name.
const PREFERRED: [&str; 10] = [
    "NotoSans-Regular",
    "NotoSansCJK-Regular",
    "NotoSansCJK",
    "SourceHanSans",
    "NotoSans",
    "DejaVuSans.",
    "WenQuanYi",
    "wqy-",
    "FreeSans",
    "unifont",
];
/// Cuts that do not go with running text.
const UNWANTED: [&str; 9] =
    ["bold", "italic", "oblique", "light", "thin", "black", "mono", "condensed", "emoji"];

/// Finds a face for a character, and remembers which.
#[derive(Default)]
pub(super) struct Fallback {
    dirs: Vec<PathBuf>,
    /// `None` until they are needed.
    files: Option<Vec<PathBuf>>,
    faces: Vec<Arc<FaceData>>,
    /// The face of a character by its place in `faces`; `None`: no font has it.
    known: HashMap<char, Option<usize>>,
    missing: Vec<char>,
    searches: usize,
    bytes: u64,
}

impl Fallback {
    /// Fonts beneath these folders; none: every character is missing.
    pub(super) fn new(dirs: Vec<PathBuf>) -> Fallback {
        Fallback { dirs, ..Fallback::default() }
    }

    /// The face that has `character`.
    pub(super) fn face(&mut self, character: char) -> Option<Arc<FaceData>> {
        let place = match self.known.get(&character) {
            Some(place) => *place,
            None => self.look_for(character),
        };
        place.map(|place| Arc::clone(&self.faces[place]))
    }

    /// Characters that were asked for and not found since the last call; each is told once.
    pub(super) fn take_missing(&mut self) -> Vec<char> {
        std::mem::take(&mut self.missing)
    }

    fn look_for(&mut self, character: char) -> Option<usize> {
        let loaded = self.faces.iter().position(|face| face.has(character));
        let place = loaded.or_else(|| self.load_for(character));
        if self.known.len() < KNOWN_MAX {
            self.known.insert(character, place);
            if place.is_none() && self.missing.len() < MISSING_MAX {
                self.missing.push(character);
            }
        }
        place
    }

    /// Loads the first file that has `character`.
    fn load_for(&mut self, character: char) -> Option<usize> {
        if self.faces.len() >= FACES_MAX || self.searches >= SEARCHES_MAX {
            return None;
        }
        self.searches += 1;
        let files = self.files.get_or_insert_with(|| font_files(&self.dirs));
        let at = files.iter().position(|path| has(path, character))?;
        // Used or useless: no file is looked into twice for its whole.
        let path = files.remove(at);
        let size = std::fs::metadata(&path).ok()?.len();
        if size > FILE_BYTES_MAX || self.bytes + size > ALL_BYTES_MAX {
            return None;
        }
        let face =
            FaceData::new(std::fs::read(&path).ok()?.into()).ok().filter(|face| face.has(character))?;
        self.bytes += size;
        self.faces.push(Arc::new(face));
        Some(self.faces.len() - 1)
    }
}

/// The font files beneath some folders, those first that have most to offer.
fn font_files(dirs: &[PathBuf]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for dir in dirs {
        collect(dir, DEPTH_MAX, &mut files);
    }
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let rank = |path: &PathBuf| {
        let name = name(path);
        let preferred = PREFERRED.iter().position(|known| name.starts_with(known));
        (preferred.unwrap_or(PREFERRED.len()), name)
    };
    files.sort_by_cached_key(rank);
    files.dedup();
    files
}

fn collect(dir: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if files.len() >= FILES_MAX {
            return;
        }
        if path.is_dir() {
            if depth > 0 {
                collect(&path, depth - 1, files);
            }
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let is_font = [".ttf", ".otf", ".ttc", ".otc"].iter().any(|end| name.ends_with(end));
        // A pipe with such a name would block whoever reads it.
        if is_font && path.is_file() && !UNWANTED.iter().any(|word| name.contains(word)) {
            files.push(path);
        }
    }
}

/// Whether the first font of a file has an outline for `character`; only its table of characters is read.
fn has(path: &Path, character: char) -> bool {
    let found = characters_of(path);
    found.is_some_and(|bytes| {
        FontRef::from_index(&bytes, 0).is_some_and(|font| font.charmap().map(character) != 0)
    })
}

/// A font of nothing but the file's table of characters, which can be asked what it maps.
fn characters_of(path: &Path) -> Option<Vec<u8>> {
    let mut file = File::open(path).ok()?;
    let mut head = bytes_at(&mut file, 0, 16)?;
    let mut start = 0u64;
    if head.starts_with(b"ttcf") {
        start = u64::from(word(&head, 12)?);
        head = bytes_at(&mut file, start, 12)?;
    }
    let tables = u16::from_be_bytes([head[4], head[5]]);
    let records = bytes_at(&mut file, start + 12, usize::from(tables) * 16)?;
    let find = |tag: &[u8]| records.chunks_exact(16).find(|record| record.starts_with(tag));
    // Colour bitmaps have no outline, and nothing would be drawn.
    find(b"glyf").or_else(|| find(b"CFF "))?;
    let record = find(b"cmap")?;
    let (offset, length) = (word(record, 8)?, word(record, 12)?);
    if length > TABLE_BYTES_MAX {
        return None;
    }
    let table = bytes_at(&mut file, offset.into(), length as usize)?;
    let mut font = Vec::with_capacity(28 + table.len());
    font.extend_from_slice(&[0, 1, 0, 0, 0, 1, 0, 16, 0, 0, 0, 0]);
    font.extend_from_slice(b"cmap");
    font.extend_from_slice(&[0; 4]);
    font.extend_from_slice(&28u32.to_be_bytes());
    font.extend_from_slice(&length.to_be_bytes());
    font.extend_from_slice(&table);
    Some(font)
}

fn bytes_at(file: &mut File, offset: u64, count: usize) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(offset)).ok()?;
    let mut bytes = vec![0; count];
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONO: &[u8] = include_bytes!("../../fonts/JetBrainsMono-Medium.ttf");

    #[test]
    fn a_font_beneath_a_folder_is_found_for_the_character_it_has() {
        let dir = tempfile::tempdir().expect("a folder");
        let deep = dir.path().join("a/b");
        std::fs::create_dir_all(&deep).expect("folders");
        std::fs::write(deep.join("Some.ttf"), MONO).expect("written");
        std::fs::write(dir.path().join("Broken.ttf"), &MONO[..1000]).expect("written");
        std::fs::write(dir.path().join("Empty.otf"), "").expect("written");
        std::fs::write(dir.path().join("Some-BoldItalic.ttf"), MONO).expect("written");
        let mut fallback = Fallback::new(vec![dir.path().into(), "/no/such/folder".into()]);
        let face = fallback.face('─').expect("a box line is in it");
        assert_eq!(fallback.face('│').map(|other| other.id), Some(face.id), "one face for both");
        assert!(fallback.take_missing().is_empty());
    }

    #[test]
    fn what_no_font_has_is_told_once() {
        let mut fallback = Fallback::new(Vec::new());
        assert!(
            fallback.face('日').is_none() && fallback.face('日').is_none() && fallback.face('本').is_none()
        );
        assert_eq!(fallback.take_missing(), ['日', '本']);
        assert!(fallback.face('日').is_none());
        assert!(fallback.take_missing().is_empty());
    }

    #[test]
    fn strange_characters_without_end_cost_a_bounded_search() {
        let mut fallback = Fallback::new(Vec::new());
        for character in (0x4e00..0x4e00 + 20_000).filter_map(char::from_u32) {
            assert!(fallback.face(character).is_none());
        }
        assert_eq!((fallback.known.len(), fallback.searches), (KNOWN_MAX, SEARCHES_MAX));
        assert_eq!(fallback.take_missing().len(), MISSING_MAX);
    }
}
