//! API keys: the list, making one, and one of them with its rotation and its end.

mod create;
mod detail;
mod expiry;
mod list;
mod rotate;

pub use detail::ApiKeyPage;
pub use list::ApiKeysPage;

use crate::ui::{Status, Tone, When};
use leptos::prelude::*;
use mintmark::{
    Time,
    api_key::{ApiKey, ApiKeyStatus, PREFIX},
    time::DAY,
};

/// `sk_live_…4f2a`: what a key is known by.
fn mask(key: &ApiKey) -> String {
    format!("{PREFIX}…{}", key.last4)
}

/// Whether it works, and if it was replaced, until when.
fn state(key: &ApiKey) -> AnyView {
    let until = key.expires_at;
    match (key.status, &key.rotated_to) {
        (ApiKeyStatus::Active, Some(_)) => view! { <Status tone=Tone::Warn>"Ends " <When at=until quiet=true/></Status> }.into_any(),
        (ApiKeyStatus::Active, None) => view! { <Status tone=Tone::Good>"Active"</Status> }.into_any(),
        (ApiKeyStatus::Expired, Some(_)) => view! { <Status tone=Tone::Neutral>"Replaced"</Status> }.into_any(),
        (ApiKeyStatus::Expired, None) => view! { <Status tone=Tone::Neutral>"Expired"</Status> }.into_any(),
        (ApiKeyStatus::Held, _) => view! { <Status tone=Tone::Warn>"Held"</Status> }.into_any(),
        (ApiKeyStatus::Revoked, _) => view! { <Status tone=Tone::Danger>"Revoked"</Status> }.into_any(),
    }
}

/// Its planned end, with a mark when that is near.
fn expiry_of(key: &ApiKey, now: Time) -> AnyView {
    let near = key.status == ApiKeyStatus::Active && key.expires_at.is_some_and(|at| at.since(now) < 7 * DAY);
    let when = view! { <When at=key.expires_at quiet=true/> };
    if near { view! { <Status tone=Tone::Warn>{when}</Status> }.into_any() } else { when.into_any() }
}
