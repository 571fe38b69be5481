//! A JSON body, read strictly (WB2, DS2).

use super::blame::{Blame, strict};
use crate::{
    bounds::Fault,
    error::{Failure, Result},
};
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, OptionalFromRequest, Request},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use mintmark::{Code, Error};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

/// The body as a `T`: 415 unless it is `application/json`, 400 if it is no JSON, 422 naming the field if it is no `T`.
///
/// `Option<Json<T>>` is for bodies that may be left out. Answered, it is 200 and the value.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// Answered, it is 201 and the thing that was made.
#[derive(Debug)]
pub struct Created<T>(pub T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, axum::Json(self.0)).into_response()
    }
}

/// An object without fields, for calls that take no word on how to do it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Nothing {}

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Json<T> {
    type Rejection = Failure;
    async fn from_request(request: Request, _: &S) -> Result<Self> {
        if !is_json(request.headers()) {
            return Err(Error::new(Code::UnsupportedMediaType, "Send the body as application/json.").into());
        }
        Ok(Self(read(&collect(request.into_body()).await?)?))
    }
}

impl<T: DeserializeOwned, S: Sync> OptionalFromRequest<S> for Json<T> {
    type Rejection = Failure;
    async fn from_request(request: Request, state: &S) -> Result<Option<Self>> {
        // Some clients announce a JSON body, or a chunked one, and then send nothing: that is no body.
        let (parts, body) = request.into_parts();
        let bytes = collect(body).await?;
        if bytes.is_empty() {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(Request::from_parts(parts, bytes.into()), state).await.map(Some)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut said = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(kind), None) = (said.next(), said.next()) else { return false };
    let Ok(kind) = kind.to_str() else { return false };
    let (kind, parameter) = kind.split_once(';').map_or((kind, ""), |(kind, parameter)| (kind, parameter.trim()));
    kind.trim().eq_ignore_ascii_case("application/json")
        && (parameter.is_empty() || parameter.eq_ignore_ascii_case("charset=utf-8") || parameter.eq_ignore_ascii_case("charset=\"utf-8\""))
}

pub(super) async fn collect(body: Body) -> Result<Bytes> {
    let body = body.collect().await.map_err(|error| {
        let fault = std::error::Error::source(&error).and_then(|source| source.downcast_ref::<Fault>());
        fault.map_or_else(|| Error::new(Code::Unparsable, "The body ended early."), |fault| fault.error())
    })?;
    Ok(body.to_bytes())
}

/// The value in `bytes`. `serde_json` stops at a depth of 128; what comes after the value is refused.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let unparsable = || Error::new(Code::Unparsable, "The body is no JSON.");
    // First, because a list may pass for an object whose fields have the same order.
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'{') {
        serde_json::from_slice::<serde::de::IgnoredAny>(bytes).map_err(|_| unparsable())?;
        return Err(Error::new(Code::InvalidField, "The body is a JSON object.").into());
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = match strict::<T, _>(&mut deserializer) {
        Ok(value) => value,
        Err(blame) => {
            // Nobody is told which field is wrong with what is no JSON at all.
            serde_json::from_slice::<serde::de::IgnoredAny>(bytes).map_err(|_| unparsable())?;
            return Err(match &blame {
                Blame::Wrong(_, error) if !error.is_data() => unparsable(),
                _ => blame.error(),
            }
            .into());
        }
    };
    deserializer.end().map_err(|_| unparsable())?;
    if says_nul(bytes) {
        return Err(Error::new(Code::InvalidField, "No text may hold the character U+0000.").into());
    }
    Ok(value)
}

/// Whether a string of this JSON holds U+0000, which PostgreSQL cannot store.
fn says_nul(json: &[u8]) -> bool {
    let mut rest = json;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        if rest[at + 1..].starts_with(b"u0000") {
            return true;
        }
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Mint {
        scope: Vec<String>,
        ttl_seconds: Option<u32>,
        inner: Option<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Inner {
        amount: i64,
    }

    fn refused(body: &str) -> (Code, Option<String>) {
        let problem = read::<Mint>(body.as_bytes()).expect_err(body).0.problem();
        assert!(!problem.message.contains("hunter2"), "{}", problem.message);
        (problem.code, problem.field)
    }

    #[test]
    fn the_field_to_blame_is_named() {
        let field = |name: &str| Some(name.to_owned());
        for (body, expected) in [
            (r#"{"scope":[],"ttl":5}"#, (Code::UnknownField, field("ttl"))),
            (r#"{"scope":[],"inner":{"amount":1,"x":2}}"#, (Code::UnknownField, field("inner.x"))),
            (r"{}", (Code::MissingField, field("scope"))),
            (r#"{"scope":[],"inner":{}}"#, (Code::MissingField, field("inner.amount"))),
            (r#"{"scope":"hunter2"}"#, (Code::InvalidField, field("scope"))),
            (r#"{"scope":["a",1]}"#, (Code::InvalidField, field("scope[1]"))),
            (r#"{"scope":[],"ttl_seconds":60.5}"#, (Code::InvalidField, field("ttl_seconds"))),
            (r#"{"scope":[],"ttl_seconds":"60"}"#, (Code::InvalidField, field("ttl_seconds"))),
            (r#"{"scope":[],"scope":[]}"#, (Code::InvalidField, field("scope"))),
            ("[[]]", (Code::InvalidField, None)),
            ("null", (Code::InvalidField, None)),
            (r#"{"scope":["\u0000"]}"#, (Code::InvalidField, None)),
        ] {
            assert_eq!(refused(body), expected, "{body}");
        }
    }

    #[test]
    fn what_is_no_json_is_400_however_deep() {
        let bomb = format!("{{\"scope\":{}", "[".repeat(60_000));
        for body in ["", "{", "scope=a", "{\"scope\":[]} x", "\u{feff}{\"scope\":[]}", "{\"scope\":[\"\\ud800\"]}", &bomb] {
            assert_eq!(refused(body).0, Code::Unparsable, "{}", &body[..body.len().min(40)]);
        }
        assert_eq!(read::<Mint>(b"{\"scope\":[\"\xff\"]}").expect_err("not UTF-8").0.code(), Code::Unparsable);
    }

    #[test]
    fn an_escaped_backslash_is_no_nul() {
        assert!(read::<Mint>(br#"{"scope":["\\u0000"]}"#).is_ok());
    }
}
