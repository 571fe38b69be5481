//! `/sign-in`: e-mail and password.

use crate::{
    api::{SignIn, whereabouts},
    error::answer_with_path,
    pages::query,
    return_to::own_path,
    ui::{Actions, AuthFrame, Button, Hidden, Notice, PasswordField, ServerForm, Size, TextField, Tone, Variant, loaded},
};
use leptos::prelude::*;

/// Who is signed in already goes on at once. `?return_to=` is where to.
#[component]
pub fn SignInPage() -> impl IntoView {
    let return_to = query("return_to").filter(|path| own_path(path).is_some());
    let reset = query("reset").is_some();
    let description = if return_to.is_some() { "Then you go on where you were." } else { "To the dashboard of your widgets' tokens." };
    loaded(whereabouts(), move |here| {
        if here.user.is_some() {
            answer_with_path(return_to.as_deref().unwrap_or(&here.overview));
            return ().into_any();
        }
        view! {
            <AuthFrame title="Sign in" description foot=|| view! { <Foot/> }>
                {(!here.set_up).then(|| view! {
                    <Notice title="Not set up yet">"Mintmark has no owner. Open the link that "<code>"mintmark serve"</code>" printed when it started."</Notice>
                })}
                {reset.then(|| view! {
                    <Notice tone=Tone::Good>"Your new password is set. Every earlier session has ended, and the second factor is off."</Notice>
                })}
                <ServerForm action={ServerAction::<SignIn>::new()}>
                    <Hidden name="return_to" value=return_to.unwrap_or_default()/>
                    <TextField name="email" label="E-mail" kind="email" autocomplete="username" maxlength=254 autofocus=true/>
                    <PasswordField name="password" label="Password"/>
                    <Actions><Button submit=true variant=Variant::Primary size=Size::Wide>"Sign in"</Button></Actions>
                </ServerForm>
            </AuthFrame>
        }
        .into_any()
    })
}

#[component]
fn Foot() -> impl IntoView {
    view! {
        <details class="help">
            <summary>"Cannot sign in?"</summary>
            <p>
                "An owner of your tenant can send you a link for a new password, from Members. Who runs the server can print one: "
                <code>"mintmark user reset --email you@example.com"</code>
            </p>
        </details>
    }
}
