//! Reading the few things that requests say: query parameters and header lines.
//!
//! No percent-decoding: every value that means something here is made of plain characters.

use warp::http::HeaderMap;
use warp::http::header::AsHeaderName;

/// The first value of `name` in a query string.
pub fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// A header that is there exactly once, as text.
pub fn header(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    let mut all = headers.get_all(name).iter();
    let value = all.next()?;
    if all.next().is_some() {
        return None;
    }
    value.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_counts() {
        assert_eq!(parameter("a=1&format=png&format=jpeg", "format"), Some("png"));
        assert_eq!(parameter("format", "format"), None);
        assert_eq!(parameter("", "format"), None);
    }
}
