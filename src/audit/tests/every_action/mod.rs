//! Every action of the enum is told by the verb that it belongs to: once, and nothing else beside it (AU1).

mod customers;
mod passwords;

use super::*;
use crate::{
    Code, Secret,
    api_key::ApiKeyRotation,
    audit::{ExportFormat, HistoryFilter},
    customer::NewCustomer,
    db::args,
    embed_key::{EmbedCall, EmbedKeyChange, EmbedKeyRotation},
    invitation::NewInvitation,
    key::{Algorithm, KeyRevocation, KeyState, MasterKey, NewSigningKey, Rotation},
    magic_link::NewMagicLink,
    mail::Setback,
    member::{Removal, RoleChange},
    offering::{Interval, NewOffering, OfferingChange, OfferingOrder, OfferingStatus, Price},
    on_each_engine,
    organization::{NewOrganization, OrganizationChange},
    origin::NewOrigin,
    product::{NewDomain, NewProduct, ProductChange},
    tenant::{RevokeEverything, SetUp, TenantChange},
    testing::{Fixture, Fresh, PAGE, PASSWORD, Person, totp},
    time::{DAY, MINUTE, SECOND},
    token::{BulkRevocation, MintedToken, Presented, Revocation, Scope},
    user::{AccountReset, Credentials, PasswordChange, Presence, SignIn, Visitor},
};
use std::collections::BTreeMap;

type Told = BTreeMap<String, i64>;

/// How often each action is in the history, over all chains.
async fn told(core: &Core) -> Told {
    core.flush_refusals().await.expect("written");
    let rows: Vec<(String, i64)> =
        core.db().all("select action, cast(count(*) as bigint) from audit_event group by action", args![]).await.expect("rows");
    rows.into_iter().collect()
}

/// What was told so far.
struct Ledger {
    core: Core,
    before: Told,
}

impl Ledger {
    async fn open(core: &Core) -> Self {
        Self { core: core.clone(), before: told(core).await }
    }

    /// Since the last look exactly `actions` were told, each once.
    async fn tells(&mut self, actions: &[Action]) {
        self.tells_often(&actions.iter().map(|action| (*action, 1)).collect::<Vec<_>>()).await;
    }

    /// The same, for what is told more than once.
    async fn tells_often(&mut self, actions: &[(Action, i64)]) {
        let after = told(&self.core).await;
        let fresh: Told = after
            .iter()
            .map(|(action, count)| (action.clone(), count - self.before.get(action).copied().unwrap_or_default()))
            .filter(|(_, count)| *count != 0)
            .collect();
        let wanted: Told = actions.iter().map(|(action, times)| (action.to_string(), *times)).collect();
        assert_eq!(fresh, wanted);
        self.before = after;
    }

    /// Leaves out what prepared the next step.
    async fn skip(&mut self) {
        self.before = told(&self.core).await;
    }
}

fn secret(text: impl Into<String>) -> Secret {
    Secret::new(text.into())
}

fn credentials(email: &str, password: &str, code: Option<Secret>) -> Credentials {
    Credentials { email: email.to_owned(), password: secret(password), code }
}

async fn set_up(fresh: &Fresh, ledger: &mut Ledger) {
    let link = fresh.core.issue_set_up_link().await.expect("answers").expect("a link");
    let asked = SetUp {
        token: link.token,
        tenant_name: "First".to_owned(),
        tenant_slug: None,
        email: "first@first.example".to_owned(),
        name: "First".to_owned(),
        password: secret(PASSWORD),
    };
    fresh.core.set_up(&asked, &Visitor::default()).await.expect("set up");
    ledger.tells(&[Action::SetUpCompleted]).await;
}

async fn tenant_and_organizations(acme: &Fixture, ledger: &mut Ledger) {
    let owner = acme.owner().await;
    let change = TenantChange { name: Some("Acme Inc.".to_owned()), ..TenantChange::default() };
    owner.update_tenant(change).await.expect("changed");
    ledger.tells(&[Action::TenantUpdated]).await;

    let asked = NewOrganization { name: "Doomed".to_owned(), ..NewOrganization::default() };
    let doomed = owner.create_organization(asked).await.expect("made").id;
    ledger.tells(&[Action::OrganizationCreated]).await;
    let change = OrganizationChange { name: Some("Dead".to_owned()), ..OrganizationChange::default() };
    owner.update_organization(&doomed, change).await.expect("changed");
    ledger.tells(&[Action::OrganizationUpdated]).await;
    let origin = owner.add_origin(&doomed, &NewOrigin { origin: PAGE.to_owned() }).await.expect("added").id;
    ledger.tells(&[Action::OriginAdded]).await;
    owner.remove_origin(&doomed, &origin, false).await.expect("removed");
    ledger.tells(&[Action::OriginRemoved]).await;
    owner.delete_organization(&doomed).await.expect("deleted");
    ledger.tells(&[Action::OrganizationDeleted]).await;
}

async fn tokens(acme: &Fixture, organization: &OrganizationId, ledger: &mut Ledger) {
    let owner = acme.owner().await;
    let token = acme.token(&owner, organization).await;
    ledger.tells(&[Action::TokenMinted]).await;

    let call = |origin| Presented { bearer: Some(token.token.reveal()), origin: Some(origin), ..Presented::default() };
    assert!(acme.core.guard(call("https://elsewhere.example")).await.is_err());
    ledger.tells(&[Action::WidgetRequestRefused]).await;
    let grant = acme.core.guard(call(PAGE)).await.expect("let in");
    assert!(grant.require(Scope::DirectorySync).is_err());
    ledger.tells(&[Action::WidgetRequestRefused]).await;
    assert!(acme.core.guard(Presented { bearer: Some(&forged(&token)), ..call(PAGE) }).await.is_err());
    ledger.tells(&[Action::WidgetRequestForged]).await;

    owner.revoke_token(&token.id, Revocation::default()).await.expect("revoked");
    ledger.tells(&[Action::TokenRevoked]).await;
    owner.revoke_token(&token.id, Revocation::default()).await.expect("idempotent");
    ledger.tells(&[]).await;
    acme.token(&owner, organization).await;
    ledger.skip().await;
    let all = BulkRevocation { organization_id: Some(organization.clone()), ..BulkRevocation::default() };
    assert_eq!(owner.revoke_tokens(all).await.expect("revoked").revoked, 1);
    ledger.tells(&[Action::TokensRevoked]).await;
}

/// The token with the last symbol of its payload's signature changed.
fn forged(token: &MintedToken) -> String {
    let text = token.token.reveal();
    let (rest, signature) = text.rsplit_once('.').expect("three parts");
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{rest}.{first}{}", &signature[1..])
}

async fn keys(fresh: &Fresh, acme: &Fixture, ledger: &mut Ledger) {
    let asked = NewSigningKey { algorithm: Algorithm::EdDsa };
    let third = acme.owner().await.create_signing_key(asked).await.expect("made").id;
    ledger.tells(&[Action::KeyCreated]).await;
    let forced = || Rotation { force: true, reason: Some("a drill".to_owned()) };
    acme.owner().await.rotate_signing_keys(forced()).await.expect("rotated");
    ledger.tells(&[Action::KeysRotated]).await;
    let keys = acme.owner().await.signing_keys().await.expect("keys");
    let next = keys.iter().find(|key| key.state == KeyState::Next).expect("a next key");
    acme.owner().await.promote_signing_key(&next.id, forced()).await.expect("promoted");
    ledger.tells(&[Action::KeyPromoted]).await;
    let keys = acme.owner().await.signing_keys().await.expect("keys");
    let retiring = keys.iter().filter(|key| key.state == KeyState::Retiring).map(|key| key.id.clone()).collect::<Vec<_>>();
    let [by_hand, ..] = retiring.as_slice() else { panic!("keys retire") };
    fresh.clock.advance(61 * MINUTE);
    let owner = acme.sign_in(&acme.owner.email).await;
    ledger.skip().await;
    acme.op(&owner).await.retire_signing_key(by_hand).await.expect("retired");
    ledger.tells(&[Action::KeyRetired]).await;
    acme.op(&owner).await.revoke_signing_key(&third, KeyRevocation::default()).await.expect("revoked");
    ledger.tells(&[Action::KeyRevoked]).await;
}

async fn accounts(fresh: &Fresh, acme: &Fixture, ledger: &mut Ledger) {
    let core = &acme.core;
    let person = acme.member(Role::Admin).await;
    ledger.skip().await;
    let sign_in = |password: &'static str, code| {
        let asked = credentials(&person.email, password, code);
        async move { core.sign_in(&asked, &Visitor::default()).await }
    };
    let Ok(SignIn::Done(second)) = sign_in(PASSWORD, None).await else { panic!("signs in") };
    let second: Person = (*second).into();
    ledger.tells(&[Action::UserSignedIn]).await;
    assert_eq!(sign_in("wrong", None).await.err().map(|error| error.code()), Some(Code::InvalidCredentials));
    ledger.tells(&[Action::SignInFailed]).await;

    let op = acme.op(&second).await;
    op.rename_self("Another").await.expect("renamed");
    ledger.tells(&[Action::UserUpdated]).await;
    let presence = Presence { password: Some(secret(PASSWORD)), code: None };
    op.step_up(&presence, &Visitor::default()).await.expect("proved");
    ledger.tells(&[Action::UserReauthenticated]).await;
    op.end_other_sessions().await.expect("ended");
    ledger.tells(&[Action::SessionsEnded]).await;

    let offer = op.offer_second_factor().await.expect("an offer");
    let code = secret(totp(offer.secret.reveal(), fresh.clock.now()));
    let codes = op.confirm_second_factor(&code).await.expect("on").codes;
    ledger.tells(&[Action::SecondFactorEnabled]).await;
    let code = codes.into_iter().next();
    let Ok(SignIn::Done(third)) = sign_in(PASSWORD, code).await else { panic!("signs in") };
    ledger.tells(&[Action::RecoveryCodeUsed, Action::UserSignedIn]).await;
    let third: Person = (*third).into();
    let op = acme.op(&third).await;
    op.renew_recovery_codes().await.expect("new ones");
    ledger.tells(&[Action::RecoveryCodesCreated]).await;
    op.disable_second_factor().await.expect("off");
    ledger.tells(&[Action::SecondFactorDisabled]).await;
    let change = PasswordChange { current_password: secret(PASSWORD), new_password: secret("another otter plays the cello") };
    op.change_password(&change).await.expect("changed");
    ledger.tells(&[Action::PasswordChanged]).await;

    let link = acme.owner().await.issue_reset(&person.id).await.expect("a link");
    ledger.tells(&[Action::ResetIssued]).await;
    let asked = AccountReset { token: link.token, password: secret(PASSWORD) };
    core.reset_account(&asked, Origination::default()).await.expect("reset");
    ledger.tells(&[Action::UserReset]).await;
    let last = acme.sign_in(&person.email).await;
    ledger.skip().await;
    acme.op(&last).await.sign_out().await.expect("out");
    ledger.tells(&[Action::UserSignedOut]).await;
}

async fn members(acme: &Fixture, organization: &OrganizationId, ledger: &mut Ledger) {
    let owner = acme.owner().await;
    let asked = NewInvitation { email: "new@acme.example".to_owned(), role: Role::Viewer, organization_id: None };
    let invitation = owner.create_invitation(asked).await.expect("invited");
    ledger.tells(&[Action::InvitationCreated]).await;
    owner.revoke_invitation(&invitation.invitation.id).await.expect("withdrawn");
    ledger.tells(&[Action::InvitationRevoked]).await;
    let person = acme.member(Role::Viewer).await;
    ledger.tells(&[Action::InvitationCreated, Action::InvitationAccepted]).await;
    assert!(acme.try_token(&acme.op(&person).await, organization).await.is_err());
    ledger.tells(&[Action::RequestDenied]).await;
    let change = RoleChange { role: Role::Member, organization_id: None, revoke_minted: true };
    owner.change_role(&person.id, change).await.expect("changed");
    ledger.tells(&[Action::MemberRoleChanged]).await;
    owner.remove_member(&person.id, Removal::default()).await.expect("removed");
    ledger.tells(&[Action::MemberRemoved]).await;

    let key = acme.api_key(Role::Admin, None).await.api_key.id;
    ledger.tells(&[Action::ApiKeyCreated]).await;
    owner.rotate_api_key(&key, ApiKeyRotation { overlap_seconds: 60, expires_at: None }).await.expect("rotated");
    ledger.tells(&[Action::ApiKeyRotated]).await;
    owner.revoke_api_key(&key, None).await.expect("revoked");
    ledger.tells(&[Action::ApiKeyRevoked]).await;
}

async fn products(acme: &Fixture, ledger: &mut Ledger) {
    let owner = acme.owner().await;
    let product = owner.create_product(NewProduct { name: "Portal".to_owned(), ..NewProduct::default() }).await.expect("made").id;
    ledger.tells(&[Action::ProductCreated]).await;
    let change = ProductChange { name: Some("Chat".to_owned()), ..ProductChange::default() };
    owner.update_product(&product, change).await.expect("changed");
    ledger.tells(&[Action::ProductUpdated]).await;
    let domain = owner.add_domain(&product, &NewDomain { origin: PAGE.to_owned() }).await.expect("registered").id;
    ledger.tells(&[Action::DomainAdded]).await;
    owner.remove_domain(&product, &domain).await.expect("removed");
    ledger.tells(&[Action::DomainRemoved]).await;

    let key = acme.embed_key(&product).await.id;
    ledger.tells(&[Action::EmbedKeyCreated]).await;
    let change = EmbedKeyChange { name: Some("Blog".to_owned()), ..EmbedKeyChange::default() };
    owner.update_embed_key(&product, &key, change).await.expect("changed");
    ledger.tells(&[Action::EmbedKeyUpdated]).await;
    let call = |origin| EmbedCall { key: key.as_str(), origin: Some(origin), ..EmbedCall::default() };
    assert!(acme.core.embed_config(call(PAGE)).await.is_ok());
    ledger.tells(&[]).await;
    assert!(acme.core.embed_config(call("https://elsewhere.example")).await.is_err());
    ledger.tells(&[Action::EmbedRequestRefused]).await;
    owner.rotate_embed_key(&product, &key, &EmbedKeyRotation { overlap_seconds: 60 }).await.expect("rotated");
    ledger.tells(&[Action::EmbedKeyRotated]).await;
    owner.disable_embed_key(&product, &key, None).await.expect("disabled");
    ledger.tells(&[Action::EmbedKeyDisabled]).await;
    owner.enable_embed_key(&product, &key).await.expect("enabled");
    ledger.tells(&[Action::EmbedKeyEnabled]).await;

    let price = Price { amount: 1_900, currency: "EUR".to_owned(), interval: Interval::Month };
    let asked = NewOffering { name: "Basic".to_owned(), description: None, price, features: Vec::new(), cta_url: None, status: None };
    let basic = owner.create_offering(&product, asked.clone()).await.expect("written").id;
    ledger.tells(&[Action::OfferingCreated]).await;
    let change = |status| OfferingChange { status: Some(status), ..OfferingChange::default() };
    owner.update_offering(&product, &basic, change(OfferingStatus::Published)).await.expect("published");
    ledger.tells(&[Action::OfferingPublished]).await;
    owner.update_offering(&product, &basic, change(OfferingStatus::Draft)).await.expect("a draft again");
    ledger.tells(&[Action::OfferingUpdated]).await;
    let team = owner.create_offering(&product, asked).await.expect("written").id;
    ledger.skip().await;
    owner.order_offerings(&product, &OfferingOrder { ids: vec![team] }).await.expect("ordered");
    ledger.tells(&[Action::OfferingsReordered]).await;
    owner.archive_offering(&product, &basic).await.expect("archived");
    ledger.tells(&[Action::OfferingArchived]).await;
    owner.delete_product(&product).await.expect("deleted");
    ledger.tells(&[Action::ProductDeleted]).await;
}

async fn mail(acme: &Fixture, ledger: &mut Ledger) {
    let owner = acme.owner().await;
    let key = acme.embed_key(&acme.product().await).await.id;
    let email = Some("ada@customer.example".to_owned());
    owner.create_customer(NewCustomer { email, email_verified: true, ..NewCustomer::default() }).await.expect("made");
    ledger.skip().await;
    for (email, action) in [("ada@customer.example", Action::MagicLinkSent), ("nobody@customer.example", Action::MagicLinkWithheld)] {
        let asked = NewMagicLink { email: email.to_owned(), return_url: format!("{PAGE}/") };
        let call = EmbedCall { key: key.as_str(), origin: Some(PAGE), ..EmbedCall::default() };
        acme.core.request_magic_link(&asked, "192.0.2.1", call).await.expect("accepted");
        ledger.tells(&[]).await;
        acme.core.answer_link_requests().await.expect("answered");
        ledger.tells(&[action]).await;
    }
    acme.core.take_mail().await.expect("answers").expect("the link");
    let mail = owner.send_test_mail().await.expect("queued").id;
    ledger.tells(&[Action::MailTested]).await;
    owner.read_mail(&mail).await.expect("shown");
    ledger.tells(&[Action::MailShown]).await;
    let taken = acme.core.take_mail().await.expect("answers").expect("a mail");
    acme.core.mail_was_not_sent(&taken, Setback::Final, "550 nobody").await.expect("noted");
    ledger.tells(&[Action::MailFailed]).await;
}

/// What a restore holds, and an owner releases.
async fn held(fresh: &Fresh, acme: &Fixture, ledger: &mut Ledger) {
    let core = &acme.core;
    // What was issued in the millisecond of "Revoke everything" is dead.
    fresh.clock.advance(SECOND);
    let owner = acme.sign_in(&acme.owner.email).await;
    let person = Fixture { core: core.clone(), tenant: acme.tenant.clone(), slug: acme.slug.clone(), owner };
    let (admin, key) = (person.member(Role::Admin).await, person.api_key(Role::Viewer, None).await.api_key.id);
    ledger.skip().await;
    core.backup_taken("backup.tar", "0").await.expect("recorded");
    ledger.tells(&[Action::BackupTaken]).await;
    core.adopt_backup(false).await.expect("adopted");
    // The tenant of the set-up link came back as well.
    ledger.tells_often(&[(Action::TenantRestored, 2), (Action::InstallationRestored, 1)]).await;
    fresh.clock.advance(SECOND);
    let link = core.issue_reset(&acme.owner.email).await.expect("a link");
    core.reset_account(&AccountReset { token: link.token, password: secret(PASSWORD) }, Origination::default()).await.expect("reset");
    let owner = acme.op(&acme.sign_in(&acme.owner.email).await).await;
    ledger.skip().await;
    owner.release_member(&admin.id).await.expect("released");
    ledger.tells(&[Action::MemberReleased]).await;
    owner.release_api_key(&key).await.expect("released");
    ledger.tells(&[Action::ApiKeyReleased]).await;
}

async fn the_rest(fresh: &Fresh, acme: &Fixture, ledger: &mut Ledger) {
    let core = &acme.core;
    core.limited("sign-in", &Origination::default());
    ledger.tells(&[Action::RequestLimited]).await;
    let owner = acme.owner().await;
    owner.export_history(&HistoryFilter::default(), ExportFormat::Jsonl).await.expect("begins");
    ledger.tells(&[Action::AuditExported]).await;
    let asked = RevokeEverything { confirm: "Acme Inc.".to_owned(), reason: None };
    owner.revoke_everything(asked).await.expect("revoked");
    ledger.tells(&[Action::TenantEverythingRevoked]).await;
    core.accept_clock().await.expect("accepted");
    ledger.tells(&[Action::ClockAccepted]).await;
    held(fresh, acme, ledger).await;
    core.rotate_master_key(&MasterKey::generate()).await.expect("rotated");
    ledger.tells(&[Action::MasterKeyRotated]).await;
}

on_each_engine! {
    /// AU1
    async fn every_action_is_told_once_by_its_verb(fresh) {
        let mut ledger = Ledger::open(&fresh.core).await;
        set_up(&fresh, &mut ledger).await;
        let acme = fresh.tenant("acme").await;
        ledger.tells(&[Action::TenantCreated, Action::UserSignedIn]).await;
        let organization = acme.organization("here").await;
        ledger.skip().await;
        tenant_and_organizations(&acme, &mut ledger).await;
        tokens(&acme, &organization, &mut ledger).await;
        members(&acme, &organization, &mut ledger).await;
        products(&acme, &mut ledger).await;
        mail(&acme, &mut ledger).await;
        customers::customers(&fresh, &acme, &mut ledger).await;
        customers::identities(&fresh, &acme, &mut ledger).await;
        customers::conversations(&acme, &mut ledger).await;
        passwords::passwords(&acme, &mut ledger).await;
        accounts(&fresh, &acme, &mut ledger).await;
        fresh.clock.advance(SECOND);
        keys(&fresh, &acme, &mut ledger).await;
        let acme = Fixture { owner: acme.sign_in(&acme.owner.email).await, ..acme };
        ledger.skip().await;
        the_rest(&fresh, &acme, &mut ledger).await;
        // The oldest of these rows are a day past the retention of 400 days; the mark moves by a day at most.
        fresh.clock.advance(401 * DAY);
        fresh.core.purge().await.expect("purged");
        let told = told(&fresh.core).await;
        for action in Action::ALL {
            let purged = action == &Action::AuditPurged;
            assert!(ledger.before.contains_key(action.as_str()) || (purged && told.contains_key(action.as_str())), "{action} is never told");
        }
    }
}
