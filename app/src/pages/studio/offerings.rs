//! A product's offerings, by status.

use super::{
    frame::{Around, ProductFrame},
    offering_form::{OfferingFields, often},
};
use crate::{
    api::studio::{CreateOffering, MoveOffering, SetOfferingStatus, list_offerings},
    ui::{
        Actions, Button, Cell, Column, Dialog, EmptyState, Glyph, Hidden, IconButton, Notice, Row, RowActions, RowLink, Section,
        ServerForm, Size, Stack, Table, Variant, When, loaded,
    },
};
use leptos::prelude::*;
use mintmark::{
    Permission,
    offering::{Offering, OfferingStatus, amount_text},
};

const NEW: &str = "new-offering";

/// `/t/:tenant/studio/:product/offerings`
#[component]
pub fn OfferingsPage() -> impl IntoView {
    view! { <ProductFrame current="/offerings" page=|around| view! { <Offerings around/> }/> }
}

#[component]
fn Offerings(around: Around) -> impl IntoView {
    let refused = around.refusal(Permission::ManageOfferings);
    let failed = ServerAction::<CreateOffering>::new().value().with_untracked(|answer| matches!(answer, Some(Err(_))));
    let (tenant, product) = (around.tenant.clone(), around.product.id.to_string());
    loaded(list_offerings(tenant.clone(), product.clone()), move |listed| {
        let may = refused.is_none();
        let reason = refused.clone();
        let opener =
            move || view! { <Button variant=Variant::Primary icon=Glyph::Plus opens=NEW disabled_because=reason>"New offering"</Button> };
        let list = if listed.is_empty() {
            view! {
                <EmptyState
                    title="No offerings yet"
                    text="An offering is what a pricing widget shows: a name, a price, what is in it. Pages see it once it is published."
                    icon=Glyph::Embed
                    action=opener
                />
            }
            .into_any()
        } else {
            let table = |status: OfferingStatus, caption: &'static str| {
                let offerings: Vec<_> = listed.iter().filter(|one| one.status == status).cloned().collect();
                let (around, refused) = (around.clone(), refused.clone());
                (!offerings.is_empty()).then(|| view! { <OfferingTable around caption offerings refused/> })
            };
            let published = table(OfferingStatus::Published, "Published offerings");
            let drafts = table(OfferingStatus::Draft, "Drafts");
            let archived = table(OfferingStatus::Archived, "Archived offerings");
            view! {
                <Stack>
                    <Section title="Published" description="What pages see, in this order." actions=opener>
                        {match published {
                            Some(table) => table.into_any(),
                            None => view! { <Notice>"Nothing is published: pages are shown an empty list."</Notice> }.into_any(),
                        }}
                    </Section>
                    {drafts.map(|table| view! { <Section title="Drafts" description="Seen by nobody outside until they are published.">{table}</Section> })}
                    {archived.map(|table| view! { <Section title="Archived" description="Kept, and seen by nobody outside.">{table}</Section> })}
                </Stack>
            }
            .into_any()
        };
        view! {
            {list}
            {may.then(|| view! {
                <Dialog id=NEW title="New offering" description="It begins as a draft." wide=true open=failed>
                    <ServerForm action={ServerAction::<CreateOffering>::new()} scope=NEW done="Offering written">
                        <Hidden name="tenant" value=tenant/>
                        <Hidden name="product" value=product/>
                        <OfferingFields/>
                        <Actions>
                            <Button submit=true variant=Variant::Primary>"Save as draft"</Button>
                            <Button closes=NEW>"Cancel"</Button>
                        </Actions>
                    </ServerForm>
                </Dialog>
            })}
        }
    })
}

#[component]
fn OfferingTable(around: Around, caption: &'static str, offerings: Vec<Offering>, refused: Option<String>) -> impl IntoView {
    let last = offerings.len().saturating_sub(1);
    let ordered = offerings.first().is_some_and(|one| one.status == OfferingStatus::Published) && refused.is_none();
    let base = format!("{}/offerings", around.base());
    let rows = offerings
        .into_iter()
        .enumerate()
        .map(|(place, offering)| {
            let href = format!("{base}/{}", offering.id);
            let price = format!("{} {}", amount_text(offering.price.amount, &offering.price.currency), offering.price.currency);
            let every = often(offering.price.interval);
            let moves = ordered.then(|| {
                view! {
                    {(place > 0).then(|| view! { <Move around=around.clone() offering=offering.clone() up=true/> })}
                    {(place < last).then(|| view! { <Move around=around.clone() offering=offering.clone() up=false/> })}
                }
            });
            let step = view! { <Step around=around.clone() offering=offering.clone() refused=refused.clone()/> };
            view! {
                <Row muted=offering.status == OfferingStatus::Archived>
                    <Cell label="Offering"><span class="named"><RowLink href>{offering.name}</RowLink></span></Cell>
                    <Cell label="Price" number=true>{price}</Cell>
                    <Cell label="Paid">{every}</Cell>
                    <Cell label="Changed"><When at=offering.updated_at quiet=true/></Cell>
                    <RowActions>{moves} {step}</RowActions>
                </Row>
            }
        })
        .collect_view();
    let columns = vec!["Offering".into(), Column::number("Price"), "Paid".into(), "Changed".into(), Column::actions()];
    view! { <Table caption columns>{rows}</Table> }
}

/// One place up or down.
#[component]
fn Move(around: Around, offering: Offering, up: bool) -> impl IntoView {
    let (label, icon) = if up { ("Move up", Glyph::ArrowUp) } else { ("Move down", Glyph::ArrowDown) };
    let label = format!("{label}: {}", offering.name);
    let scope = format!("move-{}-{up}", offering.id);
    view! {
        <ServerForm action={ServerAction::<MoveOffering>::new()} scope done="Order saved">
            <Hidden name="tenant" value=around.tenant/>
            <Hidden name="product" value=around.product.id.to_string()/>
            <Hidden name="offering" value=offering.id.to_string()/>
            <Hidden name="up" value=up.to_string()/>
            <IconButton label icon submit=true/>
        </ServerForm>
    }
}

/// What comes next in its life.
#[component]
pub(super) fn Step(around: Around, offering: Offering, refused: Option<String>) -> impl IntoView {
    let (status, verb, done) = match offering.status {
        OfferingStatus::Draft => (OfferingStatus::Published, "Publish", "Offering published"),
        OfferingStatus::Published => (OfferingStatus::Archived, "Archive", "Offering archived"),
        OfferingStatus::Archived => (OfferingStatus::Draft, "Make a draft", "Offering is a draft again"),
    };
    let scope = format!("step-{}", offering.id);
    view! {
        <ServerForm action={ServerAction::<SetOfferingStatus>::new()} scope done>
            <Hidden name="tenant" value=around.tenant/>
            <Hidden name="product" value=around.product.id.to_string()/>
            <Hidden name="offering" value=offering.id.to_string()/>
            <Hidden name="status" value=status.as_str()/>
            <Button submit=true size=Size::Small disabled_because=refused>{verb}</Button>
        </ServerForm>
    }
}
