//! The island of the mint form: reads what is chosen, keeps the sentence and the boxes right, shows the secret.

#[cfg(feature = "hydrate")]
mod watch;

use crate::ui::{SecretDialog, browser};
use leptos::prelude::*;
use mintmark::token::SHOWN_ONCE;

/// Stands once beside the form.
#[island]
pub fn MintLive() -> impl IntoView {
    let secret = RwSignal::new(None::<String>);
    let steps = RwSignal::new(String::new());
    let page = RwSignal::new(None::<String>);
    #[cfg(feature = "hydrate")]
    watch::start(move |minted| {
        steps.set(minted.steps);
        page.set(minted.page);
        secret.set(Some(minted.token));
    });
    let on_done = Callback::new(move |()| match page.get_untracked() {
        Some(page) => browser::go(&page),
        None => browser::reload(),
    });
    view! {
        <SecretDialog id="minted" title="Widget token minted" secret warning=SHOWN_ONCE variable="MINTMARK_TOKEN" on_done>
            // Our own server's HTML, which names no secret.
            <div class="stack" inner_html=steps></div>
        </SecretDialog>
    }
}
