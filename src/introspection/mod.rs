//! What a token is worth right now, for whoever was handed one: asked by its bearer, or by a backend with an API key.

#[cfg(feature = "db")]
mod check;
#[cfg(feature = "db")]
mod introspect;
#[cfg(feature = "db")]
mod live;
#[cfg(feature = "db")]
mod revoke;
#[cfg(test)]
mod tests;

use crate::Secret;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The most tokens of one batch.
pub const MOST: usize = 100;

crate::text_enum! {
    /// Why a token is not valid; no finer than its signature has earned.
    pub enum CheckReason("a reason") {
        /// Nobody here signed it, or not what it says.
        InvalidToken = "invalid_token",
        /// Past its time.
        Expired = "expired",
        /// Ended, or something that it came through was.
        Revoked = "revoked",
        /// A right token of a kind that says nothing of an end user.
        WrongKind = "wrong_kind",
    }
}

/// `GET /v1/auth/token/verify`: one shape for every token, so that a backend need not look at the status.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct TokenCheck {
    /// Whether it is good right now: signature, time, and everything that it came through.
    pub valid: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<CheckReason>,
    /// What the token says, and its `type`: `access` of a session, `identity` of an identity token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "db", schema(value_type = Option<Object>))]
    pub payload: Option<Map<String, Value>>,
    /// Whose it is: `id`, `email`, `display_name`, `avatar_url`, `email_verified`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "db", schema(value_type = Option<Object>))]
    pub user: Option<Map<String, Value>>,
}

/// `POST /v1/introspect`, as RFC 7662 (section 2.1) writes it.
#[derive(Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct IntrospectionRequest {
    /// A token of any kind.
    #[cfg_attr(feature = "db", schema(value_type = String))]
    pub token: Secret,
    /// Of no use here: a token says itself what it is.
    #[serde(default)]
    pub token_type_hint: Option<String>,
}

/// `POST /v1/introspect/batch`.
#[derive(Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct IntrospectionBatch {
    /// 1 to 100 tokens of any kinds, as many as fit into a body of 64 KiB.
    #[cfg_attr(feature = "db", schema(value_type = Vec<String>, min_items = 1, max_items = 100))]
    pub tokens: Vec<Secret>,
}

/// What RFC 7662 (section 2.2) answers. Of a token that is not good, or not for this key to see, `active: false` is all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct Introspection {
    /// Whether it is good right now.
    pub active: bool,
    /// `Bearer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
    /// A widget token's scopes, with spaces between them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Its claims as they are: `kind`, `iss`, `sub`, `aud`, `exp` and the others.
    #[serde(flatten)]
    #[cfg_attr(feature = "db", schema(value_type = Object))]
    pub claims: Map<String, Value>,
}

/// The answers to a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct Introspections {
    /// In the order of the question.
    pub data: Vec<Introspection>,
}

/// `POST /v1/revoke`, as RFC 7009 (section 2.1) writes it; or, without a token, identity tokens by what they came through. What is said
/// of those is asked together.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TokenRevocation {
    /// A token of any kind.
    #[serde(default)]
    #[cfg_attr(feature = "db", schema(value_type = Option<String>))]
    pub token: Option<Secret>,
    /// Of no use here: a token says itself what it is.
    #[serde(default)]
    pub token_type_hint: Option<String>,
    /// `idt_...`: this identity token.
    #[serde(default)]
    pub jti: Option<String>,
    /// Identity tokens of this user, by your own id.
    #[serde(default)]
    pub user_id: Option<String>,
    /// Identity tokens for this product.
    #[serde(default)]
    pub product_id: Option<String>,
    /// `vsid_...`: identity tokens that this secret bought.
    #[serde(default)]
    pub verification_secret_id: Option<String>,
    /// Why, for history: at most 500 characters.
    #[serde(default)]
    pub reason: Option<String>,
}

/// What a revocation ended. What was dead or unknown is no error (RFC 7009, section 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct Revoked {
    /// How many tokens that were alive are not any more.
    pub revoked: u64,
}
