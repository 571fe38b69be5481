//! Customers: the end users of a tenant's pages, known by the tenant's own id or by a verified e-mail.
//!
//! Live and test customers are two worlds. An e-mail that nobody verified is a note: it never finds or merges anybody.

#[cfg(feature = "db")]
mod erase;
#[cfg(feature = "db")]
mod list;
#[cfg(feature = "db")]
mod manage;
#[cfg(feature = "db")]
mod metadata;
#[cfg(feature = "db")]
mod purge;
#[cfg(feature = "db")]
pub(crate) mod sight;
#[cfg(feature = "db")]
pub(crate) mod store;
#[cfg(test)]
mod tests;

#[cfg(feature = "db")]
pub(crate) use {manage::external_id, metadata::checked as checked_metadata};

use crate::{CustomerId, Listed, OrganizationId, Time, embed_key::KeyMode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The longest id that a tenant's backend may give a customer, in characters.
pub const LONGEST_EXTERNAL_ID: usize = 255;
/// The most that `metadata` may hold, in bytes of JSON.
pub const MOST_METADATA: usize = 2_048;

crate::text_enum! {
    /// How a customer came first.
    pub enum FirstSeenBy("a way") {
        /// The tenant's backend vouched for them.
        Bridge = "bridge",
        /// They read a mail.
        MagicLink = "magic_link",
        /// The tenant's backend wrote them down.
        Api = "api",
        /// A person did, here.
        Dashboard = "dashboard",
    }
}

/// What a page is told of its customer, and what a session's answer holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct CustomerSummary {
    /// `cus_...`
    pub id: CustomerId,
    /// As the tenant's backend names them.
    pub external_id: Option<String>,
    /// Where they read mail, as far as is known.
    pub email: Option<String>,
    /// What they are called.
    pub name: Option<String>,
}

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct Customer {
    /// `cus_...`
    pub id: CustomerId,
    /// Whether they are real or came through a test key.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub mode: KeyMode,
    /// As the tenant's backend names them, byte for byte.
    pub external_id: Option<String>,
    /// Trimmed, ASCII lower case.
    pub email: Option<String>,
    /// Whether the tenant or a mail that was read vouches for the address.
    pub email_verified: bool,
    /// What they are called.
    pub name: Option<String>,
    /// The tenant's own notes.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"), schema(value_type = Object))]
    pub metadata: Metadata,
    /// Where they belong.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"), schema(value_type = Vec<String>))]
    pub organization_ids: Listed<OrganizationId>,
    /// How they came first.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub first_seen_by: FirstSeenBy,
    /// When.
    pub created_at: Time,
    /// When anything of this last changed.
    pub updated_at: Time,
    /// When their last session began.
    pub last_session_at: Option<Time>,
    /// How many sessions are alive.
    pub live_sessions: i64,
    /// Since when no page lets them in.
    pub banned_at: Option<Time>,
    /// Why.
    pub ban_reason: Option<String>,
    /// When they set their password, if they have one.
    pub password_set_at: Option<Time>,
    /// When their personal data was erased, in the answer to that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Time>,
}

impl Customer {
    /// What a page is told.
    #[must_use]
    pub fn summary(&self) -> CustomerSummary {
        CustomerSummary { id: self.id.clone(), external_id: self.external_id.clone(), email: self.email.clone(), name: self.name.clone() }
    }

    /// What lists call them: the name, else the address, else the tenant's id, else ours.
    #[must_use]
    pub fn title(&self) -> &str {
        self.name.as_deref().or(self.email.as_deref()).or(self.external_id.as_deref()).unwrap_or(self.id.as_str())
    }
}

/// A JSON object that is stored as text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metadata(pub Map<String, Value>);

impl TryFrom<String> for Metadata {
    type Error = serde_json::Error;
    fn try_from(text: String) -> Result<Self, serde_json::Error> {
        serde_json::from_str(&text)
    }
}

#[cfg(feature = "db")]
impl Metadata {
    /// The stored form.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }
}

/// `POST /v1/customers`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct NewCustomer {
    /// `live` when absent.
    pub mode: Option<KeyMode>,
    /// 1 to 255 characters, compared byte for byte; unique in the tenant. Needed unless there is a verified e-mail.
    pub external_id: Option<String>,
    /// An address; unique in the tenant once verified.
    pub email: Option<String>,
    /// Your word that the address is theirs.
    pub email_verified: bool,
    /// 1 to 120 characters.
    pub name: Option<String>,
    /// At most 2 KiB, three levels deep.
    #[cfg_attr(feature = "db", schema(value_type = Object))]
    pub metadata: Metadata,
    /// Where they belong.
    #[cfg_attr(feature = "db", schema(value_type = Vec<String>))]
    pub organization_ids: Vec<OrganizationId>,
}

/// `PATCH /v1/customers/:id`: what is absent stays, what is null goes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct CustomerChange {
    /// 1 to 255 characters, or null.
    #[serde(deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "db", schema(value_type = Option<String>))]
    pub external_id: Option<Option<String>>,
    /// An address, or null. Another address is unverified unless it is said otherwise along with it.
    #[serde(deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "db", schema(value_type = Option<String>))]
    pub email: Option<Option<String>>,
    /// Your word that the address is theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// 1 to 120 characters, or null.
    #[serde(deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "db", schema(value_type = Option<String>))]
    pub name: Option<Option<String>>,
    /// The whole of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "db", schema(value_type = Option<Object>))]
    pub metadata: Option<Metadata>,
    /// The whole list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "db", schema(value_type = Option<Vec<String>>))]
    pub organization_ids: Option<Vec<OrganizationId>>,
    /// True ends their sessions at once and lets no page open another; false takes that back, and revives nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub banned: Option<bool>,
    /// Why, for history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Tells null from absent.
#[expect(clippy::option_option, reason = "absent, null and a text are three things")]
fn said<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

/// Which customers a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(default)]
pub struct CustomerFilter {
    /// `live` when absent: test customers are listed only when asked for.
    pub mode: Option<KeyMode>,
    /// Only those who came first this way.
    pub first_seen_by: Option<FirstSeenBy>,
    /// Only those of this organization.
    pub organization_id: Option<OrganizationId>,
    /// Only the one with this id of the tenant's own.
    pub external_id: Option<String>,
    /// Only those with this address, verified or not.
    pub email: Option<String>,
    /// Only those who are banned, or who are not.
    pub banned: Option<bool>,
    /// Only those whose name, address or the tenant's id contains this, or whose id it is.
    pub search: Option<String>,
}

/// `POST /v1/customers/purge-test`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct PurgedCustomers {
    /// How many test customers are gone, with their sessions.
    pub purged: u64,
}
