//! What of a product's integration was seen working; each step ticks itself when the real thing happened.

use super::frame::Around;
use crate::ui::{Notice, Step, StepList, Tone, When};
use leptos::prelude::*;
use mintmark::product::{IntegrationStep, SeenStep};

/// From a page that is let in to one that notices its end.
#[component]
pub fn IntegrationChecklist(
    /// The product.
    around: Around,
    /// Every step.
    steps: Vec<SeenStep>,
) -> impl IntoView {
    let (done, of) = (steps.iter().filter(|step| step.at.is_some()).count(), steps.len());
    if done == of {
        let last = steps.iter().filter_map(|step| step.at).max();
        return view! {
            <Notice tone=Tone::Good title="The integration works">
                "A page was let in, a customer signed in, an identity was verified, a session was refreshed and an end was noticed; the last of it "
                <When at=last/>
                "."
            </Notice>
        }
        .into_any();
    }
    let base = around.base();
    let steps = steps.into_iter().map(move |SeenStep { step, at }| {
        let (title, tab, todo) = words(step);
        let href = format!("{base}{tab}");
        view! {
            <Step title done=at.is_some() href>
                {match at {
                    Some(at) => view! { "First seen " <When at/> "." }.into_any(),
                    None => todo.into_any(),
                }}
            </Step>
        }
    });
    view! {
        <div class="checklist">
            <StepList title="Integration, as far as it was seen" done of>{steps.collect_view()}</StepList>
        </div>
    }
    .into_any()
}

/// What it is, the tab where it is done, and how it comes to be seen.
const fn words(step: IntegrationStep) -> (&'static str, &'static str, &'static str) {
    match step {
        IntegrationStep::PageLetIn => (
            "A page is let in",
            "/keys",
            "Open a page that carries an embed key, from an origin on that key's list. The tick comes within ten seconds.",
        ),
        IntegrationStep::CustomerSignedIn => {
            ("A customer signs in", "/bridge", "Exchange a bridge token that your backend signed, or redeem a link from a mail.")
        }
        IntegrationStep::IdentityVerified => (
            "An identity is verified",
            "/security",
            "Send an identity token from a page of a registered domain, or let your backend ask /v1/auth/token/verify.",
        ),
        IntegrationStep::SessionOutlivedItsToken => (
            "A session outlives its first token",
            "#snippet",
            "Leave a page open until its token has expired: it has to refresh in time, and goes on.",
        ),
        IntegrationStep::EndNoticed => (
            "A page notices its end",
            "/security",
            "End a customer's session, or revoke a verification secret, while a page uses it: its next call is refused, and the page should say so.",
        ),
    }
}
