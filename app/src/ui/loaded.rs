//! How a page waits for its data.

use super::{NoPermission, ProblemView};
use crate::{Failure, error::answer_with_redirect};
use leptos::prelude::*;
use mintmark::Code;

/// Waits on the server for a server function's answer, then shows `view` of it; a refusal shows the state that belongs
/// to its code, with its status. Nothing of the answer travels to the browser but the HTML.
///
/// `{loaded(list_origins(tenant), |origins| view! { <OriginTable origins/> })}`
pub fn loaded<T, V>(
    answer: impl Future<Output = Result<T, Failure>> + Send + 'static,
    view: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    Suspend::new(async move {
        match answer.await {
            Ok(value) => view(value).into_any(),
            Err(Failure(problem)) => match problem.code {
                Code::SignInRequired => {
                    answer_with_redirect(super::SIGN_IN);
                    ().into_any()
                }
                Code::InsufficientRole => view! { <NoPermission reason=problem.message/> }.into_any(),
                _ => view! { <ProblemView problem retry=""/> }.into_any(),
            },
        }
    })
}
