//! Free text that people type: trimmed, bounded, without control characters.

use crate::{Code, Error, Result};

/// The longest name, in characters.
pub const NAME: usize = 120;
/// The longest reason, in characters.
pub const REASON: usize = 500;

/// The longest description, in characters.
pub const DESCRIPTION: usize = 500;

/// A name: 1 to 120 characters, trimmed. `field` is named when it is not.
pub fn name(field: &'static str, text: &str) -> Result<String> {
    let text = bounded(field, text, NAME)?;
    if text.is_empty() {
        return Err(Error::new(Code::InvalidField, "A name has at least one character.").field(field));
    }
    Ok(text)
}

/// What somebody wrote: 1 to `most` characters, trimmed; of control characters only line breaks, each of them `\n`, and tabs.
pub fn message(field: &'static str, text: &str, most: usize) -> Result<String> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.is_empty() || text.chars().count() > most {
        return Err(Error::new(Code::InvalidField, format!("A text of 1 to {most} characters.")).field(field));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Error::new(Code::InvalidField, "Control characters are not allowed, but line breaks and tabs.").field(field));
    }
    Ok(text)
}

/// A slug: 2 to 40 lower-case letters, digits and single hyphens between them.
pub fn slug(text: &str) -> Result<String> {
    let text = text.trim();
    let fits = (2..=40).contains(&text.len())
        && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--");
    if fits {
        Ok(text.to_owned())
    } else {
        Err(Error::new(Code::InvalidField, "A slug has 2 to 40 lower-case letters, digits and single hyphens between them.").field("slug"))
    }
}

/// The slug that a name suggests; a short or foreign one falls back to `fallback`.
#[must_use]
pub fn slug_from(name: &str, fallback: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(40);
    let slug = slug.trim_end_matches('-');
    if slug.len() < 2 { fallback.to_owned() } else { slug.to_owned() }
}

/// A reason: at most 500 characters; blank is none.
pub fn reason(text: Option<String>) -> Result<Option<String>> {
    optional("reason", text, REASON)
}

/// A label: at most 120 characters; blank is none.
pub fn label(text: Option<String>) -> Result<Option<String>> {
    optional("label", text, NAME)
}

/// A description: at most 500 characters; blank is none.
pub fn description(text: Option<String>) -> Result<Option<String>> {
    optional("description", text, DESCRIPTION)
}

fn optional(field: &'static str, text: Option<String>, most: usize) -> Result<Option<String>> {
    let text = text.map(|text| bounded(field, &text, most)).transpose()?;
    Ok(text.filter(|text| !text.is_empty()))
}

/// Control characters are refused: NUL breaks a database, the others break terminals and logs.
fn bounded(field: &'static str, text: &str, most: usize) -> Result<String> {
    let text = text.trim();
    if text.chars().count() > most {
        return Err(Error::new(Code::InvalidField, format!("At most {most} characters.")).field(field));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::new(Code::InvalidField, "Control characters are not allowed.").field(field));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_wrote_keeps_its_lines_and_no_other_control_characters() {
        assert_eq!(message("text", " a\r\n\tb\n ", 5).expect("a text"), "a\n\tb");
        assert_eq!(message("text", &"\u{1f980}".repeat(5), 5).expect("characters count, not bytes").chars().count(), 5);
        for wrong in ["", " \n ", "a\u{0}b", "a\rb", "a\u{1b}[31mb", "a\u{85}b", "a\u{7f}", "abcdef"] {
            assert!(message("text", wrong, 5).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn names_are_trimmed_and_bounded_and_hold_no_control_characters() {
        assert_eq!(name("name", "  Acme  ").expect("a name"), "Acme");
        for wrong in ["", "   ", "a\u{0}b", "a\nb", &"x".repeat(121)] {
            assert!(name("name", wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(reason(Some("  ".into())).expect("none"), None);
    }
}
