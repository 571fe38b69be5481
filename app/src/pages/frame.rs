//! Around every page of a tenant: the sidebar, the standing that pages ask for, the dialog that proves presence.

use super::{NotFoundPage, address, nav::Places};
use crate::{
    api::{SignOut, standing},
    error::answer_with_redirect,
    standing::Standing,
    ui::{
        AppFrame, AuthFrame, Glyph, Icon, IconButton, ProblemView, SIGN_IN, ServerForm, StepUp, TenantChoice, TenantSwitcher, ThemeSwitch,
    },
};
use leptos::prelude::*;
use leptos_router::components::Outlet;
use mintmark::Code;

/// The parent of every route under `/t/:tenant`. Who is not signed in goes to sign in and comes back; a tenant that is not
/// theirs is not found. Only then is the page itself made.
#[component]
pub fn TenantFrame() -> impl IntoView {
    let answer = standing(address("tenant"));
    Suspend::new(async move {
        match answer.await {
            Ok(standing) => view! { <Inside standing/> }.into_any(),
            Err(failure) => match failure.code() {
                Code::SignInRequired => {
                    answer_with_redirect(SIGN_IN);
                    ().into_any()
                }
                Code::NotFound => view! { <NotFoundPage/> }.into_any(),
                _ => view! { <AuthFrame title="This did not work"><ProblemView problem=failure.0 retry="?"/></AuthFrame> }.into_any(),
            },
        }
    })
}

#[component]
fn Inside(standing: Standing) -> impl IntoView {
    provide_context(standing.clone());
    let (switcher, nav, foot) = (standing.clone(), standing.clone(), standing.clone());
    let home = standing.path("");
    view! {
        <AppFrame switcher=move || switch(switcher) nav=move || view! { <Places standing=nav/> } foot=move || view! { <Foot standing=foot/> } home>
            <Outlet/>
        </AppFrame>
        <StepUp tenant=standing.slug() second_factor=standing.second_factor/>
    }
}

fn switch(standing: Standing) -> impl IntoView {
    let current = standing.tenant.id;
    let choice = |tenant: mintmark::tenant::TenantSummary| TenantChoice {
        href: format!("/t/{}", tenant.slug),
        note: format!("{}, {}", tenant.slug, tenant.role),
        current: tenant.id == current,
        name: tenant.name,
    };
    let tenants: Vec<_> = standing.tenants.into_iter().map(choice).collect();
    view! { <TenantSwitcher tenants/> }
}

/// Oneself, the theme, the way out.
#[component]
fn Foot(standing: Standing) -> impl IntoView {
    view! {
        <a class="oneself" href=standing.path("profile")>
            <span class="oneself__picture"><Icon glyph=Glyph::User/></span>
            <span class="oneself__words">
                <span class="oneself__name">{standing.user.name.clone()}</span>
                <span class="oneself__email">{standing.user.email.clone()}</span>
            </span>
        </a>
        <div class="foot-line">
            <ThemeSwitch/>
            <ServerForm action={ServerAction::<SignOut>::new()}>
                <IconButton label="Sign out" icon=Glyph::SignOut submit=true/>
            </ServerForm>
        </div>
    }
}
