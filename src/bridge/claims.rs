//! What a bridge token must say before anybody is let in by it (F14 to F16, JW15). Its signature was right: a refusal may name the claim.

use super::LONGEST_LIFE;
use crate::{
    Code, Error, OrganizationId, Result, TenantId, Time,
    customer::{Metadata, checked_metadata, external_id, sight::Vouched},
    key::strict_json,
    text,
    time::SECOND,
    user::email,
};
use serde_json::{Map, Value};

/// How far the tenant's clock may be from ours, in seconds.
const SKEW: i64 = 30;
/// The longest `jti`, in characters.
const LONGEST_JTI: usize = 255;

/// A bridge token that may be used, if it was not used before.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BridgeClaims {
    pub(crate) vouched: Vouched,
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) jti: String,
    pub(crate) issued_at: Time,
    pub(crate) expires_at: Time,
}

fn wrong(claim: &'static str, why: &str) -> Error {
    Error::new(Code::InvalidToken, format!("The bridge token's {claim}: {why}")).field(claim)
}

/// The claims of a payload whose signature is right, at `now`, for this tenant. `kind`, `iss`, `sub` and `typ` are not asked.
pub(crate) fn read(payload: &[u8], tenant: &TenantId, now: Time) -> Result<BridgeClaims> {
    let said = strict_json::object(payload)
        .ok_or_else(|| Error::new(Code::InvalidToken, "The bridge token's payload is not one JSON object without duplicates."))?;
    if said.get("aud").and_then(Value::as_str) != Some(tenant.as_str()) {
        return Err(wrong("aud", "it must be one text, the tenant's id (ten_...)."));
    }
    let (issued, expires) = (seconds(&said, "iat")?, seconds(&said, "exp")?);
    let clock = now.seconds();
    if expires <= issued || expires - issued > LONGEST_LIFE {
        return Err(wrong("exp", "it must lie after iat, by ten minutes at most."));
    }
    if expires + SKEW <= clock {
        return Err(wrong("exp", "the token has expired."));
    }
    if issued > clock + SKEW || (said.contains_key("nbf") && seconds(&said, "nbf")? > clock + SKEW) {
        return Err(wrong("iat", "the token is not valid yet; is your clock right?"));
    }
    let jti = text_of(&said, "jti")?.ok_or_else(|| wrong("jti", "it is missing."))?;
    if jti.is_empty() || jti.chars().count() > LONGEST_JTI {
        return Err(wrong("jti", "it must have 1 to 255 characters."));
    }
    let external = text_of(&said, "external_customer_id")?.ok_or_else(|| wrong("external_customer_id", "it is missing."))?;
    let external_id =
        external_id(external).map_err(|_| wrong("external_customer_id", "1 to 255 characters, none of them control characters."))?;
    let email = text_of(&said, "email")?.map(|text| email::parse(text).map_err(|_| wrong("email", "it is no address."))).transpose()?;
    let name =
        text_of(&said, "name")?.map(|name| text::name("name", name).map_err(|_| wrong("name", "1 to 120 characters."))).transpose()?;
    let organization = text_of(&said, "organization_id")?
        .map(|id| id.parse().map_err(|_| wrong("organization_id", "it is no organization's id (org_...).")))
        .transpose()?;
    let metadata = match said.get("metadata") {
        None | Some(Value::Null) => None,
        Some(Value::Object(notes)) => Some(
            checked_metadata(Metadata(notes.clone()))
                .map_err(|_| wrong("metadata", "at most 2 KiB of JSON, three levels deep, without NUL."))?,
        ),
        Some(_) => return Err(wrong("metadata", "it must be an object.")),
    };
    let email_verified = match said.get("email_verified") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(verified)) => *verified && email.is_some(),
        Some(_) => return Err(wrong("email_verified", "it must be true or false.")),
    };
    Ok(BridgeClaims {
        vouched: Vouched { external_id, email, email_verified, name, metadata },
        organization,
        jti: jti.to_owned(),
        issued_at: Time::from_seconds(issued),
        expires_at: Time::from_seconds(expires),
    })
}

/// A whole number of seconds that a time of ours can hold.
fn seconds(said: &Map<String, Value>, claim: &'static str) -> Result<i64> {
    let seconds = said.get(claim).and_then(Value::as_i64).filter(|seconds| (0..=i64::MAX / SECOND / 2).contains(seconds));
    seconds.ok_or_else(|| wrong(claim, "it must be a whole number of seconds."))
}

/// A text, if it is there; null is absent.
fn text_of<'a>(said: &'a Map<String, Value>, claim: &'static str) -> Result<Option<&'a str>> {
    match said.get(claim) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if !text.contains('\0') => Ok(Some(text)),
        Some(_) => Err(wrong(claim, "it must be a text.")),
    }
}
