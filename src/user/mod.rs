//! Users: the people who sign in to the dashboard, whichever tenants they belong to.

#[cfg(feature = "db")]
mod account;
#[cfg(feature = "db")]
mod change;
pub mod email;
#[cfg(feature = "db")]
mod hashing;
#[cfg(feature = "db")]
mod password;
#[cfg(feature = "db")]
mod policy;
#[cfg(feature = "db")]
mod prove;
#[cfg(feature = "db")]
mod reset;
#[cfg(feature = "db")]
mod second_factor;
#[cfg(feature = "db")]
mod sign_in;
#[cfg(feature = "db")]
mod step_up;
#[cfg(feature = "db")]
pub(crate) mod store;
#[cfg(test)]
mod tests;

#[cfg(feature = "db")]
pub(crate) use second_factor::reseal;
#[cfg(feature = "db")]
pub use sign_in::Visitor;
#[cfg(feature = "db")]
pub(crate) use {account::NewUser, hashing::Hashing, policy::judge, prove::Counter, prove::Proof, sign_in::Device};

use crate::{Secret, Time, UserId, session::NewSession, tenant::TenantSummary};
use serde::{Deserialize, Serialize};

/// A person, as answers name them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct User {
    /// `usr_...`
    pub id: UserId,
    /// Trimmed, ASCII lower case; unique in the installation.
    pub email: String,
    /// What people call them.
    pub name: String,
}

/// A person's own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct Profile {
    /// Themselves.
    #[serde(flatten)]
    #[cfg_attr(feature = "db", sqlx(flatten))]
    pub user: User,
    /// Whether a second factor is on.
    pub second_factor: bool,
    /// Recovery codes that were not used yet.
    pub recovery_codes_left: i64,
    /// Whether the password is one that needs the second factor beside it.
    pub short_password: bool,
    /// Since when there is an account.
    pub created_at: Time,
}

/// What somebody signs in with.
#[derive(Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// As typed.
    pub email: String,
    /// As typed.
    #[cfg_attr(feature = "db", schema(value_type = String))]
    pub password: Secret,
    /// From the authenticator, or a recovery code; needed when a second factor is on.
    #[serde(default)]
    #[cfg_attr(feature = "db", schema(value_type = Option<String>))]
    pub code: Option<Secret>,
}

/// How a sign-in went when nothing was wrong.
pub enum SignIn {
    /// Signed in.
    Done(Box<SignedIn>),
    /// The password was right; with this ticket and a code within five minutes it is done.
    SecondFactorRequired {
        /// For `Core::finish_sign_in`.
        ticket: Secret,
    },
}

/// Somebody who is in.
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// The session, with what goes into its cookie.
    pub session: NewSession,
    /// For the cookie that marks this device as known, where it was not (SE8).
    pub device: Option<Secret>,
    /// Where they may go, the last used first.
    pub tenants: Vec<TenantSummary>,
}

/// Proof of presence: one of the two.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Presence {
    /// The password.
    pub password: Option<Secret>,
    /// From the authenticator, or a recovery code.
    pub code: Option<Secret>,
}

/// A new password for the old one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The old one.
    pub current_password: Secret,
    /// At least 15 characters, 8 beside a second factor.
    pub new_password: Secret,
}

/// A second factor that still needs its first code.
#[derive(Serialize)]
pub struct SecondFactorOffer {
    /// Base32, for typing.
    #[serde(serialize_with = "crate::secret::reveal_once")]
    pub secret: Secret,
    /// `otpauth://...`, for a link.
    #[serde(serialize_with = "crate::secret::reveal_once")]
    pub url: Secret,
    /// The same as a picture: SVG text.
    #[serde(serialize_with = "crate::secret::reveal_once")]
    pub qr_svg: Secret,
}

/// Ten codes, each of which stands in for the authenticator once.
#[derive(Serialize)]
pub struct RecoveryCodes {
    /// Shown once.
    #[serde(serialize_with = "crate::secret::reveal_all_once")]
    pub codes: Vec<Secret>,
}

/// The form behind a reset link.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountReset {
    /// From the link.
    pub token: Secret,
    /// At least 15 characters: the second factor goes.
    pub password: Secret,
}
