//! One member: their roles, their account, and how they leave.

use super::{account::Account, roles::RoleTable};
use crate::{
    Answer, access,
    api::members::{ReleaseMember, RemoveMember, member_sessions, show_member},
    pages::{address, held::Held, restricted::loaded_or_ask},
    standing::{Standing, standing},
    ui::{Badge, Button, Card, Checkbox, Crumb, DangerDialog, Hidden, PageHeader, Variant, live_count},
};
use leptos::prelude::*;
use mintmark::{Permission, Reach, Role, member::MemberOutlook, session::SessionSummary};

/// `/t/:tenant/members/:member`
#[component]
pub fn MemberPage() -> impl IntoView {
    let standing = standing();
    let manages = standing.roles.hold(Permission::ManageMembers, Reach::Tenant);
    loaded_or_ask("Member", standing.slug(), load(standing.slug(), address("member"), manages), move |(outlook, sessions)| {
        let member = outlook.member.clone();
        let me = member.user.id == standing.user.id;
        let list = standing.path("members");
        view! {
            <PageHeader
                title=member.user.name.clone()
                description=member.user.email.clone()
                crumbs=vec![Crumb::new("Members", list)]
                beside=move || me.then(|| view! { <Badge>"You"</Badge> })
            />
            {member.held_at.map(|at| {
                let values = vec![("tenant", standing.slug()), ("member", member.user.id.to_string())];
                view! {
                    <Held
                        what="This member"
                        look="See that the person still belongs here with these roles; the password is as old as the backup, and a reset link makes a new one."
                        at
                        standing=standing.clone()
                        action={ServerAction::<ReleaseMember>::new()}
                        values
                    />
                }
            })}
            <RoleTable outlook=outlook.clone() standing=standing.clone()/>
            <Account member=member sessions standing=standing.clone()/>
            <Leaving outlook standing me/>
        }
    })
}

/// Sessions are read only where the actor may end them.
async fn load(tenant: String, member: String, manages: bool) -> Answer<(MemberOutlook, Option<Vec<SessionSummary>>)> {
    let outlook = show_member(tenant.clone(), member.clone()).await?;
    let sessions = if manages { Some(member_sessions(tenant, member).await?) } else { None };
    Ok((outlook, sessions))
}

/// Why a member's role at one level may be neither changed nor taken, if so.
pub(super) fn untouchable(standing: &Standing, outlook: &MemberOutlook, role: Role, reach: Reach<'_>) -> Option<String> {
    let short = access::refusal_to_give(&standing.roles, role, reach);
    let last = (reach == Reach::Tenant && outlook.last_owner)
        .then(|| "A tenant keeps at least one owner. Make somebody else an owner first.".to_owned());
    short.or(last)
}

/// The box that declines the end of what they minted; hidden and ticked where nothing would end.
#[component]
pub(super) fn RevokeMinted(count: i64, #[prop(default = "")] hint: &'static str) -> impl IntoView {
    let tokens = if count == 1 { "token" } else { "tokens" };
    if count == 0 {
        return view! { <Hidden name="revoke_minted" value="true"/> }.into_any();
    }
    let hint = if hint.is_empty() { "Unticked, they go on working until they expire." } else { hint };
    view! { <Checkbox name="revoke_minted" label=format!("Revoke the {} live {tokens} that they minted", live_count(count)) hint checked=true/> }
        .into_any()
}

#[component]
fn Leaving(outlook: MemberOutlook, standing: Standing, me: bool) -> impl IntoView {
    let highest = outlook.member.role.unwrap_or(Role::Viewer);
    let refused = if me {
        outlook.last_owner.then(|| "A tenant keeps at least one owner. Make somebody else an owner first.".to_owned())
    } else {
        untouchable(&standing, &outlook, highest, Reach::Tenant)
    };
    let may = refused.is_none();
    let name = outlook.member.user.name.clone();
    let tenant_name = standing.tenant.name.clone();
    let (verb, about, consequence) = if me {
        (
            "Leave tenant",
            "Your roles here and in its organizations end at once.".to_owned(),
            format!("You lose every role in {tenant_name} and its organizations. Only somebody else can invite you back."),
        )
    } else {
        (
            "Remove member",
            "Their roles here and in the tenant's organizations end, and their next call is signed out.".to_owned(),
            format!("{name} loses every role in {tenant_name} and its organizations, and is signed out at the next call."),
        )
    };
    let then = if me { "/".to_owned() } else { standing.path("members") };
    let values = vec![("tenant", standing.slug()), ("member", outlook.member.user.id.to_string())];
    view! {
        <Card title=verb description=about>
            <Button variant=Variant::Danger opens="remove-member" disabled_because=refused>{verb}</Button>
        </Card>
        {may.then(|| view! {
            <DangerDialog
                id="remove-member"
                action={ServerAction::<RemoveMember>::new()}
                title=verb
                consequence
                verb
                values
                phrase=outlook.member.user.email.clone()
                then
                done=if me { "You have left" } else { "Member removed" }
            >
                <RevokeMinted count=outlook.by_removal/>
            </DangerDialog>
        })}
    }
}
