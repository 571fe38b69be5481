//! Magic links on a real database of each engine.

use super::{LASTS, NewMagicLink, PARAMETER, Redemption};
use crate::{
    Code, Core, CustomerId, EmbedKeyId, KeySource, ProductId, Result, Secret,
    customer::{CustomerChange, NewCustomer},
    customer_session::StartedSession,
    db::args,
    embed_key::{EmbedCall, KeyMode, NewEmbedKey},
    key::MasterKey,
    on_each_engine,
    product::ProductChange,
    secret::generate_secret,
    tenant::RevokeEverything,
    testing::{Fixture, Fresh, PAGE, settings},
    time::{HOUR, MINUTE, SECOND},
};
use std::collections::BTreeSet;
use tokio::task::JoinSet;

const ADA: &str = "ada@customer.example";

/// A tenant, its product with a key for `PAGE`, and Ada, whose address is verified.
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
        let ada = customer(&acme, ADA).await;
        Self { acme, product, key, ada }
    }

    fn call(&self) -> EmbedCall<'_> {
        EmbedCall { key: self.key.as_str(), origin: Some(PAGE), ..EmbedCall::default() }
    }

    /// Somebody at this address of the network types this.
    async fn ask(&self, core: &Core, email: &str, network: &str) {
        let asked = NewMagicLink { email: email.to_owned(), return_url: format!("{PAGE}/account?tab=1#top") };
        core.request_magic_link(&asked, network, self.call()).await.expect("accepted");
    }

    async fn redeem(&self, core: &Core, token: &str) -> Result<StartedSession> {
        core.redeem_magic_link(&Redemption { token: Secret::new(token.to_owned()) }, self.call()).await
    }

    async fn refusal(&self, core: &Core, token: &str) -> Option<Code> {
        self.redeem(core, token).await.err().map(|error| error.code())
    }

    /// The token of a link that was asked for and mailed just now.
    async fn link(&self, core: &Core, email: &str) -> String {
        self.ask(core, email, "192.0.2.1").await;
        let mut mails = delivered(core).await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        token(&mails.remove(0).1)
    }

    async fn change(&self, change: ProductChange) {
        self.acme.owner().await.update_product(&self.product, change).await.expect("changed");
    }
}

async fn customer(acme: &Fixture, email: &str) -> CustomerId {
    let asked = NewCustomer { email: Some(email.to_owned()), email_verified: true, ..NewCustomer::default() };
    acme.owner().await.create_customer(asked).await.expect("written").id
}

/// Answers what waits, and takes every mail out: to whom, and its text.
async fn delivered(core: &Core) -> Vec<(String, String)> {
    core.answer_link_requests().await.expect("answered");
    let mut mails = Vec::new();
    while let Some(mail) = core.take_mail().await.expect("answers") {
        assert!(core.begin_mail(&mail).await.expect("answers"));
        core.mail_was_sent(&mail).await.expect("noted");
        mails.push((mail.recipient, mail.text));
    }
    mails
}

/// From the link in a mail.
fn token(text: &str) -> String {
    let start = text.find(PARAMETER).expect("a link") + PARAMETER.len() + 1;
    text[start..].split(['#', '\n', '&']).next().unwrap_or_default().to_owned()
}

on_each_engine! {
    /// F27, F29
    async fn a_customer_reads_a_mail_and_is_signed_in(fresh) {
        let shop = Shop::open(&fresh).await;
        shop.ask(&fresh.core, " Ada@Customer.example ", "192.0.2.1").await;
        let mails = delivered(&fresh.core).await;
        let [(to, text)] = mails.as_slice() else { panic!("one mail: {mails:?}") };
        assert_eq!(to, ADA);
        let token = token(text);
        assert!(text.contains(&format!("{PAGE}/account?tab=1&{PARAMETER}={token}#top")), "{text}");
        let started = shop.redeem(&fresh.core, &token).await.expect("signed in");
        assert_eq!((started.customer.id, started.customer.email.as_deref()), (shop.ada.clone(), Some(ADA)));
        assert_eq!(started.expires_at, fresh.core.now().floor_to_second().plus(HOUR));
    }

    /// F32, F37, ML1: nobody but the customer with that verified address is written to, and nobody is told.
    async fn whoever_asks_is_answered_alike_and_only_the_customer_is_written_to(fresh) {
        let shop = Shop::open(&fresh).await;
        let banned = customer(&shop.acme, "banned@customer.example").await;
        let owner = shop.acme.owner().await;
        owner.update_customer(&banned, CustomerChange { banned: Some(true), ..CustomerChange::default() }).await.expect("banned");
        let noted = NewCustomer { external_id: Some("7".to_owned()), email: Some("noted@customer.example".to_owned()), ..NewCustomer::default() };
        owner.create_customer(noted).await.expect("written");
        let long = format!("{}@customer.example", "x".repeat(60_000));
        let typed = [ADA, "nobody@customer.example", "banned@customer.example", "noted@customer.example", "no address", "", "a\0b@c.example",
            "ada@customer.example\r\nBcc: eve@evil.example", &long];
        for (place, email) in typed.into_iter().enumerate() {
            shop.ask(&fresh.core, email, &format!("192.0.2.{place}")).await;
        }
        assert_eq!(delivered(&fresh.core).await.into_iter().map(|(to, _)| to).collect::<Vec<_>>(), [ADA]);
        assert_eq!(fresh.core.counted("select count(*) from magic_link").await, 1);
        assert_eq!(fresh.core.counted("select count(*) from magic_link_request where asked is not null").await, 0);
        fresh.core.flush_refusals().await.expect("written");
        let reasons: Vec<(String,)> =
            fresh.core.db().all("select body from audit_event where action = 'magic_link.withheld'", args![]).await.expect("rows");
        for reason in ["unknown_address", "no_address", "banned"] {
            assert!(reasons.iter().any(|(body,)| body.contains(reason)), "{reason} in {reasons:?}");
        }
        assert!(!reasons.iter().any(|(body,)| body.contains("nobody@")), "history holds no address");
        assert!(!reasons.iter().any(|(body,)| body.contains("client_limit")), "nobody asked too often");
    }

    /// F33, ML3: in any minute ten of a client are looked at, on every process, and after a restart.
    async fn of_a_client_ten_a_minute_are_heard(fresh) {
        let shop = Shop::open(&fresh).await;
        let other = fresh.another_process().await;
        for place in 0..30 {
            shop.ask(if place % 2 == 0 { &fresh.core } else { &other }, &format!("u{place}@customer.example"), "192.0.2.1").await;
        }
        assert_eq!(fresh.core.counted("select count(*) from magic_link_request").await, 10);
        other.close().await;
        let again = fresh.another_process().await;
        shop.ask(&again, ADA, "192.0.2.1").await;
        shop.ask(&again, ADA, "192.0.2.2").await;
        assert_eq!(delivered(&again).await.len(), 1, "another client is heard");
        fresh.clock.advance(MINUTE - SECOND);
        shop.ask(&again, ADA, "192.0.2.1").await;
        assert_eq!(delivered(&again).await.len(), 0, "the minute rolls, it does not begin anew");
        fresh.clock.advance(SECOND);
        shop.ask(&again, ADA, "192.0.2.1").await;
        assert_eq!(delivered(&again).await.len(), 1);
        again.close().await;
    }

    /// F34, F37, ML3
    async fn of_an_address_five_an_hour_are_mailed_however_it_is_written(fresh) {
        let shop = Shop::open(&fresh).await;
        for place in 0..20 {
            shop.ask(&fresh.core, if place % 2 == 0 { "ADA@customer.example " } else { ADA }, &format!("192.0.2.{place}")).await;
            fresh.clock.advance(SECOND);
        }
        assert_eq!(delivered(&fresh.core).await.len(), 5);
        // The first of them was twenty seconds ago.
        fresh.clock.advance(HOUR - 21 * SECOND);
        shop.ask(&fresh.core, ADA, "192.0.2.1").await;
        assert_eq!(delivered(&fresh.core).await.len(), 0);
        fresh.clock.advance(SECOND);
        shop.ask(&fresh.core, ADA, "192.0.2.2").await;
        shop.ask(&fresh.core, ADA, "192.0.2.3").await;
        assert_eq!(delivered(&fresh.core).await.len(), 1, "one place grew back");
    }

    /// ML3
    async fn a_hundred_at_once_over_two_processes_are_five_mails(fresh) {
        let shop = std::sync::Arc::new(Shop::open(&fresh).await);
        let cores = [fresh.core.clone(), fresh.another_process().await];
        let mut asking = JoinSet::new();
        for place in 0..100 {
            let (shop, core) = (shop.clone(), cores[place % 2].clone());
            asking.spawn(async move { shop.ask(&core, ADA, &format!("192.0.2.{place}")).await });
        }
        asking.join_all().await;
        let (one, other) = tokio::join!(cores[0].answer_link_requests(), cores[1].answer_link_requests());
        one.and(other).expect("answered");
        assert_eq!(delivered(&fresh.core).await.len(), 5);
        cores[1].close().await;
    }

    /// ML4
    async fn a_link_is_kept_as_a_hash_and_is_dead_after_its_time_and_after_its_use(fresh) {
        let shop = Shop::open(&fresh).await;
        let used = shop.link(&fresh.core, ADA).await;
        for table in ["select token_hash || email from magic_link", "select coalesce(asked, '') || id from magic_link_request"] {
            let rows: Vec<(String,)> = fresh.core.db().all(table, args![]).await.expect("rows");
            assert!(!rows.is_empty() && !rows.iter().any(|(text,)| text.contains(&used)));
        }
        shop.redeem(&fresh.core, &used).await.expect("signed in");
        assert_eq!(shop.refusal(&fresh.core, &used).await, Some(Code::LinkConsumed));
        let unknown = generate_secret("magic_");
        let mut typo = used.clone();
        typo.replace_range(10..11, if &typo[10..11] == "x" { "y" } else { "x" });
        for wrong in [unknown.reveal(), typo.as_str(), "", "magic_", "x\0y", &"x".repeat(10_000)] {
            assert_eq!(shop.refusal(&fresh.core, wrong).await, Some(Code::InvalidToken), "{wrong}");
        }
        let late = shop.link(&fresh.core, ADA).await;
        fresh.clock.advance(LASTS - 1);
        let last = shop.link(&fresh.core, ADA).await;
        fresh.clock.advance(1);
        assert_eq!(shop.refusal(&fresh.core, &late).await, Some(Code::LinkExpired));
        assert_eq!(shop.refusal(&fresh.core, &last).await, None);
    }

    /// F35, ML5
    async fn of_twenty_who_redeem_a_link_in_two_processes_one_is_signed_in(fresh) {
        let shop = std::sync::Arc::new(Shop::open(&fresh).await);
        shop.change(ProductChange { anyone_may_sign_in: Some(true), ..ProductChange::default() }).await;
        let cores = [fresh.core.clone(), fresh.another_process().await];
        for email in [ADA, "new@customer.example"] {
            let token = shop.link(&fresh.core, email).await;
            let mut redeeming = JoinSet::new();
            for place in 0..20 {
                let (shop, core, token) = (shop.clone(), cores[place % 2].clone(), token.clone());
                redeeming.spawn(async move { shop.redeem(&core, &token).await.map(drop).map_err(|error| error.code()) });
            }
            let outcomes = redeeming.join_all().await;
            assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
            assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(()) | Err(Code::LinkConsumed))), "{outcomes:?}");
        }
        assert_eq!(fresh.core.counted("select count(*) from customer_session").await, 2);
        cores[1].close().await;
    }

    async fn where_anyone_may_sign_in_reading_a_mail_makes_one_customer(fresh) {
        let shop = Shop::open(&fresh).await;
        shop.change(ProductChange { anyone_may_sign_in: Some(true), ..ProductChange::default() }).await;
        let (first, second) = (shop.link(&fresh.core, "new@customer.example").await, shop.link(&fresh.core, "new@customer.example").await);
        assert_eq!(fresh.core.counted("select count(*) from customer").await, 1, "asking makes nobody");
        let (first, second) = tokio::join!(shop.redeem(&fresh.core, &first), shop.redeem(&fresh.core, &second));
        let customers: BTreeSet<_> = [first, second].into_iter().map(|started| started.expect("signed in").customer.id).collect();
        assert_eq!(customers.len(), 1);
        let unused = shop.link(&fresh.core, "other@customer.example").await;
        shop.change(ProductChange { anyone_may_sign_in: Some(false), ..ProductChange::default() }).await;
        assert_eq!(shop.refusal(&fresh.core, &unused).await, Some(Code::LinkExpired), "the switch counts when the link is used");
    }

    /// Contract, section 5.
    async fn a_link_dies_with_what_it_came_through(fresh) {
        let shop = Shop::open(&fresh).await;
        let owner = shop.acme.owner().await;
        let other = shop.acme.embed_key(&shop.product).await.id;
        let token = shop.link(&fresh.core, ADA).await;
        owner.disable_embed_key(&shop.product, &shop.key, None).await.expect("disabled");
        let through = EmbedCall { key: other.as_str(), ..shop.call() };
        let redeem = |token: String| fresh.core.redeem_magic_link(Box::leak(Box::new(Redemption { token: Secret::new(token) })), through.clone());
        assert_eq!(redeem(token).await.err().map(|error| error.code()), Some(Code::LinkExpired), "its own key is disabled");
        owner.enable_embed_key(&shop.product, &shop.key).await.expect("enabled");

        let token = shop.link(&fresh.core, ADA).await;
        assert!(redeem(token).await.is_ok(), "a successor of the key, in the same product, takes it");

        let token = shop.link(&fresh.core, ADA).await;
        owner.update_customer(&shop.ada, CustomerChange { banned: Some(true), ..CustomerChange::default() }).await.expect("banned");
        assert_eq!(shop.refusal(&fresh.core, &token).await, Some(Code::LinkExpired), "its customer is banned");
        owner.update_customer(&shop.ada, CustomerChange { banned: Some(false), ..CustomerChange::default() }).await.expect("let in");

        let gone = CustomerChange { email: Some(Some("ada@elsewhere.example".to_owned())), email_verified: Some(true), ..CustomerChange::default() };
        owner.update_customer(&shop.ada, gone).await.expect("moved");
        customer(&shop.acme, ADA).await;
        assert_eq!(shop.refusal(&fresh.core, &token).await, Some(Code::LinkExpired), "the address is somebody else's now");
    }

    async fn nothing_that_is_older_than_everything_revoked_is_mailed_or_redeemed(fresh) {
        let shop = Shop::open(&fresh).await;
        let token = shop.link(&fresh.core, ADA).await;
        shop.ask(&fresh.core, ADA, "192.0.2.1").await;
        shop.acme.owner().await.revoke_everything(RevokeEverything { confirm: "acme".to_owned(), reason: None }).await.expect("revoked");
        fresh.clock.advance(1);
        assert_eq!(delivered(&fresh.core).await, []);
        assert_eq!(shop.refusal(&fresh.core, &token).await, Some(Code::LinkExpired));
        let later = shop.link(&fresh.core, ADA).await;
        assert_eq!(shop.refusal(&fresh.core, &later).await, None);
    }

    async fn a_request_that_waited_for_a_quarter_of_an_hour_is_answered_by_silence(fresh) {
        let shop = Shop::open(&fresh).await;
        shop.ask(&fresh.core, ADA, "192.0.2.1").await;
        fresh.clock.advance(LASTS);
        assert_eq!(delivered(&fresh.core).await, []);
        shop.ask(&fresh.core, ADA, "192.0.2.1").await;
        fresh.clock.advance(LASTS - 1);
        assert_eq!(delivered(&fresh.core).await.len(), 1);
    }

    async fn another_product_or_tenant_knows_nothing_of_a_link(fresh) {
        let shop = Shop::open(&fresh).await;
        let token = shop.link(&fresh.core, ADA).await;
        let globex = fresh.tenant("globex").await;
        let foreign = globex.embed_key(&globex.product().await).await.id;
        let sibling = shop.acme.owner().await.create_product(crate::product::NewProduct { name: "Chat".to_owned(), ..Default::default() }).await;
        let sibling = shop.acme.embed_key(&sibling.expect("made").id).await.id;
        for key in [foreign, sibling] {
            let call = EmbedCall { key: key.as_str(), ..shop.call() };
            let asked = Redemption { token: Secret::new(token.clone()) };
            let refused = fresh.core.redeem_magic_link(&asked, call).await.err().map(|error| error.code());
            assert_eq!(refused, Some(Code::InvalidToken));
        }
        assert_eq!(shop.refusal(&fresh.core, &token).await, None, "and used nothing up");
    }

    /// KY1, KY4
    async fn a_request_waits_sealed_and_outlives_a_new_master_key(fresh) {
        let shop = Shop::open(&fresh).await;
        shop.ask(&fresh.core, ADA, "192.0.2.1").await;
        let (asked,): (String,) = fresh.core.db().one("select asked from magic_link_request", args![]).await.expect("a row");
        assert!(asked.starts_with("v1.") && !asked.contains("ada"));
        let new = MasterKey::generate();
        fresh.core.rotate_master_key(&new).await.expect("rotated");
        let asked = NewMagicLink { email: ADA.to_owned(), return_url: format!("{PAGE}/") };
        let refused = fresh.core.request_magic_link(&asked, "192.0.2.1", shop.call()).await.err().map(|error| error.code());
        assert_eq!(refused, Some(Code::Unavailable), "the old process seals nothing any more");
        let again = Core::open(fresh.location.clone(), KeySource::Given(new), fresh.clock.clone(), settings()).await.expect("opens");
        assert_eq!(delivered(&again).await.len(), 1);
        again.close().await;
    }

    async fn an_erased_customer_leaves_neither_link_nor_address(fresh) {
        let shop = Shop::open(&fresh).await;
        shop.ask(&fresh.core, ADA, "192.0.2.1").await;
        fresh.core.answer_link_requests().await.expect("answered");
        shop.acme.owner().await.delete_customer(&shop.ada, None).await.expect("deleted");
        assert_eq!(fresh.core.counted("select count(*) from magic_link").await, 0);
        assert_eq!(fresh.core.counted("select count(*) from mail where recipient like 'ada%' or ended_at is null").await, 0);
    }

    /// A live customer's mail at the same address stays.
    async fn purged_test_customers_leave_neither_link_nor_address(fresh) {
        let shop = Shop::open(&fresh).await;
        let owner = shop.acme.owner().await;
        let asked = |name: &str| NewEmbedKey { name: name.into(), origins: vec![PAGE.into()], mode: KeyMode::Test, allow_development_origins: None };
        let trying = Shop { key: owner.create_embed_key(&shop.product, asked("Trying")).await.expect("a key").id, ..shop };
        for email in [ADA, "eve@customer.example"] {
            let asked = NewCustomer { email: Some(email.to_owned()), email_verified: true, mode: Some(KeyMode::Test), ..NewCustomer::default() };
            owner.create_customer(asked).await.expect("written");
            trying.ask(&fresh.core, email, "192.0.2.1").await;
        }
        fresh.core.answer_link_requests().await.expect("answered");
        assert_eq!(fresh.core.counted("select count(*) from mail where ended_at is null").await, 2);
        assert_eq!(owner.purge_test_customers().await.expect("purged").purged, 2);
        assert_eq!(fresh.core.counted("select count(*) from magic_link").await, 0);
        assert_eq!(fresh.core.counted("select count(*) from mail where recipient like 'eve%'").await, 0);
        assert_eq!(fresh.core.counted("select count(*) from mail where recipient like 'ada%' and ended_at is null").await, 1);
    }

    async fn what_counts_no_more_is_swept(fresh) {
        let shop = Shop::open(&fresh).await;
        shop.link(&fresh.core, ADA).await;
        fresh.clock.advance(HOUR);
        fresh.core.sweep().await.expect("swept");
        assert_eq!(fresh.core.counted("select count(*) from magic_link_request").await, 1);
        fresh.clock.advance(SECOND);
        fresh.core.sweep().await.expect("swept");
        assert_eq!(fresh.core.counted("select count(*) from magic_link_request").await, 0);
        fresh.clock.advance(24 * HOUR);
        fresh.core.sweep().await.expect("swept");
        assert_eq!(fresh.core.counted("select count(*) from magic_link").await, 0);
    }
}
