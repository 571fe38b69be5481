//! Magic links: a customer types an address, reads a mail, and is signed in (F27 to F38).
//!
//! Whoever asks for a link is answered before anybody looks whether the address is known: the request is a row like any other, and a
//! chore answers it. So a registered address and an unknown one cannot be told apart, by the answer or by its time (ML1, ML2).

#[cfg(feature = "db")]
mod answer;
#[cfg(feature = "db")]
mod redeem;
#[cfg(feature = "db")]
mod request;
#[cfg(feature = "db")]
mod return_url;
#[cfg(feature = "db")]
pub(crate) mod store;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod window_tests;

#[cfg(feature = "db")]
pub(crate) use request::reseal;

use crate::Secret;
use serde::{Deserialize, Serialize};

/// The parameter that a link adds to the return URL.
pub const PARAMETER: &str = "mintmark_magic_token";
/// How long a link works, in milliseconds.
pub const LASTS: i64 = 15 * crate::time::MINUTE;
/// Requests of one client in any minute that are looked at.
pub const MOST_OF_A_CLIENT: i64 = 10;
/// Requests for one address in any hour that are looked at.
pub const MOST_FOR_AN_ADDRESS: i64 = 5;

/// `POST /embed/v1/magic-links`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewMagicLink {
    /// What the visitor typed.
    pub email: String,
    /// Where the link leads: the page's own address, of an origin on the embed key's list.
    pub return_url: String,
}

/// The answer to every request for a link, whatever becomes of it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct AcceptedRequest {
    /// Always `accepted`.
    pub status: AcceptedStatus,
}

/// The one thing that a page is told.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AcceptedStatus {
    /// It was heard.
    #[default]
    Accepted,
}

/// What our sign-in popup asks for: `POST /popup/links`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewSignInLink {
    /// What the visitor typed.
    pub email: String,
    /// SHA-256 of the verifier that this popup keeps to itself until it redeems the link: 64 lower-case hex digits.
    pub challenge: String,
}

/// What our sign-in popup redeems: `POST /popup/redeem`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInRedemption {
    /// What the link's address carries.
    pub token: Secret,
    /// What only the popup that asked knows.
    pub verifier: Secret,
}

/// `POST /embed/v1/magic-links/redeem`.
#[derive(Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Redemption {
    /// What the link's address carries.
    #[cfg_attr(feature = "db", schema(value_type = String))]
    pub token: Secret,
}
