//! The word that was probably meant.
//!
//! Leaves out where it is asked: configuration, templates and command line share it.

/// The known word nearest to `word`, if one is near enough to be a slip of the finger.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let reach = (word.chars().count() / 3).max(1);
    let distance = |candidate: &&str| strsim::damerau_levenshtein(&word, &candidate.to_lowercase());
    let best = known.into_iter().min_by_key(distance)?;
    let near = distance(&best) <= reach;
    let starts = word.len() >= 4 && (best.starts_with(&word) || word.starts_with(best));
    (near || starts).then_some(best)
}

/// `; did you mean "..."?`, or what to choose from when nothing is near.
pub fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(word, known.clone()) {
        Some(best) => format!("; did you mean \"{best}\"?"),
        None => format!("; known are: {}", known.into_iter().collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_mended_and_a_stranger_is_not() {
        let known = ["template", "refresh_rate", "width", "port"];
        let cases = [
            ("tempalte", Some("template")),
            ("refreshrate", Some("refresh_rate")),
            ("Width", Some("width")),
            ("prot", Some("port")),
            ("refresh", Some("refresh_rate")),
            ("colour", None),
            ("", None),
        ];
        for (word, expected) in cases {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
        assert_eq!(nearest("x", []), None);
        assert_eq!(hint("prot", known), "; did you mean \"port\"?");
        assert_eq!(hint("colour", ["a", "b"]), "; known are: a, b");
    }
}
