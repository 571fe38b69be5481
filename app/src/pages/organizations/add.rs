//! Adding an origin, with its judgement while it is typed. Without the island it is a plain form.

use crate::{
    api::organizations::AddOrigin,
    ui::{Button, Glyph, Hidden, ServerForm, TextField, Variant},
};
use leptos::prelude::*;

/// The form, and the place of the verdict.
#[component]
pub fn OriginAdder(tenant: String, organization: String) -> impl IntoView {
    view! {
        <div id=ADDER>
            <ServerForm action={ServerAction::<AddOrigin>::new()} scope="add-origin" done="Origin added" inline=true>
                <Hidden name="tenant" value=tenant/>
                <Hidden name="organization" value=organization/>
                <TextField name="origin" label="Origin" inputmode="url" mono=true maxlength=255_u32 placeholder="https://app.example.com"/>
                <Button submit=true variant=Variant::Primary icon=Glyph::Plus>"Add origin"</Button>
            </ServerForm>
            <div class="probe" role="status"></div>
        </div>
        <OriginLive/>
    }
}

/// The element around form and verdict.
const ADDER: &str = "origin-adder";

/// Shows the verdict while one types.
#[island]
fn OriginLive() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    watch();
}

#[cfg(feature = "hydrate")]
fn watch() {
    use super::probe::judge;
    use leptos::web_sys::{FormData, HtmlFormElement, HtmlInputElement};
    use wasm_bindgen::JsCast;

    window_event_listener(leptos::ev::input, |event| {
        let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()).filter(|field| field.name() == "origin");
        let around = field.as_ref().and_then(|field| field.closest(&format!("#{ADDER}")).ok()?);
        let (Some(field), Some(around)) = (field, around) else { return };
        let form = around.query_selector("form").ok().flatten().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        let place = around.query_selector(".probe").ok().flatten();
        if let (Some(place), Some(data)) = (place, form.and_then(|form| FormData::new_with_form(&form).ok())) {
            let value = |name: &'static str| (name, data.get(name).as_string().unwrap_or_default());
            judge(place, field, vec![value("tenant"), value("organization"), value("origin")]);
        }
    });
}
