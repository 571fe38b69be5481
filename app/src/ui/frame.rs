//! The two frames: around the pages of somebody signed in, and around sign-in, set-up and invitations.

use super::{Glyph, Icon, Live, Logo, Wordmark};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

/// A sidebar, and the page beside it. Below 900 pixels the sidebar is behind a button, without any script.
#[component]
pub fn AppFrame(
    /// The top of the sidebar: a [`TenantSwitcher`].
    #[prop(into)]
    switcher: ViewFnOnce,
    /// [`NavGroup`]s.
    #[prop(into)]
    nav: ViewFnOnce,
    /// The foot of the sidebar: who is signed in, [`ThemeSwitch`](super::ThemeSwitch), sign out.
    #[prop(into)]
    foot: ViewFnOnce,
    /// Where the name in the top bar leads.
    #[prop(default = "/".to_owned(), into)]
    home: String,
    /// The page: a [`PageHeader`](super::PageHeader) and what follows.
    children: Children,
) -> impl IntoView {
    view! {
        <a class="skip-link" href="#main">"Skip to content"</a>
        <div class="frame">
            <header class="frame__bar">
                <button class="button button--ghost button--icon" data-size="medium" type="button" popovertarget="sidebar" aria-label="Menu">
                    <Icon glyph=Glyph::Bars/>
                </button>
                <a class="frame__home" href=home><Wordmark/></a>
            </header>
            <nav class="frame__side" id="sidebar" popover="auto" aria-label="Main">
                <div class="frame__switcher">{switcher.run()}</div>
                <div class="frame__nav">{nav.run()}</div>
                <div class="frame__foot">{foot.run()}</div>
            </nav>
            <main class="frame__main" id="main" tabindex="-1">
                <div class="page">{children()}</div>
            </main>
        </div>
        <Live/>
    }
}

/// Links that belong together.
#[component]
pub fn NavGroup(
    /// Above them; the first group needs none.
    #[prop(optional, into)]
    label: Option<String>,
    /// [`NavLink`]s.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="nav-group">
            {label.map(|label| view! { <p class="nav-group__label">{label}</p> })}
            <ul class="nav-group__list" role="list">{children()}</ul>
        </div>
    }
}

/// A place. It knows by itself whether it is the present one.
#[component]
pub fn NavLink(
    /// Its address.
    #[prop(into)]
    href: String,
    /// Its picture.
    icon: Glyph,
    /// Only this very address counts as present, not what lies under it: for the overview.
    #[prop(optional)]
    exact: bool,
    /// Its name.
    children: Children,
) -> impl IntoView {
    let path = use_location().pathname.get_untracked();
    let below = path.strip_prefix(href.as_str()).is_some_and(|rest| rest.starts_with('/') && !exact);
    let current = path == href || below;
    view! {
        <li>
            <a class="nav-link" href=href aria-current=current.then_some("page")>
                <Icon glyph=icon/>
                <span>{children()}</span>
            </a>
        </li>
    }
}

/// A tenant that one may enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantChoice {
    /// Its name.
    pub name: String,
    /// Its overview.
    pub href: String,
    /// One's role in it, or what else tells it from others.
    pub note: String,
    /// It is the present one.
    pub current: bool,
}

/// Which tenant this is, and the others. With one tenant it is only its name.
#[component]
pub fn TenantSwitcher(
    /// At least one; exactly one is current.
    #[prop(into)]
    tenants: Vec<TenantChoice>,
) -> impl IntoView {
    let name = tenants.iter().find(|tenant| tenant.current).map(|tenant| tenant.name.clone()).unwrap_or_default();
    let card = view! {
        <Logo/>
        <span class="tenant__name">{name.clone()}</span>
    };
    if tenants.len() < 2 {
        return view! { <div class="tenant">{card}</div> }.into_any();
    }
    let entries = tenants
        .into_iter()
        .map(|tenant| {
            view! {
                <a class="tenant__choice" href=tenant.href aria-current=tenant.current.then_some("true")>
                    <span class="tenant__name">{tenant.name}</span>
                    <span class="tenant__note">{tenant.note}</span>
                    {tenant.current.then(|| view! { <Icon glyph=Glyph::Check/> })}
                </a>
            }
        })
        .collect_view();
    view! {
        <div class="menu">
            <button class="tenant tenant--button" type="button" popovertarget="tenants" aria-label=format!("Tenant {name}, switch")>
                {card}
                <Icon glyph=Glyph::ChevronUpDown/>
            </button>
            <div class="menu__list menu__list--start" id="tenants" popover="auto" role="group" aria-label="Tenants">{entries}</div>
        </div>
    }
    .into_any()
}

/// One form in the middle of an empty page.
#[component]
pub fn AuthFrame(
    /// The page's `h1`: "Sign in".
    #[prop(into)]
    title: String,
    /// One or two sentences.
    #[prop(optional, into)]
    description: Option<String>,
    /// Under the card: "Lost your password?"
    #[prop(optional, into)]
    foot: ViewFnOnce,
    /// The form.
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=title.clone()/>
        <main class="auth" id="main">
            <div class="auth__brand"><Wordmark/></div>
            <div class="auth__card">
                <div class="auth__head">
                    <h1 class="auth__title">{title}</h1>
                    {description.map(|text| view! { <p class="auth__description">{text}</p> })}
                </div>
                {children()}
            </div>
            <div class="auth__foot">{foot.run()}</div>
        </main>
        <Live/>
    }
}
