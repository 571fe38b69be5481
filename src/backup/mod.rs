//! Backups: what one says of itself, and what must die when one is put back (X8, RV11).

#[cfg(feature = "db")]
mod adopt;
#[cfg(feature = "db")]
mod store;
#[cfg(test)]
mod tests;

use crate::Time;
use serde::{Deserialize, Serialize};

/// The form of the file that this version writes and reads.
pub const FORMAT: u32 = 1;

/// The first entry of a backup's file: what the second one, the database, is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// Of the program that wrote it.
    pub version: String,
    /// `sqlite` or `postgres`.
    pub engine: String,
    /// The number of the last migration that its schema has.
    pub schema: i64,
    /// When it was taken.
    pub created_at: Time,
    /// Of the master key under which its secrets are sealed; the key itself is not in it.
    pub master_key_fingerprint: Option<String>,
    /// The database's size.
    pub bytes: u64,
    /// SHA-256 of the database, hex.
    pub sha256: String,
}

/// What putting a backup back ended or held.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Adopted {
    /// Tenants, each with a new `not_before` and new signing keys.
    pub tenants: u64,
    /// Members who wait for an owner.
    pub held_members: u64,
    /// API keys that wait for an owner.
    pub held_api_keys: u64,
    /// Bridge keys that wait for an owner.
    pub held_bridge_keys: u64,
    /// Verification secrets that wait for an owner.
    pub held_verification_secrets: u64,
    /// Sessions that ended, people's and customers'.
    pub ended_sessions: u64,
    /// Invitations that ended.
    pub ended_invitations: u64,
    /// The addresses of all owners: one of them comes in first, through `mintmark user reset`.
    pub owners: Vec<String>,
}
