//! `/set-up?token=`: the first tenant and its owner.

use super::{PASSWORD_RULE, stale_link::opened};
use crate::{
    api::{SetUp, set_up_link},
    pages::query,
    ui::{Actions, AuthFrame, Button, Hidden, Hints, PasswordField, ServerForm, Size, TextField, Variant},
};
use leptos::prelude::*;

/// Works once, and only while there is no owner.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let token = query("token").unwrap_or_default();
    let again = "Start mintmark serve again: while there is no owner, it prints a new link.";
    opened(set_up_link(token.clone()), again, move |()| {
        view! {
            <AuthFrame title="Set up Mintmark" description="You become its first owner. This link works once.">
                <ServerForm action={ServerAction::<SetUp>::new()}>
                    <Hidden name="token" value=token/>
                    <TextField name="tenant_name" label="Company" hint="The tenant: the company whose widgets will carry tokens." autocomplete="organization" maxlength=120 autofocus=true/>
                    <TextField name="slug" label="Address" hint="Part of every token's issuer. It never changes." placeholder="made from the name" optional=true mono=true maxlength=40/>
                    <TextField name="name" label="Your name" autocomplete="name" maxlength=120/>
                    <TextField name="email" label="Your e-mail" kind="email" autocomplete="username" maxlength=254/>
                    <PasswordField name="password" label="Password" new=true hint=PASSWORD_RULE/>
                    <Hints form="set_up" password="password" least=15/>
                    <Actions><Button submit=true variant=Variant::Primary size=Size::Wide>"Create and sign in"</Button></Actions>
                </ServerForm>
            </AuthFrame>
        }
    })
}
