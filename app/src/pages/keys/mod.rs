//! Signing keys: where each one is in its life, and every step from there to the next.

mod create;
mod end;
mod life;
mod past;
mod published;
mod step;

use super::restricted::loaded_or_ask;
use crate::{
    api::keys::{KeyBook, signing_keys},
    standing::standing,
    ui::{Button, Glyph, PageHeader, Variant, live_count},
};
use create::CreateDialog;
use end::EndDialogs;
use leptos::prelude::*;
use life::Life;
use mintmark::{
    Permission, Reach,
    key::{KeyState, SigningKey},
};
use past::PastKeys;
use published::Published;
use step::{PROMOTE, PromoteDialog, ROTATE, RotateDialog};

/// `/t/:tenant/keys`
#[component]
pub fn SigningKeysPage() -> impl IntoView {
    let standing = standing();
    let tenant = standing.slug();
    let refused = standing.refusal(Permission::ManageSigningKeys, Reach::Tenant);
    loaded_or_ask("Signing keys", tenant.clone(), signing_keys(tenant.clone()), move |book| {
        let may = refused.is_none();
        let (rotation, creation) = (refused.clone().or_else(|| without_next(&book)), refused.clone());
        let actions = move || {
            view! {
                <Button icon=Glyph::Plus opens=create::ID disabled_because=creation>"Create next key"</Button>
                <Button variant=Variant::Primary icon=Glyph::Rotate opens=ROTATE disabled_because=rotation>"Rotate keys"</Button>
            }
        };
        let dialogs = may.then(|| {
            view! {
                <RotateDialog tenant=tenant.clone() book=book.clone()/>
                <PromoteDialog tenant=tenant.clone() book=book.clone()/>
                <CreateDialog tenant=tenant.clone() book=book.clone()/>
                <EndDialogs tenant=tenant.clone() book=book.clone()/>
            }
        });
        view! {
            <PageHeader
                title="Signing keys"
                description="The active key signs whatever is minted. Verifiers read the public halves from one address, so keys change unnoticed."
                actions
            />
            <Life book=book.clone() refused/>
            <Published book=book.clone()/>
            <PastKeys keys=book.keys/>
            {dialogs}
        }
    })
}

fn in_state(book: &KeyBook, state: KeyState) -> Option<SigningKey> {
    book.keys.iter().find(|key| key.state == state).cloned()
}

fn without_next(book: &KeyBook) -> Option<String> {
    in_state(book, KeyState::Next).is_none().then(|| "There is no next key to rotate to. Create one first.".to_owned())
}

/// The end of an id, as people compare it: `…4567ab`.
fn short(id: &mintmark::KeyId) -> String {
    format!("key_…{}", tail(id))
}

/// The last six characters, which a revocation has to repeat.
fn tail(id: &mintmark::KeyId) -> &str {
    let text = id.as_str();
    &text[text.len().saturating_sub(6)..]
}

/// "1 live token", "12 live tokens".
fn live_tokens(count: i64) -> String {
    if count == 1 { "1 live token".to_owned() } else { format!("{} live tokens", live_count(count)) }
}

/// "5 minutes", from seconds.
fn minutes(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} seconds"),
        3_600 => "1 hour".to_owned(),
        _ => format!("{} minutes", (seconds + 59) / 60),
    }
}
