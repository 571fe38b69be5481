//! From where: the organization's allowlist to tick, and a way to add to it without leaving the form.

use crate::{
    api::organizations::{AddOriginInPlace, JudgeOrigin, OriginBoxes},
    ui::{Button, CheckboxGroup, Choice, Field, Glyph},
};
use leptos::{prelude::*, server_fn::ServerFn};
use mintmark::origin::AllowedOrigin;

/// The boxes of one organization, or why there are none. None: no organization is chosen yet.
#[component]
pub fn Boxes(allowlist: Option<Vec<AllowedOrigin>>, ticked: Vec<String>) -> impl IntoView {
    match allowlist {
        None => view! { <p class="origins__none">"Choose an organization first: a token names some of its origins."</p> }.into_any(),
        Some(listed) if listed.is_empty() => view! {
            <p class="origins__none">"Its allowlist is empty, and an empty list allows nothing. Add the origin of the page that will carry the token."</p>
        }
        .into_any(),
        Some(listed) => {
            let values = match listed.as_slice() {
                [only] => vec![only.origin.to_string()],
                _ => ticked,
            };
            let choices = listed.iter().map(|entry| Choice::new(entry.origin.to_string(), entry.origin.to_string())).collect::<Vec<_>>();
            view! { <CheckboxGroup name="origins[]" label="Allowed origins" choices values/> }.into_any()
        }
    }
}

/// [`Boxes`] as HTML, for the form when another organization is chosen.
pub fn boxes(allowlist: Option<Vec<AllowedOrigin>>, ticked: Vec<String>) -> String {
    Boxes(BoxesProps { allowlist, ticked }).to_html()
}

/// One more entry of the allowlist. Its field has no name, so it is no part of the form around it: Enter adds, and mints
/// nothing.
#[component]
pub fn AddInPlace(refused: Option<String>) -> impl IntoView {
    view! {
        <details class="origins__add" data-mint="adder" data-judge=JudgeOrigin::url() data-boxes=OriginBoxes::url() data-add=AddOriginInPlace::url()>
            <summary class="origins__summary">"Add an origin to the allowlist"</summary>
            <div class="origins__adder">
                <Field name="new_origin" label="Origin" hint="Scheme, host and port, without a path." optional=true>
                    <div class="origins__line">
                        <input
                            class="input input--mono"
                            type="text"
                            inputmode="url"
                            id="f-mint-new_origin"
                            placeholder="https://app.example.com"
                            autocomplete="off"
                            autocapitalize="none"
                            spellcheck="false"
                            maxlength="255"
                            aria-describedby="f-mint-new_origin-hint mint-probe"
                            data-mint="new"
                        />
                        <span data-mint="add"><Button icon=Glyph::Plus disabled_because=refused>"Add"</Button></span>
                    </div>
                </Field>
                <div class="probe" id="mint-probe" role="status" data-mint="probe"></div>
            </div>
        </details>
    }
}
