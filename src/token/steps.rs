//! The guard's steps, one function each. `guard` takes them on every call, `inspect.rs` tells how a call would fare.
//!
//! None of them counts, remembers or writes: what a refusal leaves behind is the guard's own.

use super::{
    Scope,
    claims::{Claims, Kind},
    guard::store::GuardRow,
    verify::Rejection,
};
use crate::{
    Code, Error, Result, Time,
    origin::{names, of_page},
    role::{WidgetPermission, holds},
};
use std::sync::Arc;

/// 1. There is a bearer token.
pub(super) fn bearer(said: Option<&str>) -> Result<&str> {
    said.filter(|text| !text.is_empty()).ok_or_else(|| Error::new(Code::MissingToken, "Send the widget token as a bearer token."))
}

/// 2. Header, signature and claims are right, and it is in its time. Expiry is told of widget tokens only.
pub(super) fn judged(verdict: Result<Arc<Claims>, Rejection>) -> Result<Arc<Claims>> {
    verdict.map_err(|rejection| match rejection {
        Rejection::Expired(claims) if claims.kind == Kind::Widget => expired(),
        Rejection::Expired(_) | Rejection::Invalid { .. } => invalid(),
    })
}

/// 3. It is a widget's.
pub(super) fn kind(claims: &Claims) -> Result<()> {
    if claims.kind == Kind::Widget { Ok(()) } else { Err(Error::new(Code::WidgetTokenRequired, "Only a widget token is accepted here.")) }
}

/// 4. The row is there, alive with all that it depends on, and in its time.
pub(super) fn row(found: Option<GuardRow>, now: Time) -> Result<GuardRow> {
    let row = found
        .filter(|row| row.death().is_none())
        .ok_or_else(|| Error::new(Code::WidgetTokenRevoked, "This widget token has been revoked."))?;
    if row.expires_at <= now { Err(expired()) } else { Ok(row) }
}

/// Still 4. The customer for whom it was minted holds, there and now, all that its scopes need (K4).
pub(super) fn permission(row: &GuardRow) -> Result<()> {
    if row.customer_id.is_none() { Ok(()) } else { entitled(&holds(row.permissions.as_deref()), &row.scope.0) }
}

/// Whether these permissions are all that the scopes need; the first that is missing is named. Never narrowed in silence.
pub(super) fn entitled(held: &[WidgetPermission], scopes: &[Scope]) -> Result<()> {
    lacking(held, scopes)
        .map_or(Ok(()), |needed| Err(Error::new(Code::MissingPermission, format!("The user lacks the permission {needed}."))))
}

/// The first permission that the scopes need and that is not among these.
pub(super) fn lacking(held: &[WidgetPermission], scopes: &[Scope]) -> Option<WidgetPermission> {
    scopes.iter().map(|scope| scope.permission()).find(|needed| !held.contains(needed))
}

/// From which page the call comes, as its headers say it; empty when they do not.
pub(super) fn page(origin: Option<&str>, referer: Option<&str>) -> String {
    of_page(origin, referer).unwrap_or_default()
}

/// 5. The page is of one of the token's origins.
pub(super) fn origin(row: &GuardRow, page: &str) -> Result<()> {
    if names(&row.origins.0, Some(page)) {
        return Ok(());
    }
    Err(Error::new(Code::WidgetOriginMismatch, "This page's origin is not one of the token's."))
}

/// 6. The token holds the scope of the route.
pub(super) fn scope(held: &[Scope], needed: Scope) -> Result<()> {
    if held.contains(&needed) {
        return Ok(());
    }
    Err(Error::new(Code::WidgetScopeRequired, format!("This route needs the scope {needed}.")))
}

pub(super) fn invalid() -> Error {
    Error::new(Code::InvalidToken, "This is not a valid token.")
}

fn expired() -> Error {
    Error::new(Code::WidgetTokenExpired, "This widget token has expired. Ask your backend for a new one.")
}
