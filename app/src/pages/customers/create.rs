//! Writing a customer down by hand.

use crate::{
    api::customers::CreateCustomer,
    ui::{Actions, Button, Checkbox, Dialog, Hidden, ServerForm, TextField, Variant},
};
use leptos::prelude::*;
use mintmark::customer::Customer;

/// The id of the dialog.
pub(super) const ID: &str = "new-customer";

#[component]
pub(super) fn NewCustomerDialog(tenant: String, test: bool) -> impl IntoView {
    let failed = ServerAction::<CreateCustomer>::new().value().with_untracked(|answer| matches!(answer, Some(Err(_))));
    let description = if test {
        "A test customer, whom only test keys find."
    } else {
        "Before any page has seen them. Your backend does the same with POST /v1/customers."
    };
    view! {
        <Dialog id=ID title="Add customer" description wide=true open=failed>
            <ServerForm action={ServerAction::<CreateCustomer>::new()} scope=ID done="Customer added">
                <Hidden name="tenant" value=tenant/>
                <Hidden name="mode" value=if test { "test" } else { "live" }/>
                <CustomerFields/>
                <Actions>
                    <Button submit=true variant=Variant::Primary>"Add customer"</Button>
                    <Button closes=ID>"Cancel"</Button>
                </Actions>
            </ServerForm>
        </Dialog>
    }
}

/// What is said of somebody.
#[component]
pub(super) fn CustomerFields(#[prop(optional)] customer: Option<Customer>) -> impl IntoView {
    let verified = customer.as_ref().is_some_and(|customer| customer.email_verified);
    let (external_id, email, name) = customer.map(|customer| (customer.external_id, customer.email, customer.name)).unwrap_or_default();
    view! {
        <TextField name="external_id" label="Your id" hint="As your backend names them in external_customer_id; compared letter by letter." mono=true maxlength=255_u32 optional=true value=external_id.unwrap_or_default()/>
        <TextField name="name" label="Name" maxlength=120_u32 optional=true value=name.unwrap_or_default()/>
        <TextField name="email" label="E-mail" kind="email" inputmode="email" maxlength=254_u32 optional=true value=email.unwrap_or_default()/>
        <Checkbox name="email_verified" label="This address is theirs" hint="Your word for it. Only a verified address finds anybody; mail goes to no other." checked=verified/>
    }
}
