//! Making a key: the form, and the text that is shown once.

use super::expiry::ExpiryField;
use crate::{
    api::api_keys::CreateApiKey as Create,
    ui::{
        Actions, Button, Choice, Dialog, Hidden, NeedsScripts, RadioGroup, Secrecy, SecretOnce, SelectField, ServerForm, TextField, Variant,
    },
};
use leptos::prelude::*;
use mintmark::api_key::WARNING;

/// The id of the dialog.
pub(super) const ID: &str = "create-api-key";

/// `places` are organizations by id, the whole tenant being empty; `roles` say what each may do.
#[component]
pub fn CreateApiKey(tenant: String, places: Vec<Choice>, roles: Vec<Choice>) -> impl IntoView {
    view! {
        <Dialog id=ID title="Create API key" description="Its text is shown once, then only its last four characters are known." wide=true>
            <NeedsScripts>
                "The key is shown once, in this page and nowhere else. Without scripts it would have to travel in an address. Allow scripts for this site, or create it with POST /v1/api-keys."
            </NeedsScripts>
            <ServerForm action={ServerAction::<Create>::new()} scope=ID answers="api-key-created">
                <Hidden name="tenant" value=tenant/>
                <TextField name="name" label="Name" maxlength=120_u32 placeholder="Backend, production" hint="Where it will be used, so that others know what stops when it ends." autofocus=true/>
                <RadioGroup name="role" label="What it may do" choices=roles value="admin"/>
                <SelectField name="organization" label="Where" choices=places hint="A key for one organization reaches no other."/>
                <ExpiryField/>
                <Actions>
                    <Button submit=true variant=Variant::Primary>"Create API key"</Button>
                    <Button closes=ID>"Cancel"</Button>
                </Actions>
            </ServerForm>
        </Dialog>
        <SecretOnce id="api-key-created" title="API key created" what=Secrecy::Variable("MINTMARK_API_KEY") warning=WARNING/>
    }
}
