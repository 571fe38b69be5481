//! Who calls `/v1/*`: the bearer of an API key or of a dashboard JWT. No cookie is read here.

use crate::{
    Context,
    client::From,
    error::{Failure, Result},
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use mintmark::{Code, Error, Op, TenantId, Who};

/// Names the tenant in which a call acts.
pub const X_MINTMARK_TENANT: &str = "x-mintmark-tenant";

/// A caller in the tenant that the call names: a dashboard JWT must name its own, an API key may.
pub struct Caller(pub Op);

/// A caller in the tenant of the credential, for the calls that concern the caller alone: `/v1/me` and `/v1/sessions/current`.
pub struct Myself(pub Op);

impl FromRequestParts<Context> for Myself {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self> {
        let From(from) = From::of(parts);
        let (core, token) = (&context.core, bearer(&parts.headers)?);
        let actor = if token.starts_with("sk_") {
            core.actor_for_api_key(token, from).await?
        } else {
            core.actor_for_dashboard_token(token, from).await?
        };
        if let Who::ApiKey { id, .. } = &actor.who {
            context.count_api_key(id, &actor.from)?;
        }
        Ok(Self(core.act_as(actor)))
    }
}

impl FromRequestParts<Context> for Caller {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self> {
        let Myself(op) = Myself::from_request_parts(parts, context).await?;
        match tenant(&parts.headers)? {
            Some(named) if named == *op.tenant() => Ok(Self(op)),
            // Another tenant's and one that never was are the same answer.
            Some(_) => Err(Error::not_found("tenant").into()),
            None if matches!(op.actor().who, Who::ApiKey { .. }) => Ok(Self(op)),
            None => Err(tenant_required().into()),
        }
    }
}

/// The text of the one bearer token.
pub(crate) fn bearer(headers: &HeaderMap) -> mintmark::Result<&str> {
    let missing = || Error::new(Code::MissingToken, "Send the credential as `Authorization: Bearer ...`.");
    let invalid = || Error::new(Code::InvalidToken, "Send one bearer token.");
    let mut said = headers.get_all(header::AUTHORIZATION).iter();
    let one = match (said.next(), said.next()) {
        (None, _) => return Err(missing()),
        (Some(one), None) => one.to_str().map_err(|_| invalid())?,
        _ => return Err(invalid()),
    };
    let (scheme, token) = one.trim().split_once(' ').ok_or_else(missing)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(missing()) }
}

/// The tenant that the call names, if it names one.
fn tenant(headers: &HeaderMap) -> mintmark::Result<Option<TenantId>> {
    let mut said = headers.get_all(X_MINTMARK_TENANT).iter();
    match (said.next(), said.next()) {
        (None, _) => Ok(None),
        (Some(one), None) => one.to_str().ok().and_then(|text| text.parse().ok()).map(Some).ok_or_else(tenant_required),
        _ => Err(tenant_required()),
    }
}

fn tenant_required() -> Error {
    Error::new(Code::TenantRequired, "Name the tenant once, in the header x-mintmark-tenant: ten_...")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (name.parse().expect("a name"), value.parse().expect("a value"))).collect()
    }

    #[test]
    fn a_bearer_token_is_said_once_and_by_its_scheme() {
        let code = |values: &[&'static str]| bearer(&headers("authorization", values)).map(ToOwned::to_owned).map_err(|error| error.code());
        assert_eq!(code(&["Bearer sk_live_x"]).as_deref(), Ok("sk_live_x"));
        assert_eq!(code(&["bearer  sk_live_x "]).as_deref(), Ok("sk_live_x"));
        assert_eq!(code(&[]), Err(Code::MissingToken));
        assert_eq!(code(&["Basic dTpw"]), Err(Code::MissingToken));
        assert_eq!(code(&["Bearer"]), Err(Code::MissingToken));
        assert_eq!(code(&["Bearer a", "Bearer a"]), Err(Code::InvalidToken));
    }

    /// AZ7
    #[test]
    fn a_tenant_is_named_once_and_readably() {
        let id = "ten_0123456789abcdef01234567";
        let named = |values: &[&'static str]| tenant(&headers(X_MINTMARK_TENANT, values)).map_err(|error| error.code());
        assert_eq!(named(&[]), Ok(None));
        assert_eq!(named(&[id]), Ok(Some(id.parse().expect("an id"))));
        for garbage in [&["acme"][..], &[""], &["org_0123456789abcdef01234567"], &[id, id]] {
            assert_eq!(named(garbage), Err(Code::TenantRequired), "{garbage:?}");
        }
    }
}
