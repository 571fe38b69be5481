//! Bridge keys, customers, their sessions and their identities.

use super::Ledger;
use crate::{
    Origination, Secret,
    audit::Action,
    bridge::{BridgeAlgorithm, BridgeKeyChange},
    conversation::{ConversationChange, ConversationStatus, NewAnswer, NewVisitorMessage},
    customer::{CustomerChange, NewCustomer},
    embed_key::EmbedCall,
    introspection::TokenRevocation,
    kept_sign_in::NewKeptSignIn,
    role::{CustomerRoleChange, NewCustomerRole, RoleAssignment},
    testing::{Fixture, Fresh, PAGE, bridge_token},
    verification_secret::VerificationSecretRotation,
};

pub(super) async fn customers(fresh: &Fresh, acme: &Fixture, ledger: &mut Ledger) {
    let (owner, product) = (acme.owner().await, acme.product().await);
    let embed = acme.embed_key(&product).await;
    ledger.skip().await;
    let first = acme.bridge_key(&product, BridgeAlgorithm::Hs256).await;
    ledger.tells(&[Action::BridgeKeyCreated]).await;
    let second = acme.bridge_key(&product, BridgeAlgorithm::Es256).await.key.id;
    ledger.skip().await;
    owner.promote_bridge_key(&product, &second, BridgeKeyChange::default()).await.expect("promoted");
    ledger.tells(&[Action::BridgeKeyPromoted]).await;

    let begin = async |id: &str| acme.exchange(&embed, bridge_token(&first, &acme.vouches(id))).await.expect("a session");
    let started = begin("u").await;
    ledger.tells(&[Action::CustomerSessionStarted]).await;
    let id = started.customer.id.clone();
    acme.visit(&started.token).await.expect("alive").refresh().await.expect("refreshed");
    ledger.tells(&[Action::CustomerSessionRefreshed]).await;
    let session = acme.visit(&started.token).await.expect("alive").me().session_id;
    owner.revoke_customer_session(&id, &session, None).await.expect("revoked");
    ledger.tells(&[Action::CustomerSessionRevoked]).await;
    let again = begin("u").await;
    ledger.skip().await;
    acme.visit(&again.token).await.expect("alive").end().await.expect("ended");
    ledger.tells(&[Action::CustomerSessionEnded]).await;
    owner.revoke_customer_sessions(&id, None).await.expect("revoked");
    ledger.tells(&[Action::CustomerSessionsRevoked]).await;

    acme.let_sign_in(&product).await;
    let signed_in = acme.signed_in(&embed.id, "window@customer.example").await;
    ledger.skip().await;
    let refresh = async || acme.visit(&signed_in.token).await.expect("alive").refresh().await;
    refresh().await.expect("refreshed");
    ledger.tells(&[Action::CustomerSessionRefreshed]).await;
    fresh.clock.advance(crate::customer_session::GRACE + 1);
    assert!(refresh().await.is_err());
    ledger.tells(&[Action::CustomerSessionReuseDetected]).await;
    kept(acme, ledger).await;

    let asked = NewCustomer { external_id: Some("v".into()), ..NewCustomer::default() };
    let known = owner.create_customer(asked).await.expect("made").id;
    ledger.tells(&[Action::CustomerCreated]).await;
    let change = CustomerChange { name: Some(Some("Vera".into())), ..CustomerChange::default() };
    owner.update_customer(&known, change).await.expect("changed");
    ledger.tells(&[Action::CustomerUpdated]).await;
    for (banned, action) in [(true, Action::CustomerBanned), (false, Action::CustomerUnbanned)] {
        owner.update_customer(&known, CustomerChange { banned: Some(banned), ..CustomerChange::default() }).await.expect("changed");
        ledger.tells(&[action]).await;
    }
    let asked = NewCustomerRole { name: "Support".into(), permissions: Vec::new() };
    let role = owner.create_role(asked).await.expect("made").id;
    ledger.tells(&[Action::RoleCreated]).await;
    let change = CustomerRoleChange { name: Some("Help".into()), ..CustomerRoleChange::default() };
    owner.update_role(&role, change).await.expect("changed");
    ledger.tells(&[Action::RoleUpdated]).await;
    let organization = acme.organization("roles").await;
    ledger.skip().await;
    owner.assign_role(&known, &organization, &RoleAssignment { role_id: role.clone() }).await.expect("given");
    ledger.tells(&[Action::CustomerRoleSet]).await;
    owner.take_role(&known, &organization).await.expect("taken");
    ledger.tells(&[Action::CustomerRoleTaken]).await;
    owner.delete_role(&role).await.expect("deleted");
    ledger.tells(&[Action::RoleDeleted]).await;
    owner.delete_customer(&known, None).await.expect("deleted");
    ledger.tells(&[Action::CustomerDeleted]).await;
    owner.purge_test_customers().await.expect("purged");
    ledger.tells(&[Action::TestCustomersPurged]).await;

    owner.retire_bridge_key(&product, &first.key.id, BridgeKeyChange::default()).await.expect("retired");
    ledger.tells(&[Action::BridgeKeyRetired]).await;
    fresh.sql("update bridge_key set held_at = 1 where state = 'active'").await.expect("held");
    owner.release_bridge_key(&product, &second).await.expect("released");
    ledger.tells(&[Action::BridgeKeyReleased]).await;
    owner.revoke_bridge_key(&product, &second, BridgeKeyChange::default()).await.expect("revoked");
    ledger.tells(&[Action::BridgeKeyRevoked]).await;
}

/// Verification secrets and what they buy.
pub(super) async fn identities(fresh: &Fresh, acme: &Fixture, ledger: &mut Ledger) {
    let (owner, product) = (acme.owner().await, acme.product().await);
    let first = acme.verification_secret(&product).await;
    ledger.tells(&[Action::VerificationSecretCreated]).await;
    acme.identity(&product, &first.secret, "w").await.expect("a token");
    ledger.tells(&[Action::IdentityTokenIssued]).await;
    let wrong = crate::secret::generate_secret("vs_");
    assert!(acme.identity(&product, &wrong, "w").await.is_err());
    ledger.tells(&[Action::VerificationSecretRefused]).await;
    let key = acme.api_key(crate::Role::Admin, None).await;
    ledger.skip().await;
    let asked = TokenRevocation { user_id: Some("w".into()), ..TokenRevocation::default() };
    assert_eq!(acme.key_op(&key).await.revoke_by_token(asked).await.expect("revoked").revoked, 1);
    ledger.tells(&[Action::IdentityTokensRevoked]).await;

    let id = &first.verification_secret.id;
    let rotation = VerificationSecretRotation { overlap_seconds: 60 };
    let second = owner.rotate_verification_secret(&product, id, &rotation).await.expect("rotated").verification_secret.id;
    ledger.tells(&[Action::VerificationSecretRotated]).await;
    owner.revoke_verification_secret(&product, id, None).await.expect("revoked");
    ledger.tells(&[Action::VerificationSecretRevoked]).await;
    fresh.sql("update verification_secret set held_at = 1 where revoked_at is null").await.expect("held");
    owner.release_verification_secret(&product, &second).await.expect("released");
    ledger.tells(&[Action::VerificationSecretReleased]).await;
}

/// What a visitor writes, and what becomes of it.
pub(super) async fn conversations(acme: &Fixture, ledger: &mut Ledger) {
    let (owner, product) = (acme.owner().await, acme.product().await);
    let key = acme.embed_key(&product).await;
    acme.domain(&product).await;
    let secret = acme.verification_secret(&product).await;
    let known = acme.identity(&product, &secret.secret, "c").await.expect("a token");
    ledger.skip().await;
    let call = EmbedCall { key: key.id.as_str(), origin: Some(PAGE), ..EmbedCall::default() };
    let door = acme.core.conversation_door(call).await.expect("let in");
    let message = |token: Option<&str>| NewVisitorMessage {
        text: "Hello".to_owned(),
        conversation_token: token.map(|token| Secret::new(token.to_owned())),
        conversation_id: None,
    };
    let said = door.say(None, &message(None)).await.expect("heard");
    ledger.tells(&[Action::ConversationStarted]).await;
    let (id, token) = (said.conversation_id, said.conversation_token.expect("shown once"));
    door.say(Some(known.token.reveal()), &message(Some(token.reveal()))).await.expect("heard");
    ledger.tells(&[Action::ConversationIdentified]).await;
    door.say(Some(known.token.reveal()), &message(Some(token.reveal()))).await.expect("heard");
    ledger.tells(&[]).await;
    assert!(door.say(Some("x"), &message(Some(token.reveal()))).await.is_err());
    ledger.tells(&[Action::EmbedRequestRefused]).await;
    owner.answer_conversation(&product, &id, &NewAnswer { text: "Hi".to_owned() }).await.expect("answered");
    ledger.tells(&[Action::ConversationAnswered]).await;
    for (status, action) in
        [(ConversationStatus::Closed, Action::ConversationClosed), (ConversationStatus::Open, Action::ConversationReopened)]
    {
        owner.update_conversation(&product, &id, &ConversationChange { status }).await.expect("changed");
        ledger.tells(&[action]).await;
    }
    owner.delete_conversation(&product, &id).await.expect("erased");
    ledger.tells(&[Action::ConversationErased]).await;
}

/// What a browser keeps across reloads.
async fn kept(acme: &Fixture, ledger: &mut Ledger) {
    let product = acme.product().await;
    let key = acme.embed_key(&product).await.id;
    acme.keep_signed_in(&product, true).await;
    let started = acme.signed_in(&key, "kept@customer.example").await;
    ledger.skip().await;
    let call = || EmbedCall { key: key.as_str(), origin: Some(PAGE), ..EmbedCall::default() };
    let asked = NewKeptSignIn { token: Secret::new(started.token.reveal().to_owned()) };
    let secret = acme.core.keep_sign_in(&asked, None, call()).await.expect("kept").secret.expect("a secret");
    ledger.tells(&[Action::CustomerSessionKept]).await;
    let restored = acme.core.restore_sign_in(Some(&secret), call()).await.expect("answered").expect("restored");
    ledger.tells(&[Action::CustomerSessionRestored]).await;
    acme.core.forget_sign_in(&restored.secret, &Origination::default()).await.expect("forgotten");
    ledger.tells(&[Action::CustomerSessionForgotten]).await;
    assert!(acme.core.restore_sign_in(Some(&restored.secret), call()).await.expect("answered").is_none());
    ledger.tells(&[]).await;
}
