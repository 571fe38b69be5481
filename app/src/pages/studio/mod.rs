//! Embed Studio: products, and one of them with its tabs.

mod appearance;
mod bridge;
mod chooser;
mod delete;
mod domains;
mod frame;
mod integration;
mod judged;
mod key;
mod key_form;
mod keys;
mod list;
mod magic_links;
mod offering;
mod offering_form;
mod offerings;
mod origin_tester;
mod policy;
mod secrets;
mod security;
mod setup;
mod sign_in;

pub use appearance::AppearancePage;
pub use bridge::AuthBridgePage;
pub use judged::judged_list;
pub use key::EmbedKeyPage;
pub use keys::EmbedKeysPage;
pub use list::ProductsPage;
pub use magic_links::MagicLinksPage;
pub use offering::OfferingPage;
pub use offerings::OfferingsPage;
pub use security::ProductSecurityPage;
pub use setup::ProductPage;
pub use sign_in::SignInWindowPage;
