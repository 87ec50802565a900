//! Fonts of the system for characters that no embedded face has: looked for at the first need, within limits, by a thread
//! where no picture may wait.
//! Leaves out where the folders are, and saying what was not found: the renderer does both.

use super::face::FaceData;
use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
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

/// What is known of the font for a character.
#[derive(Clone)]
pub(super) enum Known {
    /// This one has it.
    Face(Arc<FaceData>),
    /// None has it.
    Missing,
    /// It is being looked for; [`Fallback::collect`] takes in the answer.
    Waiting,
}

/// Finds a face for a character, and remembers which.
#[derive(Default)]
pub(super) struct Fallback {
    search: Search,
    known: HashMap<char, Known>,
    missing: Vec<char>,
}

/// Who looks for fonts.
enum Search {
    /// Whoever asks, at once.
    Here(Finder),
    /// A thread, so that nobody waits for files; it ends with the sender.
    Beside { asked: Sender<char>, found: Receiver<(char, Option<Arc<FaceData>>)> },
}

impl Default for Search {
    fn default() -> Search {
        Search::Here(Finder::default())
    }
}

impl Fallback {
    /// Fonts beneath these folders; none: every character is missing.
    pub(super) fn new(dirs: Vec<PathBuf>) -> Fallback {
        let search = Search::Here(Finder { dirs, ..Finder::default() });
        Fallback { search, ..Fallback::default() }
    }

    /// The same by a thread of its own, which calls `wake` when there is something to collect.
    pub(super) fn beside(dirs: Vec<PathBuf>, wake: impl Fn() + Send + 'static) -> std::io::Result<Fallback> {
        let (asked, characters) = channel::<char>();
        let (answers, found) = channel();
        let mut finder = Finder { dirs, ..Finder::default() };
        let search = move || {
            for character in characters {
                if answers.send((character, finder.find(character))).is_err() {
                    return;
                }
                wake();
            }
        };
        std::thread::Builder::new().name("fonts".to_owned()).spawn(search)?;
        Ok(Fallback { search: Search::Beside { asked, found }, ..Fallback::default() })
    }

    /// The face that has `character`.
    pub(super) fn face(&mut self, character: char) -> Known {
        if let Some(known) = self.known.get(&character) {
            return known.clone();
        }
        if self.known.len() >= KNOWN_MAX {
            return Known::Missing;
        }
        let found = match &mut self.search {
            Search::Here(finder) => finder.find(character).map_or(Known::Missing, Known::Face),
            Search::Beside { asked, .. } => match asked.send(character) {
                Ok(()) => Known::Waiting,
                Err(_) => Known::Missing,
            },
        };
        self.remember(character, found.clone());
        found
    }

    /// Takes in what the thread has found; whether there was anything.
    pub(super) fn collect(&mut self) -> bool {
        let Search::Beside { found, .. } = &self.search else { return false };
        let answers: Vec<_> = found.try_iter().collect();
        for (character, face) in &answers {
            self.remember(*character, face.clone().map_or(Known::Missing, Known::Face));
        }
        !answers.is_empty()
    }

    /// Characters that were asked for and not found since the last call; each is told once.
    pub(super) fn take_missing(&mut self) -> Vec<char> {
        std::mem::take(&mut self.missing)
    }

    fn remember(&mut self, character: char, known: Known) {
        if matches!(known, Known::Missing) && self.missing.len() < MISSING_MAX {
            self.missing.push(character);
        }
        self.known.insert(character, known);
    }
}

/// Looks into files.
#[derive(Default)]
struct Finder {
    dirs: Vec<PathBuf>,
    /// `None` until they are needed.
    files: Option<Vec<PathBuf>>,
    faces: Vec<Arc<FaceData>>,
    searches: usize,
    bytes: u64,
}

impl Finder {
    /// The face that has `character`: one that is loaded, else the first file that has it.
    fn find(&mut self, character: char) -> Option<Arc<FaceData>> {
        let loaded = self.faces.iter().find(|face| face.has(character)).cloned();
        loaded.or_else(|| self.load_for(character))
    }

    fn load_for(&mut self, character: char) -> Option<Arc<FaceData>> {
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
        self.faces.last().cloned()
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
        let Known::Face(face) = fallback.face('─') else { panic!("a box line is in it") };
        let Known::Face(other) = fallback.face('│') else { panic!("another is, too") };
        assert_eq!(other.id, face.id, "one face for both");
        assert!(fallback.take_missing().is_empty());
    }

    #[test]
    fn what_no_font_has_is_told_once() {
        let mut fallback = Fallback::new(Vec::new());
        for character in ['日', '日', '本'] {
            assert!(matches!(fallback.face(character), Known::Missing));
        }
        assert_eq!(fallback.take_missing(), ['日', '本']);
        assert!(matches!(fallback.face('日'), Known::Missing));
        assert!(fallback.take_missing().is_empty());
    }

    #[test]
    fn a_thread_finds_what_is_waited_for_and_says_when() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::write(dir.path().join("Some.ttf"), MONO).expect("written");
        let (wake, woken) = channel();
        let wake = move || wake.send(()).unwrap_or_default();
        let mut fallback = Fallback::beside(vec![dir.path().into()], wake).expect("a thread");
        assert!(!fallback.collect());
        assert!(
            matches!(fallback.face('─'), Known::Waiting) && matches!(fallback.face('日'), Known::Waiting)
        );
        for _ in 0..2 {
            woken.recv_timeout(std::time::Duration::from_secs(20)).expect("an answer for each");
        }
        assert!(fallback.collect());
        assert!(
            matches!(fallback.face('─'), Known::Face(_)) && matches!(fallback.face('日'), Known::Missing)
        );
        assert_eq!(fallback.take_missing(), ['日']);
    }

    #[test]
    fn strange_characters_without_end_cost_a_bounded_search() {
        let mut fallback = Fallback::new(Vec::new());
        for character in (0x4e00..0x4e00 + 20_000).filter_map(char::from_u32) {
            assert!(matches!(fallback.face(character), Known::Missing));
        }
        let Search::Here(finder) = &fallback.search else { panic!("no thread was asked for") };
        assert_eq!((fallback.known.len(), finder.searches), (KNOWN_MAX, SEARCHES_MAX));
        assert_eq!(fallback.take_missing().len(), MISSING_MAX);
    }
}
