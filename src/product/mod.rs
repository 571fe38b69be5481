//! Products: what a tenant embeds in pages. Each owns its registered domains, embed keys and offerings.

mod appearance;
mod contrast;
mod csp;
#[cfg(feature = "db")]
mod domains;
#[cfg(feature = "db")]
mod integration;
#[cfg(feature = "db")]
mod manage;
#[cfg(feature = "db")]
mod page_test;
#[cfg(feature = "db")]
pub(crate) mod store;
#[cfg(test)]
mod tests;

pub use appearance::{Appearance, Mode};
pub use contrast::{Contrast, READABLE};
#[cfg(feature = "db")]
pub use csp::advise;
pub use csp::{Loaded, PolicyAdvice, PolicyNeed, PolicyWarning};
#[cfg(feature = "db")]
pub(crate) use manage::first;

use crate::{
    Code, DomainId, ProductId, Time,
    embed_key::EmbedKey,
    origin::{NearMiss, Origin},
};
use serde::{Deserialize, Serialize};

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Product {
    /// `prod_...`
    pub id: ProductId,
    /// What people call it; pages that carry its embed keys can read it.
    pub name: String,
    /// How its widgets look.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub appearance: Appearance,
    /// Whether somebody whom nobody vouched for becomes a customer by reading a mail.
    pub anyone_may_sign_in: bool,
    /// Whether its pages may open our sign-in popup.
    pub sign_in: bool,
    /// How many days a conversation is kept after its last message: 1, 7, 30 or 90.
    pub conversation_days: i64,
    /// Whether customers may sign in with a password of their own.
    pub passwords: bool,
    /// Whether its pages may keep who signed in by mail or in our popup across reloads.
    pub keep_signed_in: bool,
    /// When it was made.
    pub created_at: Time,
    /// When it was deleted, in the answer to a deletion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Time>,
}

crate::text_enum! {
    /// What has to work before a product's integration is done; each is seen by the code that does it.
    pub enum IntegrationStep("a step") {
        /// A page of an embed key's origins was let in.
        PageLetIn = "page_let_in",
        /// A customer got a session: a bridge token was exchanged, or a link redeemed.
        CustomerSignedIn = "customer_signed_in",
        /// An identity token was judged good, for its page or for a backend.
        IdentityVerified = "identity_verified",
        /// A session was used when the token that it began with had expired: the page refreshes.
        SessionOutlivedItsToken = "session_outlived_its_token",
        /// A call was refused because its session or identity had been ended: the end reaches the page.
        EndNoticed = "end_noticed",
    }
}

/// A step, and when it was seen first; none until it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenStep {
    /// Which.
    pub step: IntegrationStep,
    /// When.
    pub at: Option<Time>,
}

/// A product as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct ProductSummary {
    /// Itself.
    #[serde(flatten)]
    #[cfg_attr(feature = "db", sqlx(flatten))]
    pub product: Product,
    /// Embed keys that work.
    pub embed_keys: i64,
    /// Offerings that pages can see.
    pub published_offerings: i64,
}

/// `POST /v1/products`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct NewProduct {
    /// 1 to 120 characters.
    pub name: String,
    /// Left to the widgets when absent.
    #[serde(default)]
    pub appearance: Appearance,
    /// Off when absent: sign-in links are mailed to customers with a verified address alone.
    #[serde(default)]
    pub anyone_may_sign_in: bool,
    /// Off when absent: its pages cannot open our sign-in popup.
    #[serde(default)]
    pub sign_in: bool,
    /// Off when absent: customers have no passwords.
    #[serde(default)]
    pub passwords: bool,
    /// Off when absent: a reload signs out whoever signed in by mail or in our popup.
    #[serde(default)]
    pub keep_signed_in: bool,
}

/// `PATCH /v1/products/:id`: what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ProductChange {
    /// 1 to 120 characters.
    pub name: Option<String>,
    /// The whole of it.
    pub appearance: Option<Appearance>,
    /// Whether reading a mail makes a customer of anybody.
    pub anyone_may_sign_in: Option<bool>,
    /// Whether its pages may open our sign-in popup.
    pub sign_in: Option<bool>,
    /// How many days a conversation is kept after its last message: 1, 7, 30 or 90. It holds for those that there are as well.
    pub conversation_days: Option<i64>,
    /// Whether customers may sign in with a password of their own.
    pub passwords: Option<bool>,
    /// Whether its pages may keep who signed in across reloads. Turned off, whoever is kept is forgotten.
    pub keep_signed_in: Option<bool>,
}

/// A registered domain: pages of this origin may ask for identities of the product's users. What an embed key lets in is
/// that key's own list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct Domain {
    /// `dom_...`
    pub id: DomainId,
    /// As browsers send it.
    pub origin: Origin,
    /// When it was registered.
    pub created_at: Time,
}

/// `POST /v1/products/:id/domains`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewDomain {
    /// The origin, in any form that has one meaning.
    pub origin: String,
}

/// What a page of one origin may do with a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageTest {
    /// What browsers send for that page; `null` for one without an origin.
    pub origin: String,
    /// The newest embed keys, those that work no more among them.
    pub keys: Vec<TestedKey>,
    /// Whether its scripts may ask who a user is.
    pub domains: TestedList,
}

/// What a page is answered that carries this key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestedKey {
    /// The key.
    pub key: EmbedKey,
    /// The code of the refusal, if the page is refused.
    pub refused: Option<Code>,
    /// The key's own list.
    pub list: TestedList,
}

/// How a page's origin stands to a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestedList {
    /// Whether the list has it.
    pub named: bool,
    /// If it has not, what comes nearest.
    pub near: Option<NearMiss>,
}
