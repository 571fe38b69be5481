//! Guessing customers' passwords: what it costs, what it tells, whom it hurts.

use super::{ADA, FIRST, NEW, SECOND_ONE, Shop, ban, delivered, only_token, reset, verify};
use crate::{
    Code, Core, HashCost, KeySource, Settings,
    customer::NewCustomer,
    db::args,
    magic_link::NewMagicLink,
    on_each_engine,
    testing::{PAGE, settings},
    time::MINUTE,
};
use std::sync::Arc;
use tokio::task::JoinSet;

on_each_engine! {
    /// SE7: one answer and exactly one hash for a wrong password, an unknown address, a noted one, a customer without a password, an
    /// unverified sign-up and a banned customer; and the same number of attempts for each before they wait.
    async fn whatever_is_wrong_costs_and_answers_the_same(fresh) {
        let shop = Shop::open(&fresh).await;
        let owner = shop.acme.owner().await;
        shop.signed_up(&fresh.core, NEW, FIRST).await;
        shop.signed_up(&fresh.core, "banned@customer.example", FIRST).await;
        let banned = shop.sign_in(&fresh.core, "banned@customer.example", FIRST).await.expect("signed in").customer.id;
        ban(&shop, &banned, true).await;
        let noted = NewCustomer { external_id: Some("7".to_owned()), email: Some("noted@customer.example".to_owned()), ..NewCustomer::default() };
        owner.create_customer(noted).await.expect("written");
        shop.sign_up(&fresh.core, "waiting@customer.example", FIRST, "192.0.2.1").await;
        delivered(&fresh.core).await;
        let mut answers = Vec::new();
        for (email, password) in [
            (NEW, SECOND_ONE),
            ("nobody@customer.example", FIRST),
            ("noted@customer.example", FIRST),
            (ADA, FIRST),
            ("waiting@customer.example", FIRST),
            ("banned@customer.example", FIRST),
            ("no address", FIRST),
            ("nul\u{0}@customer.example", FIRST),
        ] {
            let before = fresh.core.hashing().count();
            let refused = shop.sign_in(&fresh.core, email, password).await.err().expect("refused").problem();
            let hashes = fresh.core.hashing().count() - before;
            let mut codes = Vec::new();
            for _ in 0..8 {
                codes.push(shop.refusal(&fresh.core, email, password).await);
            }
            answers.push((refused, hashes, codes));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!((answers[0].0.code, answers[0].1), (Code::InvalidCredentials, 1));
        assert_eq!(answers[0].2.last(), Some(&Some(Code::RateLimited)));
        fresh.core.flush_refusals().await.expect("written");
        let told: Vec<(String,)> = fresh.core.db()
            .all("select body from audit_event where action = 'customer.sign_in_refused'", args![]).await.expect("rows");
        assert!(told.len() >= 4 && !told.iter().any(|(body,)| body.contains('@') || body.contains(FIRST)), "{told:?}");
    }

    /// SE8: guesses make a password wait, and neither a sign-in link nor a new password; a new password ends the wait.
    async fn a_stranger_locks_nobody_out(fresh) {
        let shop = Shop::open(&fresh).await;
        shop.signed_up(&fresh.core, NEW, FIRST).await;
        for _ in 0..40 {
            shop.refusal(&fresh.core, NEW, SECOND_ONE).await;
        }
        let waits = shop.sign_in(&fresh.core, NEW, FIRST).await.err().expect("waits").problem();
        assert!(waits.code == Code::RateLimited && waits.retry_after.is_some_and(|seconds| seconds <= 900), "{waits:?}");
        let asked = NewMagicLink { email: NEW.to_owned(), return_url: format!("{PAGE}/") };
        fresh.core.request_magic_link(&asked, "192.0.2.1", shop.call()).await.expect("accepted");
        fresh.core.answer_link_requests().await.expect("answered");
        assert_eq!(delivered(&fresh.core).await.len(), 1);
        shop.forgot(&fresh.core, NEW, "192.0.2.1").await;
        let token = only_token(&fresh.core).await;
        reset(&fresh.core, &token, SECOND_ONE).await.expect("set");
        assert!(shop.sign_in(&fresh.core, NEW, SECOND_ONE).await.is_ok());
        // The same address in another tenant waits for nobody here.
        assert_eq!(fresh.core.counted("select count(*) from sign_in_failure").await, 0);
    }

    /// Whoever reads a mail that was meant for somebody else cannot try out which password they chose.
    async fn the_password_of_a_sign_up_is_not_guessed_with_its_link(fresh) {
        let shop = Shop::open(&fresh).await;
        let token = shop.sign_up_token(&fresh.core, NEW, FIRST).await;
        let mut codes = Vec::new();
        for _ in 0..8 {
            codes.push(verify(&fresh.core, &token, SECOND_ONE).await.err().map(|error| error.code()));
        }
        assert_eq!((codes.first(), codes.last()), (Some(&Some(Code::InvalidCredentials)), Some(&Some(Code::RateLimited))));
        fresh.clock.advance(15 * MINUTE);
        verify(&fresh.core, &token, FIRST).await.expect("the wait ends");
    }

    /// SE6: customers and the people of the dashboard hash behind one door, and past its queue a customer hears 503.
    async fn customers_hash_under_the_cap_of_the_dashboard(fresh) {
        let shop = Arc::new(Shop::open(&fresh).await);
        let costly = Settings { hash_cost: HashCost { memory: 8_192, passes: 3 }, ..settings() };
        let core = Core::open(fresh.location.clone(), KeySource::Given(fresh.master_key()), fresh.clock.clone(), costly).await.expect("opens");
        let mut signing_in = JoinSet::new();
        for place in 0..400 {
            let (shop, core) = (shop.clone(), core.clone());
            signing_in.spawn(async move { shop.refusal(&core, &format!("u{place}@customer.example"), FIRST).await });
        }
        let codes = signing_in.join_all().await;
        assert!(codes.iter().all(|code| matches!(code, Some(Code::InvalidCredentials | Code::Unavailable))), "{codes:?}");
        assert!(codes.contains(&Some(Code::Unavailable)) && codes.contains(&Some(Code::InvalidCredentials)), "{codes:?}");
        core.close().await;
    }

    /// Costs that were raised reach a customer's hash when they sign in.
    async fn a_hash_is_made_anew_when_it_became_too_cheap(fresh) {
        let shop = Shop::open(&fresh).await;
        shop.signed_up(&fresh.core, NEW, FIRST).await;
        let costlier = Settings { hash_cost: HashCost { memory: 128, passes: 2 }, ..settings() };
        let core = Core::open(fresh.location.clone(), KeySource::Given(fresh.master_key()), fresh.clock.clone(), costlier).await.expect("opens");
        shop.sign_in(&core, NEW, FIRST).await.expect("signed in");
        assert_eq!(core.counted("select count(*) from customer_password where hash like '%m=128,t=2%'").await, 1);
        assert!(shop.sign_in(&core, NEW, FIRST).await.is_ok());
        core.close().await;
    }
}
