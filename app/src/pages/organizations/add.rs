//! Adding an origin, with its judgement while it is typed (`live/origin.rs`). Without scripts it is a plain form.

use crate::{
    api::organizations::{AddOrigin, JudgeOrigin},
    ui::{Button, Glyph, Hidden, ServerForm, TextField, Variant},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The form, and the place of the verdict.
#[component]
pub fn OriginAdder(tenant: String, organization: String) -> impl IntoView {
    view! {
        <div class="judged" data-judge=JudgeOrigin::url() data-asks="tenant organization origin">
            <ServerForm action={ServerAction::<AddOrigin>::new()} scope="add-origin" done="Origin added" inline=true>
                <Hidden name="tenant" value=tenant/>
                <Hidden name="organization" value=organization/>
                <TextField name="origin" label="Origin" inputmode="url" mono=true maxlength=255_u32 placeholder="https://app.example.com"/>
                <Button submit=true variant=Variant::Primary icon=Glyph::Plus>"Add origin"</Button>
            </ServerForm>
            <div class="probe" role="status"></div>
        </div>
    }
}
