//! Roles on a real database of each engine: what they let be minted, and what their change kills (K2 to K5).

use super::*;
use crate::{
    Code, Core, Limit, Op, Role, Secret,
    audit::{Action, HistoryFilter},
    customer::{CustomerChange, NewCustomer},
    on_each_engine,
    organization::NewOrganization,
    testing::{Fixture, Fresh, PAGE},
    token::{IdempotencyKey, Mint, MintedToken, Presented, WidgetsToken},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// A tenant with a customer who has a role of these permissions in an organization.
struct Ground {
    acme: Fixture,
    owner: Op,
    organization: OrganizationId,
    customer: CustomerId,
    role: RoleId,
}

async fn ground(fresh: &Fresh, permissions: &[WidgetPermission]) -> Ground {
    let acme = fresh.tenant("acme").await;
    let (owner, organization) = (acme.owner().await, acme.organization("first").await);
    let asked = NewCustomerRole { name: "Support".to_owned(), permissions: permissions.to_vec() };
    let role = owner.create_role(asked).await.expect("a role").id;
    let asked = NewCustomer { external_id: Some("u".to_owned()), ..NewCustomer::default() };
    let customer = owner.create_customer(asked).await.expect("a customer").id;
    let ground = Ground { acme, owner, organization, customer, role };
    ground.assign().await;
    ground
}

impl Ground {
    async fn assign(&self) {
        let asked = RoleAssignment { role_id: self.role.clone() };
        self.owner.assign_role(&self.customer, &self.organization, &asked).await.expect("given");
    }

    async fn hold(&self, permissions: &[WidgetPermission]) {
        let change = CustomerRoleChange { permissions: Some(permissions.to_vec()), ..CustomerRoleChange::default() };
        self.owner.update_role(&self.role, change).await.expect("changed");
    }

    fn asking(&self, scope: &[&str]) -> Mint {
        Mint {
            organization_id: self.organization.to_string(),
            scope: scope.iter().map(|scope| (*scope).to_owned()).collect(),
            origins: vec![PAGE.to_owned()],
            user_id: Some(self.customer.to_string()),
            ..Mint::default()
        }
    }

    async fn mint(&self, scope: &[&str]) -> crate::Result<MintedToken> {
        self.owner.mint_token(self.asking(scope), None).await
    }

    /// What history says was refused of this customer, sorted, with how often.
    async fn told(&self) -> Vec<String> {
        self.acme.core.flush_refusals().await.expect("written");
        let filter = HistoryFilter { target_id: Some(self.customer.to_string()), ..HistoryFilter::default() };
        let events = self.owner.history(&filter, Limit::default(), None).await.expect("a page").data;
        let denied = events.iter().filter(|event| event.action == Action::RequestDenied);
        let mut told: Vec<_> =
            denied.map(|event| format!("{} {}", event.metadata["permission"].as_str().expect("what"), event.metadata["count"])).collect();
        told.sort();
        told
    }
}

async fn verdict(core: &Core, token: &MintedToken, origin: &str) -> Result<(), Code> {
    let call = Presented { bearer: Some(token.token.reveal()), origin: Some(origin), ..Presented::default() };
    core.guard(call).await.map(drop).map_err(|error| error.code())
}

fn claims(token: &Secret) -> Value {
    let part = token.reveal().split('.').nth(1).expect("claims");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

fn code<T>(result: crate::Result<T>) -> Option<Code> {
    result.err().map(|error| error.code())
}

const SSO: &[&str] = &["sso_connection"];

on_each_engine! {
    /// K3
    async fn a_tenant_starts_with_admin_who_holds_all(fresh) {
        let acme = fresh.tenant("acme").await;
        let roles = acme.owner().await.roles(Limit::default(), None).await.expect("a list").data;
        let [admin] = roles.as_slice() else { panic!("{roles:?}") };
        assert_eq!((admin.name.as_str(), admin.permissions.0.as_slice(), admin.holders), (ADMIN, WidgetPermission::ALL, 0));
    }

    /// K4
    async fn a_token_for_a_customer_is_exactly_what_was_asked_or_nothing(fresh) {
        let ground = ground(&fresh, &[WidgetPermission::Sso, WidgetPermission::Pipes]).await;
        let minted = ground.mint(SSO).await.expect("held");
        assert_eq!(claims(&minted.token)["widget_user_id"], json!(ground.customer));
        let row = ground.owner.token(&minted.id).await.expect("a row");
        assert_eq!(row.user_id.as_ref(), Some(&ground.customer));
        assert_eq!(verdict(&fresh.core, &minted, PAGE).await, Ok(()));
        let refused = ground.mint(&["sso_connection", "directory_sync"]).await.err().expect("refused");
        assert_eq!(refused.code(), Code::MissingPermission);
        assert!(refused.problem().message.contains("widgets:dsync:manage"), "{}", refused.problem().message);
        ground.owner.take_role(&ground.customer, &ground.organization).await.expect("taken");
        assert_eq!(code(ground.mint(SSO).await), Some(Code::MissingPermission));
        assert_eq!(ground.told().await, ["mint a token for a customer who lacks widgets:dsync:manage 1", "mint a token for a customer who lacks widgets:sso:manage 1"]);
        let nobody = Mint { user_id: Some("cus_000000000000000000000000".to_owned()), ..ground.asking(SSO) };
        assert_eq!(code(ground.owner.mint_token(nobody, None).await), Some(Code::InvalidField));
    }

    /// K5: nothing is remembered, in no process; the permission is judged before the page's origin.
    async fn what_a_role_loses_is_refused_at_the_next_call_in_every_process(fresh) {
        let ground = ground(&fresh, &[WidgetPermission::Sso]).await;
        let minted = ground.mint(SSO).await.expect("held");
        let free = ground.owner.mint_token(Mint { user_id: None, ..ground.asking(SSO) }, None).await.expect("minted");
        let other = fresh.another_process().await;
        let both = async || (verdict(&fresh.core, &minted, PAGE).await, verdict(&other, &minted, PAGE).await);
        let lost = (Err(Code::MissingPermission), Err(Code::MissingPermission));
        assert_eq!(both().await, (Ok(()), Ok(())));
        ground.hold(&[WidgetPermission::DirectorySync]).await;
        assert_eq!(both().await, lost);
        assert_eq!(verdict(&fresh.core, &minted, "https://evil.example").await, Err(Code::MissingPermission));
        ground.hold(&[WidgetPermission::Sso]).await;
        assert_eq!(both().await, (Ok(()), Ok(())));
        assert_eq!(verdict(&fresh.core, &minted, "https://evil.example").await, Err(Code::WidgetOriginMismatch));
        ground.owner.take_role(&ground.customer, &ground.organization).await.expect("taken");
        assert_eq!(both().await, lost);
        ground.assign().await;
        let change = CustomerChange { organization_ids: Some(Vec::new()), ..CustomerChange::default() };
        ground.owner.update_customer(&ground.customer, change).await.expect("left");
        assert_eq!(both().await, lost);
        ground.assign().await;
        assert_eq!(both().await, (Ok(()), Ok(())));
        ground.owner.delete_role(&ground.role).await.expect("deleted");
        assert_eq!(both().await, lost);
        assert_eq!(verdict(&other, &free, PAGE).await, Ok(()), "tokens for nobody in particular go on");
    }

    async fn a_customer_who_is_banned_or_erased_takes_their_tokens_along(fresh) {
        let ground = ground(&fresh, WidgetPermission::ALL).await;
        let minted = ground.mint(SSO).await.expect("held");
        let ban = |banned| CustomerChange { banned: Some(banned), ..CustomerChange::default() };
        ground.owner.update_customer(&ground.customer, ban(true)).await.expect("banned");
        assert_eq!(verdict(&fresh.core, &minted, PAGE).await, Err(Code::WidgetTokenRevoked));
        assert_eq!(code(ground.mint(SSO).await), Some(Code::CustomerBanned));
        ground.owner.update_customer(&ground.customer, ban(false)).await.expect("let in");
        ground.owner.delete_customer(&ground.customer, None).await.expect("erased");
        assert_eq!(verdict(&fresh.core, &minted, PAGE).await, Err(Code::WidgetTokenRevoked));
        assert_eq!(code(ground.mint(SSO).await), Some(Code::InvalidField));
    }

    async fn a_retry_gives_no_token_back_that_the_role_no_longer_allows(fresh) {
        let ground = ground(&fresh, &[WidgetPermission::Sso]).await;
        let key = || Some(IdempotencyKey::parse("k").expect("a key"));
        let first = ground.owner.mint_token(ground.asking(SSO), key()).await.expect("minted");
        let again = ground.owner.mint_token(ground.asking(SSO), key()).await.expect("the same");
        assert_eq!((first.id, claims(&first.token)), (again.id, claims(&again.token)));
        ground.hold(&[]).await;
        assert_eq!(code(ground.owner.mint_token(ground.asking(SSO), key()).await), Some(Code::MissingPermission));
    }

    /// K7
    async fn a_backend_gets_a_token_for_all_origins_of_the_only_organization(fresh) {
        let ground = ground(&fresh, &[WidgetPermission::Sso]).await;
        let asked = |user: bool, organization: Option<&OrganizationId>| WidgetsToken {
            organization_id: organization.map(ToString::to_string),
            user_id: user.then(|| ground.customer.to_string()),
            scopes: vec!["sso_connection".to_owned()],
            origins: None,
        };
        assert_eq!(code(ground.owner.mint_widgets_token(asked(true, None)).await), Some(Code::InsufficientRole), "a person");
        let backend = ground.acme.api_key(Role::Admin, None).await;
        let backend = ground.acme.key_op(&backend).await;
        let minted = backend.mint_widgets_token(asked(true, None)).await.expect("the customer's only one");
        let row = ground.owner.token(&minted.id).await.expect("a row");
        assert_eq!((row.organization_id, row.origins.len(), row.expires_at.since(row.created_at) > 59 * crate::time::MINUTE), (ground.organization.clone(), 1, true));
        let key = ground.acme.api_key(Role::Admin, Some(&ground.organization)).await;
        let key = ground.acme.key_op(&key).await;
        key.mint_widgets_token(asked(false, None)).await.expect("the key's own");
        assert_eq!(code(backend.mint_widgets_token(asked(false, None)).await), Some(Code::MissingField));
        let bare = ground.owner.create_organization(NewOrganization { name: "Bare".into(), ..Default::default() }).await.expect("made").id;
        let refused = backend.mint_widgets_token(asked(false, Some(&bare))).await.err().map(|error| error.problem().field);
        assert_eq!(refused, Some(Some("origins".to_owned())));
        for nobody in ["cus_000000000000000000000000", "nobody"] {
            let unknown = WidgetsToken { user_id: Some(nobody.to_owned()), ..asked(true, None) };
            let refused = backend.mint_widgets_token(unknown).await.err().expect("refused").problem();
            assert_eq!((refused.code, refused.field.as_deref()), (Code::InvalidField, Some("user_id")));
        }
        key.mint_widgets_token(asked(true, None)).await.expect("a customer who belongs there");
        let second = ground.acme.organization("afar").await;
        assert_eq!(code(backend.mint_widgets_token(asked(true, Some(&second))).await), Some(Code::MissingPermission), "known, and has no role there");
        // A key of one organization knows nobody who does not belong there.
        let other = ground.acme.api_key(Role::Admin, Some(&ground.acme.organization("second").await)).await;
        let other = ground.acme.key_op(&other).await;
        assert_eq!(code(other.mint_widgets_token(asked(true, None)).await), Some(Code::InvalidField));
    }

    /// AZ2
    async fn another_tenants_roles_and_customers_do_not_exist(fresh) {
        let ground = ground(&fresh, &[WidgetPermission::Sso]).await;
        let theirs = fresh.tenant("other").await;
        let them = theirs.owner().await;
        let foreign = them.create_role(NewCustomerRole { name: "Support".to_owned(), permissions: vec![] }).await.expect("a role").id;
        assert_eq!(code(ground.owner.role(&foreign).await), Some(Code::NotFound));
        assert_eq!(code(ground.owner.delete_role(&foreign).await), Some(Code::NotFound));
        let asked = RoleAssignment { role_id: foreign };
        assert_eq!(code(ground.owner.assign_role(&ground.customer, &ground.organization, &asked).await), Some(Code::InvalidField));
        let asked = RoleAssignment { role_id: ground.role.clone() };
        assert_eq!(code(them.assign_role(&ground.customer, &ground.organization, &asked).await), Some(Code::NotFound));
        let mine = RoleAssignment { role_id: ground.role.clone() };
        let afar = theirs.organization("afar").await;
        assert_eq!(code(ground.owner.assign_role(&ground.customer, &afar, &mine).await), Some(Code::NotFound));
        let asked = Mint { organization_id: afar.to_string(), ..ground.asking(SSO) };
        assert_eq!(code(them.mint_token(asked, None).await), Some(Code::InvalidField));
    }

    async fn names_are_unique_and_who_holds_what_is_told(fresh) {
        let ground = ground(&fresh, &[WidgetPermission::Sso, WidgetPermission::DirectorySync]).await;
        let taken = NewCustomerRole { name: "Support".to_owned(), permissions: vec![] };
        assert_eq!(code(ground.owner.create_role(taken.clone()).await), Some(Code::AlreadyExists));
        let rename = CustomerRoleChange { name: Some(ADMIN.to_owned()), ..CustomerRoleChange::default() };
        assert_eq!(code(ground.owner.update_role(&ground.role, rename).await), Some(Code::AlreadyExists));
        ground.mint(SSO).await.expect("minted");
        ground.mint(&["sso_connection", "directory_sync"]).await.expect("minted");
        let relied: Vec<_> = ground.owner.reliance(&ground.role).await.expect("counts").into_iter().map(|one| (one.permission, one.live_tokens)).collect();
        assert_eq!(relied, [(WidgetPermission::Sso, 2), (WidgetPermission::DirectorySync, 1)]);
        let holders = ground.owner.role_holders(&ground.role, Limit::default()).await.expect("a list");
        assert_eq!(holders.iter().map(|one| (&one.customer_id, one.role_name.as_deref())).collect::<Vec<_>>(), [(&ground.customer, Some("Support"))]);
        assert_eq!(ground.owner.role(&ground.role).await.expect("a role").holders, 1);
        ground.owner.delete_role(&ground.role).await.expect("deleted");
        assert_eq!(ground.owner.customer_places(&ground.customer).await.expect("a list")[0].role_id, None);
        ground.owner.create_role(taken).await.expect("the name is free again");
        let viewer = ground.acme.op(&ground.acme.member(Role::Viewer).await).await;
        assert_eq!(viewer.roles(Limit::default(), None).await.expect("a list").data.len(), 2);
        assert_eq!(code(viewer.delete_role(&ground.role).await), Some(Code::InsufficientRole));
    }
}
