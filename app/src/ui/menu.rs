//! A few actions behind one button, on the browser's own popover.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// Actions of a row or a page that need no place of their own. Holds [`MenuLink`]s and ghost buttons.
#[component]
pub fn Menu(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// What the button says: "Actions for wtok_…234567".
    #[prop(into)]
    label: String,
    /// Words instead of the three dots.
    #[prop(optional, into)]
    text: Option<String>,
    /// The entries.
    children: Children,
) -> impl IntoView {
    let plain = text.is_none();
    view! {
        <div class="menu">
            <button class=if plain { "button button--ghost button--icon" } else { "button button--secondary" } data-size="small" type="button" popovertarget=id.clone() aria-label=label.clone()>
                {match text {
                    Some(text) => view! { <span class="button__text">{text}</span><Icon glyph=Glyph::ChevronDown/> }.into_any(),
                    None => view! { <Icon glyph=Glyph::More/> }.into_any(),
                }}
            </button>
            <div class="menu__list" id=id popover="auto" role="group" aria-label=label>{children()}</div>
        </div>
    }
}

/// An entry that goes somewhere. An entry that does something is a `Button` with `variant=Variant::Ghost`.
#[component]
pub fn MenuLink(
    /// Where to.
    #[prop(into)]
    href: String,
    /// Before the words.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! { <a class="button button--ghost" href=href>{icon.map(|glyph| view! { <Icon glyph/> })}<span class="button__text">{children()}</span></a> }
}

/// A hairline between entries.
#[component]
pub fn MenuSeparator() -> impl IntoView {
    view! { <hr class="menu__separator"/> }
}
