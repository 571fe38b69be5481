//! Identity tokens: who a product's user is, said by the tenant's backend and signed here, for fifteen minutes.
//!
//! The backend buys one with a verification secret; a page sends it with every message. Nobody but the platform signs (W7).

#[cfg(feature = "db")]
mod issue;
#[cfg(feature = "db")]
mod revoke;
#[cfg(feature = "db")]
pub(crate) mod store;
#[cfg(test)]
mod tests;
#[cfg(feature = "db")]
mod visit;

#[cfg(feature = "db")]
pub use issue::Buyer;
#[cfg(feature = "db")]
pub(crate) use revoke::Refused;

use crate::{IdentityTokenId, ProductId, Secret, Time, customer::CustomerSummary, customer::Metadata, time::MINUTE};
use serde::{Deserialize, Serialize};

/// How long an identity token lives, in milliseconds.
pub const LASTS: i64 = 15 * MINUTE;

/// `POST /v1/auth/user-token`. The names of the first customers' code, `productId` and so on, are understood as well.
#[derive(Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewIdentity {
    /// `prod_...`
    #[serde(alias = "productId")]
    pub product_id: String,
    /// `vs_...`, of this product.
    #[serde(alias = "verificationSecret")]
    #[cfg_attr(feature = "db", schema(value_type = String))]
    pub verification_secret: Secret,
    /// Your own, stable id of the user: 1 to 255 characters, compared byte for byte.
    #[serde(alias = "userId")]
    pub user_id: String,
    /// What they are called: at most 120 characters.
    #[serde(default)]
    pub name: Option<String>,
    /// A small object, such as role and plan: at most 2 KiB of JSON, three levels deep, itself among them.
    #[serde(default)]
    #[cfg_attr(feature = "db", schema(value_type = Option<Object>))]
    pub metadata: Option<Metadata>,
}

/// An identity token, safe to hand to the page of the user that it names.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct IssuedIdentity {
    /// `idt_...`, the JWT's `jti`.
    pub id: IdentityTokenId,
    /// The JWT.
    #[serde(serialize_with = "crate::secret::reveal_once")]
    #[cfg_attr(feature = "db", schema(value_type = String))]
    pub token: Secret,
    /// When it dies: fifteen minutes from now.
    pub expires_at: Time,
}

crate::text_enum! {
    /// Why nobody is known although a token was sent.
    pub enum AnonymousReason("a reason") {
        /// The token was good once. Send a new one to be known again.
        IdentityExpired = "identity_expired",
    }
}

/// `GET /embed/v1/me` with an identity token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct IdentityMe {
    /// Whether nobody is known: the token expired in the middle of a conversation, which goes on.
    pub anonymous: bool,
    /// Why, if so.
    #[cfg_attr(feature = "db", schema(required))]
    pub reason: Option<AnonymousReason>,
    /// Who, if anybody; the name is the token's.
    pub customer: Option<CustomerSummary>,
    /// What the backend said besides.
    #[cfg_attr(feature = "db", schema(required, value_type = Option<Object>))]
    pub metadata: Option<Metadata>,
    /// For which product.
    pub product_id: ProductId,
    /// When the token dies, or died.
    pub expires_at: Time,
}
