//! Which field is to blame: the messages of serde become our codes. No value of the request is repeated.

use mintmark::{Code, Error, Result};
use serde::de::{Deserialize, Deserializer};

/// Deserialises and refuses fields that nobody knows, whether or not the type says `deny_unknown_fields`.
pub(super) fn strict<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, Blame<D::Error>> {
    let mut unknown = None;
    let mut note = |path: serde_ignored::Path<'_>| {
        unknown.get_or_insert_with(|| path.to_string().replace(".?", ""));
    };
    let read = serde_path_to_error::deserialize(serde_ignored::Deserializer::new(deserializer, &mut note));
    // A misspelt field is the likelier cause of a missing one.
    match (unknown, read) {
        (Some(field), _) => Err(Blame::Unknown(field)),
        (None, Ok(value)) => Ok(value),
        (None, Err(error)) => Err(Blame::Wrong(error.path().to_string(), error.into_inner())),
    }
}

/// What was wrong, and where.
pub(super) enum Blame<E> {
    Unknown(String),
    Wrong(String, E),
}

impl<E: std::fmt::Display> Blame<E> {
    /// The answer. `path` may be `.` for the whole.
    pub(super) fn error(&self) -> Error {
        match self {
            Self::Unknown(field) => unknown(field),
            Self::Wrong(path, error) => judge(path, &error.to_string()),
        }
    }
}

fn unknown(field: &str) -> Error {
    let field: String = field.chars().take(100).collect();
    Error::new(Code::UnknownField, format!("There is no field `{field}` here.")).field(field)
}

/// Reads serde's own sentences, which have not changed since 1.0.
fn judge(path: &str, said: &str) -> Error {
    let quoted = |rest: &str| rest.split('`').next().unwrap_or_default().to_owned();
    let inside = |field: String| if path == "." || path.ends_with(&field) { field } else { format!("{path}.{field}") };
    if let Some(rest) = said.strip_prefix("unknown field `") {
        return unknown(&quoted(rest));
    }
    if let Some(rest) = said.strip_prefix("missing field `") {
        let field = inside(quoted(rest));
        return Error::new(Code::MissingField, format!("The field `{field}` is missing.")).field(field);
    }
    if let Some(rest) = said.strip_prefix("duplicate field `") {
        let field = inside(quoted(rest));
        return Error::new(Code::InvalidField, format!("The field `{field}` is there twice.")).field(field);
    }
    let said = said.split(" at line ").next().unwrap_or_default();
    // `invalid type: string "...", expected u32`: only what is expected may be said, the rest is the caller's value.
    let why = match said.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None if said.starts_with("invalid ") || said.starts_with("unknown variant") => {
            "it has a value that is not one of those known".to_owned()
        }
        None => said.to_owned(),
    };
    if path == "." {
        return Error::new(Code::InvalidField, format!("The body is not right: {why}."));
    }
    Error::new(Code::InvalidField, format!("The field `{path}` is not right: {why}.")).field(path.to_owned())
}
