//! `/sign-in/code`: the second step, for who has a second factor.

use crate::{
    api::FinishSignIn,
    pages::query,
    return_to::{own_path, with_return},
    ui::{Actions, AuthFrame, Button, Hidden, SIGN_IN, ServerForm, Size, TextField, Variant},
};
use leptos::prelude::*;

/// The password was right a moment ago, and a cookie remembers it for five minutes. `?recovery` asks for a recovery code.
#[component]
pub fn CodePage() -> impl IntoView {
    let return_to = query("return_to").filter(|path| own_path(path).is_some());
    let recovery = query("recovery").is_some();
    let here = with_return("/sign-in/code", return_to.as_deref());
    let back = with_return(SIGN_IN, return_to.as_deref());
    let (description, other, words) = if recovery {
        ("Enter one of the recovery codes that you kept. Each works once.", here, "Use the authenticator instead")
    } else {
        let joint = if here.contains('?') { '&' } else { '?' };
        ("Enter the code that your authenticator shows now.", format!("{here}{joint}recovery=1"), "Use a recovery code instead")
    };
    let field = if recovery {
        view! { <TextField name="code" label="Recovery code" placeholder="xxxx-xxxx-xxxx-xxxx" mono=true maxlength=40 autofocus=true/> }
            .into_any()
    } else {
        view! {
            <TextField name="code" label="Code" placeholder="123 456" autocomplete="one-time-code" inputmode="numeric" mono=true maxlength=7 autofocus=true/>
        }
        .into_any()
    };
    view! {
        <AuthFrame
            title="Second factor"
            description=description
            foot=move || view! { <p class="or-links"><a href=other>{words}</a><a href=back>"Start again"</a></p> }
        >
            <ServerForm action={ServerAction::<FinishSignIn>::new()}>
                <Hidden name="return_to" value=return_to.unwrap_or_default()/>
                {field}
                <Actions><Button submit=true variant=Variant::Primary size=Size::Wide>"Sign in"</Button></Actions>
            </ServerForm>
        </AuthFrame>
    }
}
