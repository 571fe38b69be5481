//! Members on a real database of each engine.

use super::{Removal, RoleChange};
use crate::{
    Code, Core, KeySource, Limit, Op, OrganizationId, Permission, Role, on_each_engine,
    testing::{Fixture, Person, settings},
};

fn to(role: Role) -> RoleChange {
    RoleChange { role, organization_id: None, revoke_minted: true }
}

fn there(role: Role, organization: &OrganizationId) -> RoleChange {
    RoleChange { organization_id: Some(organization.clone()), ..to(role) }
}

fn from(organization: &OrganizationId) -> Removal {
    Removal { organization_id: Some(organization.clone()), ..Removal::default() }
}

/// How a change of role is answered: none when it is done.
async fn change(op: &Op, person: &Person, change: RoleChange) -> Option<Code> {
    op.change_role(&person.id, change).await.err().map(|error| error.code())
}

async fn remove(op: &Op, person: &Person, removal: Removal) -> Option<Code> {
    op.remove_member(&person.id, removal).await.err().map(|error| error.code())
}

async fn owners(core: &Core) -> i64 {
    let (count,): (i64,) = core.db().one("select count(*) from membership where role = 'owner'", vec![]).await.expect("counted");
    count
}

async fn is_in(acme: &Fixture, person: &Person) -> bool {
    acme.core.session(person.cookie.reveal()).await.expect("read").is_some()
}

#[test]
fn whoever_says_nothing_of_the_minted_tokens_ends_them() {
    let change: RoleChange = serde_json::from_str(r#"{"role":"viewer"}"#).expect("a change");
    let removal: Removal = serde_json::from_str("{}").expect("a removal");
    assert!(change.revoke_minted && removal.revoke_minted && Removal::default().revoke_minted);
}

on_each_engine! {
    async fn everybody_of_a_fixture_holds_the_role_they_were_given(fresh) {
        let acme = fresh.tenant("acme").await;
        let clinic = acme.organization("clinic").await;
        assert_eq!(acme.owner().await.actor().roles.tenant, Some(Role::Owner));
        for role in [Role::Viewer, Role::Member, Role::Admin, Role::Owner] {
            let person = acme.member(role).await;
            assert_eq!(acme.op(&person).await.actor().roles.tenant, Some(role));
            let person = acme.organization_member(&clinic, role).await;
            let op = acme.op(&person).await;
            assert_eq!((op.actor().roles.tenant, op.actor().roles.organizations.get(&clinic)), (None, Some(&role)));
        }
        let key = acme.api_key(Role::Admin, None).await;
        assert_eq!(acme.key_op(&key).await.actor().roles.tenant, Some(Role::Admin));
        let key = acme.api_key(Role::Member, Some(&clinic)).await;
        assert_eq!(acme.key_op(&key).await.actor().roles.organizations.get(&clinic), Some(&Role::Member));
    }

    /// AZ4: a demotion holds at the next request of a session that goes on.
    async fn a_demotion_holds_at_the_next_request(fresh) {
        let acme = fresh.tenant("acme").await;
        let (admin, member) = (acme.member(Role::Admin).await, acme.member(Role::Member).await);
        assert_eq!(change(&acme.op(&member).await, &admin, to(Role::Viewer)).await, Some(Code::InsufficientRole));
        assert!(acme.op(&admin).await.begin(Permission::MintTokens, crate::Reach::Tenant).is_ok());
        assert_eq!(change(&acme.owner().await, &admin, to(Role::Viewer)).await, None);
        assert!(is_in(&acme, &admin).await);
        let refused = acme.op(&admin).await.begin(Permission::MintTokens, crate::Reach::Tenant).err().map(|error| error.code());
        assert_eq!(refused, Some(Code::InsufficientRole));
    }

    /// AZ5
    async fn an_admin_neither_makes_nor_touches_owners(fresh) {
        let acme = fresh.tenant("acme").await;
        let (admin, other, member) = (acme.member(Role::Admin).await, acme.member(Role::Owner).await, acme.member(Role::Member).await);
        let op = acme.op(&admin).await;
        for refused in [
            change(&op, &member, to(Role::Owner)).await,
            change(&op, &admin, to(Role::Owner)).await,
            change(&op, &other, to(Role::Viewer)).await,
            remove(&op, &other, Removal::default()).await,
        ] {
            assert_eq!(refused, Some(Code::InsufficientRole));
        }
        assert_eq!(change(&op, &member, to(Role::Admin)).await, None);
        assert_eq!(remove(&op, &member, Removal::default()).await, None);
        let key = acme.key_op(&acme.api_key(Role::Admin, None).await).await;
        assert_eq!(change(&key, &other, to(Role::Viewer)).await, Some(Code::InsufficientRole));
        assert_eq!(change(&acme.owner().await, &other, to(Role::Admin)).await, None);
        fresh.clock.advance(6 * crate::time::MINUTE);
        let stale = acme.owner().await;
        assert_eq!(change(&stale, &other, to(Role::Owner)).await, Some(Code::StepUpRequired), "SE10");
    }

    async fn whoever_leaves_needs_no_permission_and_whoever_stays_is_removed_by_who_has_it(fresh) {
        let acme = fresh.tenant("acme").await;
        let clinic = acme.organization("clinic").await;
        let (viewer, other, there_only) = (acme.member(Role::Viewer).await, acme.member(Role::Viewer).await, acme.organization_member(&clinic, Role::Viewer).await);
        let op = acme.op(&viewer).await;
        assert_eq!(remove(&op, &other, Removal::default()).await, Some(Code::InsufficientRole));
        let elsewhere = acme.organization("elsewhere").await;
        let narrow = acme.op(&there_only).await;
        assert_eq!(remove(&narrow, &there_only, from(&elsewhere)).await, Some(Code::NotFound), "which they know nothing of");
        assert_eq!(remove(&narrow, &there_only, from(&clinic)).await, None);
        assert_eq!(remove(&op, &viewer, Removal::default()).await, None);
        assert_eq!((is_in(&acme, &viewer).await, is_in(&acme, &there_only).await, is_in(&acme, &other).await), (false, false, true));
        assert_eq!(remove(&acme.owner().await, &other, Removal::default()).await, None);
        assert!(!is_in(&acme, &other).await);
    }

    /// AZ5
    async fn the_last_owner_can_neither_be_demoted_nor_removed_nor_leave(fresh) {
        let acme = fresh.tenant("acme").await;
        let owner = acme.owner().await;
        assert_eq!(change(&owner, &acme.owner, to(Role::Admin)).await, Some(Code::LastOwner));
        assert_eq!(remove(&owner, &acme.owner, Removal::default()).await, Some(Code::LastOwner));
        let second = acme.member(Role::Owner).await;
        fresh.sql(format!("update dashboard_user set disabled_at = 1 where id = '{}'", second.id)).await.expect("disabled");
        assert_eq!(remove(&owner, &acme.owner, Removal::default()).await, Some(Code::LastOwner), "a disabled owner is none");
        fresh.sql(format!("update dashboard_user set disabled_at = null where id = '{}'", second.id)).await.expect("enabled");
        assert_eq!(remove(&owner, &acme.owner, Removal::default()).await, None);
        assert!(!is_in(&acme, &acme.owner).await);
    }

    /// AZ5: two owners who demote each other at once, in one process or in two, leave one.
    async fn parallel_demotions_leave_an_owner(fresh) {
        let acme = fresh.tenant("acme").await;
        let second = acme.member(Role::Owner).await;
        let elsewhere = Core::open(fresh.location.clone(), KeySource::Given(fresh.master_key()), fresh.clock.clone(), settings());
        let elsewhere = elsewhere.await.expect("a second process");
        for round in 0..6 {
            let (first_op, second_op) = (acme.op(&acme.owner).await, elsewhere.act_as(acme.actor(&second).await.expect("a member")));
            let (first_id, second_id) = (acme.owner.id.clone(), second.id.clone());
            let one = tokio::spawn(async move { first_op.change_role(&second_id, to(Role::Admin)).await.map_err(|error| error.code()) });
            let two = tokio::spawn(async move { second_op.change_role(&first_id, to(Role::Admin)).await.map_err(|error| error.code()) });
            let done = [one.await.expect("ran"), two.await.expect("ran")];
            assert_eq!(owners(&fresh.core).await, 1, "{round}: {done:?}");
            fresh.sql(format!("update membership set role = 'owner' where user_id in ('{}', '{}')", acme.owner.id, second.id)).await.expect("again");
        }
        elsewhere.close().await;
    }

    /// RV5: removal ends sessions and, unless declined, the live tokens that they minted.
    async fn a_removal_ends_sessions_and_minted_tokens(fresh) {
        let acme = fresh.tenant("acme").await;
        let clinic = acme.organization("clinic").await;
        let owner = acme.owner().await;
        let kept = acme.token(&owner, &clinic).await;
        for (revoke_minted, dies) in [(true, true), (false, false)] {
            let admin = acme.member(Role::Admin).await;
            let token = acme.token(&acme.op(&admin).await, &clinic).await;
            assert_eq!(owner.preview_removal(&admin.id, None).await.expect("counted").live_tokens, 1);
            let outlook = owner.member_outlook(&admin.id).await.expect("read");
            assert_eq!((outlook.last_owner, outlook.by_removal, outlook.by_demotion), (false, 1, 1));
            let seen = acme.op(&admin).await.member_outlook(&acme.owner.id).await.expect("read");
            assert!(seen.last_owner, "nobody else could come in");
            let removed = owner.remove_member(&admin.id, Removal { organization_id: None, revoke_minted }).await.expect("removed");
            assert_eq!(removed.revoked_tokens, u64::from(dies));
            assert_eq!(acme.lives(&token).await, !dies);
            assert!(!is_in(&acme, &admin).await);
            assert_eq!(owner.member(&admin.id).await.err().map(|error| error.code()), Some(Code::NotFound));
            assert_eq!(remove(&owner, &admin, Removal::default()).await, Some(Code::NotFound));
        }
        assert!(acme.lives(&kept).await);
    }

    /// RV5: what was under way when the right was lost comes too late.
    async fn a_mint_under_way_does_not_outlive_the_right(fresh) {
        let acme = fresh.tenant("acme").await;
        let clinic = acme.organization("clinic").await;
        let (owner, removed, demoted) = (acme.owner().await, acme.member(Role::Admin).await, acme.member(Role::Admin).await);
        let under_way = [acme.op(&removed).await, acme.op(&demoted).await];
        assert_eq!(remove(&owner, &removed, Removal::default()).await, None);
        assert_eq!(change(&owner, &demoted, to(Role::Member)).await, None);
        for op in under_way {
            assert_eq!(acme.try_token(&op, &clinic).await.err().map(|error| error.code()), Some(Code::Conflict));
        }
    }

    /// RV5: below admin, what they minted dies where they could mint it no more, and only there.
    async fn a_demotion_ends_the_tokens_that_could_not_be_minted_any_more(fresh) {
        let acme = fresh.tenant("acme").await;
        let (clinic, school) = (acme.organization("clinic").await, acme.organization("school").await);
        let owner = acme.owner().await;
        let admin = acme.member(Role::Admin).await;
        let op = acme.op(&admin).await;
        let (there_still, gone) = (acme.token(&op, &clinic).await, acme.token(&op, &school).await);
        fresh.sql(format!(
            "insert into membership (user_id, tenant_id, organization_id, role, created_at) values ('{}', '{}', '{clinic}', 'admin', 1)",
            admin.id, acme.tenant
        )).await.expect("a second role");
        assert_eq!(owner.minted_by_member_alive(&admin.id, None).await.expect("counted").live_tokens, 1);
        assert_eq!(change(&owner, &admin, to(Role::Member)).await, None);
        assert!(acme.lives(&there_still).await && !acme.lives(&gone).await);
        assert_eq!(owner.minted_by_member_alive(&admin.id, Some(&clinic)).await.expect("counted").live_tokens, 1);
        assert_eq!(change(&owner, &admin, RoleChange { revoke_minted: false, ..there(Role::Viewer, &clinic) }).await, None);
        assert!(acme.lives(&there_still).await, "declined");
    }

    /// AZ5: an organization's admin manages that organization's members, up to its own role, and sees no others.
    async fn an_organization_admin_stays_in_its_organization(fresh) {
        let acme = fresh.tenant("acme").await;
        let (clinic, school) = (acme.organization("clinic").await, acme.organization("school").await);
        let chief = acme.organization_member(&clinic, Role::Admin).await;
        let nurse = acme.organization_member(&clinic, Role::Viewer).await;
        let teacher = acme.organization_member(&school, Role::Viewer).await;
        let op = acme.op(&chief).await;
        let seen = op.members(None, Limit::default(), None).await.expect("a list").data;
        assert_eq!(seen.len(), 2);
        assert!(seen.iter().all(|member| member.role.is_none() && member.organizations.iter().all(|role| role.organization_id == clinic)));
        assert_eq!(op.members(Some(&school), Limit::default(), None).await.err().map(|error| error.code()), Some(Code::NotFound));
        assert_eq!(op.member(&teacher.id).await.err().map(|error| error.code()), Some(Code::NotFound));
        assert_eq!(change(&op, &nurse, there(Role::Admin, &clinic)).await, None);
        assert_eq!(change(&op, &nurse, there(Role::Owner, &clinic)).await, Some(Code::InsufficientRole));
        assert_eq!(change(&op, &nurse, to(Role::Member)).await, Some(Code::InsufficientRole));
        assert_eq!(change(&op, &teacher, there(Role::Admin, &school)).await, Some(Code::NotFound));
        assert_eq!(remove(&op, &teacher, Removal::default()).await, Some(Code::InsufficientRole));
        assert_eq!(remove(&op, &nurse, from(&clinic)).await, None);
        assert!(!is_in(&acme, &nurse).await, "nothing is left for them in the tenant");
        let everybody = acme.owner().await.members(None, Limit::default(), None).await.expect("a list").data;
        assert_eq!(everybody.len(), 3);
        assert_eq!(everybody.iter().find(|member| member.user.id == teacher.id).map(|member| member.organizations[0].name.as_str()), Some("school"));
    }

    /// AZ2: what else a member of the organization holds is nobody's business there.
    async fn an_organization_admin_sees_no_role_that_its_members_hold_elsewhere(fresh) {
        let acme = fresh.tenant("acme").await;
        let (clinic, school) = (acme.organization("clinic").await, acme.organization("school").await);
        let chief = acme.organization_member(&clinic, Role::Admin).await;
        for place in [format!("'{school}'"), "null".to_owned()] {
            let role = format!("values ('{}', '{}', {place}, 'viewer', 1)", chief.id, acme.tenant);
            let narrow = acme.op(&chief).await;
            fresh.sql(format!("insert into membership (user_id, tenant_id, organization_id, role, created_at) {role}")).await.expect("a further role");
            let seen = narrow.members(Some(&clinic), Limit::default(), None).await.expect("a list").data;
            let [one] = &seen[..] else { panic!("one: {seen:?}") };
            let held: Vec<_> = one.organizations.iter().map(|held| (&held.organization_id, held.role)).collect();
            assert_eq!((one.role, held), (None, vec![(&clinic, Role::Admin)]));
            fresh.sql("delete from membership where created_at = 1").await.expect("taken back");
        }
    }

    async fn members_are_listed_in_pages_and_not_across_tenants(fresh) {
        let (acme, other) = (fresh.tenant("acme").await, fresh.tenant("other").await);
        for _ in 0..4 {
            fresh.clock.advance(1);
            acme.member(Role::Member).await;
        }
        let (owner, limit) = (acme.owner().await, Limit::parse(Some(2)).expect("a limit"));
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let page = owner.members(None, limit, cursor.as_deref()).await.expect("a page");
            seen.extend(page.data.into_iter().map(|member| member.joined_at));
            cursor = page.next_cursor;
            if cursor.is_none() { break }
        }
        assert_eq!(seen.len(), 5);
        assert!(seen.is_sorted_by(|a, b| a >= b));
        let strangers = other.owner().await;
        assert_eq!(change(&strangers, &acme.owner, to(Role::Viewer)).await, Some(Code::NotFound));
        assert_eq!(remove(&strangers, &acme.owner, Removal::default()).await, Some(Code::NotFound));
    }

    async fn your_permissions_say_where_each_is_held(fresh) {
        let acme = fresh.tenant("acme").await;
        let clinic = acme.organization("clinic").await;
        let chief = acme.organization_member(&clinic, Role::Admin).await;
        let standing = acme.op(&chief).await.permissions().await.expect("read");
        assert_eq!((standing.role, standing.organizations[0].name.as_str(), standing.permissions.len()), (None, "clinic", Permission::ALL.len()));
        let held = |wanted: Permission| standing.permissions.iter().find(|held| held.permission == wanted).expect("every one");
        let mint = held(Permission::MintTokens);
        assert!(!mint.everywhere && mint.organizations == [clinic.clone()]);
        let keys = held(Permission::ManageSigningKeys);
        assert!(!keys.everywhere && keys.organizations.is_empty() && keys.needs_step_up);
    }
}
