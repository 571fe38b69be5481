//! A list of short texts in one field: origins, e-mail addresses.

use super::{Glyph, Icon};
use leptos::{ev::KeyboardEvent, prelude::*};

/// Many short texts. They are sent under one name, separated by spaces, so that it works as a plain field before the
/// island has woken; the server function splits at white space and commas.
#[component]
pub fn ChipsInput(
    /// The server function's argument, a `String`.
    #[prop(into)]
    name: String,
    /// Always visible.
    #[prop(into)]
    label: String,
    /// One sentence that helps to fill it in.
    #[prop(optional, into)]
    hint: String,
    /// What it holds at first.
    #[prop(optional, into)]
    values: Vec<String>,
    /// An example.
    #[prop(optional, into)]
    placeholder: String,
) -> impl IntoView {
    view! { <Chips name label hint values placeholder/> }
}

#[island]
fn Chips(name: String, label: String, hint: String, values: Vec<String>, placeholder: String) -> impl IntoView {
    let live = super::use_live();
    let chips = RwSignal::new(values);
    let typing = RwSignal::new(String::new());
    let take = move || {
        let text = typing.get_untracked();
        let fresh: Vec<String> = text.split([' ', ',', '\n', '\t']).filter(|part| !part.is_empty()).map(str::to_owned).collect();
        chips.update(|chips| {
            for chip in fresh {
                if !chips.contains(&chip) {
                    chips.push(chip);
                }
            }
        });
        typing.set(String::new());
    };
    let keyed = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" if !typing.get_untracked().trim().is_empty() => {
            event.prevent_default();
            take();
        }
        " " | "," => {
            event.prevent_default();
            take();
        }
        "Backspace" if typing.get_untracked().is_empty() => {
            chips.update(|chips| {
                chips.pop();
            });
        }
        _ => {}
    };
    // Asleep, the visible field carries the name and the whole text; awake, a hidden one does.
    let whole = move || {
        let mut all = chips.get();
        all.extend(Some(typing.get()).filter(|text| !text.trim().is_empty()));
        all.join(" ")
    };
    let id = format!("f-{name}");
    let hint_id = format!("{id}-hint");
    let first = chips.get_untracked().join(" ");
    let typed_name = name.clone();
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label}</label>
            <p class="field__hint" id=hint_id.clone()>{hint}</p>
            <div class="input chips">
                <ul class="chips__list" role="list">
                    {move || {
                        live.get()
                            .then(|| {
                                chips
                                    .get()
                                    .into_iter()
                                    .map(|chip| {
                                        let gone = chip.clone();
                                        view! {
                                            <li class="chip">
                                                <span class="chip__text">{chip.clone()}</span>
                                                <button
                                                    class="chip__remove"
                                                    type="button"
                                                    aria-label=format!("Remove {chip}")
                                                    on:click=move |_| chips.update(|chips| chips.retain(|other| *other != gone))
                                                >
                                                    <Icon glyph=Glyph::Cross/>
                                                </button>
                                            </li>
                                        }
                                    })
                                    .collect_view()
                            })
                    }}
                </ul>
                <input
                    class="chips__input"
                    id=id
                    type="text"
                    name=move || (!live.get()).then(|| typed_name.clone())
                    value=first
                    prop:value=move || if live.get() { typing.get() } else { chips.get_untracked().join(" ") }
                    placeholder=placeholder
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=hint_id
                    on:input=move |event| typing.set(event_target_value(&event))
                    on:keydown=keyed
                    on:blur=move |_| take()
                />
                <input type="hidden" name=move || live.get().then(|| name.clone()) value=whole/>
            </div>
        </div>
    }
}
