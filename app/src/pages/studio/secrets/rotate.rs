//! A secret's successor, and for how long the old one works on.

use super::{create::VARIABLE, mask, values};
use crate::{
    api::secrets::RotateVerificationSecret,
    pages::studio::frame::Around,
    ui::{
        Actions, Button, Choice, Dialog, Glyph, Hidden, NeedsScripts, Notice, Now, Only, RadioGroup, Secrecy, SecretOnce, ServerForm, Tone,
        Variant,
    },
    words::relative,
};
use leptos::prelude::*;
use mintmark::{
    Time,
    time::DAY,
    verification_secret::{VerificationSecret, VerificationSecretStatus, WARNING},
};

/// The id of a secret's dialog.
pub(super) fn dialog_of(secret: &VerificationSecret) -> String {
    format!("rotate-{}", secret.id)
}

/// Whether it can have a successor.
pub(super) fn can(secret: &VerificationSecret) -> bool {
    secret.status == VerificationSecretStatus::Active && secret.rotated_to.is_none()
}

#[component]
pub(super) fn RotateDialogs(around: Around, secrets: Vec<VerificationSecret>) -> impl IntoView {
    let now = use_context::<Now>().map_or(Time::default(), |Now(now)| now);
    let dialogs = secrets.into_iter().filter(can).map(|secret| one(&around, &secret, now)).collect_view();
    view! {
        {dialogs}
        <SecretOnce id="verification-secret-rotated" title="Verification secret rotated" what=Secrecy::Variable(VARIABLE) warning=WARNING/>
    }
}

fn one(around: &Around, secret: &VerificationSecret, now: Time) -> impl IntoView + use<> {
    let id = dialog_of(secret);
    let choices = vec![
        Choice::new("0", "Not at all")
            .hint("It stops at once. For a secret that may have leaked, revoke it instead: that ends its tokens too."),
        Choice::new("3600", "1 hour").hint("Long enough to deploy one service."),
        Choice::new("86400", "24 hours").hint("Both work side by side until tomorrow."),
        Choice::new("604800", "7 days").hint("For services that somebody else deploys."),
    ];
    let warning = secret.last_used_at.filter(|at| now.since(*at) < DAY).map(|at| {
        let used = format!("This secret was used {}. Whatever uses it is refused from its next call on.", relative(at, now));
        view! {
            <Only named="overlap_seconds" is=["0".to_owned()]><Notice tone=Tone::Danger title="It is in use">{used}</Notice></Only>
        }
    });
    let hidden = values(around, secret).into_iter().map(|(name, value)| view! { <Hidden name value/> }).collect_view();
    let description =
        format!("A new secret of the same name takes over from {}. Identity tokens that the old one bought live on.", mask(secret));
    view! {
        <Dialog id=id.clone() title="Rotate verification secret" description wide=true>
            <NeedsScripts>
                "The new secret is shown once, in this page and nowhere else. Allow scripts for this site, or rotate it through the API."
            </NeedsScripts>
            <ServerForm action={ServerAction::<RotateVerificationSecret>::new()} scope=id.clone() answers="verification-secret-rotated">
                {hidden}
                <RadioGroup name="overlap_seconds" label="The old secret works on for" choices value="86400"/>
                {warning}
                <Actions>
                    <Button submit=true icon=Glyph::Rotate variant=Variant::Primary>"Rotate secret"</Button>
                    <Button closes=id>"Cancel"</Button>
                </Actions>
            </ServerForm>
        </Dialog>
    }
}
