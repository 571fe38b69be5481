//! The end of a secret, and its release after a restore.

use super::{mask, values};
use crate::{
    api::secrets::{ReleaseVerificationSecret, RevokeVerificationSecret},
    pages::studio::frame::Around,
    ui::{DangerDialog, Notice, Reason, Tone},
};
use leptos::prelude::*;
use mintmark::verification_secret::{VerificationSecret, VerificationSecretStatus};

/// The id of a secret's dialog.
pub(super) fn revoke_id(secret: &VerificationSecret) -> String {
    format!("revoke-{}", secret.id)
}

/// The id of a secret's dialog.
pub(super) fn release_id(secret: &VerificationSecret) -> String {
    format!("release-{}", secret.id)
}

/// Whether it still has an end before it.
pub(super) fn can(secret: &VerificationSecret) -> bool {
    secret.status != VerificationSecretStatus::Revoked
}

#[component]
pub(super) fn EndDialogs(around: Around, secrets: Vec<VerificationSecret>) -> impl IntoView {
    secrets.into_iter().filter(can).map(|secret| dialogs(&around, &secret)).collect_view()
}

fn dialogs(around: &Around, secret: &VerificationSecret) -> impl IntoView + use<> {
    let known_by = mask(secret);
    let release = (secret.status == VerificationSecretStatus::Held).then(|| {
        let consequence = format!("{known_by} works again. See first that it was not revoked after the backup was taken.");
        view! {
            <DangerDialog id=release_id(secret) action={ServerAction::<ReleaseVerificationSecret>::new()} title="Release verification secret" consequence verb="Release secret" values=values(around, secret) mild=true done="Verification secret released"/>
        }
    });
    let consequence = match secret.live_tokens {
        0 => "The secret stops at its next call. No identity token that it bought is alive.".to_owned(),
        1 => "The secret stops at its next call, and the 1 identity token alive that it bought is refused.".to_owned(),
        live => format!("The secret stops at its next call, and the {live} identity tokens alive that it bought are refused."),
    };
    view! {
        {release}
        <DangerDialog
            id=revoke_id(secret)
            action={ServerAction::<RevokeVerificationSecret>::new()}
            title="Revoke verification secret"
            consequence
            verb="Revoke secret"
            values=values(around, secret)
            reason=Reason::Required
            phrase=secret.last4.clone()
            done="Verification secret revoked"
        >
            <Notice tone=Tone::Warn title="This cannot be taken back">
                "Is it not leaked? Then rotate it: your servers take over one by one, and nobody notices."
            </Notice>
        </DangerDialog>
    }
}
