//! `/docs/security`: the security model in plain words, for whoever considers trusting it. No sign-in is needed.

mod customers;
mod promises;
mod removals;
mod sdk;

pub use promises::{PARTS, Part, Promise};
pub use removals::{REMOVALS, Removal};

use crate::ui::{Badge, Cell, Live, Notice, PageHeader, Row, Table, ThemeSwitch, Tone, Wordmark};
use leptos::prelude::*;

/// Every test that this page names.
pub fn named_tests() -> impl Iterator<Item = &'static str> {
    let promised = PARTS.iter().flat_map(|part| part.promises).flat_map(|promise| promise.tests);
    promised.chain(REMOVALS.iter().flat_map(|row| row.tests)).copied()
}

/// The page.
#[component]
pub fn SecurityPage() -> impl IntoView {
    let contents = PARTS.iter().map(|part| (part.id, part.title)).chain([
        ("removals", "What each removal ends"),
        ("offline", "What offline verification cannot see"),
        ("limits", "What it does not protect from"),
        ("report", "Report a fault"),
    ]);
    view! {
        <a class="skip-link" href="#main">"Skip to content"</a>
        <header class="manual__bar">
            <a class="frame__home" href="/"><Wordmark/></a>
            <ThemeSwitch/>
        </header>
        <main class="manual" id="main" tabindex="-1">
            <PageHeader
                title="How Mintmark keeps its promises"
                description="Each promise stands beside the tests that fail once it is broken, under the id of the requirement that it answers. They run on SQLite and on PostgreSQL with every change."
            />
            <nav class="manual__contents" aria-label="On this page">
                <ul role="list">{contents.map(|(id, title)| view! { <li><a href=format!("#{id}")>{title}</a></li> }).collect_view()}</ul>
            </nav>
            {PARTS.iter().map(|part| view! { <Subject part/> }).collect_view()}
            <Removals/>
            <Offline/>
            <Limits/>
            <Report/>
        </main>
        <Live/>
    }
}

#[component]
fn Subject(part: &'static Part) -> impl IntoView {
    view! {
        <section class="manual__part" aria-labelledby=part.id>
            <h2 class="manual__title" id=part.id>{part.title}</h2>
            <p class="manual__intro">{part.intro}</p>
            <ul class="promises" role="list">
                {part.promises.iter().map(|promise| view! {
                    <li class="promise">
                        <p>{promise.says}</p>
                        <Proof ids=promise.ids tests=promise.tests/>
                    </li>
                }).collect_view()}
            </ul>
        </section>
    }
}

/// Ids, and the tests behind a disclosure.
#[component]
fn Proof(#[prop(default = &[])] ids: &'static [&'static str], tests: &'static [&'static str]) -> impl IntoView {
    let words = if tests.len() == 1 { "One\u{a0}test".to_owned() } else { format!("{}\u{a0}tests", tests.len()) };
    view! {
        <details class="proof">
            <summary class="proof__line">
                {ids.iter().map(|id| view! { <Badge mono=true>{*id}</Badge> " " }).collect_view()}
                {words}
            </summary>
            <ul class="proof__tests">{tests.iter().map(|test| view! { <li><code>{*test}</code></li> }).collect_view()}</ul>
        </details>
    }
}

#[component]
fn Removals() -> impl IntoView {
    let rows = REMOVALS
        .iter()
        .map(|row| {
            view! {
                <Row>
                    <Cell label="When"><strong>{row.change}</strong></Cell>
                    <Cell label="Ends at the next call">{row.ends}</Cell>
                    <Cell label="Stays">{row.stays}</Cell>
                    <Cell label="Tests"><Proof tests=row.tests/></Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <section class="manual__part" aria-labelledby="removals">
            <h2 class="manual__title" id="removals">"What each removal ends"</h2>
            <p class="manual__intro">"On the very next call of what it ends, in every process on the same database (RV5)."</p>
            <Table caption="What each removal ends" columns=["When", "Ends at the next call", "Stays", "Tests"].map(Into::into)>{rows}</Table>
        </section>
    }
}

#[component]
fn Offline() -> impl IntoView {
    view! {
        <section class="manual__part" aria-labelledby="offline">
            <h2 class="manual__title" id="offline">"What offline verification cannot see"</h2>
            <p class="manual__intro">
                "Anybody can verify a token's signature with the tenant's published keys, without asking us. That proves who signed it, for whom and until when. It cannot show:"
            </p>
            <ul class="manual__list">
                <li>"that the token was revoked, or its organization deleted, or everything revoked, since it was minted;"</li>
                <li>"that its key was revoked, for as long as the verifier remembers the keys: five minutes at most, if it heeds the header that we send;"</li>
                <li>"that the page which sends it is one of its origins, unless the verifier compares them itself;"</li>
                <li>"that it is a widget token at all, unless the verifier checks the header's typ and the claim kind."</li>
            </ul>
            <p>
                "So a verifier of your own checks signature, typ, kind, issuer, audience, expiry and origin, and treats an hour as the longest time for which a revoked token may still pass there. Where that is too long, the call has to come through Mintmark's own guard, which reads the row each time."
            </p>
        </section>
    }
}

#[component]
fn Limits() -> impl IntoView {
    view! {
        <section class="manual__part" aria-labelledby="limits">
            <h2 class="manual__title" id="limits">"What it does not protect from"</h2>
            <ul class="manual__list">
                <li>"Whoever controls the machine, or has both the database and the master key."</li>
                <li>"A script that runs in a page of yours: it sees what the page sees, the widget token among it, until that token's end."</li>
                <li>"A caller that is no browser: it can claim any origin. The origin keeps a stolen token out of other people's pages, not out of a terminal."</li>
                <li>"A flood that needs more traffic than one small server can bear."</li>
            </ul>
        </section>
    }
}

#[component]
fn Report() -> impl IntoView {
    view! {
        <section class="manual__part" aria-labelledby="report">
            <h2 class="manual__title" id="report">"Report a fault"</h2>
            <Notice tone=Tone::Info>
                "Report it privately, through \"Report a vulnerability\" on the repository's Security tab, and open no public issue for it. Say what an attacker could do, the version, the engine, and how to see it; a failing test is the best report of all. You have an answer from a person within three working days. SECURITY.md in the repository has the rest."
            </Notice>
        </section>
    }
}
