//! The origin tester: a page's address, and the rule that it meets. A form that is sent as an address, so that a verdict can
//! be shared.

use super::{frame::Around, key::mode_badge};
use crate::{
    api::host_pages::test_page,
    pages::query,
    ui::{Button, Card, Cell, Notice, Row, RowLink, Status, Table, TextField, Tone, Variant, loaded},
};
use leptos::prelude::*;
use mintmark::{
    Code,
    embed_key::EmbedKeyStatus,
    origin::NearMiss,
    product::{PageTest, TestedKey, TestedList},
};

/// Where the verdict stands in the page.
const PLACE: &str = "origin-tester";

/// The question, and where it was asked the answer.
#[component]
pub(super) fn OriginTester(around: Around) -> impl IntoView {
    let asked = query("page");
    let action = format!("{}/security#{PLACE}", around.base());
    let answer = asked.clone().map(|page| {
        let (tenant, product) = (around.tenant.clone(), around.product.id.to_string());
        let keys = format!("{}/keys", around.base());
        loaded(test_page(tenant, product, page), move |test| view! { <Verdict test keys/> })
    });
    view! {
        <div id=PLACE>
            <Card title="Try a page" description="Which rule the page of an address meets, judged by the code that judges its calls. Nothing is counted or kept.">
                <form class="form form--inline" method="get" action=action>
                    <TextField
                        name="page"
                        label="Address of the page"
                        inputmode="url"
                        mono=true
                        maxlength=2_048_u32
                        value=asked.unwrap_or_default()
                        placeholder="https://www.example.com/pricing"
                    />
                    <Button submit=true variant=Variant::Primary>"Try page"</Button>
                </form>
                {answer}
            </Card>
        </div>
    }
}

#[component]
fn Verdict(test: PageTest, keys: String) -> impl IntoView {
    let PageTest { origin, keys: tested, domains } = test;
    let nowhere = (origin == "null").then(|| {
        view! {
            <Notice tone=Tone::Warn title="This page has no origin">
                "Browsers send null for it: it comes from a file, a data address or a sandboxed frame. No list can have that."
            </Notice>
        }
    });
    // What lets the page in first, then what nearly does.
    let mut tested = tested;
    tested.sort_by_key(|tested| (tested.refused.is_some(), tested.list.near.is_none()));
    let rows = tested.into_iter().map(|tested| view! { <Tested tested keys=keys.clone()/> }).collect_view();
    view! {
        <div class="verdict" role="status">
            <p>"Browsers send " <code class="origin__whole">{format!("Origin: {origin}")}</code> " with the calls of this page."</p>
            {nowhere}
            {if rows.is_empty() {
                view! { <Notice>"There is no embed key yet, so no page is let in."</Notice> }.into_any()
            } else {
                view! { <Table caption="Embed keys" columns=vec!["Embed key".into(), "Answer".into(), "Because".into()]>{rows}</Table> }.into_any()
            }}
            <p class="verdict__domains">
                {if domains.named {
                    view! { <Status tone=Tone::Good>"Registered domain"</Status> " Its scripts may ask who a user of this product is." }.into_any()
                } else {
                    view! { <Status tone=Tone::Neutral>"Not a registered domain"</Status> " Its scripts may not ask who a user of this product is. " {nearest(domains.near)} }.into_any()
                }}
            </p>
        </div>
    }
}

#[component]
fn Tested(tested: TestedKey, keys: String) -> impl IntoView {
    let TestedKey { key, refused, list } = tested;
    let (href, mode) = (format!("{keys}/{}", key.id), mode_badge(&key));
    let answer = match refused {
        None => view! { <Status tone=Tone::Good>"Let in"</Status> }.into_any(),
        Some(code) => view! { <Status tone=Tone::Danger>{format!("{} {code}", code.status())}</Status> }.into_any(),
    };
    view! {
        <Row>
            <Cell label="Embed key"><span class="named"><RowLink href>{key.name}</RowLink> {mode}</span></Cell>
            <Cell label="Answer">{answer}</Cell>
            <Cell label="Because"><span class="verdict__why">{because(key.status, refused, list)}</span></Cell>
        </Row>
    }
}

/// In words, why a key lets a page in or not.
fn because(status: EmbedKeyStatus, refused: Option<Code>, list: TestedList) -> AnyView {
    match (status, refused) {
        (EmbedKeyStatus::Disabled, _) => "The key is disabled.".into_any(),
        (EmbedKeyStatus::Expired, _) => "The key was replaced, and its time is over.".into_any(),
        (EmbedKeyStatus::Active, None) => "Its list has this origin. Answers name it, so that the page may read them.".into_any(),
        (EmbedKeyStatus::Active, Some(_)) => match nearest(list.near) {
            Some(near) => near,
            None => "Nothing on its list is like it.".into_any(),
        },
    }
}

fn nearest(near: Option<NearMiss>) -> Option<AnyView> {
    near.map(|NearMiss { origin, why }| {
        view! { "Nearest is " <code class="origin__whole">{origin.to_string()}</code> ". " {why} }.into_any()
    })
}
