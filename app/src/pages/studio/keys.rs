//! A product's embed keys.

use super::{
    frame::{Around, ProductFrame},
    key::{mode_badge, state},
    key_form::{DevelopmentSwitch, KeyFields},
};
use crate::{
    api::studio::{CreateEmbedKey, list_embed_keys},
    pages::{list_address::ListAddress, query},
    ui::{
        Actions, Button, Cell, Choice, Column, Dialog, EmptyState, Glyph, Hidden, Only, Pager, RadioGroup, Row, RowLink, Section,
        ServerForm, Table, Variant, When, loaded,
    },
};
use leptos::prelude::*;
use mintmark::{
    Page, Permission,
    embed_key::{EmbedKey, EmbedKeyStatus},
};

const NEW: &str = "new-embed-key";
const ABOUT: &str = "What a page names this product by. Anybody who opens the page can read it, so a key opens only what is published, and only to pages of its own origins.";

/// `/t/:tenant/studio/:product/keys`
#[component]
pub fn EmbedKeysPage() -> impl IntoView {
    view! { <ProductFrame current="/keys" page=|around| view! { <Keys around/> }/> }
}

#[component]
fn Keys(around: Around) -> impl IntoView {
    let base = format!("{}/keys", around.base());
    let address = ListAddress::here(base.clone());
    let refused = around.refusal(Permission::ManageEmbedKeys);
    let failed = ServerAction::<CreateEmbedKey>::new().value().with_untracked(|answer| matches!(answer, Some(Err(_))));
    let (tenant, product) = (around.tenant.clone(), around.product.id.to_string());
    loaded(list_embed_keys(tenant.clone(), product.clone(), query("cursor")), move |page| {
        let (newer, older) = address.pages(page.next_cursor.as_deref());
        let (empty, may) = (page.data.is_empty() && newer.is_none(), refused.is_none());
        let opener = move || view! { <Button variant=Variant::Primary icon=Glyph::Plus opens=NEW disabled_because=refused>"Create embed key"</Button> };
        let list = if empty {
            view! { <EmptyState title="No embed keys yet" text="A page needs one to show anything of this product." icon=Glyph::Embed action=opener/> }
                .into_any()
        } else {
            view! {
                <Section title="Embed keys" description=ABOUT actions=opener>
                    <KeyTable base page/>
                    <Pager newer older/>
                </Section>
            }
            .into_any()
        };
        view! {
            {list}
            {may.then(|| view! { <NewKey tenant product failed/> })}
        }
    })
}

#[component]
fn NewKey(tenant: String, product: String, failed: bool) -> impl IntoView {
    let modes = vec![
        Choice::new("live", "Live").hint("For visitors. Its id begins with pk_live_."),
        Choice::new("test", "Test").hint("For trying things out, on localhost too. Its id begins with pk_test_."),
    ];
    view! {
        <Dialog id=NEW title="Create embed key" description="It is no secret and can be read again at any time." wide=true open=failed>
            <ServerForm action={ServerAction::<CreateEmbedKey>::new()} scope=NEW done="Embed key created">
                <Hidden name="tenant" value=tenant/>
                <Hidden name="product" value=product/>
                <KeyFields/>
                <RadioGroup name="mode" label="Mode" choices=modes value="live"/>
                <Only named="mode" is=["live".to_owned()] at_first=true><DevelopmentSwitch/></Only>
                <Actions>
                    <Button submit=true variant=Variant::Primary>"Create embed key"</Button>
                    <Button closes=NEW>"Cancel"</Button>
                </Actions>
            </ServerForm>
        </Dialog>
    }
}

#[component]
fn KeyTable(base: String, page: Page<EmbedKey>) -> impl IntoView {
    let columns: Vec<Column> = vec!["Key".into(), "State".into(), "Mode".into(), "Origins".into(), "Last used".into(), "Created by".into()];
    let rows = page
        .data
        .into_iter()
        .map(|key| {
            let (href, id, muted) = (format!("{base}/{}", key.id), key.id.to_string(), key.status != EmbedKeyStatus::Active);
            let (state, mode) = (state(&key), mode_badge(&key));
            let origins =
                key.origins.0.iter().map(|origin| view! { <code class="origin__whole">{origin.to_string()}</code> }).collect_view();
            view! {
                <Row muted>
                    <Cell label="Key">
                        <span class="two-lines">
                            <RowLink href>{key.name}</RowLink>
                            <code class="two-lines__second">{id}</code>
                        </span>
                    </Cell>
                    <Cell label="State">{state}</Cell>
                    <Cell label="Mode">{mode}</Cell>
                    <Cell label="Origins"><span class="two-lines">{origins}</span></Cell>
                    <Cell label="Last used"><When at=key.last_used_at quiet=true/></Cell>
                    <Cell label="Created by">
                        <span class="two-lines">
                            <span>{key.created_by_name}</span>
                            <span class="two-lines__second"><When at=key.created_at quiet=true/></span>
                        </span>
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! { <Table caption="Embed keys" columns>{rows}</Table> }
}
