//! The head of a page.

use leptos::prelude::*;
use leptos_meta::Title;

/// One step above the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
}

impl Crumb {
    /// A step.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// The one `h1` of a page; also names the browser's tab.
#[component]
pub fn PageHeader(
    /// What the page is.
    #[prop(into)]
    title: String,
    /// One or two sentences: what can be done here.
    #[prop(optional, into)]
    description: Option<String>,
    /// The steps above, the nearest last; without the page itself.
    #[prop(optional, into)]
    crumbs: Vec<Crumb>,
    /// Beside the title: a status, an id.
    #[prop(optional, into)]
    beside: ViewFnOnce,
    /// Buttons at the right, the primary one last.
    #[prop(optional, into)]
    actions: ViewFnOnce,
) -> impl IntoView {
    let trail = (!crumbs.is_empty()).then(|| {
        view! {
            <nav class="crumbs" aria-label="Breadcrumb">
                <ol class="crumbs__list" role="list">
                    {crumbs.into_iter().map(|crumb| view! { <li class="crumbs__step"><a href=crumb.href>{crumb.label}</a></li> }).collect_view()}
                </ol>
            </nav>
        }
    });
    view! {
        <Title text=title.clone()/>
        <header class="page-header">
            {trail}
            <div class="page-header__line">
                <div class="page-header__words">
                    <div class="page-header__name">
                        <h1 class="page-header__title">{title}</h1>
                        {beside.run()}
                    </div>
                    {description.map(|text| view! { <p class="page-header__description">{text}</p> })}
                </div>
                <div class="page-header__actions">{actions.run()}</div>
            </div>
        </header>
    }
}
