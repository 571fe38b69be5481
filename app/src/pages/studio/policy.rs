//! The CSP helper: what a host page's Content-Security-Policy has to allow, and what the one that it has lacks. A form that is
//! sent as an address.

use super::frame::Around;
use crate::{
    api::host_pages::advise_policy,
    pages::query,
    ui::{Actions, Button, Card, Cell, Choice, CodeBlock, Notice, RadioGroup, Row, Status, Table, TextArea, Tone, Variant, loaded},
    ways::Way,
};
use leptos::prelude::*;
use mintmark::product::{PolicyAdvice, PolicyNeed, PolicyWarning};

/// Where the advice stands in the page.
const PLACE: &str = "policy";

/// The question, and the answer; without a question, for a page that has no policy yet.
#[component]
pub(super) fn PolicyHelper(around: Around) -> impl IntoView {
    let way = query("way").and_then(|name| Way::named(&name)).unwrap_or(Way::Anonymous);
    let policy = query("policy").unwrap_or_default();
    let (tenant, product, given) = (around.tenant.clone(), around.product.id.to_string(), !policy.trim().is_empty());
    let choices = Way::ALL.into_iter().map(|way| Choice::new(way.as_str(), way.name())).collect::<Vec<_>>();
    view! {
        <div id=PLACE>
            <Card title="Content-Security-Policy" description="A page with a policy has to allow the SDK and its calls. Paste the policy that it has, and get it back with what is missing.">
                <form class="form" method="get" action=format!("{}/security#{PLACE}", around.base())>
                    <RadioGroup name="way" label="What the page carries" choices value=way.as_str()/>
                    <TextArea
                        name="policy"
                        label="Its policy"
                        mono=true
                        optional=true
                        maxlength=4_000
                        value=policy.clone()
                        placeholder="default-src 'self'; img-src 'self' data:"
                        hint="The header's value, the whole header, or the meta element. Leave it empty for a page that has none."
                    />
                    <Actions><Button submit=true variant=Variant::Primary>"Show what is missing"</Button></Actions>
                </form>
                {loaded(advise_policy(tenant, product, way, policy), move |advice| view! { <Advice advice way given/> })}
            </Card>
        </div>
    }
}

#[component]
fn Advice(advice: PolicyAdvice, way: Way, given: bool) -> impl IntoView {
    let PolicyAdvice { needs, policy, warnings } = advice;
    let nothing = given && needs.iter().all(|need| need.met);
    let rows = needs.into_iter().map(|need| view! { <Need need given/> }).collect_view();
    let label = if given { "The policy, with what was missing" } else { "A policy to begin with" };
    view! {
        <div class="verdict" role="status">
            {warnings.into_iter().map(warning).collect_view()}
            <Table caption="What the page has to allow" columns=vec!["Directive".into(), "Source".into(), "What for".into(), "State".into()]>{rows}</Table>
            {if nothing {
                view! { <Notice tone=Tone::Good title="Nothing is missing">"The policy lets this snippet work as it stands."</Notice> }.into_any()
            } else {
                view! { <CodeBlock code=format!("Content-Security-Policy: {policy}") label=label/> }.into_any()
            }}
            <Notice>"Styles need nothing, and Trusted Types are no trouble: no element makes HTML from strings, and their style sheets are made by scripts."</Notice>
            {(way == Way::SignIn).then(|| view! {
                <Notice>"The window answers the page that opened it: do not send Cross-Origin-Opener-Policy: same-origin with this page. same-origin-allow-popups does no harm."</Notice>
            })}
            {(way == Way::MagicLink).then(|| view! {
                <Notice>"A magic link brings a secret in its address: let the page also send Referrer-Policy: no-referrer."</Notice>
            })}
        </div>
    }
}

#[component]
fn Need(need: PolicyNeed, given: bool) -> impl IntoView {
    let PolicyNeed { directive, source, met } = need;
    let what = match directive.as_str() {
        "script-src" if source.starts_with("'nonce-") => {
            "The SDK's files. With 'strict-dynamic' no host counts: draw RANDOM anew for each answer, and write it into the script's nonce."
        }
        "script-src" => "The SDK's files. Where the policy has a nonce, the script may bear that instead.",
        "frame-src" => "The hidden frame that keeps who signed in across reloads.",
        _ => "What the SDK asks Mintmark.",
    };
    let state = match (given, met) {
        (false, _) => view! { <Status tone=Tone::Neutral>"Needed"</Status> }.into_any(),
        (true, true) => view! { <Status tone=Tone::Good>"Allowed"</Status> }.into_any(),
        (true, false) => view! { <Status tone=Tone::Warn>"Missing"</Status> }.into_any(),
    };
    view! {
        <Row>
            <Cell label="Directive"><code class="verdict__directive">{directive}</code></Cell>
            <Cell label="Source"><code class="verdict__source">{source}</code></Cell>
            <Cell label="What for"><span class="verdict__why">{what}</span></Cell>
            <Cell label="State">{state}</Cell>
        </Row>
    }
}

fn warning(warning: PolicyWarning) -> impl IntoView {
    let (title, text) = match warning {
        PolicyWarning::NoScripts => ("The sandbox runs no scripts", "Add allow-scripts to sandbox, or no snippet runs."),
        PolicyWarning::NoOrigin => (
            "The sandbox takes the page's origin away",
            "Without allow-same-origin browsers send Origin: null, and no embed key can list that.",
        ),
    };
    view! { <Notice tone=Tone::Danger title>{text}</Notice> }
}
