//! The first page of a tenant: what is alive, what the last day brought, what is left to do.

mod checklist;
mod keys;
mod recent;

use super::restricted::loaded_or_ask;
use crate::{
    api::overview::{Glance, show_overview},
    standing::{Standing, standing},
    ui::{Bar, BarChart, Card, EmptyState, Grid, LinkButton, Notice, PageHeader, Series, Stat, Tone, Variant, grouped, live_count},
};
use checklist::ChecklistCard;
use keys::KeyStates;
use leptos::prelude::*;
use mintmark::{
    Permission, Reach, Time,
    overview::{Hour, Overview},
    time::HOUR,
};
use recent::{NewestTokens, RecentHistory};

/// `/t/:tenant`
#[component]
pub fn OverviewPage() -> impl IntoView {
    let standing = standing();
    let tenant = standing.slug();
    loaded_or_ask("Overview", tenant.clone(), show_overview(tenant), move |glance| view! { <Seen standing glance/> })
}

#[component]
fn Seen(standing: Standing, glance: Glance) -> impl IntoView {
    let Glance { overview, tokens, events, organizations, command } = glance;
    let Overview { live_tokens, ever_minted, hours, keys, checklist } = overview;
    let new = standing.path("tokens/new");
    // A role that mints in one organization only is asked there; the server decides either way.
    let may = standing.roles.hold_somewhere(Permission::MintTokens);
    let refused = if may { None } else { standing.refusal(Permission::MintTokens, Reach::Tenant) };
    let newest = organizations.first().map(|one| one.id.clone());
    let may_read_history = events.is_some();
    view! {
        <PageHeader
            title="Overview"
            description=format!("What {} has issued, what was refused, and what signs it.", standing.tenant.name)
            actions={
                let (new, refused) = (new.clone(), refused.clone());
                move || ever_minted.then(|| view! { <LinkButton href=new variant=Variant::Primary disabled_because=refused>"Mint token"</LinkButton> })
            }
        />
        {checklist.map(|checklist| view! { <ChecklistCard standing=standing.clone() checklist newest/> })}
        {if ever_minted {
            view! { <Figures standing=standing.clone() live_tokens hours may_read_history/> }.into_any()
        } else {
            view! {
                <EmptyState
                    title="No widget token yet"
                    text="A widget token lets one page act for one organization, from the origins you name, for an hour at most. Once the first is minted, this page shows what lives and what was refused."
                    action=move || view! { <LinkButton href=new variant=Variant::Primary disabled_because=refused>"Mint the first token"</LinkButton> }
                    command
                />
            }.into_any()
        }}
        {keys.map(|keys| view! { <KeyStates standing=standing.clone() keys/> })}
        {ever_minted.then(|| view! { <NewestTokens standing=standing.clone() tokens organizations=organizations.clone()/> })}
        <RecentHistory standing events organizations/>
    }
}

/// Three figures, and the last day by the hour.
#[component]
fn Figures(standing: Standing, live_tokens: i64, hours: Option<Vec<Hour>>, may_read_history: bool) -> impl IntoView {
    let (tokens, told) = (standing.path("tokens"), standing.path("refusals"));
    let sum = |count: fn(&Hour) -> u64| hours.as_ref().map(|hours| hours.iter().map(count).sum::<u64>());
    let (minted, minted_note) = match sum(|hour| hour.minted) {
        Some(minted) => (grouped(minted), "Live, expired or revoked by now"),
        None => ("…".to_owned(), "Being counted"),
    };
    let (refused, note) = match sum(|hour| hour.refused) {
        Some(0) => (grouped(0), "Nobody was turned away"),
        Some(refused) => (grouped(refused), "Calls of widgets, forgeries included"),
        None => ("…".to_owned(), "Being counted"),
    };
    let refused = if may_read_history {
        view! { <Stat label="Refused in 24 hours" value=refused note href=told/> }.into_any()
    } else {
        view! { <Stat label="Refused in 24 hours" value=refused note/> }.into_any()
    };
    let day = match hours {
        Some(hours) => view! { <Card><Day hours/></Card> }.into_any(),
        None => view! {
            <Notice title="The last day is still being counted">
                "There is more in it than one view counts. The page looks again by itself until all of it is there."
            </Notice>
        }
        .into_any(),
    };
    view! {
        <Grid>
            <Stat label="Live tokens" value=live_count(live_tokens) note="Good on the next call" href=tokens.clone()/>
            <Stat label="Minted in 24 hours" value=minted note=minted_note href=format!("{tokens}?include_revoked=true")/>
            {refused}
        </Grid>
        {day}
    }
}

/// Mints and refusals by the hour, in UTC as every time here.
#[component]
fn Day(hours: Vec<Hour>) -> impl IntoView {
    let series = [("Minted", Tone::Good), ("Refused", Tone::Danger)].map(|(name, tone)| Series { name: name.to_owned(), tone });
    let bars: Vec<Bar> = hours.iter().map(|hour| Bar { label: label(hour.at), values: vec![hour.minted, hour.refused] }).collect();
    view! { <BarChart id="day" title="Mints and refusals by the hour, UTC" series bars/> }
}

/// `14:00`; the day is the present one or the one before it.
fn label(at: Time) -> String {
    format!("{:02}:00", at.millis().div_euclid(HOUR).rem_euclid(24))
}
