//! Forms: one component that every page uses. Without scripts the browser posts it; with them `live/send.rs` does.

use super::{Notice, ProblemBody, Tone};
use crate::Failure;
use leptos::{context::Provider, prelude::*, server_fn::ServerFn};
use mintmark::Problem;

/// What fields and buttons know of the form around them.
#[derive(Debug, Clone)]
pub(crate) struct FormContext {
    /// Before every field's id, so that two forms of one page may have fields of one name.
    pub scope: String,
    /// What was refused, where a form without scripts brought it back; a field whose name it carries shows it.
    pub problem: Option<Problem>,
    /// Its answer is a secret, so its submit button waits for the script that shows it.
    pub asleep: bool,
}

/// A form that posts to a server function. Without scripts the browser posts it and follows the redirect, back to the
/// page with the error in place or on to where the server function leads. With them it is sent from within the page: an
/// error stays in the form (and in its open dialog), success goes on to `then` or reloads, and `done` is said there.
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
    /// The id of the [`SecretOnce`](super::SecretOnce) that shows what is answered, a
    /// [`Revealed`](crate::api::Revealed). It needs scripts: say so with [`NeedsScripts`].
    #[prop(optional, into)]
    answers: Option<String>,
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
    pub answers: Option<String>,
}

/// [`ServerForm`] for parts that hand absent props on.
pub(crate) fn posted<F>(action: ServerAction<F>, posting: Posting, children: Children) -> impl IntoView
where
    F: ServerFn<Error = Failure> + Clone + Send + Sync + 'static,
    F::Output: Send + Sync + 'static,
{
    let Posting { scope, then, done, inline, step_up, answers } = posting;
    let scope = scope.unwrap_or_else(|| scope_of(F::PATH));
    let problem = action.value().with_untracked(|answer| answer.as_ref()?.as_ref().err().map(|failure| failure.0.clone()));
    let shown = problem.clone().map(|problem| view! { <ProblemBody problem/> });
    let context = FormContext { scope, problem, asleep: answers.is_some() };
    view! {
        <form class="form" class:form--inline=inline method="post" action=F::url() data-send data-then=then data-done=done data-step-up=step_up.then_some("") data-answers=answers>
            // Above the fields, read out at once, never in place of what was typed. In the browser a refusal that names a
            // field appears only there, where the focus goes; a page without scripts shows both, since nothing leads the eye.
            <div class="form__problem" data-problem role="alert" tabindex="-1">{shown}</div>
            <Provider value=context>{children()}</Provider>
        </form>
    }
}

/// Fields that belong to one choice of the form: seen and sent only while `named` has one of these values.
#[component]
pub fn Only(
    /// The name of the field that decides.
    named: &'static str,
    /// The values that it may have.
    #[prop(into)]
    is: Vec<String>,
    /// Whether it has one of them at first.
    #[prop(optional)]
    at_first: bool,
    /// Where several of them ask the same thing: before their fields' ids, so that none stands twice in the page.
    #[prop(optional, into)]
    scope: Option<String>,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let context = use_context::<FormContext>().map(|form| match scope {
        Some(scope) => FormContext { scope: format!("{}-{scope}", form.scope), ..form },
        None => form,
    });
    let children = move || match context {
        Some(value) => view! { <Provider value>{children()}</Provider> }.into_any(),
        None => children(),
    };
    view! {
        <fieldset class="only" data-when=named data-is=format!("|{}|", is.join("|")) hidden=!at_first disabled=!at_first>{children()}</fieldset>
    }
}

/// Says, where there are no scripts, that a form whose answer is a secret cannot do without.
#[component]
pub fn NeedsScripts(
    /// Why, and what to do instead.
    children: Children,
) -> impl IntoView {
    view! { <noscript><Notice tone=Tone::Warn title="This needs scripts">{children()}</Notice></noscript> }
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
