//! What a handler takes as arguments. Each refuses strictly, so that a typo never becomes a default.

mod blame;
mod form;
mod json;
mod path;
mod query;

pub use form::Form;
pub use json::{Created, Json, Nothing};
pub use path::Path;
pub(crate) use query::split;
pub use query::{Named, NoQuery, Paging, Query, Split};
