//! Fields: a label, a hint, a control, an error, tied together by ids that follow from the field's name.
//!
//! Long only by the documentation of props: five kinds of field share one frame and one set of ties.

use super::form::FormContext;
use leptos::prelude::*;

/// What ties the parts of one field together.
#[derive(Debug, Clone)]
pub(crate) struct Ties {
    pub id: String,
    hint_id: Option<String>,
    error_id: String,
    pub described_by: String,
    pub error: Option<String>,
}

impl Ties {
    /// Ids from the form and the name; the error from the form's problem, if it names this field.
    pub fn new(name: &str, has_hint: bool) -> Self {
        let form = use_context::<FormContext>();
        let plain = name.trim_end_matches("[]").to_owned();
        let id = form.as_ref().map_or_else(|| format!("f-{plain}"), |form| format!("f-{}-{plain}", form.scope));
        let error_id = format!("{id}-error");
        let hint_id = has_hint.then(|| format!("{id}-hint"));
        let described_by = hint_id.iter().chain([&error_id]).cloned().collect::<Vec<_>>().join(" ");
        let error =
            form.and_then(|form| form.problem).filter(|problem| problem.field.as_ref() == Some(&plain)).map(|problem| problem.message);
        Self { id, hint_id, error_id, described_by, error }
    }

    pub fn invalid(&self) -> Option<&'static str> {
        self.error.is_some().then_some("true")
    }
}

/// The frame of a field, for a control of your own; ready-made ones are below.
#[component]
pub(crate) fn Framed(ties: Ties, label: String, hint: Option<String>, optional: bool, children: Children) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field__label" for=ties.id>
                {label}
                {optional.then(|| view! { <span class="field__optional">" optional"</span> })}
            </label>
            {hint.map(|hint| view! { <p class="field__hint" id=ties.hint_id.unwrap_or_default()>{hint}</p> })}
            {children()}
            <p class="field__error" id=ties.error_id>{ties.error}</p>
        </div>
    }
}

/// Label, hint and error around a control of your own, which must carry `id="f-<name>"` (inside a form
/// `f-<scope>-<name>`) and that name.
#[component]
pub fn Field(
    /// The control's name.
    #[prop(into)]
    name: String,
    /// Always visible.
    #[prop(into)]
    label: String,
    /// One sentence that helps to fill it in.
    #[prop(optional, into)]
    hint: Option<String>,
    /// May stay empty; everything else is required.
    #[prop(optional)]
    optional: bool,
    /// The control.
    children: Children,
) -> impl IntoView {
    let ties = Ties::new(&name, hint.is_some());
    view! { <Framed ties label hint optional children/> }
}

/// One line of text.
#[component]
pub fn TextField(
    /// The server function's argument.
    #[prop(into)]
    name: String,
    /// Always visible.
    #[prop(into)]
    label: String,
    /// `email`, `url`, `search`, `date`, `datetime-local`; `text` by default.
    #[prop(default = "text")]
    kind: &'static str,
    /// One sentence that helps to fill it in.
    #[prop(optional, into)]
    hint: Option<String>,
    /// May stay empty.
    #[prop(optional)]
    optional: bool,
    /// What it holds at first.
    #[prop(optional, into)]
    value: Option<String>,
    /// An example, never the label.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// So that browsers and password managers help: `username`, `organization`, `one-time-code` ...
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The keyboard that phones show: `numeric`, `url`, `email`.
    #[prop(optional, into)]
    inputmode: Option<&'static str>,
    /// The most characters.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// A regular expression that the browser insists on.
    #[prop(optional, into)]
    pattern: Option<String>,
    /// For ids, origins and secrets.
    #[prop(optional)]
    mono: bool,
    /// Takes the focus when the page or its dialog opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let ties = Ties::new(&name, hint.is_some());
    let (id, described_by, invalid) = (ties.id.clone(), ties.described_by.clone(), ties.invalid());
    view! {
        <Framed ties label hint optional>
            <input
                class="input"
                class:input--mono=mono
                type=kind
                id=id
                name=name
                value=value
                placeholder=placeholder
                autocomplete=autocomplete
                autocapitalize=mono.then_some("none")
                spellcheck=mono.then_some("false")
                inputmode=inputmode
                maxlength=maxlength.map(|most| most.to_string())
                pattern=pattern
                required=!optional
                autofocus=autofocus
                aria-describedby=described_by
                aria-invalid=invalid
            />
        </Framed>
    }
}

/// A password: can be shown, can be pasted, is known to password managers.
#[component]
pub fn PasswordField(
    /// The server function's argument.
    #[prop(into)]
    name: String,
    /// Always visible.
    #[prop(into)]
    label: String,
    /// `true` where one is chosen, `false` where the present one is asked for.
    #[prop(optional)]
    new: bool,
    /// The rules, where one is chosen.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    let ties = Ties::new(&name, hint.is_some());
    let (id, described_by, invalid) = (ties.id.clone(), ties.described_by.clone(), ties.invalid());
    view! {
        <Framed ties label hint optional=false>
            <span class="input-group">
                <input
                    class="input"
                    type="password"
                    id=id.clone()
                    name=name
                    autocomplete=if new { "new-password" } else { "current-password" }
                    required=true
                    maxlength="128"
                    aria-describedby=described_by
                    aria-invalid=invalid
                />
                <button class="input-group__button" type="button" data-reveal=id aria-pressed="false" data-needs-script>"Show"</button>
            </span>
        </Framed>
    }
}

/// A whole number with its unit.
#[component]
pub fn NumberField(
    /// The server function's argument.
    #[prop(into)]
    name: String,
    /// Always visible.
    #[prop(into)]
    label: String,
    /// What it holds at first.
    #[prop(optional, into)]
    value: Option<i64>,
    /// The least.
    #[prop(optional, into)]
    min: Option<i64>,
    /// The most.
    #[prop(optional, into)]
    max: Option<i64>,
    /// Behind the number: "minutes".
    #[prop(optional, into)]
    unit: Option<String>,
    /// One sentence that helps to fill it in.
    #[prop(optional, into)]
    hint: Option<String>,
    /// May stay empty.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let ties = Ties::new(&name, hint.is_some());
    let (id, described_by, invalid) = (ties.id.clone(), ties.described_by.clone(), ties.invalid());
    let text = |number: Option<i64>| number.map(|number| number.to_string());
    view! {
        <Framed ties label hint optional>
            <span class="input-group input-group--short">
                <input
                    class="input input--number"
                    type="number"
                    inputmode="numeric"
                    step="1"
                    id=id
                    name=name
                    value=text(value)
                    min=text(min)
                    max=text(max)
                    required=!optional
                    autocomplete="off"
                    aria-describedby=described_by
                    aria-invalid=invalid
                    />
                {unit.map(|unit| view! { <span class="input-group__unit">{unit}</span> })}
            </span>
        </Framed>
    }
}

/// Several lines; grows with what is typed.
#[component]
pub fn TextArea(
    /// The server function's argument.
    #[prop(into)]
    name: String,
    /// Always visible.
    #[prop(into)]
    label: String,
    /// One sentence that helps to fill it in.
    #[prop(optional, into)]
    hint: Option<String>,
    /// May stay empty.
    #[prop(optional)]
    optional: bool,
    /// What it holds at first.
    #[prop(optional, into)]
    value: Option<String>,
    /// An example, never the label.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// For code and lists of origins.
    #[prop(optional)]
    mono: bool,
    /// The most characters.
    #[prop(default = 2000)]
    maxlength: u32,
) -> impl IntoView {
    let ties = Ties::new(&name, hint.is_some());
    let (id, described_by, invalid) = (ties.id.clone(), ties.described_by.clone(), ties.invalid());
    view! {
        <Framed ties label hint optional>
            <textarea
                class="input input--area"
                class:input--mono=mono
                id=id
                name=name
                rows="3"
                maxlength=maxlength.to_string()
                placeholder=placeholder
                required=!optional
                spellcheck=mono.then_some("false")
                aria-describedby=described_by
                aria-invalid=invalid
            >
                {value.unwrap_or_default()}
            </textarea>
        </Framed>
    }
}
