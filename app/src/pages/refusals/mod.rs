//! Why calls were refused: the first place to look at when a widget stays empty.

mod chart;
mod row;
mod words;

use super::{address, list_address::ListAddress, restricted::loaded_or_ask};
use crate::{
    Answer, Failure,
    api::history::{Refusals, list_refusals},
    standing::{Standing, standing},
    ui::{
        ActiveFilter, Card, Choice, Column, EmptyState, FilterBar, Glyph, LinkButton, NoMatch, PageHeader, Pager, SelectField, Table,
        TextField,
    },
};
use chart::OverTime;
use leptos::prelude::*;
use mintmark::{Code, audit::RefusalFilter};
use row::RefusalRow;

/// How far back one may look: its name in the address, its words, its hours; none for all of history.
const PERIODS: [(&str, &str, Option<u32>); 5] = [
    ("day", "Last 24 hours", Some(24)),
    ("hour", "Last hour", Some(1)),
    ("week", "Last 7 days", Some(7 * 24)),
    ("month", "Last 30 days", Some(30 * 24)),
    ("all", "All of history", None),
];

/// `/t/:tenant/refusals`
#[component]
pub fn RefusalsPage() -> impl IntoView {
    let standing = standing();
    let here = ListAddress::here(standing.path("refusals"));
    let tenant = address("tenant");
    let answer = load(tenant.clone(), here.clone());
    loaded_or_ask("Refusals", tenant, answer, move |list| view! { <List standing address=here list/> })
}

/// Of the period that the address names; of a day when it names none.
fn period(address: &ListAddress) -> (&'static str, &'static str, Option<u32>) {
    let asked = address.get("period");
    PERIODS.into_iter().find(|(name, ..)| Some(*name) == asked.as_deref()).unwrap_or(PERIODS[0])
}

async fn load(tenant: String, address: ListAddress) -> Answer<Refusals> {
    let reason = address.get("reason").map(|code| serde_json::from_value::<Code>(code.into())).transpose();
    // First, so that who may read nothing of this is told that, and no filter's mistake.
    let filter = RefusalFilter {
        reason: reason.as_ref().ok().copied().flatten(),
        target_id: address.get("target_id"),
        origin: address.get("origin"),
        hours: period(&address).2,
    };
    let list = list_refusals(tenant, filter, address.get("cursor")).await?;
    reason.map_err(|_| Failure::new(Code::InvalidField, "The address names a reason that does not exist."))?;
    Ok(list)
}

#[component]
fn List(standing: Standing, address: ListAddress, list: Refusals) -> impl IntoView {
    let Refusals { events, keys, calls, more } = list;
    let base = standing.path("refusals");
    let (name, words, hours) = period(&address);
    let filtered = ["reason", "target_id", "origin"].iter().any(|name| address.get(name).is_some());
    let (newer, older) = address.pages(events.next_cursor.as_deref());
    let everything = ListAddress::of(&base, &[("period", "all")]);
    let inspector = standing.path("inspector");
    view! {
        <PageHeader
            title="Refusals"
            description="Why calls of widgets and of pages with embed keys were refused. Calls that were refused alike within a minute are one line."
        />
        <Filters base=base.clone() address=address.clone()/>
        {if events.data.is_empty() && filtered {
            view! { <NoMatch what="refusals" clear=ListAddress::of(&base, &[("period", name)])/> }.into_any()
        } else if events.data.is_empty() {
            let (title, text) = match hours {
                Some(_) => (format!("Nothing refused: {}", words.to_lowercase()), "Every call that reached the guard in this time was let in, or none came."),
                None => ("Nothing was ever refused".to_owned(), "When a page presents a token from elsewhere, or one that is dead, the reason is told here within a second."),
            };
            view! {
                <EmptyState icon=Glyph::Shield title text action=move || view! {
                    {hours.map(|_| view! { <LinkButton href=everything>"Look at all of history"</LinkButton> })}
                    <LinkButton href=inspector>"Try a call in the inspector"</LinkButton>
                }/>
            }.into_any()
        } else {
            let rows = events.data.into_iter().map(|event| view! { <RefusalRow event standing=standing.clone() keys=keys.clone() address=address.clone()/> }).collect_view();
            let columns: Vec<Column> = vec!["Why".into(), "Token or key".into(), "From".into(), Column::number("Calls"), "When".into(), Column::actions()];
            view! {
                <Card><OverTime calls more period=words hours/></Card>
                <Table caption="Refused calls, newest first" columns>{rows}</Table>
                <Pager newer older/>
            }.into_any()
        }}
    }
}

#[component]
fn Filters(base: String, address: ListAddress) -> impl IntoView {
    let (reason, target, origin) = (address.get("reason"), address.get("target_id"), address.get("origin"));
    let mut active = Vec::new();
    let mut chip = |label: &str, name: &'static str, value: Option<String>| {
        active.extend(value.map(|value| ActiveFilter { label: label.to_owned(), value, without: address.with(name, None) }));
    };
    chip("Why", "reason", reason.as_deref().map(words::reason));
    chip("Token or key", "target_id", target.clone());
    chip("From", "origin", origin.clone());
    let reasons = std::iter::once(Choice::new("", "Every reason"))
        .chain(words::REASONS.iter().map(|code| Choice::new(code.as_str(), words::reason(code.as_str()))))
        .collect::<Vec<_>>();
    let periods = PERIODS.iter().map(|(name, words, _)| Choice::new(*name, *words)).collect::<Vec<_>>();
    view! {
        <FilterBar action=base active>
            <SelectField name="period" label="Since when" choices=periods value=period(&address).0/>
            <SelectField name="reason" label="Why" choices=reasons value=reason.unwrap_or_default()/>
            <TextField name="target_id" label="Token or embed key, an id" placeholder="wtok_... or pk_..." value=target.unwrap_or_default() optional=true mono=true maxlength=64/>
            <TextField name="origin" label="Origin of the page" placeholder="https://app.example.com" value=origin.unwrap_or_default() optional=true mono=true maxlength=255 inputmode="url"/>
        </FilterBar>
    }
}
