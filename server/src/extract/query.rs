//! A query string, read strictly.

use super::blame::strict;
use crate::error::{Failure, Result};
use axum::{extract::FromRequestParts, http::request::Parts};
use mintmark::{Code, Error, Limit};
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::IntoParams;

/// The query as a `T`: parameters that nobody knows, that come twice or do not fit are 422 and named.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        Ok(Self(read(parts.uri.query().unwrap_or_default())?))
    }
}

/// No parameter at all: whatever is there is unknown.
#[derive(Debug)]
pub struct NoQuery;

impl<S: Sync> FromRequestParts<S> for NoQuery {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        #[derive(Deserialize)]
        struct Nothing {}
        let Nothing {} = read(parts.uri.query().unwrap_or_default())?;
        Ok(Self)
    }
}

/// Parameters that go beside a filter of the core's, by their names.
pub trait Named: DeserializeOwned {
    /// What they are called; every other parameter belongs to the filter.
    const NAMES: &'static [&'static str];
}

/// A query of two structs: those named by `A`, and the rest as `B`. Serde's `flatten` would read every number as text.
#[derive(Debug)]
pub struct Split<A, B>(pub A, pub B);

impl<A: Named, B: DeserializeOwned, S: Sync> FromRequestParts<S> for Split<A, B> {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        Ok(split(parts.uri.query().unwrap_or_default())?)
    }
}

/// The same of the body of a form.
pub(crate) fn split<A: Named, B: DeserializeOwned>(text: &str) -> mintmark::Result<Split<A, B>> {
    let named = |pair: &&str| A::NAMES.contains(&pair.split('=').next().unwrap_or_default());
    let (a, b): (Vec<_>, Vec<_>) = text.split('&').filter(|pair| !pair.is_empty()).partition(named);
    Ok(Split(read(&a.join("&"))?, read(&b.join("&"))?))
}

/// Where in a list, and how much of it.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// Rows of a page: 50 unless said, 200 at most.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next_cursor` of the page before; absent: the newest rows.
    cursor: Option<String>,
}

impl Named for Paging {
    const NAMES: &'static [&'static str] = &["limit", "cursor"];
}

impl Paging {
    /// The limit, capped.
    pub fn limit(&self) -> mintmark::Result<Limit> {
        Limit::parse(self.limit)
    }

    /// The cursor as text.
    #[must_use]
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

pub(super) fn read<T: DeserializeOwned>(query: &str) -> mintmark::Result<T> {
    if query.contains("%00") {
        return Err(Error::new(Code::InvalidField, "No text may hold the character U+0000."));
    }
    let pairs = serde_html_form::Deserializer::from_bytes(query.as_bytes());
    strict(pairs).map_err(|blame| blame.error())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct List {
        limit: Option<u32>,
        #[serde(default)]
        include_revoked: bool,
        #[serde(default)]
        action: Vec<String>,
    }

    #[test]
    fn what_is_known_is_read() {
        let list = read::<List>("limit=5&include_revoked=true&action=a&action=b").expect("reads");
        assert_eq!((list.limit, list.include_revoked, list.action.len()), (Some(5), true, 2));
        assert!(read::<List>("").is_ok());
    }

    #[test]
    fn the_parameter_to_blame_is_named() {
        for (query, code, field) in [
            ("limits=5", Code::UnknownField, "limits"),
            ("limit=five", Code::InvalidField, "limit"),
            ("limit=-1", Code::InvalidField, "limit"),
            ("limit=1&limit=2", Code::InvalidField, "limit"),
            ("include_revoked=maybe", Code::InvalidField, "include_revoked"),
        ] {
            let problem = read::<List>(query).expect_err(query).problem();
            assert_eq!((problem.code, problem.field.as_deref()), (code, Some(field)), "{query}: {}", problem.message);
        }
    }
}
