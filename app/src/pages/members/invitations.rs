//! Invitations that nobody has accepted yet: a new link for them, or their end.

use crate::{
    access::refusal_to_give,
    api::invitations::{ResendInvitation, RevokeInvitation},
    standing::Standing,
    ui::{
        Badge, Button, Cell, Column, DangerDialog, Hidden, NeedsScripts, Row, RowActions, Secrecy, SecretOnce, Section, ServerForm, Size,
        Status, Table, Tone, Variant, When,
    },
};
use leptos::prelude::*;
use mintmark::{
    Permission, Reach,
    invitation::{Invitation, InvitationStatus},
    organization::OrganizationSummary,
};

/// The panel that shows a new link, whichever invitation it is for.
const RESENT: &str = "resent-link";

/// Those that wait, have run out or lost their ground.
#[component]
pub fn InvitationSection(
    tenant: String,
    invitations: Vec<Invitation>,
    organizations: Vec<OrganizationSummary>,
    standing: Standing,
) -> impl IntoView {
    let rows: Vec<_> = invitations
        .into_iter()
        .filter(|one| !matches!(one.status, InvitationStatus::Accepted | InvitationStatus::Revoked))
        .map(|one| {
            let place = match &one.organization_id {
                None => "The whole tenant".to_owned(),
                Some(id) => {
                    let known = organizations.iter().find(|known| known.organization.id == *id);
                    known.map_or_else(|| "An organization that is gone".to_owned(), |known| known.organization.name.clone())
                }
            };
            view! { <Waiting tenant=tenant.clone() one place standing=standing.clone()/> }
        })
        .collect();
    let content = if rows.is_empty() {
        view! { <p class="nobody">"Nobody is invited at the moment."</p> }.into_any()
    } else {
        let columns: Vec<Column> =
            vec!["E-mail".into(), "Role".into(), "Where".into(), "State".into(), "Invited by".into(), Column::actions()];
        view! {
            <NeedsScripts>"A new link is shown once, in this page and nowhere else. Allow scripts for this site, or resend through the API."</NeedsScripts>
            <Table caption="Invitations" columns>{rows}</Table>
            <SecretOnce id=RESENT title="New link" what=Secrecy::Link warning="Send this link to them. The one before it works no more."/>
        }
        .into_any()
    };
    view! {
        <Section id="invitations" title="Invitations" description="Each is a link that works once, for seven days, for as long as whoever invited may still give that role.">
            {content}
        </Section>
    }
}

#[component]
fn Waiting(tenant: String, one: Invitation, place: String, standing: Standing) -> impl IntoView {
    let reach = one.organization_id.as_ref().map_or(Reach::Tenant, Reach::Organization);
    let resending = refusal_to_give(&standing.roles, one.role, reach);
    let withdrawing = standing.refusal(Permission::ManageMembers, reach);
    let dialog = format!("withdraw-{}", one.id);
    let state = match one.status {
        InvitationStatus::Pending => view! { <Status tone=Tone::Info>"Waits, ends " <When at=one.expires_at/></Status> }.into_any(),
        InvitationStatus::Expired => view! { <Status tone=Tone::Neutral>"Ended " <When at=one.expires_at/></Status> }.into_any(),
        _ => view! { <Status tone=Tone::Warn>"Void: whoever invited may give this role no more"</Status> }.into_any(),
    };
    let resend = match resending {
        None => view! { <ResendButton tenant=tenant.clone() invitation=one.id.to_string() email=one.email.clone()/> }.into_any(),
        because => view! { <Button size=Size::Small variant=Variant::Ghost disabled_because=because>"New link"</Button> }.into_any(),
    };
    let may = withdrawing.is_none();
    let (email, role, by, at) = (one.email.clone(), one.role, one.invited_by_name, one.created_at);
    let consequence = format!("The link that {email} has stops working at once.");
    let values = vec![("tenant", tenant), ("invitation", one.id.to_string())];
    view! {
        <Row>
            <Cell label="E-mail"><span class="person">{email}</span></Cell>
            <Cell label="Role"><Badge>{role.as_str()}</Badge></Cell>
            <Cell label="Where">{place}</Cell>
            <Cell label="State">{state}</Cell>
            <Cell label="Invited by">
                <span class="two-lines">
                    <span>{by}</span>
                    <span class="two-lines__second"><When at=at quiet=true/></span>
                </span>
            </Cell>
            <RowActions>
                {resend}
                <Button size=Size::Small variant=Variant::Ghost opens=dialog.clone() disabled_because=withdrawing>"Withdraw"</Button>
                {may.then(|| view! {
                    <DangerDialog
                        id=dialog
                        action={ServerAction::<RevokeInvitation>::new()}
                        title="Withdraw invitation"
                        consequence
                        verb="Withdraw invitation"
                        values
                        mild=true
                        done="Invitation withdrawn"
                    />
                })}
            </RowActions>
        </Row>
    }
}

/// Makes a new link; the old one stops working.
#[component]
fn ResendButton(tenant: String, invitation: String, email: String) -> impl IntoView {
    view! {
        <ServerForm action={ServerAction::<ResendInvitation>::new()} scope=format!("resend-{invitation}") answers=RESENT>
            <Hidden name="tenant" value=tenant/>
            <Hidden name="invitation" value=invitation/>
            <Button submit=true size=Size::Small variant=Variant::Ghost>"New link" <span class="visually-hidden">{format!(" for {email}")}</span></Button>
        </ServerForm>
    }
}
