//! Passwords of customers.

use super::{Ledger, secret};
use crate::{
    Origination,
    audit::Action,
    customer_password::{ForgottenPassword, PasswordProof, PasswordRedemption},
    embed_key::EmbedCall,
    product::ProductChange,
    testing::{Fixture, PAGE, PASSWORD},
};

const EMAIL: &str = "ada@passwords.example";

pub(super) async fn passwords(acme: &Fixture, ledger: &mut Ledger) {
    let (core, owner, product) = (&acme.core, acme.owner().await, acme.product().await);
    let key = acme.embed_key(&product).await.id;
    let switches = ProductChange { anyone_may_sign_in: Some(true), sign_in: Some(true), passwords: Some(true), ..ProductChange::default() };
    owner.update_product(&product, switches).await.expect("changed");
    ledger.skip().await;
    let call = || EmbedCall { key: key.as_str(), origin: Some(PAGE), ..EmbedCall::default() };
    let proof = |password: &str| PasswordProof { email: EMAIL.to_owned(), password: secret(password) };
    let redemption = |text: &str| {
        let token = text.split('#').nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a token");
        PasswordRedemption { token: secret(token), password: secret(PASSWORD) }
    };
    core.sign_up_with_password(&proof(PASSWORD), "192.0.2.1", call()).await.expect("accepted");
    ledger.tells(&[]).await;
    core.answer_password_requests().await.expect("answered");
    ledger.tells(&[Action::PasswordLinkSent]).await;
    let mail = core.take_mail().await.expect("answers").expect("a mail").text;
    core.verify_sign_up(&redemption(&mail), &Origination::default()).await.expect("verified");
    ledger.tells(&[Action::CustomerSignedUp]).await;
    let id = core.sign_in_with_password(&proof(PASSWORD), call()).await.expect("signed in").customer.id;
    ledger.tells(&[Action::CustomerSessionStarted]).await;
    assert!(core.sign_in_with_password(&proof("not the password at all"), call()).await.is_err());
    ledger.tells(&[Action::CustomerSignInRefused]).await;
    core.forgot_password(&ForgottenPassword { email: EMAIL.to_owned() }, "192.0.2.1", call()).await.expect("accepted");
    core.answer_password_requests().await.expect("answered");
    ledger.skip().await;
    let mail = core.take_mail().await.expect("answers").expect("a mail").text;
    core.reset_customer_password(&redemption(&mail), &Origination::default()).await.expect("set");
    ledger.tells(&[Action::CustomerPasswordSet]).await;
    owner.remove_customer_password(&id, None).await.expect("removed");
    ledger.tells(&[Action::CustomerPasswordRemoved]).await;
    core.forgot_password(&ForgottenPassword { email: "nobody@passwords.example".to_owned() }, "192.0.2.1", call()).await.expect("accepted");
    core.answer_password_requests().await.expect("answered");
    ledger.tells(&[Action::PasswordLinkWithheld]).await;
}
