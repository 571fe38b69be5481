//! What stands where a one-time link that does not work led to: why, and what to do now.

use crate::{
    Failure,
    ui::{AuthFrame, LinkButton, ProblemView, SIGN_IN, Size, Variant},
};
use leptos::prelude::*;
use mintmark::Code;

/// Waits for what the link leads to; `again` says how to get a new one.
pub(super) fn opened<T, V>(
    answer: impl Future<Output = Result<T, Failure>> + Send + 'static,
    again: &'static str,
    view: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    Suspend::new(async move {
        match answer.await {
            Ok(value) => view(value).into_any(),
            Err(failure) => view! { <StaleLink failure again/> }.into_any(),
        }
    })
}

#[component]
fn StaleLink(failure: Failure, again: &'static str) -> impl IntoView {
    let (title, next) = match failure.code() {
        Code::NotFound => ("This link is not known", again),
        Code::LinkConsumed => ("This link has been used", ""),
        Code::LinkExpired => ("This link no longer works", again),
        _ => {
            return view! { <AuthFrame title="This did not work"><ProblemView problem=failure.0 retry="?"/></AuthFrame> }.into_any();
        }
    };
    let said = if failure.code() == Code::NotFound {
        "Perhaps a part of it was lost on the way: copy it whole.".to_owned()
    } else {
        failure.0.message
    };
    view! {
        <AuthFrame title description=said>
            {(!next.is_empty()).then(|| view! { <p>{next}</p> })}
            <LinkButton href=SIGN_IN variant=Variant::Primary size=Size::Wide>"Go to sign-in"</LinkButton>
        </AuthFrame>
    }
    .into_any()
}
