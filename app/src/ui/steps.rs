//! A checklist that ticks itself.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// What is left to do until something works. Holds [`Step`]s.
#[component]
pub fn StepList(
    /// "First token in five minutes"
    #[prop(into)]
    title: String,
    /// How many are done.
    done: usize,
    /// Of how many.
    of: usize,
    /// The steps, in their order.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="steps">
            <div class="steps__head">
                <h2 class="steps__title">{title}</h2>
                <p class="steps__count">{format!("{done} of {of} done")}</p>
                <progress class="steps__bar" max=of.to_string() value=done.to_string() aria-label="Steps done"></progress>
            </div>
            <ol class="steps__list" role="list">{children()}</ol>
        </div>
    }
}

/// One step.
#[component]
pub fn Step(
    /// What to do: "Add an origin".
    #[prop(into)]
    title: String,
    /// It was done; read from the data, never from a click.
    done: bool,
    /// Where it is done.
    #[prop(optional, into)]
    href: Option<String>,
    /// Why, in one sentence.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let name = match href {
        Some(href) if !done => view! { <a class="steps__name" href=href>{title}</a> }.into_any(),
        _ => view! { <span class="steps__name">{title}</span> }.into_any(),
    };
    view! {
        <li class="steps__step" class:steps__step--done=done>
            <span class="steps__mark">{done.then(|| view! { <Icon glyph=Glyph::Check/> })}</span>
            <div>
                <p>{name}<span class="visually-hidden">{if done { ", done" } else { ", to do" }}</span></p>
                {children.map(|children| view! { <div class="steps__why">{children()}</div> })}
            </div>
        </li>
    }
}
