//! The tenant's products. Who has one only is taken to it at once.

use crate::{
    api::studio::{CreateProduct, list_products},
    error::answer_with_path,
    pages::{list_address::ListAddress, query, restricted::loaded_or_ask},
    standing::standing,
    ui::{
        Actions, Button, Cell, Column, Dialog, EmptyState, Glyph, Hidden, PageHeader, Pager, Row, RowLink, ServerForm, Table, TextField,
        Variant, When,
    },
};
use leptos::prelude::*;
use mintmark::{Page, Permission, Reach, product::ProductSummary};

const ABOUT: &str = "What you embed in other people's pages. Each product has its own embed keys and offerings.";
const NEW: &str = "new-product";

/// `/t/:tenant/studio`
#[component]
pub fn ProductsPage() -> impl IntoView {
    let standing = standing();
    let (tenant, base) = (standing.slug(), standing.path("studio"));
    let address = ListAddress::here(base.clone());
    let refused = standing.refusal(Permission::ManageProducts, Reach::Tenant);
    let failed = ServerAction::<CreateProduct>::new().value().with_untracked(|answer| matches!(answer, Some(Err(_))));
    let all = query("all").is_some() || query("cursor").is_some() || failed;
    loaded_or_ask("Embed Studio", tenant.clone(), list_products(tenant.clone(), query("cursor")), move |page| {
        if let ([only], false) = (page.data.as_slice(), all) {
            answer_with_path(&format!("{base}/{}", only.product.id));
            return ().into_any();
        }
        let (newer, older) = address.pages(page.next_cursor.as_deref());
        let (empty, may) = (page.data.is_empty() && newer.is_none(), refused.is_none());
        let opener =
            move || view! { <Button variant=Variant::Primary icon=Glyph::Plus opens=NEW disabled_because=refused>"New product"</Button> };
        let first = opener.clone();
        view! {
            <PageHeader title="Embed Studio" description=ABOUT actions=move || (!empty).then(opener)/>
            {if empty {
                view! {
                    <EmptyState
                        title="No products"
                        text="A product is one thing that you embed: a pricing table, a portal, a chat widget."
                        icon=Glyph::Embed
                        action=first
                    />
                }.into_any()
            } else {
                view! {
                    <ProductTable base page/>
                    <Pager newer older/>
                }.into_any()
            }}
            {may.then(|| view! {
                <Dialog id=NEW title="New product" description="One thing that you embed." open=failed>
                    <ServerForm action={ServerAction::<CreateProduct>::new()} done="Product created">
                        <Hidden name="tenant" value=tenant/>
                        <TextField name="name" label="Name" maxlength=120_u32 placeholder="Customer portal" hint="Pages that carry its keys can read it." autofocus=true/>
                        <Actions>
                            <Button submit=true variant=Variant::Primary>"Create product"</Button>
                            <Button closes=NEW>"Cancel"</Button>
                        </Actions>
                    </ServerForm>
                </Dialog>
            })}
        }
        .into_any()
    })
}

#[component]
fn ProductTable(base: String, page: Page<ProductSummary>) -> impl IntoView {
    let columns = vec!["Product".into(), Column::number("Embed keys"), Column::number("Published offerings"), "Created".into()];
    let rows = page
        .data
        .into_iter()
        .map(|summary| {
            let ProductSummary { product, embed_keys, published_offerings } = summary;
            let href = format!("{base}/{}", product.id);
            view! {
                <Row>
                    <Cell label="Product"><span class="named"><RowLink href>{product.name}</RowLink></span></Cell>
                    <Cell label="Embed keys" number=true>
                        {if embed_keys == 0 { view! { <span class="absent">"none"</span> }.into_any() } else { embed_keys.into_any() }}
                    </Cell>
                    <Cell label="Published offerings" number=true>{published_offerings}</Cell>
                    <Cell label="Created"><When at=product.created_at quiet=true/></Cell>
                </Row>
            }
        })
        .collect_view();
    view! { <Table caption="Products" columns>{rows}</Table> }
}
