//! E-mail addresses of people: trimmed, ASCII lower case, plausible.

use crate::{Error, Result};

/// As a database and a mail server can take it. Nothing but a mail that arrives proves that somebody reads there.
pub fn parse(text: &str) -> Result<String> {
    let email = normal(text);
    let plausible = email.len() <= 254
        && !email
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';' | ':' | '\\' | '"'))
        && email.split_once('@').is_some_and(|(local, domain)| {
            (1..=64).contains(&local.len())
                && !local.starts_with('.')
                && !local.ends_with('.')
                && !local.contains("..")
                && domain.split('.').count() >= 2
                && domain.split('.').all(|label| {
                    (1..=63).contains(&label.len())
                        && !label.starts_with('-')
                        && !label.ends_with('-')
                        && label.chars().all(|c| c.is_alphanumeric() || c == '-')
                })
        });
    if plausible { Ok(email) } else { Err(Error::invalid("email", "This is not an e-mail address.")) }
}

/// Trimmed and in ASCII lower case; says nothing of its being an address.
#[must_use]
pub fn normal(text: &str) -> String {
    text.trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_trimmed_and_lower_case() {
        assert_eq!(parse("  Ada@Example.COM ").expect("an address"), "ada@example.com");
        for fine in ["a+b@example.co.uk", "o'brien@x-y.example", "ä@bücher.example"] {
            assert!(parse(fine).is_ok(), "{fine}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.com", "x".repeat(65));
        for wrong in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@example",
            "a b@example.com",
            "ada@exa\u{0}mple.com",
            "ada@example.com\r\nBcc: x@y.z",
            "ada@@example.com",
            ".ada@example.com",
            "ada@-example.com",
            "Ada <ada@example.com>",
            "ada@example..com",
            &long,
        ] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
