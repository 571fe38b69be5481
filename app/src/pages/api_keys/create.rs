//! The island that makes a key: the form, and the text that is shown once.

use super::{expiry::ExpiryField, secret::Shown};
use crate::{
    api::api_keys::CreateApiKey as Create,
    ui::{Actions, Button, Choice, Dialog, Hidden, IslandForm, Notice, RadioGroup, SelectField, TextField, Tone, Variant, browser},
};
use leptos::prelude::*;

/// The id of the dialog.
pub(super) const ID: &str = "create-api-key";

/// `places` are organizations by id, the whole tenant being empty; `roles` say what each may do.
#[island]
pub fn CreateApiKey(tenant: String, places: Vec<Choice>, roles: Vec<Choice>) -> impl IntoView {
    let action = ServerAction::<Create>::new();
    let fresh = RwSignal::new(None);
    Effect::new(move |_| {
        // Taken out, so that the text lives in one place only, and only for as long as it is shown.
        if action.value().with(|answer| matches!(answer, Some(Ok(_))))
            && let Some(Some(Ok(made))) = action.value().try_update(Option::take)
        {
            browser::close_dialog(ID);
            fresh.set(Some(made));
        }
    });
    view! {
        <Dialog id=ID title="Create API key" description="Its text is shown once, then only its last four characters are known." wide=true>
            <IslandForm action scope=ID>
                <noscript>
                    <Notice tone=Tone::Warn title="This needs scripts">
                        "The key is shown once, in this page and nowhere else. Without scripts it would have to travel in an address. Allow scripts for this site, or create it with POST /v1/api-keys."
                    </Notice>
                </noscript>
                <Hidden name="tenant" value=tenant/>
                <TextField name="name" label="Name" maxlength=120_u32 placeholder="Backend, production" hint="Where it will be used, so that others know what stops when it ends." autofocus=true/>
                <RadioGroup name="role" label="What it may do" choices=roles value="admin"/>
                <SelectField name="organization" label="Where" choices=places hint="A key for one organization reaches no other."/>
                <ExpiryField/>
                <Actions>
                    <Button submit=true variant=Variant::Primary>"Create API key"</Button>
                    <Button closes=ID>"Cancel"</Button>
                </Actions>
            </IslandForm>
        </Dialog>
        <Shown id="api-key-created" title="API key created" fresh/>
    }
}
