//! A product's registered domains: a part of its Security tab.

use super::frame::Around;
use crate::{
    api::{
        host_pages::JudgeDomain,
        studio::{AddDomain, RemoveDomain, list_domains},
    },
    ui::{
        Button, Card, Cell, Column, DangerDialog, EmptyState, Glyph, Hidden, Notice, Row, RowActions, ServerForm, Size, Table, TextField,
        Variant, When, loaded,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use mintmark::{Permission, product::Domain};

/// The form that registers one, and those that are.
#[component]
pub(super) fn Domains(around: Around) -> impl IntoView {
    let refused = around.refusal(Permission::ManageProducts);
    let (tenant, product) = (around.tenant.clone(), around.product.id.to_string());
    let adder = if let Some(reason) = refused.clone() {
        view! { <Notice>{reason}</Notice> }.into_any()
    } else {
        let (tenant, product) = (tenant.clone(), product.clone());
        view! {
            <Card title="Register domain" description="Where the users of this product sign in. The pages that an embed key lets in are on that key's own list.">
                <div class="judged" data-judge=JudgeDomain::url() data-asks="tenant product origin">
                    <ServerForm action={ServerAction::<AddDomain>::new()} scope="add-domain" done="Domain registered" inline=true>
                        <Hidden name="tenant" value=tenant/>
                        <Hidden name="product" value=product/>
                        <TextField name="origin" label="Origin" inputmode="url" mono=true maxlength=255_u32 placeholder="https://app.example.com"/>
                        <Button submit=true variant=Variant::Primary icon=Glyph::Plus>"Register domain"</Button>
                    </ServerForm>
                    <div class="probe" role="status"></div>
                </div>
            </Card>
        }
        .into_any()
    };
    view! {
        {adder}
        {loaded(list_domains(tenant.clone(), product.clone()), move |listed| view! { <DomainTable tenant product listed refused/> })}
    }
}

#[component]
fn DomainTable(tenant: String, product: String, listed: Vec<Domain>, refused: Option<String>) -> impl IntoView {
    if listed.is_empty() {
        return view! {
            <EmptyState title="No domains yet" text="Only pages of a registered domain may ask who a user of this product is." icon=Glyph::Globe/>
        }
        .into_any();
    }
    let mut dialogs = Vec::new();
    let rows = listed
        .into_iter()
        .map(|domain| {
            let dialog = format!("remove-{}", domain.id);
            let origin = domain.origin.to_string();
            if refused.is_none() {
                dialogs.push(view! {
                    <DangerDialog
                        id=dialog.clone()
                        action={ServerAction::<RemoveDomain>::new()}
                        title="Remove domain"
                        consequence=format!("Pages of {origin} are refused from their next call on.")
                        verb="Remove domain"
                        values=vec![("tenant", tenant.clone()), ("product", product.clone()), ("domain", domain.id.to_string())]
                        done="Domain removed"
                    />
                });
            }
            let removal_refused = refused.clone();
            view! {
                <Row>
                    <Cell label="Origin"><code class="origin__whole">{origin}</code></Cell>
                    <Cell label="Registered"><When at=domain.created_at quiet=true/></Cell>
                    <RowActions>
                        <Button size=Size::Small variant=Variant::Ghost icon=Glyph::Trash opens=dialog disabled_because=removal_refused>"Remove"</Button>
                    </RowActions>
                </Row>
            }
        })
        .collect_view();
    view! {
        <Table caption="Registered domains" columns=vec!["Origin".into(), "Registered".into(), Column::actions()]>{rows}</Table>
        {dialogs}
    }
    .into_any()
}
