//! The one moment in which an API key's text is seen, with a command that tries it.

use crate::{
    api::api_keys::FreshApiKey,
    ui::{CodeBlock, SecretDialog, browser},
};
use leptos::prelude::*;
use mintmark::api_key::WARNING;

/// Opens when `fresh` becomes `Some`; afterwards the page is loaded anew, or `then` opened.
#[component]
pub(super) fn Shown(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    fresh: RwSignal<Option<FreshApiKey>>,
    #[prop(optional, into)] then: Option<String>,
) -> impl IntoView {
    let secret = RwSignal::new(None);
    Effect::new(move |_| {
        if let Some(text) = fresh.with(|fresh| fresh.as_ref().map(|fresh| fresh.created.key.reveal().to_owned())) {
            secret.set(Some(text));
        }
    });
    let on_done = Callback::new(move |()| {
        fresh.set(None);
        match &then {
            Some(path) => browser::go(path),
            None => browser::reload(),
        }
    });
    let command = move || fresh.with(|fresh| fresh.as_ref().map(|fresh| fresh.command.clone()));
    view! {
        <SecretDialog id title secret warning=WARNING variable="MINTMARK_API_KEY" on_done>
            {move || command().map(|code| view! { <CodeBlock code label="Try it beside the downloaded mintmark.env"/> })}
        </SecretDialog>
    }
}
