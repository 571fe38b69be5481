//! Ids that come as text from a form or an address.

use crate::Answer;
use mintmark::Error;
use std::str::FromStr;

/// What a form says; an empty text says nothing.
pub(super) fn given(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The id; a text that is none of this kind names nothing that exists.
pub(super) fn id<T: FromStr>(text: &str, noun: &str) -> Answer<T> {
    text.parse().map_err(|_| Error::not_found(&noun.replace('_', " ")).into())
}
