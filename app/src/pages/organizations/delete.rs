//! The end of an organization.

use super::frame::Around;
use crate::{
    Answer,
    api::{organizations::DeleteOrganization, tokens::preview_revocation},
    ui::{Button, Card, DangerDialog, Variant, live_count, loaded},
};
use leptos::prelude::*;
use mintmark::{Permission, token::BulkRevocation};

/// Says what would stop, and asks for the name.
#[component]
pub fn DeleteSection(around: Around) -> impl IntoView {
    let refused = around.refusal(Permission::DeleteOrganization);
    let Around { tenant, organization, .. } = around;
    let may = refused.is_none();
    let live = {
        let (tenant, id) = (tenant.clone(), organization.id.clone());
        async move { if may { live_tokens(tenant, id).await } else { Ok(0) } }
    };
    loaded(live, move |live| {
        let stops = match live {
            0 => "No live token stops".to_owned(),
            1 => "1 live token stops".to_owned(),
            live => format!("{} live tokens stop", live_count(live)),
        };
        let consequence = format!(
            "{stops}, and with it this organization's API keys and invitations. It cannot be brought back, and its slug is never used again."
        );
        view! {
            <Card title="Delete organization" description="Ends its live tokens, API keys and invitations at their next call. Its history stays.">
                <Button variant=Variant::Danger opens="delete-organization" disabled_because=refused>"Delete organization"</Button>
            </Card>
            {may.then(|| view! {
                <DangerDialog
                    id="delete-organization"
                    action={ServerAction::<DeleteOrganization>::new()}
                    title="Delete organization"
                    consequence
                    verb="Delete organization"
                    values=vec![("tenant", tenant), ("organization", organization.id.to_string())]
                    phrase=organization.name
                    done="Organization deleted"
                />
            })}
        }
    })
}

async fn live_tokens(tenant: String, organization: mintmark::OrganizationId) -> Answer<i64> {
    preview_revocation(tenant, BulkRevocation { organization_id: Some(organization), ..BulkRevocation::default() }).await
}
