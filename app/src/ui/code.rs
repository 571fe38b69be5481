//! Commands and snippets that can be copied and run.

use super::CopyButton;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// One command or file.
#[component]
pub fn CodeBlock(
    /// As it stands.
    #[prop(into)]
    code: String,
    /// What it is: "Mint from your backend".
    #[prop(optional, into)]
    label: Option<String>,
) -> impl IntoView {
    let name = label.clone().unwrap_or_else(|| "Code".to_owned());
    view! {
        <figure class="code">
            {label.map(|label| view! { <figcaption class="code__label">{label}</figcaption> })}
            <pre class="code__text" tabindex="0" role="region" aria-label=name><code>{code.clone()}</code></pre>
            <div class="code__copy"><CopyButton text=code label="Copy code"/></div>
        </figure>
    }
}

/// The same thing in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// "curl", "Node", "Python", "Go", "Rust"; remembered in the browser.
    pub language: String,
    /// As it stands.
    pub code: String,
}

impl Snippet {
    /// One.
    pub fn new(language: impl Into<String>, code: impl Into<String>) -> Self {
        Self { language: language.into(), code: code.into() }
    }
}

/// The same thing in up to six languages. Works without scripts; with them the choice is remembered everywhere.
#[component]
pub fn CodeTabs(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// What the snippets do.
    #[prop(into)]
    label: String,
    /// At most six.
    #[prop(into)]
    snippets: Vec<Snippet>,
) -> impl IntoView {
    let group = format!("{id}-language");
    let choices = snippets
        .iter()
        .enumerate()
        .map(|(index, snippet)| {
            let input_id = format!("{id}-{index}");
            view! {
                <input class="code-tabs__choice" type="radio" id=input_id.clone() name=group.clone() value=snippet.language.clone() checked=index == 0 data-language=""/>
                <label class="code-tabs__tab" for=input_id>{snippet.language.clone()}</label>
            }
        })
        .collect_view();
    let panels = snippets
        .into_iter()
        .map(|snippet| {
            let name = format!("{label}, {}", snippet.language);
            view! {
                <div class="code-tabs__panel">
                    <pre class="code__text" tabindex="0" role="region" aria-label=name><code>{snippet.code.clone()}</code></pre>
                    <div class="code__copy"><CopyButton text=snippet.code label="Copy code"/></div>
                </div>
            }
        })
        .collect_view();
    view! {
        <div class="code code-tabs">
            <fieldset class="code-tabs__list">
                <legend class="visually-hidden">{format!("{label}: language")}</legend>
                {choices}
            </fieldset>
            {panels}
        </div>
    }
}
