//! The token that lets a viewer in when others than this machine can connect.
//!
//! Leaves out where a request carries it.

use std::hint::black_box;

/// Fewer characters can be guessed.
const LENGTH_MIN: usize = 16;
/// More are a mistake.
const LENGTH_MAX: usize = 128;

/// A secret that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// A token that cannot be one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the token must have {LENGTH_MIN} to {LENGTH_MAX} letters, digits or - . _ ~ (openssl rand -hex 16 makes one); \
     this one has {length} characters{}", if *has_others { ", some of another kind" } else { "" }
)]
pub struct TokenError {
    length: usize,
    has_others: bool,
}

impl Token {
    /// Takes only what goes through an address line unchanged.
    pub fn new(text: &str) -> Result<Token, TokenError> {
        let length = text.chars().count();
        let has_others = !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
        if has_others || !(LENGTH_MIN..=LENGTH_MAX).contains(&length) {
            return Err(TokenError { length, has_others });
        }
        Ok(Token(text.to_owned()))
    }

    /// Whether `given` is the token; takes the same time wherever the two differ.
    pub fn is(&self, given: &str) -> bool {
        let given = given.as_bytes();
        let differences = self.0.bytes().enumerate().fold(self.0.len() ^ given.len(), |sum, (at, own)| {
            let theirs = given.get(at).copied().unwrap_or(0);
            sum | usize::from(black_box(own ^ theirs))
        });
        black_box(differences) == 0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_itself_is_the_token() {
        let token = Token::new("0123456789abcdef").unwrap();
        assert!(token.is("0123456789abcdef"));
        for given in ["", "0123456789abcde", "0123456789abcdeg", "0123456789abcdef0", "0123456789abcdef\0"] {
            assert!(!token.is(given), "{given}");
        }
        assert_eq!(format!("{token:?}"), "Token(..)");
    }

    #[test]
    fn a_token_that_can_be_guessed_or_cannot_be_typed_is_refused() {
        assert!(Token::new("geheim").unwrap_err().to_string().contains("16 to 128"));
        assert!(Token::new("0123456789abcdef&x=").unwrap_err().has_others);
        assert!(Token::new(&"a".repeat(129)).is_err());
    }
}
