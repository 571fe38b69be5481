//! Customers: who they are, how they came, and their sessions.

mod create;
mod detail;
mod filter;
mod list;
mod roles;
mod sessions;

pub use detail::CustomerPage;
pub use list::CustomersPage;

use crate::ui::{Badge, Status, Tone};
use leptos::prelude::*;
use mintmark::{
    customer::{Customer, FirstSeenBy},
    embed_key::KeyMode,
};

/// How a customer came first.
const fn way(way: FirstSeenBy) -> &'static str {
    match way {
        FirstSeenBy::Bridge => "Bridge token",
        FirstSeenBy::MagicLink => "Magic link",
        FirstSeenBy::Api => "API",
        FirstSeenBy::Dashboard => "Dashboard",
    }
}

/// Whether they are in right now, may come, or are kept out.
fn state(customer: &Customer) -> AnyView {
    match (customer.banned_at, customer.live_sessions) {
        (Some(_), _) => view! { <Status tone=Tone::Danger>"Banned"</Status> }.into_any(),
        (None, 0) => view! { <Status tone=Tone::Neutral>"Not signed in"</Status> }.into_any(),
        (None, live) => view! { <Status tone=Tone::Good>{live_sessions(live)}</Status> }.into_any(),
    }
}

fn mode_badge(mode: KeyMode) -> Option<AnyView> {
    (mode == KeyMode::Test).then(|| view! { <Badge tone=Tone::Warn>"test"</Badge> }.into_any())
}

/// "1 live session", "12 live sessions".
fn live_sessions(count: i64) -> String {
    if count == 1 { "1 live session".to_owned() } else { format!("{count} live sessions") }
}
