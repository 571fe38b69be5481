//! Offerings: what a pricing widget shows. Only published ones ever leave the house.

#[cfg(feature = "db")]
mod manage;
mod money;
#[cfg(feature = "db")]
mod order;
#[cfg(feature = "db")]
mod store;
#[cfg(test)]
mod tests;

pub use money::{CURRENCIES, Price, amount_text, minor_digits, parse_amount};

use crate::{Listed, OfferingId, ProductId, Time};
use serde::{Deserialize, Serialize};

/// The most offerings of a product, of every status.
pub const MOST: i64 = 100;
/// The most features of an offering.
pub const MOST_FEATURES: usize = 30;

crate::text_enum! {
    /// Whether pages can see it.
    pub enum OfferingStatus("a status of an offering") {
        /// Being written.
        Draft = "DRAFT",
        /// Pages can see it.
        Published = "PUBLISHED",
        /// Kept, and seen no more.
        Archived = "ARCHIVED",
    }
}

crate::text_enum! {
    /// How often a price is paid.
    pub enum Interval("an interval") {
        /// One time.
        Once = "once",
        /// Every day.
        Day = "day",
        /// Every week.
        Week = "week",
        /// Every month.
        Month = "month",
        /// Every year.
        Year = "year",
    }
}

/// An offering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct Offering {
    /// `off_...`
    pub id: OfferingId,
    /// Whose it is.
    pub product_id: ProductId,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// What it costs.
    #[cfg_attr(feature = "db", sqlx(flatten))]
    pub price: Price,
    /// What is in it, in this order.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"), schema(value_type = Vec<String>))]
    pub features: Listed<String>,
    /// Its place among the product's, from the lowest.
    pub position: i64,
    /// Where its button leads.
    pub cta_url: Option<String>,
    /// Whether pages can see it.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub status: OfferingStatus,
    /// When it was written first.
    pub created_at: Time,
    /// When it was changed last.
    pub updated_at: Time,
}

/// `POST /v1/products/:id/offerings`. It goes to the end of the list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewOffering {
    /// 1 to 120 characters.
    pub name: String,
    /// At most 500 characters.
    #[serde(default)]
    pub description: Option<String>,
    /// What it costs.
    pub price: Price,
    /// At most 30, of 1 to 120 characters each.
    #[serde(default)]
    pub features: Vec<String>,
    /// `https`, at most 2,000 characters.
    #[serde(default)]
    pub cta_url: Option<String>,
    /// A draft when absent.
    #[serde(default)]
    pub status: Option<OfferingStatus>,
}

/// `PATCH /v1/products/:id/offerings/:offering_id`: what is absent stays; an empty `description` or `cta_url` is none.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct OfferingChange {
    /// 1 to 120 characters.
    pub name: Option<String>,
    /// At most 500 characters.
    pub description: Option<String>,
    /// What it costs.
    pub price: Option<Price>,
    /// The whole list.
    pub features: Option<Vec<String>>,
    /// `https`, at most 2,000 characters.
    pub cta_url: Option<String>,
    /// Publishes, archives, or makes it a draft again.
    pub status: Option<OfferingStatus>,
}

/// `POST /v1/products/:id/offerings/order`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OfferingOrder {
    /// The first ones, in this order; those that are not named follow as they stood.
    pub ids: Vec<OfferingId>,
}
