//! The token core of Mintmark: types, rules, SQL, signatures. It knows no HTTP and no UI.
//!
//! Without the feature `db` only plain types remain, and the crate compiles to WebAssembly, so that records, error
//! codes, permissions and events are defined once for browser and server.
//!
//! Reading order: what things are called, who acts, what can go wrong; then the nouns; then how a write is made.

mod actor;
mod error;
mod id;
mod listed;
mod page;
mod permission;
pub mod secret;
pub mod text;
mod text_enum;
pub mod time;

pub mod api_key;
pub mod audit;
pub mod backup;
pub mod bridge;
pub mod conversation;
pub mod customer;
pub mod customer_password;
pub mod customer_session;
pub mod embed_key;
pub mod identity;
pub mod introspection;
pub mod invitation;
pub mod kept_sign_in;
pub mod key;
pub mod magic_link;
pub mod mail;
pub mod member;
pub mod offering;
pub mod organization;
pub mod origin;
pub mod overview;
pub mod product;
pub mod role;
pub mod session;
pub mod tenant;
pub mod token;
pub mod user;
pub mod verification_secret;

#[cfg(feature = "db")]
mod clock;
#[cfg(feature = "db")]
mod crowd;
#[cfg(feature = "db")]
mod db;
#[cfg(test)]
mod fuzz;
#[cfg(feature = "db")]
mod installation;
#[cfg(feature = "db")]
mod op;
#[cfg(feature = "db")]
mod priority;
#[cfg(feature = "db")]
mod retention;
#[cfg(feature = "db")]
mod select;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(feature = "db")]
mod use_log;
#[cfg(feature = "db")]
mod writer;

pub use actor::{Actor, Origination, Reach, Role, Roles, STEP_UP_LASTS, Who, step_up};
pub use error::{Code, Error, Problem, Result};
pub use id::*;
pub use listed::Listed;
pub use page::{Limit, Page};
pub use permission::Permission;
pub use secret::Secret;
pub(crate) use text_enum::text_enum;
pub use time::Time;

#[cfg(feature = "db")]
pub use clock::Clock;
#[cfg(feature = "db")]
pub use db::{Location, Standbys, end_of, one_request};
#[cfg(feature = "db")]
pub use op::{Core, HashCost, KeySource, Op, Settings, Tx};
#[cfg(feature = "db")]
pub use priority::aside;
#[cfg(feature = "db")]
pub use retention::Purged;
#[cfg(feature = "db")]
pub use writer::Committed;
