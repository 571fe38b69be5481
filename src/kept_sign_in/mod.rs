//! Kept sign-ins: what a browser keeps for the pages of one origin, so that a reload signs nobody out (OR11).
//!
//! A page's session lives in its memory only. Where the product's switch is on, a hidden frame of ours keeps a secret in a cookie that no
//! script reads and that is partitioned by the site around the frame; after a reload the frame shows it, and a session of the same customer
//! is opened anew. Nothing of that lives longer than the session that it began with. A kept sign-in is one sign-in: ending one of its
//! sessions ends it and all the others.
//!
//! Each restore replaces the secret. What follows one is made of it with the master key, so that two tabs which restore at once, in
//! different processes too, hold the same one afterwards, and an answer that was lost is given again. A secret that was replaced longer ago
//! is somebody's copy, and the sign-in ends.

#[cfg(feature = "db")]
mod forget;
#[cfg(feature = "db")]
mod frame;
#[cfg(feature = "db")]
mod keep;
#[cfg(feature = "db")]
mod restore;
#[cfg(feature = "db")]
pub(crate) mod store;
#[cfg(test)]
mod tests;

use crate::{EmbedKeyId, Secret, Time, customer_session::StartedSession, origin::Origin, time::MINUTE};
use serde::Deserialize;

/// For how long after its beginning a session can be kept, in milliseconds: whoever comes by its token later keeps nothing with it.
pub const KEPT_WITHIN: i64 = 5 * MINUTE;
/// For how long a secret that was replaced is good for one more restore, in milliseconds: its answer was lost, or a second tab asked as well.
pub const GRACE: i64 = MINUTE;

/// What the secret begins with.
#[cfg(feature = "db")]
const PREFIX: &str = "kept_";

/// `POST /popup/keep`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewKeptSignIn {
    /// The session JWT of a page that somebody signed in at a moment ago.
    pub token: Secret,
}

/// Where the frame may be, and to whom it speaks.
#[derive(Debug, Clone)]
pub struct KeepFrame {
    /// As it stands in the page.
    pub key: EmbedKeyId,
    /// The page's origin, as it stands on the key's list.
    pub origin: String,
    /// All that the key lists, and nobody else may frame it.
    pub origins: Vec<Origin>,
}

/// What the browser keeps from now on; without a secret it keeps what it has.
pub struct KeptSecret {
    /// For the cookie.
    pub secret: Option<Secret>,
    /// Until when.
    pub ends_at: Time,
}

/// What a reload was answered.
pub struct RestoredSignIn {
    /// The session, opened anew.
    pub session: StartedSession,
    /// What the cookie holds from now on.
    pub secret: Secret,
    /// Until when.
    pub ends_at: Time,
}
