//! The members of one organization, as a tab of its page.

use super::{
    invitations::InvitationSection,
    invite::{ID, InviteDialog, places},
    table::MemberTable,
};
use crate::{
    Answer,
    api::{invitations::list_invitations, members::list_members, organizations::organization_choices},
    pages::{
        list_address::ListAddress,
        organizations::{Around, OrganizationFrame},
        query,
    },
    ui::{Button, EmptyState, Glyph, Pager, Section, Variant, loaded},
};
use leptos::prelude::*;
use mintmark::{OrganizationId, Page, Permission, invitation::Invitation, member::Member, organization::OrganizationSummary};

/// `/t/:tenant/organizations/:organization/members`
#[component]
pub fn OrganizationMembersPage() -> impl IntoView {
    view! { <OrganizationFrame current="/members" page=|around| view! { <Members around/> }/> }
}

#[component]
fn Members(around: Around) -> impl IntoView {
    let refused = around.refusal(Permission::ManageMembers);
    let Around { tenant, organization, standing } = around;
    let (here, name) = (organization.id, organization.name);
    let address = ListAddress::here(standing.path(&format!("organizations/{here}/members")));
    loaded(load(tenant.clone(), here.clone(), query("cursor")), move |(members, invitations, organizations)| {
        let (newer, older) = address.pages(members.next_cursor.as_deref());
        let paged = newer.is_some() || older.is_some();
        let only: Vec<_> = places(&standing.roles, &organizations).into_iter().filter(|place| place.id == here.as_str()).collect();
        let may = refused.is_none();
        let invite =
            move || view! { <Button variant=Variant::Primary icon=Glyph::Mail opens=ID disabled_because=refused>"Invite"</Button> };
        let list = if members.data.is_empty() {
            view! {
                <EmptyState icon=Glyph::Users title="Nobody has a role here alone" text="Owners and admins of the tenant reach this organization all the same. Invite people who shall see nothing else."/>
            }
            .into_any()
        } else {
            view! { <MemberTable base=standing.path("members") members=members.data own=standing.user.id.clone() here=here/> }.into_any()
        };
        view! {
            <Section title=format!("Members of {name}") description="With a role in this organization. People with a role in the tenant reach it as well." actions=invite>
                {list}
                {paged.then(|| view! { <Pager newer older/> })}
            </Section>
            <InvitationSection tenant=tenant.clone() invitations organizations standing/>
            {may.then(|| view! { <InviteDialog tenant places=only/> })}
        }
    })
}

async fn load(
    tenant: String,
    here: OrganizationId,
    cursor: Option<String>,
) -> Answer<(Page<Member>, Vec<Invitation>, Vec<OrganizationSummary>)> {
    let members = list_members(tenant.clone(), Some(here.to_string()), cursor).await?;
    let mut invitations = list_invitations(tenant.clone(), false, None).await?.data;
    invitations.retain(|one| one.organization_id.as_ref() == Some(&here));
    Ok((members, invitations, organization_choices(tenant).await?))
}
