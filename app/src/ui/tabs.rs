//! Tabs that are links: each has its own address.

use leptos::prelude::*;

/// The parts of one thing. Holds [`Tab`]s.
#[component]
pub fn Tabs(
    /// Of what these are the parts; read out.
    #[prop(into)]
    label: String,
    /// The tabs.
    children: Children,
) -> impl IntoView {
    view! { <nav class="tabs" aria-label=label><ul class="tabs__list" role="list">{children()}</ul></nav> }
}

/// One part.
#[component]
pub fn Tab(
    /// Its address.
    #[prop(into)]
    href: String,
    /// It is the one that is shown.
    #[prop(optional)]
    current: bool,
    /// How many things it holds.
    #[prop(optional, into)]
    count: Option<u64>,
    /// Its name.
    children: Children,
) -> impl IntoView {
    view! {
        <li>
            <a class="tabs__tab" href=href aria-current=current.then_some("page")>
                {children()}
                {count.map(|count| view! { <span class="tabs__count">{count}</span> })}
            </a>
        </li>
    }
}
