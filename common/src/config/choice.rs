//! Words that stand for a choice (`stretch`, `drop-oldest`, `90`): one table per enum, read and printed by it.
//!
//! Leaves out where a word was found: the reader adds the place and the suggestion.

/// An enum whose values are written as words in a file, on a command line and in logs.
pub trait Choice: Copy + PartialEq + Sized + 'static {
    /// Every accepted word with its meaning; the first word of a meaning is the one printed.
    const WORDS: &'static [(&'static str, Self)];

    /// The meaning of `word`, whatever its case, and with `_` for `-`.
    fn from_word(word: &str) -> Option<Self> {
        let word = word.replace('_', "-");
        Self::WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(&word)).map(|(_, value)| *value)
    }

    /// The word of this value.
    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, value)| *value == self).map_or("", |(word, _)| word)
    }
}

/// Gives an enum its table, `Display` and `FromStr` (whose error names the accepted words).
macro_rules! choice {
    ($name:ident { $($word:literal => $variant:ident),+ $(,)? }) => {
        impl $crate::config::Choice for $name {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, $name::$variant)),+];
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::config::Choice::word(*self))
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(word: &str) -> Result<Self, String> {
                $crate::config::Choice::from_word(word).ok_or_else(|| {
                    let words: Vec<&str> = <Self as $crate::config::Choice>::WORDS.iter().map(|(word, _)| *word).collect();
                    format!("\"{word}\" is none of: {}", words.join(", "))
                })
            }
        }
    };
}
pub(crate) use choice;
