//! Choices: one of many, some of many, on or off.
//!
//! Long only by the documentation of props: five parts share one box with its label.

use super::{
    Glyph, Icon,
    field::{Framed, Ties},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// One thing that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A second line under the label; a select does not show it.
    pub hint: Option<String>,
    /// Why it cannot be chosen.
    pub disabled_because: Option<String>,
}

impl Choice {
    /// One that can be chosen.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None, disabled_because: None }
    }

    /// With a second line.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// That cannot be chosen, and why.
    #[must_use]
    pub fn disabled(mut self, because: Option<String>) -> Self {
        self.disabled_because = because;
        self
    }
}

/// One of many, in one line. Up to five choices that matter are better as a [`RadioGroup`].
#[component]
pub fn SelectField(
    /// The server function's argument, or the query's.
    #[prop(into)]
    name: String,
    /// Always visible; in a [`FilterBar`](super::FilterBar) read out only.
    #[prop(into)]
    label: String,
    /// In their order.
    #[prop(into)]
    choices: Vec<Choice>,
    /// The one chosen at first; else the first.
    #[prop(optional, into)]
    value: Option<String>,
    /// One sentence that helps to choose.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    let ties = Ties::new(&name, hint.is_some());
    let (id, described_by, invalid) = (ties.id.clone(), ties.described_by.clone(), ties.invalid());
    let options = choices
        .into_iter()
        .map(|choice| {
            let selected = value.as_ref() == Some(&choice.value);
            view! { <option value=choice.value selected=selected disabled=choice.disabled_because.is_some()>{choice.label}</option> }
        })
        .collect_view();
    view! {
        <Framed ties label hint optional=false>
            <span class="select">
                <select class="input select__control" id=id name=name aria-describedby=described_by aria-invalid=invalid>
                    {options}
                </select>
                <Icon glyph=Glyph::ChevronUpDown/>
            </span>
        </Framed>
    }
}

/// On or off, decided when the form is sent. An unticked box sends nothing: mark the argument `#[server(default)]`.
#[component]
pub fn Checkbox(
    /// The server function's argument.
    #[prop(into)]
    name: String,
    /// What ticking it means.
    #[prop(into)]
    label: String,
    /// A second line.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Ticked at first.
    #[prop(optional)]
    checked: bool,
    /// What is sent when ticked.
    #[prop(default = "true".to_owned(), into)]
    value: String,
    /// The form cannot be sent while it is not ticked.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let id = format!("{}-{value}", Ties::new(&name, false).id);
    view! { <Tick kind="checkbox" id name label hint checked value required/> }
}

/// On or off, as a switch: for settings. Sent like a [`Checkbox`].
#[component]
pub fn Switch(
    /// The server function's argument.
    #[prop(into)]
    name: String,
    /// What is on when it is on.
    #[prop(into)]
    label: String,
    /// A second line.
    #[prop(optional, into)]
    hint: Option<String>,
    /// On at first.
    #[prop(optional)]
    checked: bool,
) -> impl IntoView {
    let id = Ties::new(&name, false).id;
    view! { <Tick kind="switch" id name label hint checked value="true".to_owned() required=false/> }
}

/// Some of many. Each ticked one is sent under the same name; end it in `[]` for a `Vec` argument.
#[component]
pub fn CheckboxGroup(
    /// The server function's argument and `[]`.
    #[prop(into)]
    name: String,
    /// Of all of them.
    #[prop(into)]
    label: String,
    /// In their order.
    #[prop(into)]
    choices: Vec<Choice>,
    /// Ticked at first.
    #[prop(optional, into)]
    values: Vec<String>,
    /// One sentence that helps to choose.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    view! {
        <Group name label choices values hint kind="checkbox"/>
    }
}

/// One of a few, each with room for a second line.
#[component]
pub fn RadioGroup(
    /// The server function's argument.
    #[prop(into)]
    name: String,
    /// Of all of them.
    #[prop(into)]
    label: String,
    /// In their order.
    #[prop(into)]
    choices: Vec<Choice>,
    /// Chosen at first.
    #[prop(optional, into)]
    value: Option<String>,
    /// One sentence that helps to choose.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    let values: Vec<String> = value.into_iter().collect();
    view! {
        <Group name label choices values hint kind="radio"/>
    }
}

#[component]
fn Group(
    name: String,
    label: String,
    choices: Vec<Choice>,
    values: Vec<String>,
    hint: Option<String>,
    kind: &'static str,
) -> impl IntoView {
    let ties = Ties::new(&name, hint.is_some());
    let (hint_id, error_id) = (format!("{}-hint", ties.id), format!("{}-error", ties.id));
    let ticks = choices
        .into_iter()
        .map(|choice| {
            let id = format!("{}-{}", ties.id, choice.value);
            let checked = values.contains(&choice.value);
            let disabled_because = choice.disabled_because;
            view! {
                <Tick kind id name=name.clone() label=choice.label hint=disabled_because.clone().or(choice.hint) checked value=choice.value required=false disabled=disabled_because.is_some()/>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field group" aria-describedby=ties.described_by>
            <legend class="field__label">{label}</legend>
            {hint.map(|hint| view! { <p class="field__hint" id=hint_id>{hint}</p> })}
            <div class="group__choices">{ticks}</div>
            <p class="field__error" id=error_id>{ties.error}</p>
        </fieldset>
    }
}

#[component]
fn Tick(
    kind: &'static str,
    id: String,
    name: String,
    label: String,
    hint: Option<String>,
    checked: bool,
    value: String,
    required: bool,
    #[prop(optional)] disabled: bool,
) -> impl IntoView {
    let hint_id = hint.as_ref().map(|_| format!("{id}-hint"));
    view! {
        <div class="tick" data-kind=kind>
            <input
                class="tick__box"
                type=if kind == "radio" { "radio" } else { "checkbox" }
                role=(kind == "switch").then_some("switch")
                id=id.clone()
                name=name
                value=value
                checked=checked
                required=required
                disabled=disabled
                aria-describedby=hint_id.clone()
            />
            <label class="tick__label" for=id>{label}</label>
            {hint.map(|hint| view! { <p class="tick__hint" id=hint_id.unwrap_or_default()>{hint}</p> })}
        </div>
    }
}
