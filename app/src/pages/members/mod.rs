//! Members: who they are, who is invited, and one of them with their roles and sessions.

mod account;
mod detail;
mod invitations;
mod invite;
mod list;
mod organization;
mod roles;
mod table;

pub use detail::MemberPage;
pub use list::MembersPage;
pub use organization::OrganizationMembersPage;
