//! Passwords of customers on a real database of each engine.

use super::{ForgottenPassword, PasswordProof, PasswordRedemption, PasswordSet};
use crate::{
    Code, Core, CustomerId, EmbedKeyId, Origination, ProductId, Result, Secret,
    customer::{CustomerChange, NewCustomer},
    customer_session::StartedSession,
    db::args,
    embed_key::EmbedCall,
    magic_link::NewMagicLink,
    on_each_engine,
    product::ProductChange,
    testing::{Fixture, Fresh, PAGE},
};

mod guessing;
mod links;

const ADA: &str = "ada@customer.example";
const NEW: &str = "new@customer.example";
const FIRST: &str = "velvet otter plays backgammon";
const SECOND_ONE: &str = "copper heron counts the tides";
const THEIRS: &str = "sullen goblin steals teapots";

/// A tenant, its product with passwords and a key for `PAGE`, and Ada, whose address is verified and who has no password.
struct Shop {
    acme: Fixture,
    product: ProductId,
    key: EmbedKeyId,
    ada: CustomerId,
}

impl Shop {
    async fn open(fresh: &Fresh) -> Self {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let key = acme.embed_key(&product).await.id;
        let asked = NewCustomer { email: Some(ADA.to_owned()), email_verified: true, ..NewCustomer::default() };
        let ada = acme.owner().await.create_customer(asked).await.expect("written").id;
        let shop = Self { acme, product, key, ada };
        shop.change(ProductChange {
            anyone_may_sign_in: Some(true),
            sign_in: Some(true),
            passwords: Some(true),
            ..ProductChange::default()
        })
        .await;
        shop
    }

    fn call(&self) -> EmbedCall<'_> {
        EmbedCall { key: self.key.as_str(), origin: Some(PAGE), ..EmbedCall::default() }
    }

    async fn change(&self, change: ProductChange) {
        self.acme.owner().await.update_product(&self.product, change).await.expect("changed");
    }

    async fn sign_up(&self, core: &Core, email: &str, password: &str, network: &str) {
        core.sign_up_with_password(&proof(email, password), network, self.call()).await.expect("accepted");
    }

    async fn forgot(&self, core: &Core, email: &str, network: &str) {
        core.forgot_password(&ForgottenPassword { email: email.to_owned() }, network, self.call()).await.expect("accepted");
    }

    async fn sign_in(&self, core: &Core, email: &str, password: &str) -> Result<StartedSession> {
        core.sign_in_with_password(&proof(email, password), self.call()).await
    }

    async fn refusal(&self, core: &Core, email: &str, password: &str) -> Option<Code> {
        self.sign_in(core, email, password).await.err().map(|error| error.code())
    }

    /// The token of the one mail that this sign-up brings.
    async fn sign_up_token(&self, core: &Core, email: &str, password: &str) -> String {
        self.sign_up(core, email, password, "192.0.2.1").await;
        only_token(core).await
    }

    /// The token of the one mail that was asked for just now.
    async fn reset_token(&self, core: &Core, email: &str) -> String {
        self.forgot(core, email, "192.0.2.2").await;
        only_token(core).await
    }

    /// Somebody who signed up and proved it.
    async fn signed_up(&self, core: &Core, email: &str, password: &str) {
        let token = self.sign_up_token(core, email, password).await;
        verify(core, &token, password).await.expect("verified");
    }
}

fn proof(email: &str, password: &str) -> PasswordProof {
    PasswordProof { email: email.to_owned(), password: Secret::new(password.to_owned()) }
}

fn redemption(token: &str, password: &str) -> PasswordRedemption {
    PasswordRedemption { token: Secret::new(token.to_owned()), password: Secret::new(password.to_owned()) }
}

async fn verify(core: &Core, token: &str, password: &str) -> Result<PasswordSet> {
    core.verify_sign_up(&redemption(token, password), &Origination::default()).await
}

async fn reset(core: &Core, token: &str, password: &str) -> Result<PasswordSet> {
    core.reset_customer_password(&redemption(token, password), &Origination::default()).await
}

fn code<T>(done: Result<T>) -> Option<Code> {
    done.err().map(|error| error.code())
}

/// Answers what waits, and takes every mail out: to whom, its subject, and its text.
async fn delivered(core: &Core) -> Vec<(String, String, String)> {
    core.answer_password_requests().await.expect("answered");
    let mut mails = Vec::new();
    while let Some(mail) = core.take_mail().await.expect("answers") {
        assert!(core.begin_mail(&mail).await.expect("answers"));
        core.mail_was_sent(&mail).await.expect("noted");
        mails.push((mail.recipient, mail.subject, mail.text));
    }
    mails
}

fn token(text: &str) -> String {
    let start = text.find("#password_").expect("a link") + 1;
    text[start..].split_whitespace().next().unwrap_or_default().to_owned()
}

async fn only_token(core: &Core) -> String {
    let mails = delivered(core).await;
    let [(_, _, text)] = mails.as_slice() else { panic!("one mail: {mails:?}") };
    token(text)
}

async fn ban(shop: &Shop, id: &CustomerId, banned: bool) {
    let change = CustomerChange { banned: Some(banned), ..CustomerChange::default() };
    shop.acme.owner().await.update_customer(id, change).await.expect("changed");
}

on_each_engine! {
    async fn somebody_signs_up_verifies_and_signs_in(fresh) {
        let shop = Shop::open(&fresh).await;
        shop.sign_up(&fresh.core, " New@Customer.example ", FIRST, "192.0.2.1").await;
        let mails = delivered(&fresh.core).await;
        let [(to, subject, text)] = mails.as_slice() else { panic!("one mail: {mails:?}") };
        assert_eq!((to.as_str(), subject.as_str()), (NEW, "Confirm your address for acme"));
        assert!(text.contains("http://127.0.0.1:3000/popup/verify#password_"), "{text}");
        assert_eq!(shop.refusal(&fresh.core, NEW, FIRST).await, Some(Code::InvalidCredentials), "not before the address is proved");
        assert_eq!(fresh.core.counted("select count(*) from customer").await, 1, "signing up makes nobody");
        let done = verify(&fresh.core, &token(text), FIRST).await.expect("verified");
        assert_eq!(done, PasswordSet { tenant: "acme".to_owned(), email: NEW.to_owned() });
        let started = shop.sign_in(&fresh.core, "NEW@customer.example", FIRST).await.expect("signed in");
        assert_eq!(started.customer.email.as_deref(), Some(NEW));
        assert_eq!(shop.refusal(&fresh.core, NEW, SECOND_ONE).await, Some(Code::InvalidCredentials));
        let shown = shop.acme.owner().await.customer(&started.customer.id).await.expect("a customer");
        assert!(shown.email_verified && shown.password_set_at == Some(fresh.core.now()), "{shown:?}");
    }

    /// Somebody signs up with an address of somebody else, before them, beside them or after them: their password opens nothing, ever.
    async fn a_strangers_sign_up_puts_no_password_on_anybodys_account(fresh) {
        let shop = Shop::open(&fresh).await;
        // Before: the owner of the address opens the link in the mail, with the only password that they know.
        let strangers = shop.sign_up_token(&fresh.core, NEW, THEIRS).await;
        let refused = verify(&fresh.core, &strangers, FIRST).await.expect_err("refused").problem();
        assert_eq!((refused.code, refused.field.as_deref()), (Code::InvalidCredentials, Some("password")));
        assert_eq!(fresh.core.counted("select count(*) from customer").await, 1, "and nobody was made");
        // The stranger's sign-up keeps nobody from signing up, and theirs ends the stranger's.
        shop.signed_up(&fresh.core, NEW, FIRST).await;
        assert_eq!(shop.refusal(&fresh.core, NEW, THEIRS).await, Some(Code::InvalidCredentials));
        assert_eq!(code(verify(&fresh.core, &strangers, THEIRS).await), Some(Code::LinkConsumed));
        assert!(shop.sign_in(&fresh.core, NEW, FIRST).await.is_ok());
        // After: what the stranger typed is forgotten, and the mail leads to a password that its reader chooses.
        for email in [NEW, ADA] {
            shop.sign_up(&fresh.core, email, THEIRS, "192.0.2.9").await;
            let mails = delivered(&fresh.core).await;
            let [(to, subject, text)] = mails.as_slice() else { panic!("one mail: {mails:?}") };
            assert_eq!((to.as_str(), subject.as_str()), (email, "You have an account with acme"));
            assert_eq!(code(verify(&fresh.core, &token(text), THEIRS).await), Some(Code::InvalidToken), "nothing to verify");
            assert_eq!(shop.refusal(&fresh.core, email, THEIRS).await, Some(Code::InvalidCredentials));
            reset(&fresh.core, &token(text), SECOND_ONE).await.expect("set");
            assert_eq!(delivered(&fresh.core).await.len(), 1, "the note");
            assert!(shop.sign_in(&fresh.core, email, SECOND_ONE).await.is_ok());
        }
    }

    /// An address that somebody merely noted finds and merges nobody, and one that came by another way meanwhile keeps its owner.
    async fn a_sign_up_meets_who_came_meanwhile(fresh) {
        let shop = Shop::open(&fresh).await;
        let owner = shop.acme.owner().await;
        let noted = NewCustomer { external_id: Some("7".to_owned()), email: Some(NEW.to_owned()), ..NewCustomer::default() };
        let noted = owner.create_customer(noted).await.expect("written").id;
        let token = shop.sign_up_token(&fresh.core, NEW, FIRST).await;
        // They sign in by a magic link before they open this one.
        let asked = NewMagicLink { email: NEW.to_owned(), return_url: format!("{PAGE}/") };
        fresh.core.request_magic_link(&asked, "192.0.2.3", shop.call()).await.expect("accepted");
        fresh.core.answer_link_requests().await.expect("answered");
        let text = fresh.core.take_mail().await.expect("answers").expect("a mail").text;
        let magic = text.split(&format!("{}=", crate::magic_link::PARAMETER)).nth(1).expect("a token").split_whitespace().next().expect("it");
        let redeemed = crate::magic_link::Redemption { token: Secret::new(magic.to_owned()) };
        let by_mail = fresh.core.redeem_magic_link(&redeemed, shop.call()).await.expect("signed in").customer.id;
        assert_ne!(by_mail, noted);
        verify(&fresh.core, &token, FIRST).await.expect("verified");
        assert_eq!(shop.sign_in(&fresh.core, NEW, FIRST).await.expect("signed in").customer.id, by_mail);
        assert_eq!(owner.customer(&noted).await.expect("a customer").password_set_at, None);
        let ended = "select count(*) from customer_session where revoked_at is not null";
        assert_eq!(fresh.core.counted(ended).await, 1, "an account that there was is told, and its sessions end");
        assert_eq!(fresh.core.counted("select count(*) from mail where kind = 'password_changed'").await, 1);
    }

    /// Whoever asks is answered alike; only those who are meant are written to, and history holds no address.
    async fn whoever_signs_up_or_forgot_a_password_is_answered_alike(fresh) {
        let shop = Shop::open(&fresh).await;
        shop.change(ProductChange { anyone_may_sign_in: Some(false), ..ProductChange::default() }).await;
        let owner = shop.acme.owner().await;
        let banned = NewCustomer { email: Some("banned@customer.example".to_owned()), email_verified: true, ..NewCustomer::default() };
        let banned = owner.create_customer(banned).await.expect("written").id;
        ban(&shop, &banned, true).await;
        let noted = NewCustomer { external_id: Some("7".to_owned()), email: Some("noted@customer.example".to_owned()), ..NewCustomer::default() };
        owner.create_customer(noted).await.expect("written");
        let long = format!("{}@customer.example", "x".repeat(60_000));
        let typed = [ADA, NEW, "banned@customer.example", "noted@customer.example", "no address", "", "a\0b@c.example",
            "ada@customer.example\r\nBcc: eve@evil.example", &long];
        for (place, email) in typed.into_iter().enumerate() {
            let before = fresh.core.hashing().count();
            shop.sign_up(&fresh.core, email, FIRST, &format!("192.0.2.{place}")).await;
            assert_eq!(fresh.core.hashing().count() - before, 1, "one hash, whoever it is");
            shop.forgot(&fresh.core, email, &format!("192.0.2.{place}")).await;
        }
        let mails = delivered(&fresh.core).await;
        assert_eq!(mails.iter().map(|(to, ..)| to.as_str()).collect::<Vec<_>>(), [ADA, ADA]);
        assert_eq!(fresh.core.counted("select count(*) from password_request where asked is not null").await, 0);
        assert_eq!(fresh.core.counted("select count(*) from password_link where purpose = 'verify'").await, 0, "nobody new may sign up");
        fresh.core.flush_refusals().await.expect("written");
        let told: Vec<(String,)> =
            fresh.core.db().all("select body from audit_event where action = 'password_link.withheld'", args![]).await.expect("rows");
        for reason in ["unknown_address", "no_address", "banned"] {
            assert!(told.iter().any(|(body,)| body.contains(reason)), "{reason} in {told:?}");
        }
        let history: Vec<(String,)> = fresh.core.db().all("select body from audit_event", args![]).await.expect("rows");
        for secret in ["new@", "noted@", "password_", FIRST, "argon2"] {
            let found = history.iter().filter(|(body,)| body.contains(secret)).filter(|(body,)| secret != "password_" || body.contains("#password_"));
            assert_eq!(found.count(), 0, "history holds no {secret}");
        }
    }

    /// What is judged is what was typed, for everybody alike (SE5).
    async fn a_weak_password_is_refused_whoever_chooses_it(fresh) {
        let shop = Shop::open(&fresh).await;
        let token = shop.reset_token(&fresh.core, ADA).await;
        for weak in ["short", "password1password1", "aaaaaaaaaaaaaaaaaaaa", &"x".repeat(129)] {
            for email in [ADA, NEW] {
                let refused = fresh.core.sign_up_with_password(&proof(email, weak), "192.0.2.1", shop.call()).await.expect_err("refused");
                assert_eq!((refused.code(), refused.problem().field.as_deref()), (Code::WeakPassword, Some("password")));
            }
            assert_eq!(code(reset(&fresh.core, &token, weak).await), Some(Code::WeakPassword));
        }
        reset(&fresh.core, &token, FIRST).await.expect("a refusal used nothing up");
    }

    async fn a_new_password_ends_every_session_and_is_told(fresh) {
        let shop = Shop::open(&fresh).await;
        let token = shop.reset_token(&fresh.core, ADA).await;
        reset(&fresh.core, &token, FIRST).await.expect("set");
        let note = delivered(&fresh.core).await;
        let [(to, subject, text)] = note.as_slice() else { panic!("one note: {note:?}") };
        assert_eq!((to.as_str(), subject.as_str()), (ADA, "Your password for acme was changed"));
        assert!(!text.contains("password_") && !text.contains(FIRST), "a note holds nothing that opens anything: {text}");
        let started = shop.sign_in(&fresh.core, ADA, FIRST).await.expect("signed in");
        let beside = shop.reset_token(&fresh.core, ADA).await;
        let token = shop.reset_token(&fresh.core, ADA).await;
        reset(&fresh.core, &token, SECOND_ONE).await.expect("set");
        assert!(shop.acme.visit(&started.token).await.is_err(), "its session has ended");
        assert_eq!(shop.refusal(&fresh.core, ADA, FIRST).await, Some(Code::InvalidCredentials));
        assert!(shop.sign_in(&fresh.core, ADA, SECOND_ONE).await.is_ok());
        assert_eq!(code(reset(&fresh.core, &beside, THEIRS).await), Some(Code::LinkConsumed), "links beside it end with it");
    }

    /// The switch, the tenant and the law.
    async fn what_takes_a_password_away_counts_at_once(fresh) {
        let shop = Shop::open(&fresh).await;
        shop.signed_up(&fresh.core, NEW, FIRST).await;
        let id = shop.sign_in(&fresh.core, NEW, FIRST).await.expect("signed in").customer.id;
        for switch in [
            ProductChange { sign_in: Some(false), ..ProductChange::default() },
            ProductChange { sign_in: Some(true), passwords: Some(false), ..ProductChange::default() },
        ] {
            shop.change(switch).await;
            assert_eq!(shop.refusal(&fresh.core, NEW, FIRST).await, Some(Code::SignInOff));
            assert_eq!(code(fresh.core.sign_up_with_password(&proof(NEW, FIRST), "192.0.2.1", shop.call()).await), Some(Code::SignInOff));
        }
        let asked = NewMagicLink { email: NEW.to_owned(), return_url: format!("{PAGE}/") };
        fresh.core.request_magic_link(&asked, "192.0.2.1", shop.call()).await.expect("accepted");
        fresh.core.answer_link_requests().await.expect("answered");
        assert_eq!(delivered(&fresh.core).await.len(), 1, "mail goes on");
        shop.change(ProductChange { passwords: Some(true), ..ProductChange::default() }).await;
        assert!(shop.sign_in(&fresh.core, NEW, FIRST).await.is_ok());
        ban(&shop, &id, true).await;
        let before = fresh.core.hashing().count();
        assert_eq!(shop.refusal(&fresh.core, NEW, FIRST).await, Some(Code::InvalidCredentials), "a ban does not tell that the password is right");
        assert_eq!(fresh.core.hashing().count() - before, 1);
        ban(&shop, &id, false).await;
        let owner = shop.acme.owner().await;
        let sets = shop.reset_token(&fresh.core, NEW).await;
        assert_eq!(owner.remove_customer_password(&id, Some("Asked for it".to_owned())).await.expect("removed").password_set_at, None);
        assert_eq!(shop.refusal(&fresh.core, NEW, FIRST).await, Some(Code::InvalidCredentials));
        assert_eq!(code(reset(&fresh.core, &sets, SECOND_ONE).await), Some(Code::LinkConsumed));
        owner.remove_customer_password(&id, None).await.expect("there is none, and that is fine");
        let sets = shop.reset_token(&fresh.core, NEW).await;
        reset(&fresh.core, &sets, SECOND_ONE).await.expect("set");
        assert_eq!(delivered(&fresh.core).await.len(), 1, "the note");
        let waiting = shop.reset_token(&fresh.core, ADA).await;
        for id in [&id, &shop.ada] {
            owner.delete_customer(id, None).await.expect("deleted");
        }
        assert_eq!(fresh.core.counted("select count(*) from customer_password").await, 0);
        assert_eq!(fresh.core.counted("select count(*) from password_link").await, 0);
        assert_eq!(code(reset(&fresh.core, &waiting, FIRST).await), Some(Code::InvalidToken));
        assert_eq!(shop.refusal(&fresh.core, NEW, SECOND_ONE).await, Some(Code::InvalidCredentials));
    }
}
