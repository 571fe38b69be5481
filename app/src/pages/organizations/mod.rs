//! Organizations: the list, and one of them with its tabs.

mod add;
mod delete;
mod frame;
mod list;
mod origins;
mod overview;
#[cfg(feature = "hydrate")]
pub(crate) mod probe;
mod switch;
#[cfg(feature = "ssr")]
mod verdict;

pub use frame::{Around, OrganizationFrame, TABS, Tab};
pub use list::{NewOrganizationPage, OrganizationsPage};
pub use origins::OrganizationOriginsPage;
pub use overview::OrganizationPage;
#[cfg(feature = "ssr")]
pub(crate) use verdict::verdict;
