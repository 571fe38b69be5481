//! From nothing to a token that was revoked in time, in six steps that tick themselves.

use crate::{
    api::overview::HideChecklist,
    standing::Standing,
    ui::{Actions, Button, Hidden, Notice, ServerForm, Size, Step, StepList, Tone, Variant},
};
use leptos::prelude::*;
use mintmark::{OrganizationId, Permission, Reach, overview::Checklist};

/// What is left to do; each step says where.
#[component]
pub fn ChecklistCard(
    /// Whoever looks.
    standing: Standing,
    /// The ticks.
    checklist: Checklist,
    /// The newest organization, where the next steps are done.
    newest: Option<OrganizationId>,
) -> impl IntoView {
    let hide = ServerAction::<HideChecklist>::new();
    let (done, of) = (checklist.done(), Checklist::STEPS);
    let organization = match &newest {
        Some(id) => standing.path(&format!("organizations/{id}")),
        None => standing.path("organizations/new"),
    };
    let origins = if newest.is_some() { format!("{organization}/origins") } else { organization };
    let [new, mint, tokens, api_keys, members] =
        ["organizations/new", "tokens/new", "tokens", "api-keys", "members"].map(|page| standing.path(page));
    let tenant = standing.slug();
    let refused = standing.refusal(Permission::UpdateTenant, Reach::Tenant);
    let away = move |words: &'static str| {
        view! {
            <ServerForm action=hide done="Checklist put away; settings bring it back">
                <Hidden name="tenant" value=tenant/>
                <Hidden name="hide" value="true"/>
                <Actions><Button submit=true size=Size::Small variant=Variant::Ghost disabled_because=refused>{words}</Button></Actions>
            </ServerForm>
        }
    };
    if done == of {
        return view! {
            <Notice tone=Tone::Good title="Everything here works">
                "A token was minted, used from a page and revoked, and history tells all of it."
                {away("Put the checklist away")}
            </Notice>
        }
        .into_any();
    }
    view! {
        <div class="checklist">
            <StepList title="Your first token: minted, used, revoked" done of>
                <Step title="Make an organization" done=checklist.organization href=new>
                    "One of your customers. Every widget token reads and writes exactly one."
                </Step>
                <Step title="Allow an origin" done=checklist.origin href=origins.clone()>
                    "The pages that may carry its tokens, each by scheme, host and port."
                </Step>
                <Step title="Mint a widget token" done=checklist.token href=mint>
                    "It is shown once and lives an hour at most."
                </Step>
                <Step title="Call from a page" done=checklist.call>
                    <code>"make host"</code>
                    " serves a page of a second origin, "
                    <a href="http://localhost:4010" rel="external">"http://localhost:4010"</a>
                    "; paste a token there and watch it being let in. That origin is plain HTTP on your own machine: switch "
                    <a href=origins>"development origins"</a>
                    " on in the organization, then allow it. The tick comes up to ten seconds after the call."
                </Step>
                <Step title="Revoke it" done=checklist.revoked href=tokens>
                    "The page's very next call is refused, and history tells both."
                </Step>
                <Step title="Let your backend in, or a colleague" done=checklist.company href=api_keys>
                    "With an API key your backend mints at render time; "
                    <a href=members>"members"</a>
                    " do what their role holds."
                </Step>
            </StepList>
            {away("Hide this checklist")}
        </div>
    }
    .into_any()
}
