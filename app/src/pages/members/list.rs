//! The people of the tenant, and those who are invited.

use super::{
    invitations::InvitationSection,
    invite::{InviteDialog, places},
    table::MemberTable,
};
use crate::{
    Answer, access,
    api::{invitations::list_invitations, members::list_members, organizations::organization_choices},
    pages::{list_address::ListAddress, query, restricted::loaded_or_ask},
    standing::standing,
    ui::{Button, Glyph, PageHeader, Pager, Variant},
};
use leptos::prelude::*;
use mintmark::{Page, Permission, Reach, invitation::Invitation, member::Member, organization::OrganizationSummary};

/// `/t/:tenant/members`
#[component]
pub fn MembersPage() -> impl IntoView {
    let standing = standing();
    let (tenant, base) = (standing.slug(), standing.path("members"));
    let address = ListAddress::here(base.clone());
    let manages = standing.roles.hold_somewhere(Permission::ManageMembers);
    let refused = (!manages).then(|| access::refusal(&standing.roles, Permission::ManageMembers, Reach::Tenant)).flatten();
    loaded_or_ask("Members", tenant.clone(), load(tenant.clone(), query("cursor")), move |(members, invitations, organizations)| {
        let (newer, older) = address.pages(members.next_cursor.as_deref());
        let paged = newer.is_some() || older.is_some();
        let places = places(&standing.roles, &organizations);
        let actions = {
            let refused = refused.clone();
            move || view! { <Button variant=Variant::Primary icon=Glyph::Mail opens=super::invite::ID disabled_because=refused>"Invite"</Button> }
        };
        view! {
            <PageHeader
                title="Members"
                description="Who signs in here. A role in the tenant covers every organization; a role in an organization covers that one."
                actions
            />
            <MemberTable base=base.clone() members=members.data own=standing.user.id.clone()/>
            {paged.then(|| view! { <Pager newer older/> })}
            <InvitationSection tenant=tenant.clone() invitations organizations standing=standing.clone()/>
            {manages.then(|| view! { <InviteDialog tenant places/> })}
        }
    })
}

async fn load(tenant: String, cursor: Option<String>) -> Answer<(Page<Member>, Vec<Invitation>, Vec<OrganizationSummary>)> {
    let members = list_members(tenant.clone(), None, cursor).await?;
    Ok((members, list_invitations(tenant.clone(), false, None).await?.data, organization_choices(tenant).await?))
}
