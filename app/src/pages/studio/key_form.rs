//! The fields of an embed key; its list is judged while it is typed (`live/origin.rs`).

use crate::{
    api::host_pages::JudgeEmbedOrigins,
    ui::{Switch, TextArea, TextField},
};
use leptos::{prelude::*, server_fn::ServerFn};
use mintmark::embed_key::EmbedKey;

/// Its name and the pages that it lets in.
#[component]
pub(super) fn KeyFields(#[prop(optional, into)] key: Option<EmbedKey>) -> impl IntoView {
    let new = key.is_none();
    let name = key.as_ref().map(|key| key.name.clone()).unwrap_or_default();
    let origins = key.map(|key| listed(&key)).unwrap_or_default();
    view! {
        <TextField name="name" label="Name" maxlength=120_u32 value=name placeholder="Website" hint="Where it is used, so that others know what stops when it is disabled." autofocus=new/>
        <div class="judged" data-judge=JudgeEmbedOrigins::url() data-asks="tenant product mode allow_development_origins origins">
            <TextArea name="origins" label="Origins" mono=true maxlength=6_000 value=origins placeholder="https://www.example.com" hint="One a line: scheme, host and port of each page that will carry the key. At most 20; no wildcards, no sub-domains."/>
            <div class="probe" role="status"></div>
        </div>
    }
}

/// The development switch.
#[component]
pub(super) fn DevelopmentSwitch(#[prop(optional)] on: bool) -> impl IntoView {
    view! { <Switch name="allow_development_origins" label="Allow development origins" hint="http on localhost and 127.0.0.1, for trying things out. Off in production." checked=on/> }
}

fn listed(key: &EmbedKey) -> String {
    key.origins.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
