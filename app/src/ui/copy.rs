//! Copying, and ids that can be copied.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// Copies a text that is no secret, and says so. `Live` does the work.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: String,
    /// What the button says it does: "Copy id".
    #[prop(default = "Copy".to_owned(), into)]
    label: String,
) -> impl IntoView {
    view! {
        <button class="copy" type="button" data-copy=text aria-label=label.clone() data-tip=label data-needs-script>
            <span class="copy__idle"><Icon glyph=Glyph::Copy/></span>
            <span class="copy__done"><Icon glyph=Glyph::Check/></span>
        </button>
    }
}

/// An id: its prefix and its end, the whole of it on hover and in the clipboard.
#[component]
pub fn Id(
    /// Any id: `wtok_0123456789abcdef01234567`.
    #[prop(into)]
    value: String,
    /// The page of what it names.
    #[prop(optional, into)]
    href: Option<String>,
    /// Written out, for the page of the thing itself.
    #[prop(optional)]
    whole: bool,
) -> impl IntoView {
    let shown = if whole { value.clone() } else { shorten(&value) };
    let text = view! { <code class="id__text">{shown}</code> };
    let label = format!("Copy id {value}");
    let tip = (!whole).then(|| value.clone());
    view! {
        <span class="id" title=tip>
            {match href {
                Some(href) => view! { <a class="id__link" href=href>{text}</a> }.into_any(),
                None => text.into_any(),
            }}
            <CopyButton text=value label/>
        </span>
    }
}

/// `wtok_…234567`
#[must_use]
pub fn shorten(id: &str) -> String {
    match id.rfind('_').map(|at| id.split_at(at + 1)) {
        Some((prefix, rest)) if rest.len() > 8 && rest.is_ascii() => format!("{prefix}…{}", &rest[rest.len() - 6..]),
        _ => id.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::shorten;

    #[test]
    fn an_id_keeps_its_prefix_and_its_end() {
        assert_eq!(shorten("wtok_0123456789abcdef01234567"), "wtok_…234567");
        assert_eq!(shorten("pk_live_0123456789abcdef01234567"), "pk_live_…234567");
        assert_eq!(shorten("acme"), "acme");
    }
}
