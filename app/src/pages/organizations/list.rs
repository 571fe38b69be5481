//! Organizations: the tenant's customers, each with its origins and live tokens.

use crate::{
    api::organizations::{CreateOrganization, list_organizations},
    pages::{list_address::ListAddress, restricted::loaded_or_ask},
    standing::standing,
    ui::{
        Actions, Badge, Button, Card, Cell, Column, Crumb, Dialog, EmptyState, Glyph, Hidden, LinkButton, PageHeader, Pager, Row, RowLink,
        ServerForm, Switch, Table, TextField, Tone, Variant, When, live_count,
    },
};
use leptos::prelude::*;
use mintmark::{Page, Permission, Reach, organization::OrganizationSummary};

/// `/t/:tenant/organizations`
#[component]
pub fn OrganizationsPage() -> impl IntoView {
    let standing = standing();
    let (tenant, create_refused) = (standing.slug(), standing.refusal(Permission::CreateOrganization, Reach::Tenant));
    let address = ListAddress::here(format!("/t/{tenant}/organizations"));
    let refused = ServerAction::<CreateOrganization>::new().value().with_untracked(|answer| matches!(answer, Some(Err(_))));
    loaded_or_ask("Organizations", tenant.clone(), list_organizations(tenant.clone(), address.get("cursor")), move |page| {
        let (newer, older) = address.pages(page.next_cursor.as_deref());
        let empty = page.data.is_empty() && newer.is_none();
        let may_create = create_refused.is_none();
        let opener = move || {
            view! { <Button variant=Variant::Primary icon=Glyph::Plus opens="new-organization" disabled_because=create_refused>"New organization"</Button> }
        };
        let first = opener.clone();
        view! {
            <PageHeader
                title="Organizations"
                description="Your customers. A widget token reads and writes exactly one of them."
                actions=move || (!empty).then(opener)
            />
            {if empty {
                view! {
                    <EmptyState
                        title="No organizations yet"
                        text="An organization is one of your customers: its tokens may name only its own origins, and see nothing of the others."
                        icon=Glyph::Building
                        action=first
                        command="curl \"$MINTMARK_URL/v1/organizations\" \\\n  --header \"authorization: Bearer $MINTMARK_API_KEY\" \\\n  --header \"content-type: application/json\" \\\n  --data '{\"name\": \"Acme\"}'"
                    />
                }.into_any()
            } else {
                view! {
                    <OrganizationTable tenant=tenant.clone() page/>
                    <Pager newer older/>
                }.into_any()
            }}
            {may_create.then(|| view! {
                <Dialog id="new-organization" title="New organization" description="One of your customers." open=refused>
                    <NewOrganizationForm tenant closes="new-organization"/>
                </Dialog>
            })}
        }
    })
}

#[component]
fn OrganizationTable(tenant: String, page: Page<OrganizationSummary>) -> impl IntoView {
    let columns = vec!["Name".into(), "Slug".into(), Column::number("Origins"), Column::number("Live tokens"), "Created".into()];
    let rows = page
        .data
        .into_iter()
        .map(|summary| {
            let OrganizationSummary { organization, origins, live_tokens } = summary;
            let tokens = format!("/t/{tenant}/tokens?organization={}", organization.id);
            let href = format!("/t/{tenant}/organizations/{}", organization.id);
            view! {
                <Row>
                    <Cell label="Name">
                        <span class="named">
                            <RowLink href>{organization.name}</RowLink>
                            {organization.allow_development_origins.then(|| view! { <Badge tone=Tone::Warn>"Development"</Badge> })}
                        </span>
                    </Cell>
                    <Cell label="Slug"><code class="slug">{organization.slug}</code></Cell>
                    <Cell label="Origins" number=true>
                        {if origins == 0 { view! { <span class="absent">"none"</span> }.into_any() } else { origins.into_any() }}
                    </Cell>
                    <Cell label="Live tokens" number=true>
                        <a class="quiet-link" href=tokens aria-label=format!("{} live tokens", live_count(live_tokens))>{live_count(live_tokens)}</a>
                    </Cell>
                    <Cell label="Created"><When at=organization.created_at quiet=true/></Cell>
                </Row>
            }
        })
        .collect_view();
    view! { <Table caption="Organizations" columns>{rows}</Table> }
}

/// `/t/:tenant/organizations/new`, for links from elsewhere.
#[component]
pub fn NewOrganizationPage() -> impl IntoView {
    let standing = standing();
    let (tenant, list) = (standing.slug(), standing.path("organizations"));
    view! {
            <PageHeader title="New organization" description="One of your customers. A widget token reads and writes exactly one of them." crumbs=vec![Crumb::new("Organizations", list.clone())]/>
            {match standing.refusal(Permission::CreateOrganization, Reach::Tenant) {
                Some(reason) => view! { <crate::ui::NoPermission reason/> }.into_any(),
                None => view! { <Card><NewOrganizationForm tenant/><p class="form-foot"><LinkButton href=list variant=Variant::Ghost>"Back to the list"</LinkButton></p></Card> }.into_any(),
            }}
    }
}

#[component]
fn NewOrganizationForm(tenant: String, #[prop(optional, into)] closes: Option<String>) -> impl IntoView {
    view! {
        <ServerForm action={ServerAction::<CreateOrganization>::new()} done="Organization created">
            <Hidden name="tenant" value=tenant/>
            <TextField name="name" label="Name" maxlength=120_u32 placeholder="Acme" autofocus=true/>
            <TextField name="slug" label="Slug" optional=true maxlength=40_u32 mono=true placeholder="acme" hint="Made from the name when left empty. Lower-case letters, digits and hyphens; never used again."/>
            <Switch name="allow_development_origins" label="Allow development origins" hint="http on localhost and 127.0.0.1, for trying things out. Off in production."/>
            <Actions>
                <Button submit=true variant=Variant::Primary>"Create organization"</Button>
                {closes.map(|closes| view! { <Button closes>"Cancel"</Button> })}
            </Actions>
        </ServerForm>
    }
}
