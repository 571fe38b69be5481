//! Invitations: a link that makes one person a member, once, while the inviter may still give that role (AZ8).

#[cfg(feature = "db")]
mod accept;
#[cfg(feature = "db")]
mod create;
#[cfg(feature = "db")]
mod list;
#[cfg(feature = "db")]
pub(crate) mod store;
#[cfg(test)]
mod tests;

use crate::{InvitationId, OrganizationId, Role, Secret, TenantId, Time, user::SignedIn};
use serde::{Deserialize, Serialize};

/// For how long an invitation waits, in milliseconds.
pub const LASTS: i64 = 7 * crate::time::DAY;

/// What the secret of an invitation's link starts with.
pub const PREFIX: &str = "invite_";

crate::text_enum! {
    /// What has become of an invitation.
    pub enum InvitationStatus("an invitation status") {
        /// It waits.
        Pending = "pending",
        /// They came.
        Accepted = "accepted",
        /// It was withdrawn, or replaced by a newer one.
        Revoked = "revoked",
        /// Nobody came in time.
        Expired = "expired",
        /// Whoever invited may no longer give this role, or the organization is gone.
        Void = "void",
    }
}

/// An invitation, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct Invitation {
    /// `inv_...`
    pub id: InvitationId,
    /// To whom; nobody else can accept it.
    pub email: String,
    /// What they will be.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub role: Role,
    /// Where; absent: in the whole tenant.
    pub organization_id: Option<OrganizationId>,
    /// What has become of it.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub status: InvitationStatus,
    /// Who invited.
    pub invited_by: String,
    /// Their name then.
    pub invited_by_name: String,
    /// When.
    pub created_at: Time,
    /// Until when it waits.
    pub expires_at: Time,
    /// When they came.
    pub accepted_at: Option<Time>,
    /// When it was withdrawn.
    pub revoked_at: Option<Time>,
}

/// `POST /v1/invitations`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// To whom.
    pub email: String,
    /// At most the inviter's own.
    pub role: Role,
    /// Absent: the whole tenant.
    #[serde(default)]
    pub organization_id: Option<OrganizationId>,
}

/// An invitation with its link, shown once.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct CreatedInvitation {
    /// Itself.
    #[serde(flatten)]
    pub invitation: Invitation,
    /// The link; whoever has it can accept.
    #[serde(serialize_with = "crate::secret::reveal_once")]
    #[cfg_attr(feature = "db", schema(value_type = String))]
    pub url: Secret,
    /// What to do with it.
    pub warning: String,
}

/// What the accept page shows before anybody accepts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationView {
    /// `inv_...`
    pub id: InvitationId,
    /// Into which tenant.
    pub tenant_name: String,
    /// Into which organization of it.
    pub organization_name: Option<String>,
    /// As what.
    pub role: Role,
    /// Bound to this address.
    pub email: String,
    /// By whom.
    pub invited_by_name: String,
    /// Whether somebody with this address has an account already.
    pub account_exists: bool,
    /// Until when.
    pub expires_at: Time,
}

/// The accept page's form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// From the link.
    pub token: Secret,
    /// Of a new person.
    #[serde(default)]
    pub name: Option<String>,
    /// A new person's new one, or the known one's own; not needed when signed in.
    #[serde(default)]
    pub password: Option<Secret>,
    /// The known one's code, where a second factor is on.
    #[serde(default)]
    pub code: Option<Secret>,
}

/// Somebody came.
pub struct Accepted {
    /// Into which tenant.
    pub tenant: TenantId,
    /// Its address.
    pub tenant_slug: String,
    /// The session that began with it; none for somebody who was signed in.
    pub signed_in: Option<SignedIn>,
}
