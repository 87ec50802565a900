//! Rust text without its comments and without the contents of its strings, so that a rule finds code only.
//!
//! A small lexer, not a parser: it knows comments, strings, characters and lifetimes, nothing else.

/// The text with comments, string contents and characters blanked; lines and columns stay.
pub fn code_only(text: &str) -> String {
    let mut rest = text;
    let mut code = String::with_capacity(text.len());
    while let Some(first) = rest.chars().next() {
        let blank = blank_chars(rest, code.chars().next_back());
        if blank == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            let (gone, after) = rest.split_at(blank);
            code.extend(gone.chars().map(|letter| if letter == '\n' { '\n' } else { ' ' }));
            rest = after;
        }
    }
    code
}

/// How many bytes of a comment, string or character start here; 0 when none does.
fn blank_chars(rest: &str, before: Option<char>) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return block_comment(rest);
    }
    let is_word = before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    if rest.starts_with('r') && !is_word {
        return raw_string(rest);
    }
    if rest.starts_with('"') {
        return quoted(rest, '"');
    }
    // A quote before one character or an escape is a character; before a name it is a lifetime.
    let mut after = rest.chars().skip(1);
    match (rest.starts_with('\''), after.next(), after.next()) {
        (true, Some('\\'), _) | (true, Some(_), Some('\'')) => quoted(rest, '\''),
        _ => 0,
    }
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0usize;
    let bytes = rest.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match &bytes[at..bytes.len().min(at + 2)] {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// `r"..."` or `r#"..."#`; 0 when it is an ordinary name.
fn raw_string(rest: &str) -> usize {
    let hashes = rest[1..].bytes().take_while(|byte| *byte == b'#').count();
    let Some(body) = rest[1 + hashes..].strip_prefix('"') else { return 0 };
    let end = format!("\"{}", "#".repeat(hashes));
    body.find(&end).map_or(rest.len(), |at| 2 + hashes + at + end.len())
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return at + letter.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

/// The lines, counted from 1, in which a word stands by itself.
pub fn lines_with_word<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let numbered = code.lines().enumerate();
    numbered.filter(move |(_, line)| has_word(line, word)).map(|(index, _)| index + 1)
}

/// Whether a word stands by itself in a text.
pub fn has_word(text: &str, word: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

#[test]
fn only_code_is_left() {
    let cases = [
        ("a // unsafe\nb", "a          \nb"),
        ("a /* x /* y */ z */ b", "a                   b"),
        ("f(\"un\\\"safe\") + 1", "f(          ) + 1"),
        ("r#\"a\"b\"# c", "         c"),
        ("for r in x", "for r in x"),
        ("'a' '\\'' &'a str", "         &'a str"),
        ("b\"x\" c", "b    c"),
        ("\"open", "     "),
        ("/* open", "       "),
    ];
    for (text, expected) in cases {
        assert_eq!(code_only(text), expected, "{text}");
    }
}

#[test]
fn a_word_stands_by_itself() {
    assert!(has_word("unsafe {", "unsafe") && has_word("(unsafe)", "unsafe"));
    assert!(!has_word("unsafe_code", "unsafe") && !has_word("notunsafe", "unsafe"));
    assert_eq!(lines_with_word("a\nunsafe\nb unsafe", "unsafe").collect::<Vec<_>>(), [2, 3]);
}
