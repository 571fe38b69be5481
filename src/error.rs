//! What can go wrong: one enum of stable codes, and the one body that leaves the house.

use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt};

macro_rules! codes {
    ($($status:literal { $($(#[$doc:meta])* $code:ident $text:literal,)+ })+) => {
        /// The stable, machine-readable name of a refusal (contract, section 7).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum Code { $($( $(#[$doc])* $code, )+)+ }

        impl Code {
            /// Every code, in the order of its status.
            pub const ALL: &'static [Self] = &[$($(Self::$code,)+)+];

            /// The HTTP status that goes with it.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $($(Self::$code)|+ => $status,)+ }
            }

            /// The code as it stands on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($(Self::$code => $text,)+)+ }
            }
        }
    };
}

codes! {
    400 {
        /// The body is not JSON, or the request is not one that can be read.
        Unparsable "unparsable",
        /// `x-mintmark-tenant` is missing, unreadable or sent twice.
        TenantRequired "tenant_required",
        /// The cursor is not one that this list gave out.
        InvalidCursor "invalid_cursor",
    }
    401 {
        /// No bearer token.
        MissingToken "missing_token",
        /// The credential is malformed, forged, unknown or revoked.
        InvalidToken "invalid_token",
        /// A widget token past its expiry, with a right signature.
        WidgetTokenExpired "widget_token_expired",
        /// A widget token whose row, key, organization or tenant is dead.
        WidgetTokenRevoked "widget_token_revoked",
        /// E-mail, password or code, or product and verification secret, do not fit together.
        InvalidCredentials "invalid_credentials",
        /// The password was right; a code is needed as well.
        SecondFactorRequired "second_factor_required",
        /// A bridge token opens one session, and this one has.
        BridgeTokenReplayed "bridge_token_replayed",
        /// A customer's session past its time, with a right signature.
        SessionExpired "session_expired",
        /// A customer's session that was ended, or that came through something that was.
        SessionRevoked "session_revoked",
        /// Nobody is signed in.
        SignInRequired "sign_in_required",
    }
    403 {
        /// The caller's role does not hold the permission.
        InsufficientRole "insufficient_role",
        /// Proof of presence within five minutes is needed.
        StepUpRequired "step_up_required",
        /// An unsafe request from another site.
        CrossSite "cross_site",
        /// Another kind of token on `/widget/*`.
        WidgetTokenRequired "widget_token_required",
        /// A widget token anywhere else.
        WidgetTokenNotAllowedHere "widget_token_not_allowed_here",
        /// The page's origin is not one of the token's.
        WidgetOriginMismatch "widget_origin_mismatch",
        /// The token does not hold the route's scope.
        WidgetScopeRequired "widget_scope_required",
        /// No such embed key, or one that works no more: the two are not told apart.
        InvalidEmbedKey "invalid_embed_key",
        /// The page's origin is not on the embed key's list.
        EmbedOriginNotAllowed "embed_origin_not_allowed",
        /// The product has no sign-in of its own: its switch is off.
        SignInOff "sign_in_off",
        /// The product keeps nobody signed in: its switch is off.
        KeepSignedInOff "keep_signed_in_off",
        /// The customer is banned.
        CustomerBanned "customer_banned",
        /// The customer's role lacks a permission that the token's scopes need.
        MissingPermission "missing_permission",
    }
    404 {
        /// Absent, or another tenant's.
        NotFound "not_found",
    }
    405 {
        /// The route exists, the method does not.
        MethodNotAllowed "method_not_allowed",
    }
    408 {
        /// The body took too long to arrive.
        RequestTimeout "request_timeout",
    }
    409 {
        /// Something else happened first.
        Conflict "conflict",
        /// The name is taken.
        AlreadyExists "already_exists",
        /// The next key has been published for less than the JWKS max-age.
        KeyTooYoung "key_too_young",
        /// Live tokens are signed by this key.
        KeyInUse "key_in_use",
        /// The state of the key does not allow this step.
        KeyState "key_state",
        /// A tenant keeps at least one owner.
        LastOwner "last_owner",
        /// The idempotency key was used with another body.
        IdempotencyKeyReused "idempotency_key_reused",
        /// The idempotency key's token is dead.
        IdempotencyKeySpent "idempotency_key_spent",
        /// Another customer was known in this conversation.
        ConversationTaken "conversation_taken",
        /// A conversation has at most a thousand messages.
        ConversationFull "conversation_full",
    }
    410 {
        /// A one-time link that was used.
        LinkConsumed "link_consumed",
        /// A one-time link past its time.
        LinkExpired "link_expired",
    }
    413 {
        /// More than 64 KiB.
        BodyTooLarge "body_too_large",
    }
    414 {
        /// The address has more than 8 KiB.
        UriTooLong "uri_too_long",
    }
    415 {
        /// Not `application/json`, or compressed.
        UnsupportedMediaType "unsupported_media_type",
    }
    422 {
        /// A field has the wrong type or value; `field` names it.
        InvalidField "invalid_field",
        /// A field that this call does not have.
        UnknownField "unknown_field",
        /// A field is missing.
        MissingField "missing_field",
        /// Not an origin (contract, section 6); the message says why.
        InvalidOrigin "invalid_origin",
        /// The organization does not list this origin.
        OriginNotAllowed "origin_not_allowed",
        /// Not a scope that has routes.
        UnknownScope "unknown_scope",
        /// The password is short, common or guessable.
        WeakPassword "weak_password",
        /// The key is too weak, or not one of the kind that was said.
        WeakOrInvalidKey "weak_or_invalid_key",
        /// A bulk action without a filter.
        EmptyFilter "empty_filter",
    }
    429 {
        /// Too many requests; `Retry-After` says when.
        RateLimited "rate_limited",
    }
    500 {
        /// Our fault. The log has the request id.
        Internal "internal",
    }
    503 {
        /// The store cannot answer now; nothing was changed unless a later read says so.
        Unavailable "unavailable",
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The body of every error: what a client may branch on, what a person may read, what support may ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[error("{message}")]
pub struct Problem {
    /// Stable; branch on this.
    pub code: Code,
    /// One or two sentences in English; may change.
    pub message: String,
    /// As in the `x-request-id` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The field that is to blame, where one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// When the same call may work: seconds, for `Retry-After` and `key_too_young`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

/// A refusal or a failure inside the core. `problem()` is the one way out.
#[derive(Debug, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Error {
    code: Code,
    message: Cow<'static, str>,
    field: Option<Cow<'static, str>>,
    retry_after: Option<u64>,
    /// For the log only; never sent.
    #[source]
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The core's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A refusal with its sentence.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), field: None, retry_after: None, cause: None }
    }

    /// Names the field that is to blame.
    #[must_use]
    pub fn field(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Says in how many seconds the same call may work.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Keeps the inner failure for the log.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The answer to what is absent and to what belongs to somebody else.
    #[must_use]
    pub fn not_found(noun: &str) -> Self {
        Self::new(Code::NotFound, format!("No such {noun}."))
    }

    /// A field that is understood but wrong.
    pub fn invalid(field: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::InvalidField, message).field(field)
    }

    /// The store cannot answer.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::new(Code::Unavailable, "The store cannot answer now. Try again shortly.").retry_after(1)
    }

    /// Our fault; `cause` goes to the log, never out.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(Code::Internal, "Something failed on our side. The log has the details under this request id.").because(cause)
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// What may leave the house.
    #[must_use]
    pub fn problem(&self) -> Problem {
        Problem {
            code: self.code,
            message: self.message.clone().into_owned(),
            request_id: None,
            field: self.field.clone().map(Cow::into_owned),
            retry_after: self.retry_after,
        }
    }
}

#[cfg(feature = "db")]
impl From<sqlx::Error> for Error {
    /// A row that cannot be decoded is our fault; everything else means that the store does not answer.
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::Decode(_)
            | sqlx::Error::TypeNotFound { .. } => Self::internal(error),
            other => Self::unavailable().because(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_name_of_a_code_is_its_serialised_form() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_string(code).expect("serialises"), format!("\"{code}\""));
        }
    }

    /// The SDK's list of codes is written from this one; `MINTMARK_WRITE=1` has this test write it.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "how to run a test is not one of the server's settings")]
    fn the_sdk_knows_every_code() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/sdk/src/codes.ts");
        let lines = Code::ALL.iter().map(|code| format!("  {code}: {},\n", code.status())).collect::<Vec<_>>().concat();
        let text = format!(
            "// Written by a test from src/error.rs; after a change there: MINTMARK_WRITE=1 cargo test -p mintmark the_sdk_knows_every_code\n\n\
             /** Every code that Mintmark answers a refusal with, and its HTTP status. */\nexport const codes = {{\n{lines}}} as const;\n\n\
             /** The stable, machine-readable name of a refusal. */\nexport type Code = keyof typeof codes;\n"
        );
        if std::env::var_os("MINTMARK_WRITE").is_some() {
            std::fs::write(path, &text).expect("writes");
        }
        let there = std::fs::read_to_string(path).expect("reads");
        assert!(there == text, "sdk/src/codes.ts is not what src/error.rs says: run the command in its first line");
    }

    #[test]
    fn a_cause_stays_inside() {
        let error = Error::internal("select * from secret");
        assert!(!serde_json::to_string(&error.problem()).expect("serialises").contains("secret"));
    }
}
