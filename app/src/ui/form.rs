//! Forms: one that every page uses and that needs no script, and one for islands that show what comes back.

use super::ProblemBody;
use crate::Failure;
use leptos::{
    context::Provider,
    ev::SubmitEvent,
    form::FromFormData,
    prelude::*,
    server_fn::{Http, ServerFn, codec::PostUrl},
};
use mintmark::Problem;
use serde::de::DeserializeOwned;

/// What fields and buttons know of the form around them.
#[derive(Debug, Clone)]
pub(crate) struct FormContext {
    /// Before every field's id, so that two forms of one page may have fields of one name.
    pub scope: String,
    /// What was refused; a field whose name it carries shows it.
    pub problem: Signal<Option<Problem>>,
    /// The fields that are in it, and so show what is said of them themselves.
    pub fields: StoredValue<Vec<String>>,
    /// Sent and not yet answered.
    pub busy: Signal<bool>,
    /// In forms that need the island: whether it has woken.
    pub awake: Option<Signal<bool>>,
}

/// Whether the island around has woken in the browser. On the server, and in the first moment, it has not.
#[must_use]
pub fn use_live() -> Signal<bool> {
    let live = RwSignal::new(false);
    Effect::new(move |_| live.set(true));
    live.into()
}

/// A form that posts to a server function. Without scripts the browser posts it and follows the redirect, back to the
/// page with the error in place or on to where the server function leads. With them `Live` sends it: an error stays in
/// the form (and in its open dialog), success goes on to `then` or reloads, and `done` is said there.
#[component]
pub fn ServerForm<F>(
    /// `ServerAction::<AddOrigin>::new()`. Its server function answers `Answer<_>`.
    action: ServerAction<F>,
    /// Fields, [`Hidden`] values and [`Actions`]. Field names are the server function's argument names.
    children: Children,
    /// Unique in the page where two forms have fields of the same name; else the function's path serves.
    #[prop(optional, into)]
    scope: Option<String>,
    /// Where success leads, an own path. A redirect by the server function wins; without both the page is loaded anew.
    #[prop(optional, into)]
    then: Option<String>,
    /// What is announced after success: "Origin added".
    #[prop(optional, into)]
    done: Option<String>,
    /// Fields in one line, the button beside them.
    #[prop(optional)]
    inline: bool,
    /// The answer goes to the island beside the form and nowhere else: nothing is followed or loaded anew. For secrets;
    /// its submit button stays disabled until that island is awake.
    #[prop(optional)]
    answers: bool,
    /// Success proves presence: what waited for it is done again. Only for the step-up dialog.
    #[prop(optional)]
    step_up: bool,
) -> impl IntoView
where
    F: ServerFn<Error = Failure> + Clone + Send + Sync + 'static,
    F::Output: Send + Sync + 'static,
{
    posted(action, Posting { scope, then, done, inline, step_up, answers }, children)
}

/// The props of a [`ServerForm`] that may be absent.
pub(crate) struct Posting {
    pub scope: Option<String>,
    pub then: Option<String>,
    pub done: Option<String>,
    pub inline: bool,
    pub step_up: bool,
    pub answers: bool,
}

/// [`ServerForm`] for parts that hand absent props on.
pub(crate) fn posted<F>(action: ServerAction<F>, posting: Posting, children: Children) -> impl IntoView
where
    F: ServerFn<Error = Failure> + Clone + Send + Sync + 'static,
    F::Output: Send + Sync + 'static,
{
    let Posting { scope, then, done, inline, step_up, answers } = posting;
    let scope = scope.unwrap_or_else(|| scope_of(F::PATH));
    let value = action.value();
    let problem = Signal::derive(move || value.with(|answer| answer.as_ref()?.as_ref().err().map(|failure| failure.0.clone())));
    let fields = StoredValue::new(Vec::new());
    let answers = answers.then(|| scope.clone());
    let context = FormContext { scope, problem, fields, busy: Signal::stored(false), awake: None };
    view! {
        <form class="form" class:form--inline=inline method="post" action=F::url() data-send data-then=then data-done=done data-step-up=step_up.then_some("") data-answers=answers>
            <ProblemSlot problem fields/>
            <Provider value=context>{children()}</Provider>
        </form>
    }
}

/// A form inside an island that shows what comes back, such as a secret. It needs the browser, so its submit button
/// waits until the island has woken, and nothing is ever sent as a page address.
#[component]
pub fn IslandForm<F, Out>(
    /// The action whose value the island shows.
    action: ServerAction<F>,
    /// As in [`ServerForm`].
    children: Children,
    /// Unique in the page where two forms have fields of the same name.
    #[prop(optional, into)]
    scope: Option<String>,
) -> impl IntoView
where
    F: DeserializeOwned + ServerFn<Protocol = Http<PostUrl, Out>, Error = Failure> + Clone + Send + Sync + 'static,
    F::Output: Send + Sync + 'static,
{
    let value = action.value();
    let pending = action.pending();
    let sent = StoredValue::new(None::<F>);
    let problem = Signal::derive(move || {
        value.with(|answer| answer.as_ref()?.as_ref().err().map(|failure| failure.0.clone())).filter(|_| !pending.get())
    });
    let scope = scope.unwrap_or_else(|| scope_of(F::PATH));
    let fields = StoredValue::new(Vec::new());
    let to_blame = scope.clone();
    Effect::new(move |_| {
        if let Some(field) = problem.get().and_then(|problem| problem.field) {
            super::browser::focus(&format!("f-{to_blame}-{field}"));
        }
    });
    let context = FormContext { scope, problem, fields, busy: Signal::derive(move || pending.get()), awake: Some(use_live()) };
    // A refusal that asks for proof of presence opens the dialog, and the same input is sent again after it.
    Effect::new(move |_| {
        let asked = problem.with(|problem| problem.as_ref().is_some_and(|problem| problem.code == mintmark::Code::StepUpRequired));
        if let (true, Some(input)) = (asked, sent.get_value()) {
            super::browser::ask_presence(move || _ = action.dispatch(input));
        }
    });
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if pending.get_untracked() {
            return;
        }
        match F::from_event(&event) {
            Ok(input) => {
                sent.set_value(Some(input.clone()));
                action.dispatch(input);
            }
            Err(_) => value.set(Some(Err(Failure::new(mintmark::Code::InvalidField, "A value is missing or wrong.")))),
        }
    };
    view! {
        <form class="form" method="post" on:submit=send>
            <ProblemSlot problem fields/>
            <Provider value=context>{children()}</Provider>
        </form>
    }
}

/// Where a refusal appears: above the fields, read out at once, never in place of what was typed. In the browser one
/// that names a field of the form appears only there, where the focus goes; a page without scripts shows both, since
/// nothing leads the eye.
#[component]
fn ProblemSlot(problem: Signal<Option<Problem>>, fields: StoredValue<Vec<String>>) -> impl IntoView {
    let elsewhere = move |problem: &Problem| {
        cfg!(feature = "hydrate") && problem.field.as_ref().is_some_and(|field| fields.with_value(|fields| fields.contains(field)))
    };
    view! {
        <div class="form__problem" data-problem role="alert" tabindex="-1">
            {move || problem.get().filter(|problem| !elsewhere(problem)).map(|problem| view! { <ProblemBody problem/> })}
        </div>
    }
}

/// A value that travels with the form and is not seen.
#[component]
pub fn Hidden(
    /// The server function's argument.
    #[prop(into)]
    name: String,
    /// Its value.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    view! { <input type="hidden" name=name value=value/> }
}

/// The row of buttons at the end of a form: the confirming one first in reading order.
#[component]
pub fn Actions(children: Children) -> impl IntoView {
    view! { <div class="form__actions">{children()}</div> }
}

/// `/api/add_origin` becomes `add_origin`.
fn scope_of(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}
