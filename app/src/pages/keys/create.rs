//! A next key, perhaps of another algorithm.

use super::{in_state, minutes, short};
use crate::{
    api::keys::{CreateSigningKey, KeyBook},
    ui::{Actions, Button, Choice, Dialog, Hidden, RadioGroup, ServerForm, Variant},
};
use leptos::prelude::*;
use mintmark::key::{Algorithm, KeyState};

/// The id of the dialog.
pub(super) const ID: &str = "create-key";

const ADVICE: [(Algorithm, &str, &str); 3] = [
    (
        Algorithm::Es256,
        "ES256",
        "ECDSA on P-256. Short signatures, quick to make, known to nearly every verifier. Take this one unless something speaks against it.",
    ),
    (Algorithm::EdDsa, "EdDSA", "Ed25519. The quickest and simplest; some gateways, cloud services and older libraries do not verify it."),
    (
        Algorithm::Rs256,
        "RS256",
        "RSA with 3072 bits. Understood everywhere, also by very old verifiers; signing costs some twenty times more, and tokens grow by 430 characters.",
    ),
];

#[component]
pub(super) fn CreateDialog(tenant: String, book: KeyBook) -> impl IntoView {
    let action = ServerAction::<CreateSigningKey>::new();
    let refused = action.value().with_untracked(|answer| matches!(answer, Some(Err(_))));
    let next = in_state(&book, KeyState::Next);
    let cache = minutes(book.jwks_max_age);
    let consequence = match &next {
        Some(next) => format!(
            "{} ({}) has signed nothing and is withdrawn for it. The new key may sign {cache} after it was published.",
            short(&next.id),
            next.algorithm.as_str()
        ),
        None => format!("It is published at once and may sign {cache} later."),
    };
    let value = next.map_or(Algorithm::Es256, |next| next.algorithm).as_str();
    let choices: Vec<_> = ADVICE.iter().map(|(algorithm, name, advice)| Choice::new(algorithm.as_str(), *name).hint(*advice)).collect();
    view! {
        <Dialog id=ID title="Create next key" description="The key that the next rotation will sign with. This is how the algorithm changes." open=refused>
            <ServerForm action done="Next key created">
                <Hidden name="tenant" value=tenant/>
                <RadioGroup name="algorithm" label="Algorithm" choices value/>
                <p class="dialog__consequence" data-tone="warn">{consequence}</p>
                <Actions>
                    <Button submit=true variant=Variant::Primary>"Create key"</Button>
                    <Button closes=ID>"Cancel"</Button>
                </Actions>
            </ServerForm>
        </Dialog>
    }
}
