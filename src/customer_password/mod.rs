//! Passwords of customers: signing up, signing in and setting a password anew, where a product lets them.
//!
//! Whoever signs up or has forgotten a password is answered before anybody looks who it is: the request is a row, and a chore answers it
//! by mail or not at all. A password that somebody typed before their address was verified is bound to that one sign-up and the link in
//! its mail, and whoever redeems the link has to know it: nobody's account ever bears a password that a stranger chose.

#[cfg(feature = "db")]
mod answer;
#[cfg(feature = "db")]
mod ask;
#[cfg(feature = "db")]
mod letter;
#[cfg(feature = "db")]
mod redeem;
#[cfg(feature = "db")]
mod remove;
#[cfg(feature = "db")]
mod sign_in;
#[cfg(feature = "db")]
pub(crate) mod store;
#[cfg(test)]
mod tests;

#[cfg(feature = "db")]
pub(crate) use ask::reseal;

use crate::{
    Secret,
    time::{DAY, MINUTE},
};
use serde::{Deserialize, Serialize};

/// How long a link verifies an address, in milliseconds.
pub const VERIFY_LASTS: i64 = DAY;
/// How long a link sets a new password, in milliseconds.
pub const RESET_LASTS: i64 = 15 * MINUTE;
/// Requests of one client in any minute that are looked at.
pub const MOST_OF_A_CLIENT: i64 = 10;
/// Requests for one address in any hour that are looked at.
pub const MOST_FOR_AN_ADDRESS: i64 = 5;

crate::text_enum! {
    /// What a mailed link is for.
    pub enum Purpose("a purpose") {
        /// Somebody signed up, and proves that they read this address.
        Verify = "verify",
        /// A customer sets a new password.
        Reset = "reset",
    }
}

/// An address and a password: signs up, or signs in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordProof {
    /// As typed.
    pub email: String,
    /// As typed.
    pub password: Secret,
}

/// Somebody who forgot a password, or never had one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForgottenPassword {
    /// As typed.
    pub email: String,
}

/// The form behind a mailed link.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordRedemption {
    /// What the link's address carries after its hash.
    pub token: Secret,
    /// The password that the sign-up was begun with, or the new one.
    pub password: Secret,
}

/// What a redeemed link did. It signs nobody in: the page that wanted a sign-in is another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordSet {
    /// The tenant's name.
    pub tenant: String,
    /// The address with which the password works now.
    pub email: String,
}
