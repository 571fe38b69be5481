//! The body of a form, read as strictly as JSON: what RFC 7009 and RFC 7662 are written for.

use super::{json::collect, query};
use crate::error::{Failure, Result};
use axum::{
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use mintmark::{Code, Error};
use serde::de::DeserializeOwned;

/// The body as a `T`: 415 unless it is `application/x-www-form-urlencoded`, 400 if it is no text, 422 naming the field if it is no `T`.
#[derive(Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Form<T> {
    type Rejection = Failure;
    async fn from_request(request: Request, _: &S) -> Result<Self> {
        if !is_form(request.headers()) {
            return Err(Error::new(Code::UnsupportedMediaType, "Send the body as application/x-www-form-urlencoded.").into());
        }
        let bytes = collect(request.into_body()).await?;
        let text = std::str::from_utf8(&bytes).map_err(|_| Error::new(Code::Unparsable, "The body is no form."))?;
        Ok(Self(query::read(text)?))
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let mut said = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(kind), None) = (said.next(), said.next()) else { return false };
    let Ok(kind) = kind.to_str() else { return false };
    let kind = kind.split_once(';').map_or(kind, |(kind, _)| kind);
    kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
