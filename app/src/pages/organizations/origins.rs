//! An organization's allowlist: what its tokens may name.

use super::{
    add::OriginAdder,
    frame::{Around, OrganizationFrame},
    switch::DevelopmentCard,
};
use crate::{
    api::organizations::{RemoveOrigin, list_origins_in_use},
    ui::{
        Badge, Button, Card, Cell, Checkbox, Column, DangerDialog, EmptyState, Glyph, Notice, Row, RowActions, Size, Table, Tone, Variant,
        When, live_count, loaded,
    },
};
use leptos::prelude::*;
use mintmark::{Permission, origin::AllowedOrigin};

/// `/t/:tenant/organizations/:organization/origins`
#[component]
pub fn OrganizationOriginsPage() -> impl IntoView {
    view! { <OrganizationFrame current="/origins" page=|around| view! { <Origins around/> }/> }
}

#[component]
fn Origins(around: Around) -> impl IntoView {
    let refused = around.refusal(Permission::ManageOrigins);
    let (tenant, organization) = (around.tenant.clone(), around.organization.id.to_string());
    let adder = match refused.clone() {
        None => {
            let (tenant, organization) = (tenant.clone(), organization.clone());
            view! {
            <Card title="Add origin" description="Scheme, host and port of a page that will carry a token. Matching is equality: no wildcards, no sub-domains.">
                <OriginAdder tenant organization/>
            </Card>
        }
        .into_any()
        }
        Some(reason) => view! { <Notice>{reason}</Notice> }.into_any(),
    };
    view! {
        {adder}
        {loaded(list_origins_in_use(tenant.clone(), organization.clone()), move |listed| view! { <OriginTable tenant organization listed refused/> })}
        <DevelopmentCard around/>
    }
}

#[component]
fn OriginTable(tenant: String, organization: String, listed: Vec<(AllowedOrigin, i64)>, refused: Option<String>) -> impl IntoView {
    if listed.is_empty() {
        return view! {
            <EmptyState
                title="No origins yet"
                text="An empty allowlist allows nothing: until there is an origin, no token can be minted for this organization."
                icon=Glyph::Globe
            />
        }
        .into_any();
    }
    let columns = vec!["Origin".into(), Column::number("Live tokens"), "Added".into(), Column::actions()];
    let mut dialogs = Vec::new();
    let rows = listed
        .into_iter()
        .map(|(entry, live)| {
            let dialog = format!("remove-{}", entry.id);
            let origin = entry.origin.to_string();
            let named = format!("{} live tokens name {origin}", live_count(live));
            let removal_refused = refused.clone();
            let development = !origin.starts_with("https://");
            let naming = crate::pages::list_address::ListAddress::of(&format!("/t/{tenant}/tokens"), &[("organization", &organization), ("origin", &origin)]);
            if refused.is_none() {
                dialogs.push(view! { <RemoveDialog id=dialog.clone() tenant=tenant.clone() organization=organization.clone() entry=entry.clone() live/> });
            }
            view! {
                <Row>
                    <Cell label="Origin">
                        <span class="named">
                            <code class="origin__whole">{origin}</code>
                            {development.then(|| view! { <Badge tone=Tone::Warn>"Development"</Badge> })}
                        </span>
                    </Cell>
                    <Cell label="Live tokens" number=true><a class="quiet-link" href=naming aria-label=named>{live_count(live)}</a></Cell>
                    <Cell label="Added"><When at=entry.created_at quiet=true/></Cell>
                    <RowActions>
                        <Button size=Size::Small variant=Variant::Ghost icon=Glyph::Trash opens=dialog disabled_because=removal_refused>"Remove"</Button>
                    </RowActions>
                </Row>
            }
        })
        .collect_view();
    view! {
        <Table caption="Allowed origins" columns>{rows}</Table>
        {dialogs}
    }
    .into_any()
}

#[component]
fn RemoveDialog(id: String, tenant: String, organization: String, entry: AllowedOrigin, live: i64) -> impl IntoView {
    let (names, tokens) = if live == 1 { ("names", "token") } else { ("name", "tokens") };
    let consequence = match live {
        0 => format!("No token can be minted for {} any more. No live token names it.", entry.origin),
        live => {
            format!(
                "{} live {tokens} {names} {} and will stop at the next call. No further one can be minted for it.",
                live_count(live),
                entry.origin
            )
        }
    };
    view! {
        <DangerDialog
            id
            action={ServerAction::<RemoveOrigin>::new()}
            title="Remove origin"
            consequence
            verb="Remove origin"
            values=vec![("tenant", tenant), ("organization", organization), ("origin", entry.id.to_string())]
            done="Origin removed"
        >
            {if live > 0 {
                view! {
                    <Checkbox
                        name="revoke_tokens"
                        label=format!("Revoke the {} live {tokens} that {names} it", live_count(live))
                        hint="Unticked, they go on working from there until they expire."
                        checked=true
                    />
                }.into_any()
            } else {
                view! { <input type="hidden" name="revoke_tokens" value="true"/> }.into_any()
            }}
        </DangerDialog>
    }
}
