//! Inviting somebody. The link that comes back is shown once.

use crate::{
    access::role_choices,
    api::invitations::CreateInvitation,
    ui::{
        Actions, Button, Choice, Dialog, Hidden, NeedsScripts, Only, RadioGroup, Secrecy, SecretOnce, SelectField, ServerForm, TextField,
        Variant,
    },
};
use leptos::prelude::*;
use mintmark::{Permission, Reach, Role, Roles, organization::OrganizationSummary};

/// The id of the dialog.
pub(super) const ID: &str = "invite";

/// Where somebody can be invited to, and as what.
#[derive(Debug, Clone)]
pub struct Place {
    /// An organization's id; empty for the whole tenant.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// With reasons where the inviter may not give them there.
    pub roles: Vec<Choice>,
}

/// Where these roles may invite people.
pub fn places(roles: &Roles, organizations: &[OrganizationSummary]) -> Vec<Place> {
    let mut places = Vec::new();
    if roles.hold(Permission::ManageMembers, Reach::Tenant) {
        let roles = role_choices(roles, Reach::Tenant, Role::Owner);
        places.push(Place { id: String::new(), name: "The whole tenant".to_owned(), roles });
    }
    for one in organizations {
        let reach = Reach::Organization(&one.organization.id);
        if roles.hold(Permission::ManageMembers, reach) {
            let roles = role_choices(roles, reach, Role::Owner);
            places.push(Place { id: one.organization.id.to_string(), name: one.organization.name.clone(), roles });
        }
    }
    places
}

/// The dialog `invite`, opened by any button that says so.
#[component]
pub fn InviteDialog(tenant: String, places: Vec<Place>) -> impl IntoView {
    let choices: Vec<_> = places.iter().map(|place| Choice::new(place.id.clone(), place.name.clone())).collect();
    // Many places offer the same roles, so each offer stands in the page once.
    let mut offers: Vec<(Vec<Choice>, Vec<String>)> = Vec::new();
    for Place { id, roles, .. } in places {
        match offers.iter_mut().find(|(offered, _)| *offered == roles) {
            Some((_, ids)) => ids.push(id),
            None => offers.push((roles, vec![id])),
        }
    }
    let roles = offers.into_iter().enumerate().map(|(at, (roles, ids))| {
        // Of radio buttons of one name only one is chosen, so the others begin without; the choice goes along.
        let value = if at == 0 { Role::Member.as_str() } else { "" };
        view! {
            <Only named="organization" is=ids at_first=at == 0 scope=at.to_string()>
                <RadioGroup name="role" label="Role" choices=roles value/>
            </Only>
        }
    });
    let roles = roles.collect_view();
    view! {
        <Dialog id=ID title="Invite somebody" description="You get a link to send to them. It works once, for seven days, and only for this address.">
            <NeedsScripts>"The link is shown once, in this page and nowhere else. Allow scripts for this site, or invite through the API."</NeedsScripts>
            <ServerForm action={ServerAction::<CreateInvitation>::new()} scope=ID answers="invitation-link">
                <Hidden name="tenant" value=tenant/>
                <TextField name="email" label="E-mail" kind="email" inputmode="email" maxlength=254_u32 placeholder="ada@example.com" autofocus=true/>
                <SelectField name="organization" label="Where" choices/>
                {roles}
                <Actions>
                    <Button submit=true variant=Variant::Primary>"Create link"</Button>
                    <Button closes=ID>"Cancel"</Button>
                </Actions>
            </ServerForm>
        </Dialog>
        <SecretOnce id="invitation-link" title="Invitation created" what=Secrecy::Link warning="Send this link to them. It makes them a member as soon as they accept."/>
    }
}
