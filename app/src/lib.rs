//! The dashboard: pages and server functions on the server, and a little code in the browser that acts on their HTML.
//!
//! These are two programs out of one crate. With `ssr` it is Leptos, rendering; with `hydrate` it is [`live`], which knows
//! no framework; both know [`words`]. Reading order: the table of pages (`table`), the document around them (`shell`),
//! what may go wrong (`error`), then `pages/`, one file per page, and `ui/`, the parts that know no domain.
#![recursion_limit = "256"]
#![cfg_attr(feature = "ssr", expect(clippy::needless_pass_by_value, reason = "components take their props by value"))]

#[cfg(feature = "hydrate")]
mod live;
#[cfg(any(feature = "hydrate", feature = "ssr"))]
mod words;

#[cfg(feature = "ssr")]
pub mod access;
#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod assets;
#[cfg(feature = "ssr")]
pub mod element;
#[cfg(feature = "ssr")]
pub mod error;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod return_to;
#[cfg(feature = "ssr")]
pub mod sdk;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
pub mod snippets;
#[cfg(feature = "ssr")]
pub mod standing;
#[cfg(feature = "ssr")]
mod table;
#[cfg(feature = "ssr")]
pub mod ui;
#[cfg(feature = "ssr")]
pub mod ways;

#[cfg(feature = "ssr")]
pub use assets::Assets;
#[cfg(feature = "ssr")]
pub use error::{Answer, Failure};
#[cfg(feature = "ssr")]
pub use sdk::Sdk;
#[cfg(feature = "ssr")]
pub use shell::{document, shell};
#[cfg(feature = "ssr")]
pub use table::App;
