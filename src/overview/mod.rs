//! The overview: what is alive, what the last day brought, and what is left to do at the start.

#[cfg(feature = "db")]
mod look;
#[cfg(feature = "db")]
mod memory;
#[cfg(feature = "db")]
mod store;
#[cfg(test)]
mod tests;

#[cfg(feature = "db")]
pub(crate) use memory::Days;

use crate::{
    KeyId, Time,
    key::{Algorithm, KeyState},
};
use serde::{Deserialize, Serialize};

/// How many hours it shows, the present one included.
pub const HOURS: usize = 24;

/// A tenant, or those of its organizations that one reaches, at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// Widget tokens that are good on the next call, as far as [`LIVE_COUNTED`](crate::token::LIVE_COUNTED) says.
    pub live_tokens: i64,
    /// Whether one was ever minted, as far back as rows are kept.
    pub ever_minted: bool,
    /// The last [`HOURS`], oldest first; none while a day of millions is still being counted, which the next view goes on with.
    pub hours: Option<Vec<Hour>>,
    /// The signing keys; none for who has no role of the tenant.
    pub keys: Option<KeysAtAGlance>,
    /// What is left to do; none once it was put away, and for who has no role of the tenant.
    pub checklist: Option<Checklist>,
}

/// One hour of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hour {
    /// Its start.
    pub at: Time,
    /// Widget tokens minted in it.
    pub minted: u64,
    /// Calls on `/widget/*` that were refused in it, forgeries included; up to a minute late.
    pub refused: u64,
}

/// The signing keys in one line each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysAtAGlance {
    /// The one that signs.
    pub active: Option<KeyAtAGlance>,
    /// The one that signs after it.
    pub next: Option<KeyAtAGlance>,
    /// From when on every verifier that caches the JWKS knows the next one, so that rotating waits for nobody.
    pub next_ready_at: Option<Time>,
    /// Those whose last tokens are still alive.
    pub retiring: usize,
}

/// A signing key without the count of the tokens that it signed, for which all of them would be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow))]
pub struct KeyAtAGlance {
    /// `key_...`
    pub id: KeyId,
    /// What it signs with.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub algorithm: Algorithm,
    /// Where it is in its life.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub state: KeyState,
    /// When it was made and published.
    pub created_at: Time,
    /// When it began to sign.
    pub activated_at: Option<Time>,
}

/// From nothing to a token that was revoked in time. Each is read from the data, never from a click.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow))]
#[expect(clippy::struct_excessive_bools, reason = "each is one tick")]
pub struct Checklist {
    /// There is, or was, an organization.
    pub organization: bool,
    /// An origin was allowed.
    pub origin: bool,
    /// A token was minted.
    pub token: bool,
    /// A page called with one of the newest; up to ten seconds late.
    pub call: bool,
    /// One was revoked.
    pub revoked: bool,
    /// There is, or was, an API key, or there is a second member.
    pub company: bool,
}

impl Checklist {
    /// How many there are.
    pub const STEPS: usize = 6;

    /// How many are done.
    #[must_use]
    pub fn done(self) -> usize {
        [self.organization, self.origin, self.token, self.call, self.revoked, self.company].into_iter().filter(|done| *done).count()
    }
}
