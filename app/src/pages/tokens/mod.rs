//! Widget tokens: the list, minting, one token, ending many.

mod detail;
pub(crate) mod filter;
mod life_line;
mod list;
pub(crate) mod mint;
mod mint_page;
mod revoke;
mod story;
mod table;

pub use detail::TokenPage;
pub(crate) use filter::Scopes;
pub use list::TokensPage;
pub(crate) use mint::{
    origins::boxes,
    steps::{NextSteps, NextStepsProps},
};
pub use mint_page::MintPage;
pub use revoke::RevokeTokensPage;
pub(crate) use table::TokenState;
