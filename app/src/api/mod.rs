//! Every server function, a few lines each, one file per noun: who acts, one verb of the core, its answer.
//!
//! The tenant's slug comes first wherever there is a tenant. The path is `/api/<endpoint>`, said in full, and all of
//! them are POST only, behind the check that no other site asks.
//!
//! ```ignore
//! /// The origins that this organization's tokens may name.
//! #[server(endpoint = "list_origins")]
//! pub async fn list_origins(tenant: String, organization: OrganizationId) -> Answer<Vec<OrganizationOrigin>> {
//!     Ok(acting(&tenant).await?.origins(&organization).await?)
//! }
//! ```
//!
//! Nothing else is needed for a verb that wants presence proved: it answers `step_up_required`, and the form around it
//! asks for the password or a code and is sent again by itself.

#![expect(missing_docs, reason = "arguments become fields of a struct that the macro writes")]

pub mod api_keys;
pub mod bridge;
pub mod conversations;
pub mod customers;
pub mod history;
pub mod host_pages;
mod id;
pub mod invitations;
pub mod keys;
mod link;
pub mod mail;
pub mod members;
pub mod organizations;
pub mod overview;
pub mod preview;
mod profile;
mod request;
mod revealed;
pub mod roles;
pub mod secrets;
mod session;
pub mod settings;
mod standing;
pub mod studio;
pub mod tokens;

use id::{given, id};
pub use link::*;
pub use profile::*;
pub use request::{SESSION, Visit, acting, cookie_name, signed_in};
pub use revealed::Revealed;
pub use session::*;
pub use standing::*;
