//! Origins: scheme, host, port, as browsers send them (contract, section 6). Matching is equality, nothing is inferred.

#[cfg(feature = "db")]
mod allow;
#[cfg(feature = "db")]
mod nearest;
#[cfg(feature = "db")]
mod parse;
#[cfg(feature = "db")]
pub(crate) mod store;
#[cfg(test)]
mod tests;

#[cfg(feature = "db")]
pub(crate) use {
    nearest::{names, nearest},
    parse::{of_page, stray},
};

use crate::{OriginId, Time};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The most origins that one list holds.
pub const MOST: usize = 20;

/// An origin in ASCII serialisation: lower case, punycode, without its default port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::Type, utoipa::ToSchema))]
#[cfg_attr(feature = "db", sqlx(transparent), schema(value_type = String))]
#[serde(transparent)]
pub struct Origin(pub(crate) String);

impl Origin {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An entry of an organization's allowlist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct AllowedOrigin {
    /// `ori_...`
    pub id: OriginId,
    /// What tokens of this organization may name.
    pub origin: Origin,
    /// When it was added.
    pub created_at: Time,
}

/// `POST /v1/organizations/:id/origins`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewOrigin {
    /// The origin, in any form that has one meaning.
    pub origin: String,
}

/// `DELETE /v1/organizations/:id/origins/:origin_id`, and its answer's count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct RemovedOrigin {
    /// The entry that was.
    #[serde(flatten)]
    pub origin: AllowedOrigin,
    /// When it was removed.
    pub removed_at: Time,
    /// Live tokens that named it and died with it.
    pub revoked: u64,
}

/// How one page's origin compares with an allowlist entry, for the examples beside the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginExample {
    /// A page's origin.
    pub page: String,
    /// Whether a call from it is let through.
    pub matches: bool,
    /// Why not.
    pub why: Option<String>,
}

/// What an origin would be stored as, and what it would match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginCheck {
    /// The stored form.
    pub origin: Origin,
    /// Pages that match and that do not.
    pub examples: Vec<OriginExample>,
}

/// The entry of a list that comes nearest to a page's origin which is not on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearMiss {
    /// The entry.
    pub origin: Origin,
    /// In what the page differs from it.
    pub why: String,
}
