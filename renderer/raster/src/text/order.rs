//! The order in which the parts of a line stand, and what of a text is shown at all.
//! Leaves out lines that run from the right as a whole: a display's labels and numbers run from the left.

use std::borrow::Cow;
use swash::text::{BidiClass, ClusterBreak, Codepoint};
use unicode_bidi::{BidiInfo, Level};

/// A part of a line that runs in one direction, at its place from the left.
#[derive(Debug, PartialEq)]
pub(super) struct Part<'t> {
    pub(super) text: &'t str,
    pub(super) is_rtl: bool,
}

/// The text as it is shown: control characters are left out, tabs and line ends are a space, and a letter with a mark
/// is one character where there is one.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.contains(|letter: char| letter.is_control()) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    for character in text.chars() {
        let character = match character {
            '\t' | '\n' | '\r' => ' ',
            other if other.is_control() => continue,
            other => other,
        };
        let composed = cleaned.chars().next_back().and_then(|last| char::compose(last, character));
        match composed {
            Some(composed) => {
                cleaned.pop();
                cleaned.push(composed);
            }
            None => cleaned.push(character),
        }
    }
    Cow::Owned(cleaned)
}

/// The parts of a line from left to right.
pub(super) fn visual(text: &str) -> Vec<Part<'_>> {
    let has_rtl = |letter: char| {
        letter >= '\u{590}'
            && matches!(letter.properties().bidi_class(), BidiClass::R | BidiClass::AL | BidiClass::AN)
    };
    if !text.contains(has_rtl) {
        return vec![Part { text, is_rtl: false }];
    }
    let info = BidiInfo::new(text, Some(Level::ltr()));
    let Some(paragraph) = info.paragraphs.first() else { return Vec::new() };
    let (levels, runs) = info.visual_runs(paragraph, paragraph.range.clone());
    runs.into_iter().map(|run| Part { is_rtl: levels[run.start].is_rtl(), text: &text[run] }).collect()
}

/// Whether a character belongs to the one before it: marks, joiners, selectors.
pub(super) fn is_joined(character: char) -> bool {
    character > '\u{2ff}'
        && matches!(
            character.properties().cluster_break(),
            ClusterBreak::EX | ClusterBreak::SM | ClusterBreak::ZWJ
        )
}

/// Whether a character has no shape of its own: where no face has it, nothing is missing.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0100}'..='\u{e01ef}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_go_and_marks_join_their_letter() {
        assert_eq!(clean("plain"), "plain");
        assert_eq!(clean("a\tb\u{7}c\n"), "a bc ");
        assert_eq!(clean("e\u{301}o\u{308}"), "éö");
        assert_eq!(clean("q\u{301}"), "q\u{301}");
    }

    #[test]
    fn words_from_right_to_left_are_parts_of_their_own_and_numbers_in_them_are_not_turned() {
        let order = |text: &str| {
            visual(text).iter().map(|part| (part.text.to_string(), part.is_rtl)).collect::<Vec<_>>()
        };
        assert_eq!(order("disk 80 %"), [("disk 80 %".into(), false)]);
        assert_eq!(order("a שלום b"), [("a ".into(), false), ("שלום".into(), true), (" b".into(), false)]);
        let arabic = order("سعة 80 قرص");
        assert_eq!(arabic.iter().map(|(text, _)| text.trim()).collect::<Vec<_>>(), ["قرص", "80", "سعة"]);
        assert!(order("").len() <= 1);
    }
}
