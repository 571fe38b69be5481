//! Verification secrets: the section of a product's Security tab, complete in itself.

mod create;
mod end;
mod rotate;
mod samples;
mod table;

use super::frame::Around;
use crate::{
    api::secrets::{Secrets, show_verification_secrets},
    ui::{Button, EmptyState, Glyph, Section, Variant, loaded},
};
use create::{CREATE, CreateDialog};
use end::EndDialogs;
use leptos::prelude::*;
use mintmark::{
    Permission,
    verification_secret::{PREFIX, VerificationSecret},
};
use rotate::RotateDialogs;
use samples::Samples;
use table::SecretTable;

const ABOUT: &str = "Your backend buys identity tokens with one of these. A page that sends such a token along is known by name, and nobody else can speak for your users.";

/// What a product's backend proves itself with: the list, a new one, its successor, its end, and what a backend does with it.
#[component]
pub(super) fn VerificationSecrets(around: Around) -> impl IntoView {
    let refused = around.refusal(Permission::ManageVerificationSecrets);
    loaded(show_verification_secrets(around.tenant.clone(), around.product.id.to_string()), move |shown| {
        let Secrets { secrets, environment, samples } = shown;
        let may = refused.is_none();
        let opener = {
            let refused = refused.clone();
            move || view! { <Button variant=Variant::Primary icon=Glyph::Plus opens=CREATE disabled_because=refused>"Create secret"</Button> }
        };
        let list = if secrets.is_empty() {
            view! {
                <EmptyState
                    title="No verification secret yet"
                    text="Create one for your backend, and it can tell a page's conversation who is talking."
                    icon=Glyph::Key
                    action=opener
                />
            }
            .into_any()
        } else {
            let secrets = secrets.clone();
            view! { <SecretTable secrets refused/> }.into_any()
        };
        let actions = (!secrets.is_empty()).then(|| {
            let refused = around.refusal(Permission::ManageVerificationSecrets);
            view! { <Button variant=Variant::Primary icon=Glyph::Plus opens=CREATE disabled_because=refused>"Create secret"</Button> }
        });
        view! {
            <Section title="Verification secrets" description=ABOUT actions=move || actions>{list}</Section>
            <Samples environment samples/>
            {may.then(|| view! {
                <CreateDialog around=around.clone()/>
                <RotateDialogs around=around.clone() secrets=secrets.clone()/>
                <EndDialogs around secrets/>
            })}
        }
    })
}

/// `vs_…4f2a`: what a secret is known by.
fn mask(secret: &VerificationSecret) -> String {
    format!("{PREFIX}…{}", secret.last4)
}

/// The arguments of everything that is done to one.
fn values(around: &Around, secret: &VerificationSecret) -> Vec<(&'static str, String)> {
    vec![("tenant", around.tenant.clone()), ("product", around.product.id.to_string()), ("secret", secret.id.to_string())]
}
