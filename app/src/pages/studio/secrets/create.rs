//! A new secret, shown once.

use crate::{
    api::secrets::CreateVerificationSecret,
    pages::studio::frame::Around,
    ui::{Actions, Button, Dialog, Hidden, NeedsScripts, Secrecy, SecretOnce, ServerForm, TextField, Variant},
};
use leptos::prelude::*;
use mintmark::verification_secret::WARNING;

/// The id of the dialog.
pub(super) const CREATE: &str = "create-verification-secret";

/// The variable that the samples read.
pub(super) const VARIABLE: &str = "MINTMARK_VERIFICATION_SECRET";

#[component]
pub(super) fn CreateDialog(around: Around) -> impl IntoView {
    let (tenant, product) = (around.tenant, around.product.id.to_string());
    view! {
        <Dialog id=CREATE title="Create verification secret" description="Its text is shown once, then only its last four characters are known.">
            <NeedsScripts>
                "The secret is shown once, in this page and nowhere else. Without scripts it would have to travel in an address. Allow scripts for this site, or create it with POST /v1/products/:id/verification-secrets."
            </NeedsScripts>
            <ServerForm action={ServerAction::<CreateVerificationSecret>::new()} scope=CREATE answers="verification-secret-created">
                <Hidden name="tenant" value=tenant/>
                <Hidden name="product" value=product/>
                <TextField name="name" label="Name" optional=true maxlength=120_u32 placeholder="Web, production" hint="Where it will be used, so that others know what stops when it ends." autofocus=true/>
                <Actions>
                    <Button submit=true variant=Variant::Primary>"Create secret"</Button>
                    <Button closes=CREATE>"Cancel"</Button>
                </Actions>
            </ServerForm>
        </Dialog>
        <SecretOnce id="verification-secret-created" title="Verification secret created" what=Secrecy::Variable(VARIABLE) warning=WARNING/>
    }
}
