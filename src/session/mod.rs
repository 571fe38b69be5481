//! Dashboard sessions: a browser's cookie or a dashboard JWT, each with a row that can be ended.

#[cfg(feature = "db")]
mod actor;
#[cfg(feature = "db")]
mod api;
#[cfg(feature = "db")]
mod cookie;
#[cfg(feature = "db")]
mod end;
#[cfg(feature = "db")]
mod list;
#[cfg(feature = "db")]
pub(crate) mod store;
#[cfg(test)]
mod tests;

#[cfg(feature = "db")]
pub(crate) use cookie::{Opening, open};

use crate::{Secret, SessionId, Time, UserId, tenant::TenantSummary, user::User};
use serde::{Deserialize, Serialize};

/// How long a browser's session lasts without being seen, in milliseconds (SE4).
pub const IDLE: i64 = crate::time::HOUR;
/// How long it lasts at most.
pub const ABSOLUTE: i64 = 24 * crate::time::HOUR;
/// How long a dashboard JWT lasts.
pub const API: i64 = crate::time::HOUR;

/// What the secret in a session's cookie starts with.
pub const COOKIE_PREFIX: &str = "session_";

crate::text_enum! {
    /// What a session is carried by.
    pub enum SessionKind("a session kind") {
        /// A cookie.
        Browser = "browser",
        /// A dashboard JWT.
        Api = "api",
    }
}

/// A browser's session that is alive.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow))]
pub struct Session {
    /// `dss_...`; not what the cookie holds.
    pub id: SessionId,
    /// Whose.
    pub user_id: UserId,
    /// Theirs.
    pub email: String,
    /// Theirs.
    pub name: String,
    /// The session layer's own record, JSON.
    pub data: String,
    /// When it began.
    pub created_at: Time,
    /// When it was last written that it was seen.
    pub seen_at: Time,
    /// When it ends at the latest.
    pub expires_at: Time,
    /// When presence was last proved.
    pub proved_at: Time,
}

/// A session that has just begun.
pub struct NewSession {
    /// `dss_...`
    pub id: SessionId,
    /// What goes into the cookie: nothing else finds the session.
    pub cookie: Secret,
    /// When it ends at the latest.
    pub expires_at: Time,
}

/// `POST /v1/sessions`.
#[derive(Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewApiSession {
    /// As typed.
    pub email: String,
    /// As typed.
    #[cfg_attr(feature = "db", schema(value_type = String))]
    pub password: Secret,
    /// From the authenticator, or a recovery code; needed when a second factor is on.
    #[serde(default)]
    #[cfg_attr(feature = "db", schema(value_type = Option<String>))]
    pub code: Option<Secret>,
    /// Slug or id; the tenant used last when absent.
    #[serde(default)]
    pub tenant: Option<String>,
}

/// A dashboard JWT, shown once.
#[derive(Serialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct MintedSession {
    /// For one tenant: `tenants[0]`.
    #[serde(serialize_with = "crate::secret::reveal_once")]
    #[cfg_attr(feature = "db", schema(value_type = String))]
    pub token: Secret,
    /// `exp`, an hour from now.
    pub expires_at: Time,
    /// Whose it is.
    pub user: User,
    /// Where this person may go; first the one that the token is for.
    pub tenants: Vec<TenantSummary>,
}

/// A session that was ended: the answer of `DELETE /v1/sessions/current`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct EndedSession {
    /// `dss_...`
    pub id: SessionId,
    /// Whose it was.
    pub user_id: UserId,
    /// Since when nothing accepts it.
    pub revoked_at: Time,
}

/// A session in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct SessionSummary {
    /// `dss_...`
    pub id: SessionId,
    /// Cookie or JWT.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub kind: SessionKind,
    /// When it began.
    pub created_at: Time,
    /// When it was last seen.
    pub seen_at: Time,
    /// When it ends at the latest.
    pub expires_at: Time,
    /// From where it began.
    pub ip: Option<String>,
    /// With what.
    pub user_agent: Option<String>,
    /// Whether it is the one that asks.
    #[cfg_attr(feature = "db", sqlx(default))]
    pub current: bool,
}
