//! Proof of presence, wherever a server function wants it (SE10).

use super::{Actions, Button, CONFIRM, Dialog, Hidden, PasswordField, ServerForm, TextField, Variant};
use crate::{
    api::{ConfirmWithCode, ConfirmWithPassword},
    words::STEP_UP,
};
use leptos::prelude::*;

/// The dialog that a form opens by itself when it is answered `step_up_required`. Once the password or a code was right,
/// the form is sent again as it stood, so pages do nothing for it: a [`ServerForm`] or a
/// [`DangerDialog`](super::DangerDialog) in the frame of a tenant is enough.
///
/// ```ignore
/// // The verb behind it wants presence proved within five minutes; nothing here says so.
/// <DangerDialog id="revoke" action={ServerAction::<RevokeKey>::new()} title="Revoke signing key" .../>
/// ```
///
/// Without scripts the refusal links to `/confirm`, which leads back to the page.
#[component]
pub fn StepUp(
    /// The present tenant's slug.
    #[prop(into)]
    tenant: String,
    /// Whether a code will do as well.
    second_factor: bool,
) -> impl IntoView {
    view! {
        <Dialog id=STEP_UP title="Confirm that it is you" description="What you are about to do needs proof that you are still at this computer. It holds for five minutes.">
            <StepUpForms tenant second_factor return_to=""/>
        </Dialog>
    }
}

/// The forms of the dialog and of the page `/confirm`.
#[component]
pub(crate) fn StepUpForms(
    #[prop(into)] tenant: String,
    second_factor: bool,
    /// Where success leads; empty in the dialog.
    #[prop(into)]
    return_to: String,
) -> impl IntoView {
    let values = {
        let (tenant, return_to) = (tenant.clone(), return_to.clone());
        move || {
            let (tenant, return_to) = (tenant.clone(), return_to.clone());
            view! { <Hidden name="tenant" value=tenant/><Hidden name="return_to" value=return_to/> }
        }
    };
    let dialog = return_to.is_empty();
    let (with_code, with_password) = (values.clone(), values);
    let code = second_factor.then(|| {
        view! {
            <ServerForm action={ServerAction::<ConfirmWithCode>::new()} step_up=dialog>
                {with_code()}
                <TextField name="code" label="Code of your authenticator" autocomplete="one-time-code" inputmode="numeric" mono=true maxlength=32/>
                <Actions><Button submit=true variant=Variant::Primary>"Confirm with code"</Button></Actions>
            </ServerForm>
            <p class="or">"or"</p>
        }
    });
    let weight = if second_factor { Variant::Secondary } else { Variant::Primary };
    view! {
        {code}
        <ServerForm action={ServerAction::<ConfirmWithPassword>::new()} step_up=dialog>
            {with_password()}
            <PasswordField name="password" label="Password"/>
            <Actions>
                <Button submit=true variant=weight>{if second_factor { "Confirm with password" } else { "Confirm" }}</Button>
                {dialog.then(|| view! { <Button closes=STEP_UP>"Cancel"</Button> })}
            </Actions>
        </ServerForm>
    }
}

/// The page's address for those without scripts.
#[must_use]
pub(crate) fn confirm_path(here: Option<&str>) -> String {
    crate::return_to::with_return(CONFIRM, here)
}
