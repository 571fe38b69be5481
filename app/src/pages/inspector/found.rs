//! What was found, as HTML that the browser puts under the form.

use crate::{
    pages::tokens::{Scopes, TokenState},
    ui::{Badge, Card, Fact, Facts, Glyph, Icon, Id, Notice, Status, Tone, When},
};
use leptos::prelude::*;
use mintmark::{
    key::KeyState,
    token::{Flaw, Inspection, Kind, NamedKey, Row, Step, Verdict, WidgetToken},
};

/// Of the tenant with this slug.
#[must_use]
pub fn found(slug: &str, found: Inspection) -> String {
    let at = format!("/t/{slug}");
    match found {
        Inspection::NoToken(Flaw::Form) => {
            said(Tone::Warn, "No JWT", "It is not three parts of base64url, or its header asks for something that is never honoured.")
        }
        Inspection::NoToken(_) => said(
            Tone::Warn,
            "No token that is issued here",
            "It may well be a JWT of somebody else: its header names no kind of token that Mintmark signs.",
        ),
        Inspection::NotOfThisTenant => {
            said(Tone::Warn, "Not of this tenant", "No key of this tenant signed it. Nothing more is said of such tokens.")
        }
        Inspection::Flawed { key, walk } => {
            view! { <Whole summary="Not a valid token" tone=Tone::Danger walk facts=view! { <Facts><KeyFact key/></Facts> }.into_any()/> }
                .to_html()
        }
        Inspection::Ours { kind, expires_at, key, row, walk } => {
            let widget = kind == Kind::Widget;
            let refused = walk.iter().any(|step| matches!(step.verdict, Verdict::Refused(..)));
            let (summary, tone) = match (widget, refused) {
                (true, false) => ("This call would be let in", Tone::Good),
                (true, true) => ("This call would be refused", Tone::Danger),
                (false, _) => ("No widget token, and refused as one", Tone::Neutral),
            };
            let facts = view! {
                <Facts>
                    <Fact label="Kind"><Badge mono=true>{kind.as_str()}</Badge> " " {meant_for(kind)}</Fact>
                    <Fact label="Expires"><When at=expires_at full=true/></Fact>
                    <KeyFact key/>
                    <RowFacts at row/>
                </Facts>
            }
            .into_any();
            view! { <Whole summary tone walk facts/> }.to_html()
        }
    }
}

fn said(tone: Tone, title: &'static str, text: &'static str) -> String {
    view! { <Notice tone title>{text}</Notice> }.to_html()
}

const fn meant_for(kind: Kind) -> &'static str {
    match kind {
        Kind::Widget => "for pages, at /widget/*",
        Kind::Dashboard => "for a person or a script, at /v1/*",
        Kind::Session => "for a customer's page, at /embed/v1/*",
        Kind::Identity => "for the product's own messages",
    }
}

#[component]
fn Whole(summary: &'static str, tone: Tone, walk: Vec<Step>, facts: AnyView) -> impl IntoView {
    let ended = walk.iter().find_map(|step| match &step.verdict {
        Verdict::Refused(_, why) => Some((step.number, why.clone())),
        _ => None,
    });
    view! {
        <Card>
            <h2 class="inspector__summary"><Status tone>{summary}</Status></h2>
            {ended.map(|(number, why)| view! { <p class="inspector__why">{format!("Step {number} refuses: ")}{coded(&why)}</p> })}
            {facts}
        </Card>
        <Card title="The guard, step by step" description="The same steps as on a real call, in their order. Looking counts neither as a use nor as a refusal.">
            <ol class="walk" role="list">{walk.into_iter().map(|step| view! { <OneStep step/> }).collect_view()}</ol>
        </Card>
    }
}

#[component]
fn OneStep(step: Step) -> impl IntoView {
    let (state, glyph, word) = match &step.verdict {
        Verdict::Passed(_) => ("passed", Some(Glyph::Check), "passed"),
        Verdict::Refused(..) => ("refused", Some(Glyph::Cross), "refused"),
        Verdict::NotJudged => ("open", None, "not judged"),
        Verdict::NotReached => ("open", None, "not reached"),
    };
    let told = match step.verdict {
        Verdict::Passed(told) => view! { <p class="walk__told">{coded(&told)}</p> }.into_any(),
        Verdict::Refused(code, why) => view! {
            <p class="walk__told">{coded(&why)}</p>
            <p class="walk__told">"The caller gets " <code>{format!("{} {code}", code.status())}</code> "."</p>
        }
        .into_any(),
        Verdict::NotJudged => view! { <p class="walk__told">"Only the token's text shows this; an id alone does not."</p> }.into_any(),
        Verdict::NotReached => ().into_any(),
    };
    view! {
        <li class="walk__step" data-verdict=state>
            <span class="walk__mark">{glyph.map_or_else(|| view! { {step.number} }.into_any(), |glyph| view! { <Icon glyph/> }.into_any())}</span>
            <div class="walk__words">
                <p class="walk__asks">{format!("{}. {} ", step.number, step.asks)}<span class="walk__verdict">{word}</span></p>
                {told}
            </div>
        </li>
    }
}

/// What stands between backticks is code.
fn coded(text: &str) -> impl IntoView + use<> {
    text.split('`')
        .enumerate()
        .map(|(at, part)| {
            let part = part.to_owned();
            if at % 2 == 1 { view! { <code class="origin__whole">{part}</code> }.into_any() } else { part.into_any() }
        })
        .collect_view()
}

#[component]
fn KeyFact(key: Option<NamedKey>) -> impl IntoView {
    view! {
        <Fact label="Signing key">
            {match key {
                Some(NamedKey { id, state, algorithm }) => {
                    let tone = match state {
                        KeyState::Active => Tone::Good,
                        KeyState::Next => Tone::Info,
                        KeyState::Retiring => Tone::Warn,
                        KeyState::Retired => Tone::Neutral,
                        KeyState::Revoked => Tone::Danger,
                    };
                    view! { <Id value=id.to_string()/> <Status tone>{state.as_str()}</Status> <span class="inspector__aside">{algorithm.as_str()}</span> }.into_any()
                }
                None => "purged since".into_any(),
            }}
        </Fact>
    }
}

#[component]
fn RowFacts(at: String, row: Row) -> impl IntoView {
    match row {
        Row::Gone => view! { <Fact label="Row">"There is none any more."</Fact> }.into_any(),
        Row::Widget(token) => {
            let WidgetToken { id, organization_id, scope, origins, status, last_used_at, .. } = *token;
            let (page, organization) = (format!("{at}/tokens/{id}"), format!("{at}/organizations/{organization_id}"));
            let origins =
                origins.into_iter().map(|origin| view! { <code class="origin__whole">{origin.to_string()}</code>" " }).collect_view();
            view! {
                <Fact label="Row"><Id value=id.to_string() href=page/> " " <TokenState status/></Fact>
                <Fact label="Organization"><Id value=organization_id.to_string() href=organization/></Fact>
                <Fact label="What it may do"><Scopes scope/></Fact>
                <Fact label="From where">{origins}</Fact>
                <Fact label="Last used"><When at=last_used_at/></Fact>
            }
            .into_any()
        }
        Row::Session { customer, refused } => {
            let state = match refused {
                None => view! { <Status tone=Tone::Good>"alive"</Status> }.into_any(),
                Some(code) => view! { <Status tone=Tone::Danger>"dead"</Status> " " <code>{code.as_str()}</code> }.into_any(),
            };
            view! {
                <Fact label="Session">{state}</Fact>
                <Fact label="Customer"><Id value=customer.to_string() href=format!("{at}/customers/{customer}")/></Fact>
            }
            .into_any()
        }
        Row::Dashboard { alive } => {
            let (tone, word) = if alive { (Tone::Good, "alive") } else { (Tone::Danger, "ended, or its person is no member any more") };
            view! { <Fact label="Session"><Status tone>{word}</Status></Fact> }.into_any()
        }
        Row::Identity { customer, alive } => {
            let (tone, word) = if alive { (Tone::Good, "believed") } else { (Tone::Danger, "not believed any more") };
            view! {
                <Fact label="Row"><Status tone>{word}</Status></Fact>
                <Fact label="Customer"><Id value=customer.to_string() href=format!("{at}/customers/{customer}")/></Fact>
            }
            .into_any()
        }
        Row::Withheld(permission) => {
            view! { <Fact label="Row">{format!("To see it one must be able to {}.", permission.describe())}</Fact> }.into_any()
        }
    }
}
