//! A page that not every role may read says which role does, and whom to ask.

use crate::{
    Failure,
    api::history::whom_to_ask,
    error::own_page,
    ui::{NoPermission, PageHeader, ProblemView, loaded},
};
use leptos::prelude::*;
use mintmark::Code;

/// As [`loaded`], for a page whose header depends on its data: a problem stands under the bare `title`, and a refusal for
/// the role names the owners.
pub fn loaded_or_ask<T, V>(
    title: &'static str,
    tenant: String,
    answer: impl Future<Output = Result<T, Failure>> + Send + 'static,
    view: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    under(Some(title), tenant, answer, view)
}

/// The same for a part of a page that has its header already.
pub fn loaded_or_ask_here<T, V>(
    tenant: String,
    answer: impl Future<Output = Result<T, Failure>> + Send + 'static,
    view: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    under(None, tenant, answer, view)
}

fn under<T, V>(
    title: Option<&'static str>,
    tenant: String,
    answer: impl Future<Output = Result<T, Failure>> + Send + 'static,
    view: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    let header = move || title.map(|title| view! { <PageHeader title/> });
    let answer = async move {
        match answer.await {
            Ok(value) => Ok(Ok(value)),
            Err(Failure(problem)) if problem.code == Code::SignInRequired => Err(Failure(problem)),
            Err(Failure(problem)) if problem.code == Code::InsufficientRole => {
                Ok(Err((problem, whom_to_ask(tenant).await.unwrap_or_default())))
            }
            Err(Failure(problem)) => Ok(Err((problem, Vec::new()))),
        }
    };
    loaded(answer, move |answer| match answer {
        Ok(value) => view(value).into_any(),
        Err((problem, owners)) if problem.code == Code::InsufficientRole => match ask(&owners) {
            Some(ask) => view! { {header()}<NoPermission reason=problem.message ask/> }.into_any(),
            None => view! { {header()}<NoPermission reason=problem.message/> }.into_any(),
        },
        Err((problem, _)) => {
            // A filter or a place in a list that cannot be read is not tried again: the bare page is.
            let here = own_page().unwrap_or_default();
            let bare = matches!(problem.code.status(), 400 | 422);
            let retry = if bare { here.split('?').next().unwrap_or_default().to_owned() } else { here };
            view! { {header()}<ProblemView problem retry/> }.into_any()
        }
    })
}

fn ask(owners: &[String]) -> Option<String> {
    match owners {
        [] => None,
        [one] => Some(format!("Ask the owner: {one}.")),
        [some @ .., last] => Some(format!("Ask an owner: {} or {last}.", some.join(", "))),
    }
}
