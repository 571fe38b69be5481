//! The token inspector: what a token says, what the server knows of it, and how a call with it would fare.
//!
//! The browser decodes; the server judges. The text is sent in a body, answered with a verdict, and kept nowhere. An id
//! may stand in the address, a token never.

mod found;

pub use found::found;

use crate::{
    Answer,
    api::tokens::{InspectToken, inspect_token},
    pages::{list_address::ListAddress, query},
    standing::{Standing, standing},
    ui::{
        Actions, Button, Card, Choice, FormContext, Hidden, NeedsScripts, Notice, PageHeader, SelectField, TextArea, TextField, Tone,
        Variant, loaded,
    },
};
use leptos::{context::Provider, prelude::*, server_fn::ServerFn};
use mintmark::token::SUB_TREES;

/// Before the ids of its fields.
const INSPECT: &str = "inspect";

/// The address of the inspector with the id of a token filled in, the origin of a page, and the route that needs `scope`.
#[must_use]
pub fn inspector_path(standing: &Standing, id: &str, origin: &str, scope: &str) -> String {
    let route = SUB_TREES.iter().find(|(_, needed)| needed.is_some_and(|needed| needed.as_str() == scope)).map_or("", |(root, _)| *root);
    ListAddress::of(&standing.path("inspector"), &[("token_id", id), ("origin", origin), ("route", route)])
}

/// `/t/:tenant/inspector`
#[component]
pub fn InspectorPage() -> impl IntoView {
    let standing = standing();
    let asked = Asked::here();
    let verdict = verdict(standing.slug(), asked.clone());
    loaded(verdict, move |verdict| view! { <Inspector standing asked verdict/> })
}

/// What the address asks.
#[derive(Clone, Default)]
struct Asked {
    id: String,
    origin: String,
    path: String,
}

impl Asked {
    fn here() -> Self {
        let said = |name| query(name).unwrap_or_default();
        let route = said("route");
        let known = SUB_TREES.iter().find(|(root, _)| *root == route).map_or(SUB_TREES[0].0, |(root, _)| *root);
        Self { id: said("token_id"), origin: said("origin"), path: known.to_owned() }
    }
}

/// The verdict on the id of the address, as HTML; empty where there is none, a sentence where nothing is found.
async fn verdict(tenant: String, asked: Asked) -> Answer<Result<String, String>> {
    if asked.id.is_empty() {
        return Ok(Ok(String::new()));
    }
    match inspect_token(tenant, asked.id, asked.origin, asked.path).await {
        Ok(html) => Ok(Ok(html)),
        Err(failure) if matches!(failure.code().status(), 404 | 422) => Ok(Err(failure.0.message)),
        Err(failure) => Err(failure),
    }
}

#[component]
fn Inspector(standing: Standing, asked: Asked, verdict: Result<String, String>) -> impl IntoView {
    let context = FormContext { scope: INSPECT.to_owned(), problem: None, asleep: true };
    let routes = SUB_TREES
        .iter()
        .map(|(root, scope)| {
            let needs = scope.map_or_else(|| "no scope".to_owned(), |scope| format!("needs {scope}"));
            Choice::new(*root, format!("{root} ({needs})"))
        })
        .collect::<Vec<_>>();
    let (html, refused) = match verdict {
        Ok(html) => (html, None),
        Err(message) => (String::new(), Some(message)),
    };
    view! {
        <PageHeader
            title="Token inspector"
            description="What a token says, what the server knows of it, and which step of the guard would refuse it."
        />
        <NeedsScripts>"A token must never stand in an address, so it is sent by a script. Ids of tokens work without: follow a link from a token or a refusal."</NeedsScripts>
        <div class="inspector">
            <Card>
                <form class="form" method="post" action=InspectToken::url() autocomplete="off" data-inspect="form">
                    <Provider value=context>
                        <Hidden name="tenant" value=standing.slug()/>
                        <TextArea name="token" label="Token or its id" value=asked.id mono=true maxlength=16_384
                            hint="Any JWT that was issued here, or wtok_... It is judged and forgotten: no log and no database has it."
                            placeholder="eyJhbGciOiJFUzI1NiIs..."/>
                        <TextField name="origin" label="Origin of the page" value=asked.origin optional=true mono=true maxlength=255
                            inputmode="url" placeholder="https://app.example.com" hint="As the browser would send it, to the letter."/>
                        <SelectField name="path" label="Route" choices=routes value=asked.path/>
                        <Actions><Button submit=true variant=Variant::Primary>"Inspect"</Button></Actions>
                    </Provider>
                </form>
            </Card>
            <div data-inspect="kept" hidden>
                <Notice tone=Tone::Warn title="This was not sent"><span data-inspect="why"></span></Notice>
            </div>
            {refused.map(|message| view! { <Notice tone=Tone::Warn title="Nothing is known of it">{message}</Notice> })}
            <div class="inspector__verdict" data-inspect="verdict" tabindex="-1" role="region" aria-label="Verdict" aria-live="polite" inner_html=html></div>
            <Decoded/>
        </div>
    }
}

/// What the browser reads out of the token by itself; empty until there is one.
#[component]
fn Decoded() -> impl IntoView {
    let part = |name: &'static str, label: &'static str| {
        view! {
            <figure class="code">
                <figcaption class="code__label">{label}</figcaption>
                <pre class="code__text" tabindex="0" role="region" aria-label=label><code data-inspect=name></code></pre>
            </figure>
        }
    };
    view! {
        <div data-inspect="decoded" hidden>
            <Card title="Decoded in this browser" description="What it says of itself, which anybody can write. What it is worth is the verdict's to say.">
                <div class="inspector__parts">{part("header", "Header")}{part("claims", "Claims")}</div>
                <ul class="inspector__times" role="list" data-inspect="times"></ul>
            </Card>
        </div>
    }
}
