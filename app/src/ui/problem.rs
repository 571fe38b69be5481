//! What went wrong: the sentence, the code, the request id, and what to do next.

use super::{CopyButton, Glyph, Icon, LinkButton, confirm_path};
use crate::return_to::with_return;
use leptos::prelude::*;
use mintmark::{Code, Problem};

/// Where one signs in; `return_to` brings back.
pub const SIGN_IN: &str = "/sign-in";
/// Where one proves presence (step-up); `return_to` brings back.
pub const CONFIRM: &str = "/confirm";

/// A problem in place: above a form's fields, in a dialog.
#[component]
pub fn ProblemBody(
    /// As the server said it.
    problem: Problem,
) -> impl IntoView {
    let here = crate::error::own_page();
    let next = match problem.code {
        Code::StepUpRequired => Some((confirm_path(here.as_deref()), "Confirm that it is you")),
        Code::SignInRequired => Some((with_return(SIGN_IN, here.as_deref()), "Sign in")),
        _ => None,
    };
    // A wrong password or a missing right explains itself; ids are for what only the log can explain.
    let unexplained = matches!(problem.code.status(), 404 | 409 | 410 | 500..);
    view! {
        <div class="notice" data-tone="danger">
            <Icon glyph=Glyph::Danger/>
            <div class="notice__words">
                <p class="notice__text">{problem.message.clone()}</p>
                {next.map(|(path, words)| view! { <p><a href=path data-return>{words}</a></p> })}
                {unexplained.then(|| view! { <Details problem/> })}
            </div>
        </div>
    }
}

/// What [`ProblemBody`] looks like, for the browser to fill in (`live/send.rs`): parts that do not belong are taken out.
#[component]
pub(crate) fn ProblemTemplate() -> impl IntoView {
    view! {
        <template id="problem">
            <div class="notice" data-tone="danger">
                <Icon glyph=Glyph::Danger/>
                <div class="notice__words">
                    <p class="notice__text" data-slot="message"></p>
                    <p data-slot="confirm"><a href=CONFIRM data-return>"Confirm that it is you"</a></p>
                    <p data-slot="sign-in"><a href=SIGN_IN data-return>"Sign in"</a></p>
                    <p class="problem__details" data-slot="details">
                        <code data-slot="code"></code>
                        <span class="problem__request" data-slot="request">"request " <code data-slot="id"></code></span>
                    </p>
                </div>
            </div>
        </template>
    }
}

/// A problem in place of a page or a list, with a way to try again.
#[component]
pub fn ProblemView(
    /// As the server said it.
    problem: Problem,
    /// The address to try again; the present one, normally.
    #[prop(optional, into)]
    retry: Option<String>,
) -> impl IntoView {
    let title = match problem.code.status() {
        404 => "Not found",
        403 => "Not allowed",
        429 => "Too many requests",
        503 => "The store cannot answer",
        _ => "This did not work",
    };
    view! {
        <div class="state" role="alert">
            <span class="state__icon" data-tone="danger"><Icon glyph=Glyph::Danger/></span>
            <h2 class="state__title">{title}</h2>
            <p class="state__text">{problem.message.clone()}</p>
            {retry.map(|href| view! { <div class="state__actions"><LinkButton href icon=Glyph::Rotate>"Try again"</LinkButton></div> })}
            <Details problem/>
        </div>
    }
}

/// What support asks for.
#[component]
fn Details(problem: Problem) -> impl IntoView {
    view! {
        <p class="problem__details">
            <code>{problem.code.as_str()}</code>
            {problem.request_id.map(|id| {
                view! {
                    <span class="problem__request">
                        "request " <code>{id.clone()}</code>
                        <CopyButton text=id label="Copy request id"/>
                    </span>
                }
            })}
        </p>
    }
}
