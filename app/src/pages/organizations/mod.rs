//! Organizations: the list, and one of them with its tabs.

mod add;
mod delete;
mod frame;
mod list;
mod origins;
mod overview;
mod switch;
mod verdict;

pub use frame::{Around, OrganizationFrame, TABS, Tab};
pub use list::{NewOrganizationPage, OrganizationsPage};
pub use origins::OrganizationOriginsPage;
pub use overview::OrganizationPage;
pub(crate) use verdict::verdict;
