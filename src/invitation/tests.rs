//! Invitations on a real database of each engine.

use super::{Acceptance, CreatedInvitation, InvitationStatus, LASTS, NewInvitation};
use crate::{
    Code, Core, Limit, Op, OrganizationId, Role,
    member::Removal,
    on_each_engine,
    secret::Secret,
    testing::{Fixture, PASSWORD, Person, token_of},
    user::Visitor,
};

fn to(email: &str, role: Role, organization: Option<&OrganizationId>) -> NewInvitation {
    NewInvitation { email: email.to_owned(), role, organization_id: organization.cloned() }
}

async fn invite(op: &Op, asked: NewInvitation) -> Result<CreatedInvitation, Code> {
    op.create_invitation(asked).await.map_err(|error| error.code())
}

fn answer(invitation: &CreatedInvitation, password: Option<&str>) -> Acceptance {
    let password = password.map(|text| Secret::new(text.to_owned()));
    Acceptance { token: token_of(invitation), name: Some("New Comer".into()), password, code: None }
}

/// How an acceptance by somebody new is answered: none when they are in.
async fn accept(core: &Core, invitation: &CreatedInvitation) -> Option<Code> {
    core.accept_invitation(&answer(invitation, Some(PASSWORD)), None, &Visitor::default()).await.err().map(|error| error.code())
}

/// The same by somebody's session.
async fn accept_as(acme: &Fixture, person: &Person, invitation: &CreatedInvitation, password: Option<&str>) -> Option<Code> {
    let session = acme.core.session(person.cookie.reveal()).await.expect("read").expect("alive");
    let done = acme.core.accept_invitation(&answer(invitation, password), Some(&session), &Visitor::default()).await;
    done.err().map(|error| error.code())
}

on_each_engine! {
    /// AZ8: one use, of many at once.
    async fn an_invitation_makes_exactly_one_member(fresh) {
        let acme = fresh.tenant("acme").await;
        let invitation = invite(&acme.owner().await, to(" New@Acme.example ", Role::Member, None)).await.expect("invited");
        let view = fresh.core.invitation(token_of(&invitation).reveal()).await.expect("waits");
        assert_eq!((view.email.as_str(), view.tenant_name.as_str(), view.role, view.account_exists), ("new@acme.example", "acme", Role::Member, false));
        let attempts: Vec<_> = (0..5)
            .map(|_| {
                let (core, asked) = (fresh.core.clone(), answer(&invitation, Some(PASSWORD)));
                tokio::spawn(async move { core.accept_invitation(&asked, None, &Visitor::default()).await.is_ok() })
            })
            .collect();
        let mut came = 0;
        for attempt in attempts {
            came += usize::from(attempt.await.expect("ran"));
        }
        assert_eq!(came, 1);
        assert_eq!(accept(&fresh.core, &invitation).await, Some(Code::LinkConsumed));
        assert_eq!(acme.owner().await.members(None, Limit::default(), None).await.expect("a list").data.len(), 2);
    }

    /// AZ8: it expires, is withdrawn, is replaced; the secret is stored hashed.
    async fn a_late_withdrawn_or_replaced_invitation_is_refused(fresh) {
        let acme = fresh.tenant("acme").await;
        let owner = acme.owner().await;
        let first = invite(&owner, to("a@acme.example", Role::Viewer, None)).await.expect("invited");
        let second = invite(&owner, to("a@acme.example", Role::Member, None)).await.expect("invited anew");
        assert_eq!(accept(&fresh.core, &first).await, Some(Code::LinkExpired));
        let third = owner.resend_invitation(&second.invitation.id).await.expect("resent");
        assert_eq!(accept(&fresh.core, &second).await, Some(Code::NotFound), "its link was replaced");
        let rows: Vec<(String,)> = fresh.core.db().all("select token_hash from invitation", vec![]).await.expect("read");
        assert!(rows.iter().all(|(hash,)| !hash.contains(token_of(&third).reveal())));
        assert_eq!(owner.revoke_invitation(&third.invitation.id).await.expect("withdrawn").status, InvitationStatus::Revoked);
        assert_eq!(accept(&fresh.core, &third).await, Some(Code::LinkExpired));
        assert_eq!(owner.revoke_invitation(&third.invitation.id).await.expect("again").status, InvitationStatus::Revoked);
        let late = invite(&owner, to("b@acme.example", Role::Viewer, None)).await.expect("invited");
        fresh.clock.advance(LASTS);
        assert_eq!(accept(&fresh.core, &late).await, Some(Code::LinkExpired));
        assert_eq!(accept(&fresh.core, &CreatedInvitation { url: Secret::new("?token=invite_x".into()), ..late }).await, Some(Code::NotFound));
    }

    /// AZ8: nobody gives more than they have.
    async fn an_inviter_gives_at_most_its_own_role(fresh) {
        let acme = fresh.tenant("acme").await;
        let (clinic, school) = (acme.organization("clinic").await, acme.organization("school").await);
        let admin = acme.op(&acme.member(Role::Admin).await).await;
        assert_eq!(invite(&admin, to("x@acme.example", Role::Owner, None)).await.err(), Some(Code::InsufficientRole));
        assert!(invite(&admin, to("x@acme.example", Role::Admin, None)).await.is_ok());
        let chief = acme.op(&acme.organization_member(&clinic, Role::Admin).await).await;
        assert!(invite(&chief, to("y@acme.example", Role::Admin, Some(&clinic))).await.is_ok());
        assert_eq!(invite(&chief, to("y@acme.example", Role::Owner, Some(&clinic))).await.err(), Some(Code::InsufficientRole));
        assert_eq!(invite(&chief, to("y@acme.example", Role::Viewer, Some(&school))).await.err(), Some(Code::NotFound));
        assert_eq!(invite(&chief, to("y@acme.example", Role::Viewer, None)).await.err(), Some(Code::InsufficientRole));
        let member = acme.op(&acme.member(Role::Member).await).await;
        assert_eq!(invite(&member, to("z@acme.example", Role::Viewer, None)).await.err(), Some(Code::InsufficientRole));
        let seen = chief.invitations(true, Limit::default(), None).await.expect("a list").data;
        assert!(!seen.is_empty() && seen.iter().all(|invitation| invitation.organization_id.as_ref() == Some(&clinic)));
        let tenants = acme.owner().await.invitations(false, Limit::default(), None).await.expect("a list").data;
        let of_tenant = tenants.iter().find(|invitation| invitation.organization_id.is_none()).expect("one of the tenant");
        assert_eq!(chief.revoke_invitation(&of_tenant.id).await.err().map(|error| error.code()), Some(Code::NotFound));
    }

    async fn an_organization_admin_withdraws_what_leads_there_and_the_list_holds_what_waits(fresh) {
        let acme = fresh.tenant("acme").await;
        let clinic = acme.organization("clinic").await;
        let chief = acme.op(&acme.organization_member(&clinic, Role::Admin).await).await;
        let invitation = invite(&chief, to("x@acme.example", Role::Viewer, Some(&clinic))).await.expect("invited").invitation;
        assert_eq!(chief.invitation(&invitation.id).await.expect("read").status, InvitationStatus::Pending);
        let listed = async |all| {
            let data = chief.invitations(all, Limit::default(), None).await.expect("a list").data;
            data.iter().any(|listed| listed.id == invitation.id)
        };
        assert!(listed(false).await);
        assert_eq!(chief.revoke_invitation(&invitation.id).await.expect("withdrawn").status, InvitationStatus::Revoked);
        assert_eq!((listed(false).await, listed(true).await), (false, true));
    }

    /// AZ8: void once the inviter may not give this role any more, or the organization is gone.
    async fn an_invitation_is_void_when_the_inviter_lost_the_right(fresh) {
        let acme = fresh.tenant("acme").await;
        let clinic = acme.organization("clinic").await;
        let owner = acme.owner().await;
        let admin = acme.member(Role::Admin).await;
        let key = acme.api_key(Role::Admin, None).await;
        let by_admin = invite(&acme.op(&admin).await, to("a@acme.example", Role::Viewer, None)).await.expect("invited");
        let by_key = invite(&acme.key_op(&key).await, to("b@acme.example", Role::Viewer, None)).await.expect("invited");
        let gone = invite(&owner, to("c@acme.example", Role::Viewer, Some(&clinic))).await.expect("invited");
        owner.remove_member(&admin.id, Removal::default()).await.expect("removed");
        owner.revoke_api_key(&key.api_key.id, None).await.expect("revoked");
        let listed = owner.invitation(&by_admin.invitation.id).await.expect("listed");
        assert_eq!(listed.status, InvitationStatus::Void);
        owner.delete_organization(&clinic).await.expect("deleted");
        for void in [&by_admin, &by_key, &gone] {
            assert_eq!(accept(&fresh.core, void).await, Some(Code::LinkExpired));
        }
        assert!(owner.resend_invitation(&by_admin.invitation.id).await.is_ok(), "an owner stands in for the admin");
    }

    /// AZ8: bound to the address; a known person is signed in as that address or proves it.
    async fn a_known_person_accepts_as_themselves(fresh) {
        let (acme, other) = (fresh.tenant("acme").await, fresh.tenant("other").await);
        let owner = acme.owner().await;
        let invitation = invite(&owner, to(&other.owner.email, Role::Admin, None)).await.expect("invited");
        assert!(fresh.core.invitation(token_of(&invitation).reveal()).await.expect("waits").account_exists);
        let thief = other.member(Role::Member).await;
        assert_eq!(accept_as(&acme, &thief, &invitation, None).await, Some(Code::MissingField), "another's session does not help");
        assert_eq!(accept_as(&acme, &thief, &invitation, Some("guessed it wrong")).await, Some(Code::InvalidCredentials));
        assert_eq!(accept_as(&acme, &other.owner, &invitation, None).await, None);
        assert_eq!(fresh.core.tenants_of(&other.owner.id).await.expect("tenants").len(), 2);
        assert_eq!(invite(&owner, to(&other.owner.email, Role::Viewer, None)).await.err(), Some(Code::AlreadyExists));
        let by_password = invite(&owner, to(&thief.email, Role::Viewer, None)).await.expect("invited");
        assert_eq!(accept(&fresh.core, &by_password).await, None);
    }

    async fn a_new_person_needs_a_name_and_a_good_password(fresh) {
        let acme = fresh.tenant("acme").await;
        let invitation = invite(&acme.owner().await, to("new@acme.example", Role::Viewer, None)).await.expect("invited");
        let code = async |asked: Acceptance| fresh.core.accept_invitation(&asked, None, &Visitor::default()).await.err().map(|error| error.code());
        assert_eq!(code(answer(&invitation, None)).await, Some(Code::MissingField));
        assert_eq!(code(answer(&invitation, Some("new@acme.example"))).await, Some(Code::WeakPassword));
        assert_eq!(code(Acceptance { name: None, ..answer(&invitation, Some(PASSWORD)) }).await, Some(Code::MissingField));
        assert_eq!(code(answer(&invitation, Some(PASSWORD))).await, None);
    }
}
