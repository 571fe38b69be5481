//! Customer sessions: what a page holds of a customer for an hour at a time, a quarter of one after our own sign-in, and twelve at most.
//!
//! A row that can be ended stands behind every `kind=session` JWT; a refresh signs a new JWT for the same row.

#[cfg(feature = "db")]
mod crowd;
#[cfg(test)]
mod crowd_tests;
#[cfg(feature = "db")]
mod end;
#[cfg(feature = "db")]
mod list;
#[cfg(feature = "db")]
mod open;
#[cfg(feature = "db")]
mod refresh;
#[cfg(feature = "db")]
mod rotate;
#[cfg(test)]
mod rotation_tests;
#[cfg(feature = "db")]
pub(crate) mod store;
#[cfg(test)]
mod tests;
#[cfg(feature = "db")]
mod visit;

#[cfg(feature = "db")]
pub(crate) use crowd::Shared;
#[cfg(feature = "db")]
pub(crate) use open::{Opening, open};
#[cfg(feature = "db")]
pub use visit::{CustomerCall, Visit};

use crate::{
    BridgeKeyId, CustomerId, CustomerSessionId, EmbedKeyId, OrganizationId, ProductId, Secret, Time,
    customer::CustomerSummary,
    embed_key::KeyMode,
    time::{HOUR, MINUTE, SECOND},
};
use serde::{Deserialize, Serialize};

/// How long a session JWT lives, in milliseconds.
pub const LASTS: i64 = HOUR;
/// The same where the popup signed somebody in: nobody but we can say that they left.
pub const LASTS_AFTER_SIGN_IN: i64 = 15 * MINUTE;
/// For how long a JWT that was refreshed may be shown to refresh again: its answer was lost, or a second tab asked as well.
pub const GRACE: i64 = 30 * SECOND;
/// How long a session lives at most, however often it is refreshed.
pub const ABSOLUTE: i64 = 12 * HOUR;

crate::text_enum! {
    /// How a customer proved who they are.
    pub enum Way("a way") {
        /// The tenant's backend vouched for them with a bridge token.
        Bridge = "bridge",
        /// They redeemed a link from their mail.
        MagicLink = "magic_link",
        /// They signed in in our popup.
        SignIn = "sign_in",
    }
}

impl Way {
    /// How long a JWT of such a session lives, in milliseconds.
    #[must_use]
    pub const fn lasts(self) -> i64 {
        match self {
            Self::Bridge | Self::MagicLink => LASTS,
            Self::SignIn => LASTS_AFTER_SIGN_IN,
        }
    }
}

crate::text_enum! {
    /// What can be said of a session right now.
    pub enum CustomerSessionStatus("a session status") {
        /// Good on the next call.
        Active = "active",
        /// Past its time.
        Expired = "expired",
        /// Ended by somebody, or with what it came through.
        Revoked = "revoked",
    }
}

/// What exchange, refresh and redeem answer: the one time that the JWT is seen.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct StartedSession {
    /// The session JWT. Keep it in memory only.
    #[serde(serialize_with = "crate::secret::reveal_once")]
    #[cfg_attr(feature = "db", schema(value_type = String))]
    pub token: Secret,
    /// When it dies by itself: an hour from now, a quarter of one after a sign-in in the popup, or at the session's own end.
    pub expires_at: Time,
    /// Until when it can be refreshed at most.
    pub ends_at: Time,
    /// Whose it is.
    pub customer: CustomerSummary,
}

/// A session as lists show it; its JWTs are never kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct CustomerSession {
    /// `ses_...`, the JWT's `sid`.
    pub id: CustomerSessionId,
    /// Whose.
    pub customer_id: CustomerId,
    /// For which product.
    pub product_id: ProductId,
    /// The embed key of the page that began it.
    pub embed_key_id: EmbedKeyId,
    /// Whether that key is for visitors or for trying things out.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub mode: KeyMode,
    /// How the customer proved who they are.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub way: Way,
    /// The bridge key that vouched.
    pub bridge_key_id: Option<BridgeKeyId>,
    /// The organization that the bridge token named.
    pub organization_id: Option<OrganizationId>,
    /// The page where it began.
    pub origin: String,
    /// Whether it is good on the next call.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub status: CustomerSessionStatus,
    /// When it began.
    pub created_at: Time,
    /// When its latest JWT was signed.
    pub refreshed_at: Time,
    /// When that JWT dies.
    pub expires_at: Time,
    /// When the session ends at the latest.
    pub ends_at: Time,
    /// From where it began.
    pub ip: Option<String>,
    /// With what.
    pub user_agent: Option<String>,
    /// Until when a reload of its page can bring it back: the browser keeps it, and nobody ended that.
    pub kept_until: Option<Time>,
    /// When it was ended.
    pub revoked_at: Option<Time>,
    /// By whom: an id.
    pub revoked_by: Option<String>,
    /// Their name at that time.
    pub revoked_by_name: Option<String>,
    /// Why.
    pub revoke_reason: Option<String>,
}

/// `GET /embed/v1/me`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct Me {
    /// Whether nobody is known: never with a session.
    pub anonymous: bool,
    /// Who.
    pub customer: CustomerSummary,
    /// `ses_...`
    pub session_id: CustomerSessionId,
    /// For which product.
    pub product_id: ProductId,
    /// In which organization, where the bridge token named one.
    pub organization_id: Option<OrganizationId>,
    /// Whether the page is for visitors or for trying things out.
    pub mode: KeyMode,
    /// When the JWT that asked dies by itself.
    pub expires_at: Time,
    /// Until when it can be refreshed at most.
    pub ends_at: Time,
}

/// A session that a page ended: `DELETE /embed/v1/sessions/current`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct EndedCustomerSession {
    /// `ses_...`
    pub id: CustomerSessionId,
    /// Whose it was.
    pub customer_id: CustomerId,
    /// Since when nothing accepts it.
    pub revoked_at: Time,
}

/// What `DELETE /v1/customers/:id/sessions` and `DELETE /embed/v1/sessions` did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct RevokedSessions {
    /// How many live sessions ended.
    pub revoked: u64,
}
