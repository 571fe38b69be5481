//! `/reset?token=`: a new password for an account that nobody gets into.

use super::{PASSWORD_RULE, stale_link::opened};
use crate::{
    api::{ResetAccount, reset_link},
    pages::query,
    ui::{Actions, AuthFrame, Button, Hidden, Hints, Notice, PasswordField, ServerForm, Size, Tone, Username, Variant},
};
use leptos::prelude::*;

/// Works once, within an hour.
#[component]
pub fn ResetPage() -> impl IntoView {
    let token = query("token").unwrap_or_default();
    let again = "Ask an owner of your tenant for a new one. Who runs the server can print one: mintmark user reset --email you@example.com";
    opened(reset_link(token.clone()), again, move |user| {
        view! {
            <AuthFrame title="Choose a new password" description=format!("For {}.", user.email)>
                <Notice tone=Tone::Warn>"Every session of this account ends, and its second factor is turned off."</Notice>
                <ServerForm action={ServerAction::<ResetAccount>::new()}>
                    <Hidden name="token" value=token/>
                    <Username email=user.email/>
                    <PasswordField name="password" label="New password" new=true hint=PASSWORD_RULE/>
                    <Hints form="reset_account" password="password" least=15/>
                    <Actions><Button submit=true variant=Variant::Primary size=Size::Wide>"Set password"</Button></Actions>
                </ServerForm>
            </AuthFrame>
        }
    })
}
