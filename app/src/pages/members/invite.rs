//! Inviting somebody: an island, because the link that comes back is shown once.

use super::link::LinkOnce;
use crate::{
    access::role_choices,
    api::invitations::CreateInvitation,
    ui::{Actions, Button, Choice, Dialog, Hidden, IslandForm, Notice, RadioGroup, SelectField, TextField, Tone, Variant, browser},
};
use leptos::prelude::*;
use mintmark::{Permission, Reach, Role, Roles, organization::OrganizationSummary};
use serde::{Deserialize, Serialize};

/// The id of the dialog.
pub(super) const ID: &str = "invite";

/// Where somebody can be invited to, and as what.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
#[island]
pub fn InviteDialog(tenant: String, places: Vec<Place>) -> impl IntoView {
    let action = ServerAction::<CreateInvitation>::new();
    let link = RwSignal::new(None);
    let place = RwSignal::new(places.first().map(|place| place.id.clone()).unwrap_or_default());
    let role = RwSignal::new(Role::Member.as_str().to_owned());
    Effect::new(move |_| {
        // Taken out, so that the link lives in one place only, and only for as long as it is shown.
        if action.value().with(|answer| matches!(answer, Some(Ok(_))))
            && let Some(Some(Ok(made))) = action.value().try_update(Option::take)
        {
            browser::close_dialog(ID);
            link.set(Some(made));
        }
    });
    let choices: Vec<_> = places.iter().map(|place| Choice::new(place.id.clone(), place.name.clone())).collect();
    let roles = move || {
        let chosen = place.get();
        let roles = places.iter().find(|place| place.id == chosen).map(|place| place.roles.clone()).unwrap_or_default();
        view! { <RadioGroup name="role" label="Role" choices=roles value=role.get_untracked() bind=role/> }
    };
    view! {
        <Dialog id=ID title="Invite somebody" description="You get a link to send to them. It works once, for seven days, and only for this address.">
            <IslandForm action scope=ID>
                <noscript>
                    <Notice tone=Tone::Warn title="This needs scripts">
                        "The link is shown once, in this page and nowhere else. Allow scripts for this site, or invite through the API."
                    </Notice>
                </noscript>
                <Hidden name="tenant" value=tenant/>
                <TextField name="email" label="E-mail" kind="email" inputmode="email" maxlength=254_u32 placeholder="ada@example.com" autofocus=true/>
                <SelectField name="organization" label="Where" choices bind=place/>
                {roles}
                <Actions>
                    <Button submit=true variant=Variant::Primary>"Create link"</Button>
                    <Button closes=ID>"Cancel"</Button>
                </Actions>
            </IslandForm>
        </Dialog>
        <LinkOnce id="invitation-link" title="Invitation created" link about="Send this link to them. It makes them a member as soon as they accept."/>
    }
}
