//! The tenant's API keys: which of them work, and which are still in use.

use super::{create::CreateApiKey, expiry_of, mask, state};
use crate::{
    Answer,
    access::role_choices,
    api::{api_keys::list_api_keys, organizations::organization_choices},
    pages::{list_address::ListAddress, query, restricted::loaded_or_ask},
    standing::standing,
    ui::{
        Badge, Button, Cell, Choice, Column, EmptyState, Glyph, Now, PageHeader, Pager, Row, RowLink, Tab, Table, Tabs, Tone, Variant,
        When, live_count,
    },
};
use leptos::prelude::*;
use mintmark::{Page, Permission, Reach, Role, Time, api_key::ApiKey, organization::OrganizationSummary};

const ABOUT: &str = "What your backend signs in with to mint and revoke. A key never belongs in a page: browsers carry widget tokens.";

/// `/t/:tenant/api-keys`
#[component]
pub fn ApiKeysPage() -> impl IntoView {
    let standing = standing();
    let (tenant, base) = (standing.slug(), standing.path("api-keys"));
    let address = ListAddress::here(base.clone());
    let ended = query("ended").is_some();
    let refused = standing.refusal(Permission::ManageApiKeys, Reach::Tenant);
    let roles = role_choices(&standing.roles, Reach::Tenant, Role::Admin);
    loaded_or_ask("API keys", tenant.clone(), load(tenant.clone(), ended, query("cursor")), move |(page, organizations)| {
        let (newer, older) = address.pages(page.next_cursor.as_deref());
        let empty = page.data.is_empty() && newer.is_none();
        let paged = newer.is_some() || older.is_some();
        let may = refused.is_none();
        let opener = move || {
            view! { <Button variant=Variant::Primary icon=Glyph::Plus opens=super::create::ID disabled_because=refused>"Create API key"</Button> }
        };
        let first = opener.clone();
        let places: Vec<_> = std::iter::once(Choice::new("", "The whole tenant"))
            .chain(organizations.iter().map(|one| Choice::new(one.organization.id.to_string(), one.organization.name.clone())))
            .collect();
        let list = if empty && !ended {
            view! {
                <EmptyState
                    title="No API keys that work"
                    text="Your backend needs one to mint a token for each page view."
                    icon=Glyph::Terminal
                    action=first
                />
            }
            .into_any()
        } else if empty {
            view! { <EmptyState title="No API keys yet" text="Neither working nor ended ones." icon=Glyph::Terminal action=first/> }
                .into_any()
        } else {
            view! {
                <KeyTable base=base.clone() page organizations/>
                {paged.then(|| view! { <Pager newer older/> })}
            }
            .into_any()
        };
        view! {
            <PageHeader
                title="API keys"
                description=ABOUT
                beside=|| view! { <Badge tone=Tone::Warn>"Server only"</Badge> }
                actions=move || (!empty || ended).then(opener)
            />
            <Tabs label="Which API keys">
                <Tab href=base.clone() current=!ended>"Working"</Tab>
                <Tab href=format!("{base}?ended=true") current=ended>"All"</Tab>
            </Tabs>
            {list}
            {may.then(|| view! { <CreateApiKey tenant places roles/> })}
        }
    })
}

async fn load(tenant: String, ended: bool, cursor: Option<String>) -> Answer<(Page<ApiKey>, Vec<OrganizationSummary>)> {
    Ok((list_api_keys(tenant.clone(), ended, cursor).await?, organization_choices(tenant).await?))
}

/// The name of the organization that a key is bound to.
pub(super) fn reach_of(key: &ApiKey, organizations: &[OrganizationSummary]) -> String {
    let Some(id) = &key.organization_id else { return "The whole tenant".to_owned() };
    let known = organizations.iter().find(|one| one.organization.id == *id);
    known.map_or_else(|| "An organization that is gone".to_owned(), |one| one.organization.name.clone())
}

#[component]
fn KeyTable(base: String, page: Page<ApiKey>, organizations: Vec<OrganizationSummary>) -> impl IntoView {
    let now = use_context::<Now>().map_or(Time::default(), |Now(now)| now);
    let rows = page
        .data
        .into_iter()
        .map(|key| {
            let works = key.status == mintmark::api_key::ApiKeyStatus::Active;
            let (href, known_by, reaches) = (format!("{base}/{}", key.id), mask(&key), reach_of(&key, &organizations));
            let (state, expiry) = (state(&key), expiry_of(&key, now));
            let ApiKey { name, role, last_used_at, live_tokens, created_by_name, created_at, .. } = key;
            view! {
                <Row muted=!works>
                    <Cell label="Key">
                        <span class="two-lines">
                            <RowLink href>{name}</RowLink>
                            <code class="two-lines__second">{known_by}</code>
                        </span>
                    </Cell>
                    <Cell label="State">{state}</Cell>
                    <Cell label="Role"><Badge>{role.as_str()}</Badge></Cell>
                    <Cell label="Reaches">{reaches}</Cell>
                    <Cell label="Last used"><When at=last_used_at quiet=true/></Cell>
                    <Cell label="Expires">{expiry}</Cell>
                    <Cell label="Live tokens" number=true>{live_count(live_tokens)}</Cell>
                    <Cell label="Created by">
                        <span class="two-lines">
                            <span>{created_by_name}</span>
                            <span class="two-lines__second"><When at=created_at quiet=true/></span>
                        </span>
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    let columns: Vec<Column> = vec![
        "Key".into(),
        "State".into(),
        "Role".into(),
        "Reaches".into(),
        "Last used".into(),
        "Expires".into(),
        Column::number("Live tokens"),
        "Created by".into(),
    ];
    view! { <Table caption="API keys" columns>{rows}</Table> }
}
