//! Our sign-in window, as its own page would go through it.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test that cannot prepare what it tests has nothing to say but that")]

use super::{Fixture, PAGE};
use crate::{
    Core, EmbedKeyId, ProductId, Secret,
    customer::NewCustomer,
    customer_session::StartedSession,
    embed_key::EmbedCall,
    magic_link::{NewSignInLink, SignInRedemption},
    product::ProductChange,
    secret::{Digest, fill_random, hex},
};

/// A window that is open: what it keeps to itself, and what it says of it.
pub struct Window {
    /// For this key, opened by `PAGE`.
    pub key: EmbedKeyId,
    /// In its memory only.
    pub verifier: String,
    /// Its hash.
    pub challenge: String,
}

impl Window {
    /// A page of `PAGE` opens one.
    #[must_use]
    pub fn open(key: &EmbedKeyId) -> Self {
        let mut random = [0; 32];
        fill_random(&mut random);
        let verifier = hex(&random);
        let challenge = Digest::of(verifier.as_bytes()).to_hex();
        Self { key: key.clone(), verifier, challenge }
    }

    /// From where it calls.
    #[must_use]
    pub fn call(&self) -> EmbedCall<'_> {
        EmbedCall { key: self.key.as_str(), origin: Some(PAGE), ..EmbedCall::default() }
    }

    /// Somebody types an address; the token in the mail, if one came.
    pub async fn ask(&self, core: &Core, email: &str) -> Option<String> {
        let asked = NewSignInLink { email: email.to_owned(), challenge: self.challenge.clone() };
        core.request_sign_in_link(&asked, "192.0.2.1", self.call()).await.expect("accepted");
        core.answer_link_requests().await.expect("answered");
        let mail = core.take_mail().await.expect("answers")?;
        assert!(core.begin_mail(&mail).await.expect("answers"));
        core.mail_was_sent(&mail).await.expect("noted");
        let (_, rest) = mail.text.split_once("/popup/link#").expect("a link");
        let (token, rest) = rest.split_once('.').expect("a token and a challenge");
        assert!(rest.starts_with(&self.challenge), "{rest}");
        Some(token.to_owned())
    }

    /// It hears of a link, and redeems it.
    pub async fn redeem(&self, core: &Core, token: &str) -> crate::Result<StartedSession> {
        let asked = SignInRedemption { token: Secret::new(token.to_owned()), verifier: Secret::new(self.verifier.clone()) };
        core.redeem_sign_in_link(&asked, self.call()).await
    }
}

impl Fixture {
    /// The product's pages may open the window from now on.
    pub async fn let_sign_in(&self, product: &ProductId) {
        let change = ProductChange { sign_in: Some(true), ..ProductChange::default() };
        self.owner().await.update_product(product, change).await.expect("changed");
    }

    /// The product's pages may keep who signed in across reloads from now on, or no more.
    pub async fn keep_signed_in(&self, product: &ProductId, on: bool) {
        let change = ProductChange { keep_signed_in: Some(on), ..ProductChange::default() };
        self.owner().await.update_product(product, change).await.expect("changed");
        // What is as old as the switch was given up.
        self.core.clock().advance(1);
    }

    /// A customer with this address signs in in a window of `PAGE`.
    pub async fn signed_in(&self, key: &EmbedKeyId, email: &str) -> StartedSession {
        let new = NewCustomer { email: Some(email.to_owned()), email_verified: true, ..NewCustomer::default() };
        // They may be a customer already.
        let _known = self.owner().await.create_customer(new).await;
        let window = Window::open(key);
        let token = window.ask(&self.core, email).await.expect("a mail");
        window.redeem(&self.core, &token).await.expect("a session")
    }
}
