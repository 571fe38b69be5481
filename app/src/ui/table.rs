//! Tables that become cards on a narrow screen, and the links to their next page.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// The head of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    label: String,
    number: bool,
    hidden: bool,
}

impl Column {
    /// Figures, at the right.
    pub fn number(label: impl Into<String>) -> Self {
        Self { label: label.into(), number: true, hidden: false }
    }

    /// The last column, of [`RowActions`]; its head is read out only.
    #[must_use]
    pub fn actions() -> Self {
        Self { label: "Actions".to_owned(), number: false, hidden: true }
    }
}

impl From<&str> for Column {
    fn from(label: &str) -> Self {
        Self { label: label.to_owned(), number: false, hidden: false }
    }
}

/// A list of things of one kind. Below 640 pixels each [`Row`] becomes a card that repeats the columns' labels.
#[component]
pub fn Table(
    /// What is listed; read out.
    #[prop(into)]
    caption: String,
    /// `["Status".into(), Column::number("Calls"), Column::actions()]`
    #[prop(into)]
    columns: Vec<Column>,
    /// [`Row`]s.
    children: Children,
) -> impl IntoView {
    let heads = columns
        .into_iter()
        .map(|column| {
            view! {
                <th class="table__head" class:table__head--number=column.number scope="col" role="columnheader">
                    <span class:visually-hidden=column.hidden>{column.label}</span>
                </th>
            }
        })
        .collect_view();
    view! {
        <div class="table-frame">
            <table class="table" role="table">
                <caption class="visually-hidden">{caption}</caption>
                <thead role="rowgroup"><tr role="row">{heads}</tr></thead>
                <tbody role="rowgroup">{children()}</tbody>
            </table>
        </div>
    }
}

/// One thing. Its first cell holds a [`RowLink`] if the thing has a page.
#[component]
pub fn Row(
    /// Over, revoked: read more quietly.
    #[prop(optional)]
    muted: bool,
    /// [`Cell`]s.
    children: Children,
) -> impl IntoView {
    view! { <tr class="table__row" class:table__row--muted=muted role="row">{children()}</tr> }
}

/// One value.
#[component]
pub fn Cell(
    /// The column's label again, for the card.
    #[prop(into)]
    label: String,
    /// A figure.
    #[prop(optional)]
    number: bool,
    /// The value.
    children: Children,
) -> impl IntoView {
    view! { <td class="table__cell" class:table__cell--number=number role="cell" data-label=label><div class="table__value">{children()}</div></td> }
}

/// The link to the thing's page; a press anywhere in the row follows it.
#[component]
pub fn RowLink(
    /// Its page.
    #[prop(into)]
    href: String,
    /// Its name.
    children: Children,
) -> impl IntoView {
    view! { <a class="table__link" href=href>{children()}</a> }
}

/// The last cell: small ghost buttons or a [`Menu`](super::Menu).
#[component]
pub fn RowActions(children: Children) -> impl IntoView {
    view! { <td class="table__cell table__cell--actions" role="cell"><div class="table__actions">{children()}</div></td> }
}

/// Newer and older, by cursor: nothing is counted, nothing is skipped.
#[component]
pub fn Pager(
    /// The address of the newer page, if there is one.
    #[prop(default = None, into)]
    newer: Option<String>,
    /// The address of the older page, if there is one.
    #[prop(default = None, into)]
    older: Option<String>,
    /// "Newest 50 tokens"
    #[prop(optional, into)]
    summary: Option<String>,
) -> impl IntoView {
    let one = newer.is_none() && older.is_none();
    view! {
        <nav class="pager" aria-label="Pages">
            <p class="pager__summary">{summary}</p>
            {(!one).then(|| view! {
                <div class="pager__links">
                    <a class="button button--secondary" data-size="small" rel="prev" role=newer.is_none().then_some("link") aria-disabled=newer.is_none().then_some("true") href=newer>
                        <Icon glyph=Glyph::ArrowLeft/>
                        "Newer"
                    </a>
                    <a class="button button--secondary" data-size="small" rel="next" role=older.is_none().then_some("link") aria-disabled=older.is_none().then_some("true") href=older>
                        "Older"
                        <Icon glyph=Glyph::ArrowRight/>
                    </a>
                </div>
            })}
        </nav>
    }
}
