//! `/confirm`: proof of presence for who runs no scripts; everybody else has the dialog.

use crate::{
    api::{standing, whereabouts},
    pages::query,
    return_to::own_path,
    ui::{AuthFrame, StepUpForms, loaded},
};
use leptos::prelude::*;

/// `?return_to=` is the page that wanted it; what was to be done there is then done by hand.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let wanted = query("return_to").and_then(|path| own_path(&path).map(ToOwned::to_owned));
    let answer = async move {
        let here = match wanted {
            Some(path) if path.starts_with("/t/") => path,
            _ => whereabouts().await?.overview,
        };
        let slug = here.split('/').nth(2).unwrap_or_default().split(['?', '#']).next().unwrap_or_default().to_owned();
        Ok((standing(slug).await?, here))
    };
    loaded(answer, |(standing, here)| {
        let back = here.clone();
        view! {
            <AuthFrame
                title="Confirm that it is you"
                description="What you were about to do needs proof that you are still at this computer. It holds for five minutes; then do it again."
                foot=move || view! { <a href=back>"Go back without confirming"</a> }
            >
                <StepUpForms tenant=standing.slug() second_factor=standing.second_factor return_to=here/>
            </AuthFrame>
        }
    })
}
