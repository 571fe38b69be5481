//! The links that mails about passwords lead to, and the requests behind them.

use super::{ADA, FIRST, NEW, SECOND_ONE, Shop, ban, code, delivered, only_token, reset, verify};
use crate::{
    Code, Core, KeySource, Origination,
    customer::CustomerChange,
    customer_password::{ForgottenPassword, RESET_LASTS, VERIFY_LASTS},
    db::args,
    embed_key::EmbedCall,
    key::MasterKey,
    magic_link::NewMagicLink,
    on_each_engine,
    product::ProductChange,
    secret::generate_secret,
    tenant::RevokeEverything,
    testing::{PAGE, settings},
    time::{HOUR, MINUTE, SECOND},
};
use std::sync::Arc;
use tokio::task::JoinSet;

on_each_engine! {
    /// Kept as a hash, dead after its time and after its use, and of one purpose.
    async fn a_link_is_kept_as_a_hash_and_is_dead_after_its_time_and_its_use(fresh) {
        let shop = Shop::open(&fresh).await;
        let (verifies, sets) = (shop.sign_up_token(&fresh.core, NEW, FIRST).await, shop.reset_token(&fresh.core, ADA).await);
        let rows: Vec<(String,)> = fresh.core.db().all("select token_hash || email || coalesce(password_hash, '') from password_link", args![])
            .await.expect("rows");
        assert!(rows.len() == 2 && !rows.iter().any(|(text,)| text.contains(&verifies) || text.contains(&sets) || text.contains(FIRST)));
        assert_eq!(code(reset(&fresh.core, &verifies, FIRST).await), Some(Code::InvalidToken));
        assert_eq!(code(verify(&fresh.core, &sets, FIRST).await), Some(Code::InvalidToken));
        let mut typo = sets.clone();
        typo.replace_range(12..13, if &typo[12..13] == "x" { "y" } else { "x" });
        for wrong in [generate_secret("password_").reveal(), typo.as_str(), "", "password_", "x\0y", &"x".repeat(10_000)] {
            assert_eq!(code(reset(&fresh.core, wrong, FIRST).await), Some(Code::InvalidToken), "{wrong}");
        }
        fresh.clock.advance(RESET_LASTS - 1);
        let last = shop.reset_token(&fresh.core, ADA).await;
        fresh.clock.advance(1);
        assert_eq!(code(reset(&fresh.core, &sets, FIRST).await), Some(Code::LinkExpired));
        reset(&fresh.core, &last, FIRST).await.expect("its own quarter of an hour");
        assert_eq!(code(reset(&fresh.core, &last, SECOND_ONE).await), Some(Code::LinkConsumed));
        fresh.clock.advance(VERIFY_LASTS - RESET_LASTS - 1);
        let late = shop.sign_up_token(&fresh.core, "late@customer.example", FIRST).await;
        verify(&fresh.core, &verifies, FIRST).await.expect("within its day");
        fresh.clock.advance(VERIFY_LASTS);
        assert_eq!(code(verify(&fresh.core, &late, FIRST).await), Some(Code::LinkExpired));
    }

    async fn of_twenty_who_redeem_a_link_in_two_processes_one_does(fresh) {
        let shop = Arc::new(Shop::open(&fresh).await);
        let cores = [fresh.core.clone(), fresh.another_process().await];
        for verifying in [true, false] {
            let token = if verifying { shop.sign_up_token(&fresh.core, NEW, FIRST).await } else { shop.reset_token(&fresh.core, ADA).await };
            let mut redeeming = JoinSet::new();
            for place in 0..20 {
                let (core, token) = (cores[place % 2].clone(), token.clone());
                redeeming.spawn(async move {
                    let done = if verifying { verify(&core, &token, FIRST).await } else { reset(&core, &token, FIRST).await };
                    done.map(drop).map_err(|error| error.code())
                });
            }
            let outcomes = redeeming.join_all().await;
            assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
            // Past a few attempts with one link the others wait.
            assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(()) | Err(Code::LinkConsumed | Code::RateLimited))), "{outcomes:?}");
        }
        assert_eq!(fresh.core.counted("select count(*) from customer_password").await, 2);
        assert_eq!(fresh.core.counted("select count(*) from customer").await, 2);
        cores[1].close().await;
    }

    /// Two links that went to one address, redeemed at once: one of the two passwords, and one customer.
    async fn two_sign_ups_with_one_address_make_one_customer(fresh) {
        let shop = Shop::open(&fresh).await;
        let other = fresh.another_process().await;
        let (one, two) = (shop.sign_up_token(&fresh.core, NEW, FIRST).await, shop.sign_up_token(&fresh.core, NEW, SECOND_ONE).await);
        let (one, two) = tokio::join!(verify(&fresh.core, &one, FIRST), verify(&other, &two, SECOND_ONE));
        assert!(one.is_ok() != two.is_ok(), "{:?} {:?}", code(one), code(two));
        let right = if shop.sign_in(&fresh.core, NEW, FIRST).await.is_ok() { SECOND_ONE } else { FIRST };
        assert_eq!(shop.refusal(&fresh.core, NEW, right).await, Some(Code::InvalidCredentials));
        assert_eq!(fresh.core.counted("select count(*) from customer").await, 2);
        other.close().await;
    }

    /// The limits of magic links, counted beside them.
    async fn of_an_address_five_an_hour_and_of_a_client_ten_a_minute_are_mailed(fresh) {
        let shop = Shop::open(&fresh).await;
        for place in 0..20 {
            shop.forgot(&fresh.core, if place % 2 == 0 { "ADA@customer.example " } else { ADA }, &format!("192.0.2.{place}")).await;
        }
        assert_eq!(delivered(&fresh.core).await.len(), 5);
        let asked = NewMagicLink { email: ADA.to_owned(), return_url: format!("{PAGE}/") };
        fresh.core.request_magic_link(&asked, "192.0.2.200", shop.call()).await.expect("accepted");
        fresh.core.answer_link_requests().await.expect("answered");
        assert_eq!(delivered(&fresh.core).await.len(), 1, "a sign-in link is still to be had");
        for place in 0..30 {
            shop.forgot(&fresh.core, &format!("u{place}@customer.example"), "198.51.100.1").await;
        }
        assert_eq!(fresh.core.counted("select count(*) from password_request").await, 20 + 10);
        fresh.clock.advance(HOUR + SECOND);
        shop.forgot(&fresh.core, ADA, "192.0.2.1").await;
        assert_eq!(delivered(&fresh.core).await.len(), 1);
    }

    async fn a_link_dies_with_what_it_came_through(fresh) {
        let shop = Shop::open(&fresh).await;
        let owner = shop.acme.owner().await;
        let (verifies, sets) = (shop.sign_up_token(&fresh.core, NEW, FIRST).await, shop.reset_token(&fresh.core, ADA).await);
        let both = || async { (code(verify(&fresh.core, &verifies, FIRST).await), code(reset(&fresh.core, &sets, FIRST).await)) };
        let late = (Some(Code::LinkExpired), Some(Code::LinkExpired));
        owner.disable_embed_key(&shop.product, &shop.key, None).await.expect("disabled");
        assert_eq!(both().await, late, "the embed key");
        owner.enable_embed_key(&shop.product, &shop.key).await.expect("enabled");
        shop.change(ProductChange { passwords: Some(false), ..ProductChange::default() }).await;
        assert_eq!(both().await, late, "the switch");
        shop.change(ProductChange { passwords: Some(true), anyone_may_sign_in: Some(false), ..ProductChange::default() }).await;
        assert_eq!(code(verify(&fresh.core, &verifies, FIRST).await), Some(Code::LinkExpired), "nobody new may come");
        shop.change(ProductChange { anyone_may_sign_in: Some(true), ..ProductChange::default() }).await;
        ban(&shop, &shop.ada, true).await;
        assert_eq!(code(reset(&fresh.core, &sets, FIRST).await), Some(Code::LinkExpired), "its customer");
        ban(&shop, &shop.ada, false).await;
        let moved = CustomerChange { email: Some(Some("ada@elsewhere.example".to_owned())), email_verified: Some(true), ..CustomerChange::default() };
        owner.update_customer(&shop.ada, moved).await.expect("moved");
        assert_eq!(code(reset(&fresh.core, &sets, FIRST).await), Some(Code::LinkExpired), "the address is not theirs any more");
        fresh.clock.advance(SECOND);
        owner.revoke_everything(RevokeEverything { confirm: "acme".to_owned(), reason: None }).await.expect("revoked");
        assert_eq!(both().await, late, "and everything");
    }

    async fn a_request_from_before_everything_was_revoked_or_of_a_quarter_of_an_hour_ago_brings_no_mail(fresh) {
        let shop = Shop::open(&fresh).await;
        shop.forgot(&fresh.core, ADA, "192.0.2.1").await;
        shop.sign_up(&fresh.core, NEW, FIRST, "192.0.2.1").await;
        shop.acme.owner().await.revoke_everything(RevokeEverything { confirm: "acme".to_owned(), reason: None }).await.expect("revoked");
        fresh.clock.advance(1);
        assert_eq!(delivered(&fresh.core).await, []);
        shop.forgot(&fresh.core, ADA, "192.0.2.1").await;
        fresh.clock.advance(RESET_LASTS);
        assert_eq!(delivered(&fresh.core).await, []);
        shop.forgot(&fresh.core, ADA, "192.0.2.1").await;
        fresh.clock.advance(RESET_LASTS - 1);
        only_token(&fresh.core).await;
    }

    async fn history_says_from_where_a_mail_was_asked_for(fresh) {
        let shop = Shop::open(&fresh).await;
        let from = Origination { ip: Some("192.0.2.77".to_owned()), user_agent: Some("Lynx".to_owned()), ..Origination::default() };
        let call = || EmbedCall { from: from.clone(), ..shop.call() };
        fresh.core.forgot_password(&ForgottenPassword { email: ADA.to_owned() }, "192.0.2.77", call()).await.expect("accepted");
        let asked = NewMagicLink { email: ADA.to_owned(), return_url: format!("{PAGE}/") };
        fresh.core.request_magic_link(&asked, "192.0.2.77", call()).await.expect("accepted");
        fresh.core.answer_password_requests().await.expect("answered");
        fresh.core.answer_link_requests().await.expect("answered");
        for action in ["password_link.sent", "magic_link.sent"] {
            let (body,): (String,) =
                fresh.core.db().one("select body from audit_event where action = $1", args![action]).await.expect("one event");
            assert!(body.contains("192.0.2.77") && body.contains("Lynx"), "{body}");
        }
    }

    /// E15: hashes come back, tokens and requests do not.
    async fn a_restored_backup_knows_passwords_and_no_link(fresh) {
        let shop = Shop::open(&fresh).await;
        shop.signed_up(&fresh.core, NEW, FIRST).await;
        let (verifies, sets) = (shop.sign_up_token(&fresh.core, "other@customer.example", FIRST).await, shop.reset_token(&fresh.core, ADA).await);
        shop.forgot(&fresh.core, ADA, "192.0.2.3").await;
        fresh.core.adopt_backup(true).await.expect("adopted");
        fresh.clock.advance(SECOND);
        assert_eq!(code(verify(&fresh.core, &verifies, FIRST).await), Some(Code::LinkConsumed));
        assert_eq!(code(reset(&fresh.core, &sets, FIRST).await), Some(Code::LinkConsumed));
        assert_eq!(delivered(&fresh.core).await.len(), 0, "what waited waits no more");
        assert!(shop.sign_in(&fresh.core, NEW, FIRST).await.is_ok());
    }

    /// KY1, KY4
    async fn a_request_waits_sealed_and_outlives_a_new_master_key(fresh) {
        let shop = Shop::open(&fresh).await;
        shop.sign_up(&fresh.core, NEW, FIRST, "192.0.2.1").await;
        let (asked,): (String,) = fresh.core.db().one("select asked from password_request", args![]).await.expect("a row");
        assert!(asked.starts_with("v1.") && !asked.contains("new@") && !asked.contains("argon2"));
        let new = MasterKey::generate();
        fresh.core.rotate_master_key(&new).await.expect("rotated");
        let again = Core::open(fresh.location.clone(), KeySource::Given(new), fresh.clock.clone(), settings()).await.expect("opens");
        let token = only_token(&again).await;
        verify(&again, &token, FIRST).await.expect("verified");
        again.close().await;
    }

    async fn what_counts_no_more_is_swept(fresh) {
        let shop = Shop::open(&fresh).await;
        shop.sign_up_token(&fresh.core, NEW, FIRST).await;
        fresh.clock.advance(HOUR + SECOND);
        fresh.core.sweep().await.expect("swept");
        assert_eq!(fresh.core.counted("select count(*) from password_request").await, 0);
        assert_eq!(fresh.core.counted("select count(*) from password_link").await, 1);
        fresh.clock.advance(2 * VERIFY_LASTS + MINUTE);
        fresh.core.sweep().await.expect("swept");
        assert_eq!(fresh.core.counted("select count(*) from password_link").await, 0);
    }
}
