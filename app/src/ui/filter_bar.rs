//! Filters of a list: a form that is sent as an address, so that it can be shared and Back works.

use super::{Button, Glyph, Icon, Size};
use leptos::prelude::*;

/// A filter that is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveFilter {
    /// What is filtered: "Status".
    pub label: String,
    /// By what: "revoked".
    pub value: String,
    /// The address without it.
    pub without: String,
}

/// Search, filters, and a chip for each that is on. Everything is in the query string.
#[component]
pub fn FilterBar(
    /// The list's own address, without a query.
    #[prop(into)]
    action: String,
    /// What can be searched for: "Search by id or label". Without it there is no search.
    #[prop(optional, into)]
    search: Option<&'static str>,
    /// The present search.
    #[prop(optional, into)]
    query: String,
    /// The filters that are on.
    #[prop(optional, into)]
    active: Vec<ActiveFilter>,
    /// [`SelectField`](super::SelectField)s and date fields, whose labels are read out only.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let clear = action.clone();
    let chips = (!active.is_empty()).then(|| {
        view! {
            <ul class="filter-bar__active" role="list" aria-label="Filters that are on">
                {active.into_iter().map(|filter| view! {
                    <li>
                        <a class="filter-chip" href=filter.without>
                            <span class="visually-hidden">"Remove the filter "</span>
                            <span class="filter-chip__label">{filter.label}</span>
                            " "
                            <span class="filter-chip__value">{filter.value}</span>
                            <Icon glyph=Glyph::Cross/>
                        </a>
                    </li>
                }).collect_view()}
                <li><a class="filter-bar__clear" href=clear>"Clear all"</a></li>
            </ul>
        }
    });
    view! {
        <div class="filter-bar">
            <form class="filter-bar__form" method="get" action=action role="search">
                {search.map(|placeholder| view! {
                    <span class="search">
                        <Icon glyph=Glyph::Search/>
                        <input class="input search__input" type="search" name="q" value=query placeholder=placeholder aria-label=placeholder autocomplete="off" spellcheck="false"/>
                    </span>
                })}
                {children.map(|children| children())}
                <Button submit=true size=Size::Medium>"Apply"</Button>
            </form>
            {chips}
        </div>
    }
}
