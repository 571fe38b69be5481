//! `/`: no page of its own, but the way to one.

use crate::{
    api::{SignOut, whereabouts},
    error::answer_with_path,
    ui::{Actions, AuthFrame, Button, SIGN_IN, ServerForm, Size, loaded},
};
use leptos::prelude::*;

/// Leads to the tenant used last, or to sign-in.
#[component]
pub fn HomePage() -> impl IntoView {
    loaded(whereabouts(), |here| {
        match here.user {
        None => {
            answer_with_path(SIGN_IN);
            ().into_any()
        }
        Some(_) if here.overview != "/" => {
            answer_with_path(&here.overview);
            ().into_any()
        }
        Some(user) => view! {
            <AuthFrame title="No tenant yet" description=format!("You are signed in as {}, but nobody has made you a member of a tenant, or you were removed.", user.email)>
                <p>"Ask an owner of the tenant to invite you, and open the link that they send."</p>
                <ServerForm action={ServerAction::<SignOut>::new()}>
                    <Actions><Button submit=true size=Size::Wide>"Sign out"</Button></Actions>
                </ServerForm>
            </AuthFrame>
        }
        .into_any(),
    }
    })
}
