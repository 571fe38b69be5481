//! The island that rotates a key: for how long the old one works on, and the new one's text.

use super::{expiry::ExpiryField, secret::Shown};
use crate::{
    api::api_keys::RotateApiKey as Rotate,
    ui::{Actions, Button, Choice, Glyph, Hidden, IslandForm, Notice, RadioGroup, Tone, Variant},
};
use leptos::prelude::*;

/// `recent` says how lately the old key was used, where that is worth a warning.
#[island]
pub fn RotateApiKey(tenant: String, key: String, list: String, recent: Option<String>) -> impl IntoView {
    let action = ServerAction::<Rotate>::new();
    let fresh = RwSignal::new(None);
    let overlap = RwSignal::new("86400".to_owned());
    Effect::new(move |_| {
        // Taken out, so that the text lives in one place only, and only for as long as it is shown.
        if action.value().with(|answer| matches!(answer, Some(Ok(_))))
            && let Some(Some(Ok(made))) = action.value().try_update(Option::take)
        {
            fresh.set(Some(made));
        }
    });
    let choices = vec![
        Choice::new("0", "Not at all")
            .hint("It stops at once. For a key that may have leaked, revoke it instead: that ends its tokens too."),
        Choice::new("3600", "1 hour").hint("Long enough to deploy one service."),
        Choice::new("86400", "24 hours").hint("Both work side by side until tomorrow."),
        Choice::new("604800", "7 days").hint("For services that somebody else deploys."),
    ];
    let warning = move || {
        recent.clone().filter(|_| overlap.get() == "0").map(|recent| {
            view! {
                <Notice tone=Tone::Danger title="It is in use">
                    {format!("This key was used {recent}. Whatever uses it is refused from its next call on.")}
                </Notice>
            }
        })
    };
    view! {
        <IslandForm action>
            <noscript>
                <Notice tone=Tone::Warn title="This needs scripts">
                    "The new key is shown once, in this page and nowhere else. Allow scripts for this site, or rotate it through the API."
                </Notice>
            </noscript>
            <Hidden name="tenant" value=tenant/>
            <Hidden name="key" value=key/>
            <RadioGroup name="overlap_seconds" label="The old key works on for" choices value="86400" bind=overlap/>
            {warning}
            <ExpiryField label="The new key works for"/>
            <Actions><Button submit=true icon=Glyph::Rotate variant=Variant::Primary>"Rotate API key"</Button></Actions>
        </IslandForm>
        <Shown id="api-key-rotated" title="API key rotated" fresh then=list/>
    }
}
