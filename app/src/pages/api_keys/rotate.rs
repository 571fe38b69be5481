//! Rotating a key: for how long the old one works on, and the new one's text.

use super::expiry::ExpiryField;
use crate::{
    api::api_keys::RotateApiKey as Rotate,
    ui::{Actions, Button, Choice, Glyph, Hidden, NeedsScripts, Notice, Only, RadioGroup, Secrecy, SecretOnce, ServerForm, Tone, Variant},
};
use leptos::prelude::*;
use mintmark::api_key::WARNING;

/// `recent` says how lately the old key was used, where that is worth a warning.
#[component]
pub fn RotateApiKey(tenant: String, key: String, list: String, recent: Option<String>) -> impl IntoView {
    let choices = vec![
        Choice::new("0", "Not at all")
            .hint("It stops at once. For a key that may have leaked, revoke it instead: that ends its tokens too."),
        Choice::new("3600", "1 hour").hint("Long enough to deploy one service."),
        Choice::new("86400", "24 hours").hint("Both work side by side until tomorrow."),
        Choice::new("604800", "7 days").hint("For services that somebody else deploys."),
    ];
    let warning = recent.map(|recent| {
        view! {
            <Only named="overlap_seconds" is=["0".to_owned()]>
                <Notice tone=Tone::Danger title="It is in use">
                    {format!("This key was used {recent}. Whatever uses it is refused from its next call on.")}
                </Notice>
            </Only>
        }
    });
    view! {
        <NeedsScripts>
            "The new key is shown once, in this page and nowhere else. Allow scripts for this site, or rotate it through the API."
        </NeedsScripts>
        <ServerForm action={ServerAction::<Rotate>::new()} answers="api-key-rotated" then=list>
            <Hidden name="tenant" value=tenant/>
            <Hidden name="key" value=key/>
            <RadioGroup name="overlap_seconds" label="The old key works on for" choices value="86400"/>
            {warning}
            <ExpiryField label="The new key works for"/>
            <Actions><Button submit=true icon=Glyph::Rotate variant=Variant::Primary>"Rotate API key"</Button></Actions>
        </ServerForm>
        <SecretOnce id="api-key-rotated" title="API key rotated" what=Secrecy::Variable("MINTMARK_API_KEY") warning=WARNING/>
    }
}
