//! The two ends of a key: retired once nothing needs it, revoked at once with all that it signed.

use super::{in_state, live_tokens, minutes, short, tail};
use crate::{
    api::keys::{KeyBook, RetireSigningKey, RevokeSigningKey},
    ui::{DangerDialog, Notice, Reason, Tone},
};
use leptos::prelude::*;
use mintmark::{
    KeyId,
    key::{KeyState, SigningKey},
};

/// The id of a key's dialog.
pub(super) fn retire_id(key: &KeyId) -> String {
    format!("retire-{key}")
}

/// The id of a key's dialog.
pub(super) fn revoke_id(key: &KeyId) -> String {
    format!("revoke-{key}")
}

/// For every key that can still end.
#[component]
pub(super) fn EndDialogs(tenant: String, book: KeyBook) -> impl IntoView {
    let living = book.keys.iter().filter(|key| !matches!(key.state, KeyState::Retired | KeyState::Revoked));
    living.map(|key| dialogs(&tenant, &book, key)).collect_view()
}

fn dialogs(tenant: &str, book: &KeyBook, key: &SigningKey) -> impl IntoView + use<> {
    let values = vec![("tenant", tenant.to_owned()), ("key", key.id.to_string())];
    let retirement = (key.state != KeyState::Active).then(|| {
        let consequence = if key.state == KeyState::Next {
            format!("{} leaves the published keys without having signed anything. Until another next key is created, no rotation is possible.", short(&key.id))
        } else {
            format!("{} leaves the published keys. No live widget token needs it; dashboard tokens of the API that it signed end with it.", short(&key.id))
        };
        view! {
            <DangerDialog id=retire_id(&key.id) action={ServerAction::<RetireSigningKey>::new()} title="Retire signing key" consequence verb="Retire key" values=values.clone() mild=true done="Key retired"/>
        }
    });
    let consequence = match key.live_tokens {
        0 => "No live token stops: nothing that is alive was signed by it.".to_owned(),
        1 => "1 live token will stop at its next call.".to_owned(),
        live => format!("{} will stop at their next call.", live_tokens(live)),
    };
    let successor = match (key.state, in_state(book, KeyState::Next)) {
        (KeyState::Active, Some(next)) => format!("{} signs from the same moment, and a new next key is published.", short(&next.id)),
        (KeyState::Active, None) => "A new key signs from the same moment, and a next one is published.".to_owned(),
        (KeyState::Next, _) => "It has signed nothing yet. A new next key is published in its place.".to_owned(),
        _ => "The active key goes on signing.".to_owned(),
    };
    let offline = minutes(book.jwks_max_age);
    view! {
        {retirement}
        <DangerDialog
            id=revoke_id(&key.id)
            action={ServerAction::<RevokeSigningKey>::new()}
            title="Revoke signing key"
            consequence
            verb="Revoke key"
            values
            reason=Reason::Required
            phrase=tail(&key.id).to_owned()
            done="Key revoked"
        >
            <Notice tone=Tone::Warn title="For a key that leaked">
                {successor} " This cannot be taken back. Services that verify offline accept its tokens until their copy of the published keys expires: "
                {format!("up to {offline}.")}
            </Notice>
        </DangerDialog>
    }
}
