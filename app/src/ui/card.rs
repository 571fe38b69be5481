//! Surfaces and spacing: cards, sections, stacks, figures, facts.

use leptos::prelude::*;

/// Things that belong together, one below the other, evenly spaced.
#[component]
pub fn Stack(children: Children) -> impl IntoView {
    view! { <div class="stack">{children()}</div> }
}

/// Cards beside each other, as many as fit.
#[component]
pub fn Grid(children: Children) -> impl IntoView {
    view! { <div class="grid">{children()}</div> }
}

/// A surface with a hairline around one subject.
#[component]
pub fn Card(
    /// What it holds.
    children: Children,
    /// Its heading.
    #[prop(optional, into)]
    title: Option<String>,
    /// One sentence under the heading.
    #[prop(optional, into)]
    description: Option<String>,
    /// No padding: for a table that fills it.
    #[prop(optional)]
    flush: bool,
) -> impl IntoView {
    view! {
        <div class="card" class:card--flush=flush>
            {title.map(|title| {
                view! {
                    <div class="card__head">
                        <h2 class="card__title">{title}</h2>
                        {description.map(|text| view! { <p class="card__description">{text}</p> })}
                    </div>
                }
            })}
            <div class="card__body">{children()}</div>
        </div>
    }
}

/// A titled part of a page, with its own actions.
#[component]
pub fn Section(
    /// Its heading.
    #[prop(into)]
    title: String,
    /// One or two sentences under it.
    #[prop(optional, into)]
    description: Option<String>,
    /// For links to it.
    #[prop(optional, into)]
    id: Option<String>,
    /// Buttons at the right of the heading.
    #[prop(optional, into)]
    actions: ViewFnOnce,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="section" id=id>
            <div class="section__head">
                <div>
                    <h2 class="section__title">{title}</h2>
                    {description.map(|text| view! { <p class="section__description">{text}</p> })}
                </div>
                <div class="section__actions">{actions.run()}</div>
            </div>
            {children()}
        </section>
    }
}

/// One figure with its label, for the top of an overview.
#[component]
pub fn Stat(
    /// What is counted.
    #[prop(into)]
    label: String,
    /// The figure, as it is to be read.
    #[prop(into)]
    value: String,
    /// What it is compared with, or what it means.
    #[prop(optional, into)]
    note: Option<String>,
    /// Where the things that were counted are listed.
    #[prop(optional, into)]
    href: Option<String>,
) -> impl IntoView {
    view! {
        <div class="stat">
            <p class="stat__label">
                {match href {
                    Some(href) => view! { <a class="stat__link" href=href>{label}</a> }.into_any(),
                    None => label.into_any(),
                }}
            </p>
            <p class="stat__value">{value}</p>
            {note.map(|note| view! { <p class="stat__note">{note}</p> })}
        </div>
    }
}

/// Names and values of one thing: the top of a detail page. Holds [`Fact`]s.
#[component]
pub fn Facts(children: Children) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }
}

/// One name with its value.
#[component]
pub fn Fact(
    /// The name.
    #[prop(into)]
    label: String,
    /// The value.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="facts__fact">
            <dt class="facts__label">{label}</dt>
            <dd class="facts__value">{children()}</dd>
        </div>
    }
}
