//! History: everything that was done, by whom, and what was refused.

mod event;
mod filters;
pub mod words;

pub use event::EventLine;

use super::{address, list_address::ListAddress, restricted::loaded_or_ask};
use crate::{
    Answer,
    api::history::{KnownNames, history_names, list_history},
    error::sentence,
    standing::{Standing, standing},
    ui::{Button, EmptyState, Glyph, Hidden, NoMatch, Notice, PageHeader, Pager, Tone},
};
use filters::HistoryFilters;
use leptos::prelude::*;
use mintmark::{
    Code, Page,
    audit::{AuditEvent, ExportFormat},
};

/// `/t/:tenant/history`
#[component]
pub fn HistoryPage() -> impl IntoView {
    let standing = standing();
    let here = ListAddress::here(standing.path("history"));
    let (failed, tenant) = (here.get("export_error"), address("tenant"));
    let answer = load(tenant.clone(), here.clone());
    view! {
        {failed.map(|code| {
            let code = serde_json::from_value(code.into()).unwrap_or(Code::Internal);
            view! { <Notice tone=Tone::Danger title="The export did not begin">{sentence(code)}</Notice> }
        })}
        {loaded_or_ask("History", tenant, answer, move |list| view! { <List standing address=here list/> })}
    }
}

/// All that the page is made of.
struct List {
    events: Page<AuditEvent>,
    names: KnownNames,
}

async fn load(tenant: String, address: ListAddress) -> Answer<List> {
    // First, so that who may read nothing of this is told that, and no filter's mistake.
    let filter = filters::read(&address);
    let events = list_history(tenant.clone(), filter.clone().unwrap_or_default(), address.get("cursor")).await?;
    filter?;
    Ok(List { events, names: history_names(tenant).await? })
}

#[component]
fn List(standing: Standing, address: ListAddress, list: List) -> impl IntoView {
    let List { events, names: KnownNames { actors, organizations } } = list;
    let base = standing.path("history");
    let filtered = filters::NAMES.iter().any(|name| address.get(name).is_some());
    let (newer, older) = address.pages(events.next_cursor.as_deref());
    let summary = match (events.data.len(), newer.is_some()) {
        (1, false) => "One event".to_owned(),
        (count, false) if older.is_none() => format!("{count} events"),
        (count, false) => format!("Newest {count} events"),
        (count, true) => format!("{count} older events"),
    };
    let named = organizations.clone();
    let name_of = move |event: &AuditEvent| {
        let id = event.organization.as_ref()?;
        named.iter().find(|one| one.organization.id == *id).map(|one| one.organization.name.clone())
    };
    let export = address.clone();
    let path = base.clone();
    view! {
        <PageHeader
            title="History"
            description="What was done here, by whom, and what was refused. Each event is sealed to the one before it."
            actions=move || view! { <Export path address=export/> }
        />
        <HistoryFilters base=base.clone() address actors organizations/>
        {if events.data.is_empty() && filtered {
            view! { <NoMatch what="events" clear=base/> }.into_any()
        } else if events.data.is_empty() {
            view! {
                <EmptyState icon=Glyph::History title="No events yet" text="What happens in the organizations that you may see is told here, newest first."/>
            }.into_any()
        } else {
            let lines = events.data.into_iter().map(|event| {
                let organization = name_of(&event);
                view! { <EventLine event organization standing=standing.clone()/> }
            }).collect_view();
            view! {
                <ol class="events" role="list" aria-label="Events, newest first">{lines}</ol>
                <Pager newer older summary/>
            }.into_any()
        }}
    }
}

/// The filtered history as a file. It is recorded, so it is a form and no link.
#[component]
fn Export(path: String, address: ListAddress) -> impl IntoView {
    let hidden = filters::NAMES.iter().filter_map(|name| Some(view! { <Hidden name=*name value=address.get(name)?/> })).collect_view();
    let button = |format: ExportFormat, words: &'static str| {
        view! { <Button submit=true icon=Glyph::Download name="format" value=format.as_str()>{words}</Button> }
    };
    view! {
        <form class="export" method="post" action=format!("{path}/export") aria-label="Export what the filters show">
            {hidden}
            {button(ExportFormat::Csv, "Export CSV")}
            {button(ExportFormat::Jsonl, "Export JSONL")}
        </form>
    }
}
