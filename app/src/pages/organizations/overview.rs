//! One organization: what it is called, its development switch, and its end.

use super::{
    delete::DeleteSection,
    frame::{Around, OrganizationFrame},
    switch::DevelopmentCard,
};
use crate::{
    api::organizations::RenameOrganization,
    ui::{Actions, Button, Card, Fact, Facts, Hidden, Notice, ServerForm, Stack, TextField, Variant, When},
};
use leptos::prelude::*;
use mintmark::Permission;

/// `/t/:tenant/organizations/:organization`
#[component]
pub fn OrganizationPage() -> impl IntoView {
    view! { <OrganizationFrame current="" page=|around| view! { <Overview around/> }/> }
}

#[component]
fn Overview(around: Around) -> impl IntoView {
    let Around { tenant, organization, .. } = around.clone();
    let refused = around.refusal(Permission::UpdateOrganization);
    let details = match refused.clone() {
        Some(reason) => view! {
            <Stack>
                <Facts>
                    <Fact label="Name">{organization.name.clone()}</Fact>
                    <Fact label="Slug"><code>{organization.slug.clone()}</code></Fact>
                    <Fact label="Created"><When at=organization.created_at/></Fact>
                </Facts>
                <Notice>{reason}</Notice>
            </Stack>
        }
        .into_any(),
        None => view! {
            <ServerForm action={ServerAction::<RenameOrganization>::new()} done="Organization saved">
                <Hidden name="tenant" value=tenant.clone()/>
                <Hidden name="organization" value=organization.id.to_string()/>
                <TextField name="name" label="Name" maxlength=120_u32 value=organization.name.clone()/>
                <TextField name="slug" label="Slug" maxlength=40_u32 mono=true value=organization.slug.clone() hint="Tokens name the id, not the slug: changing it breaks nothing that was minted."/>
                <Actions><Button submit=true variant=Variant::Primary>"Save changes"</Button></Actions>
            </ServerForm>
        }
        .into_any(),
    };
    view! {
        <Card title="Details">{details}</Card>
        <DevelopmentCard around=around.clone()/>
        <DeleteSection around/>
    }
}
