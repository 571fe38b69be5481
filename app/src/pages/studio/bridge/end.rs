//! The steps of a key that exists: promoted, retired, revoked, and released after a restore.

use super::{live_sessions, short, tail};
use crate::{
    api::bridge::{PromoteBridgeKey, ReleaseBridgeKey, RetireBridgeKey, RevokeBridgeKey},
    pages::studio::frame::Around,
    ui::{DangerDialog, Notice, Reason, Tone},
};
use leptos::prelude::*;
use mintmark::{
    BridgeKeyId,
    bridge::{BridgeKey, BridgeKeyState},
};

/// The id of a key's dialog.
pub(super) fn promote_id(key: &BridgeKeyId) -> String {
    format!("promote-{key}")
}

/// The id of a key's dialog.
pub(super) fn retire_id(key: &BridgeKeyId) -> String {
    format!("retire-{key}")
}

/// The id of a key's dialog.
pub(super) fn revoke_id(key: &BridgeKeyId) -> String {
    format!("revoke-{key}")
}

/// The id of a key's dialog.
pub(super) fn release_id(key: &BridgeKeyId) -> String {
    format!("release-{key}")
}

/// For every key that can still take a step.
#[component]
pub(super) fn KeyDialogs(around: Around, keys: Vec<BridgeKey>) -> impl IntoView {
    let living = keys.iter().filter(|key| key.state != BridgeKeyState::Revoked);
    living.map(|key| dialogs(&around, &keys, key)).collect_view()
}

fn dialogs(around: &Around, keys: &[BridgeKey], key: &BridgeKey) -> impl IntoView + use<> {
    let values = vec![("tenant", around.tenant.clone()), ("product", around.product.id.to_string()), ("key", key.id.to_string())];
    let active = keys.iter().find(|key| key.state == BridgeKeyState::Active);
    let promotion = (key.state == BridgeKeyState::Next).then(|| {
        let consequence = match active {
            Some(active) => format!("{} becomes the active key. {} is still accepted until you retire or revoke it.", short(&key.id), short(&active.id)),
            None => format!("{} becomes the active key.", short(&key.id)),
        };
        view! {
            <DangerDialog id=promote_id(&key.id) action={ServerAction::<PromoteBridgeKey>::new()} title="Promote signing key" consequence verb="Promote key" values=values.clone() mild=true done="Key promoted"/>
        }
    });
    let retirement = matches!(key.state, BridgeKeyState::Next | BridgeKeyState::Retiring).then(|| {
        let consequence = format!("Bridge tokens signed with {} are refused from now on. The {} that it vouched for live on.", short(&key.id), live_sessions(key.live_sessions));
        view! {
            <DangerDialog id=retire_id(&key.id) action={ServerAction::<RetireBridgeKey>::new()} title="Retire signing key" consequence verb="Retire key" values=values.clone() mild=true done="Key retired"/>
        }
    });
    let release = key.held_at.map(|_| {
        let consequence = format!("{} is accepted again. See first that it was not revoked after the backup was taken.", short(&key.id));
        view! {
            <DangerDialog id=release_id(&key.id) action={ServerAction::<ReleaseBridgeKey>::new()} title="Release signing key" consequence verb="Release key" values=values.clone() mild=true done="Key released"/>
        }
    });
    let consequence = match key.live_sessions {
        0 => "No live session ends: nobody who is signed in came through this key.".to_owned(),
        1 => "1 live session ends at its next call.".to_owned(),
        live => format!("{} end at their next call.", live_sessions(live)),
    };
    let next = keys.iter().rev().find(|key| key.state == BridgeKeyState::Next);
    let advice = match (key.state, next) {
        (BridgeKeyState::Active, Some(next)) => {
            format!("Is it not leaked? Then promote {} first, let your servers sign with it, and retire this one: nobody notices.", short(&next.id))
        }
        (BridgeKeyState::Active, None) => {
            "There is no next key: nobody can sign in through your backend until it signs with a new one. If this one is not leaked, mint its successor first.".to_owned()
        }
        _ => "Bridge tokens that it signed are refused from the same moment.".to_owned(),
    };
    view! {
        {promotion}
        {retirement}
        {release}
        <DangerDialog
            id=revoke_id(&key.id)
            action={ServerAction::<RevokeBridgeKey>::new()}
            title="Revoke signing key"
            consequence
            verb="Revoke key"
            values
            reason=Reason::Required
            phrase=tail(&key.id).to_owned()
            done="Key revoked"
        >
            <Notice tone=Tone::Warn title="This cannot be taken back">{advice}</Notice>
        </DangerDialog>
    }
}
