//! What stands where a list or a page would: nothing yet, no match, no permission.

use super::{CodeBlock, Glyph, Icon, LinkButton};
use leptos::prelude::*;

/// Nothing here yet: says why one would want something, and how to get it.
#[component]
pub fn EmptyState(
    /// A statement: "No widget tokens yet".
    #[prop(into)]
    title: String,
    /// One sentence: what the thing is for.
    #[prop(into)]
    text: String,
    /// The kind of thing.
    #[prop(default = Glyph::Token)]
    icon: Glyph,
    /// The one button that makes the first.
    #[prop(optional, into)]
    action: ViewFnOnce,
    /// The same from a backend: a command that runs as it stands.
    #[prop(optional, into)]
    command: Option<String>,
) -> impl IntoView {
    view! {
        <div class="state">
            <span class="state__icon"><Icon glyph=icon/></span>
            <h2 class="state__title">{title}</h2>
            <p class="state__text">{text}</p>
            <div class="state__actions">{action.run()}</div>
            {command.map(|code| view! { <div class="state__command"><CodeBlock code label="Or from your backend"/></div> })}
        </div>
    }
}

/// There are things, but none that the filters let through.
#[component]
pub fn NoMatch(
    /// In the plural: "tokens".
    #[prop(into)]
    what: String,
    /// The address without filters.
    #[prop(into)]
    clear: String,
) -> impl IntoView {
    view! {
        <div class="state">
            <span class="state__icon"><Icon glyph=Glyph::Filter/></span>
            <h2 class="state__title">{format!("No {what} match")}</h2>
            <p class="state__text">{format!("There are {what}, but none that these filters let through.")}</p>
            <div class="state__actions"><LinkButton href=clear>"Clear filters"</LinkButton></div>
        </div>
    }
}

/// A page that this role may not read.
#[component]
pub fn NoPermission(
    /// The policy's sentence: which role is needed.
    #[prop(into)]
    reason: String,
    /// Whom to ask: "Ask an owner of Acme: ada@acme.test."
    #[prop(optional, into)]
    ask: Option<String>,
) -> impl IntoView {
    view! {
        <div class="state">
            <span class="state__icon"><Icon glyph=Glyph::Lock/></span>
            <h2 class="state__title">"Not for your role"</h2>
            <p class="state__text">{reason}</p>
            <p class="state__text">{ask.unwrap_or_else(|| "An owner of this tenant can change your role.".to_owned())}</p>
        </div>
    }
}
