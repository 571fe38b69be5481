//! Guessing passwords: what it costs, what it tells, whom it hurts.

use super::{credentials, guess, right, try_sign_in};
use crate::{
    Code, Core, HashCost, KeySource, Settings, on_each_engine,
    testing::{PASSWORD, settings},
    time::{MINUTE, SECOND},
};

on_each_engine! {
    /// SE7: the same answer and exactly one hash, whether the account exists or not.
    async fn an_unknown_user_costs_exactly_one_hash_and_gets_the_same_answer(fresh) {
        let acme = fresh.tenant("acme").await;
        let mut answers = Vec::new();
        for email in [acme.owner.email.as_str(), "nobody@acme.example", "no address", "nul\u{0}@acme.example"] {
            let before = fresh.core.hashing().count();
            let wrong = credentials(email, "not the password at all", None);
            let error = try_sign_in(&fresh.core, &wrong, None).await.err().expect("refused");
            answers.push((error.problem(), fresh.core.hashing().count() - before));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!((answers[0].0.code, answers[0].1), (Code::InvalidCredentials, 1));
    }

    /// SE8: a stranger makes the account wait; the owner's known device does not feel it, and the answer is the same for unknown accounts.
    async fn a_stranger_cannot_lock_out_a_known_device(fresh) {
        let acme = fresh.tenant("acme").await;
        let email = acme.owner.email.as_str();
        let mut seen = Vec::new();
        for account in [email, "nobody@acme.example"] {
            let mut codes = Vec::new();
            for _ in 0..60 {
                codes.push(guess(&fresh.core, account, None).await);
                fresh.clock.advance(10 * SECOND);
            }
            assert!(codes.contains(&Code::RateLimited));
            seen.push(codes);
        }
        assert_eq!(seen[0], seen[1]);
        for _ in 0..8 {
            guess(&fresh.core, email, None).await;
        }
        assert_eq!(guess(&fresh.core, email, None).await, Code::RateLimited);
        let waiting = try_sign_in(&fresh.core, &right(email), None).await.err().map(|error| (error.code(), error.problem().retry_after.is_some()));
        assert_eq!(waiting, Some((Code::RateLimited, true)));
        let known = acme.owner.device.as_ref().expect("a mark").reveal();
        assert!(try_sign_in(&fresh.core, &right(email), Some(known)).await.expect("in").is_some());
    }

    /// SE8: what a device cookie buys is a count of its own, not freedom.
    async fn a_stolen_device_mark_is_slowed_down_like_anybody(fresh) {
        let acme = fresh.tenant("acme").await;
        let known = acme.owner.device.as_ref().expect("a mark").reveal();
        for _ in 0..6 {
            guess(&fresh.core, &acme.owner.email, Some(known)).await;
        }
        assert_eq!(guess(&fresh.core, &acme.owner.email, Some(known)).await, Code::RateLimited);
        assert_eq!(guess(&fresh.core, &acme.owner.email, None).await, Code::InvalidCredentials);
    }

    /// SE8: or a guess would cost no more than another made-up mark.
    async fn a_device_mark_that_was_never_given_buys_no_count_of_its_own(fresh) {
        let acme = fresh.tenant("acme").await;
        let mut answers = Vec::new();
        for _ in 0..7 {
            let mark = crate::secret::generate_secret("device_");
            answers.push(guess(&fresh.core, &acme.owner.email, Some(mark.reveal())).await);
        }
        assert_eq!(answers[5..], [Code::InvalidCredentials, Code::RateLimited]);
        let theirs = fresh.tenant("other").await.owner.device.expect("a mark");
        assert_eq!(guess(&fresh.core, &acme.owner.email, Some(theirs.reveal())).await, Code::RateLimited, "known, but of somebody else");
    }

    async fn the_delay_grows_ends_and_is_forgotten_by_success(fresh) {
        let acme = fresh.tenant("acme").await;
        let email = acme.owner.email.as_str();
        for _ in 0..6 {
            assert_eq!(guess(&fresh.core, email, None).await, Code::InvalidCredentials);
        }
        let mut waits = Vec::new();
        for _ in 0..12 {
            let error = try_sign_in(&fresh.core, &right("owner@acme.example"), None).await.err().expect("waits");
            let seconds = error.problem().retry_after.expect("a time");
            waits.push(seconds);
            fresh.clock.advance(i64::try_from(seconds).expect("small") * SECOND);
            assert_eq!(guess(&fresh.core, email, None).await, Code::InvalidCredentials);
        }
        assert_eq!(waits, [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
        fresh.clock.advance(15 * MINUTE);
        assert!(try_sign_in(&fresh.core, &right(email), None).await.expect("in").is_some());
        assert_eq!(guess(&fresh.core, email, None).await, Code::InvalidCredentials);
    }

    /// Attempts are counted before the password is looked at.
    async fn parallel_guesses_do_not_outrun_the_count(fresh) {
        let acme = fresh.tenant("acme").await;
        let guesses: Vec<_> = (0..20)
            .map(|_| {
                let (core, email) = (fresh.core.clone(), acme.owner.email.clone());
                tokio::spawn(async move { guess(&core, &email, None).await })
            })
            .collect();
        let mut tried = 0;
        for guess in guesses {
            tried += usize::from(guess.await.expect("ran") == Code::InvalidCredentials);
        }
        assert_eq!(tried, 6);
    }

    /// SE6: the next sign-in after the parameters rose hashes anew.
    async fn a_hash_is_made_anew_when_parameters_rise(fresh) {
        let acme = fresh.tenant("acme").await;
        // Either of them alone.
        for (memory, passes) in [(128, 1), (128, 2)] {
            let costlier = Settings { hash_cost: HashCost { memory, passes }, ..settings() };
            let key = KeySource::Given(fresh.master_key());
            let core = Core::open(fresh.location.clone(), key, fresh.clock.clone(), costlier).await.expect("opens");
            for hashes in [2, 1] {
                let before = core.hashing().count();
                try_sign_in(&core, &right(&acme.owner.email), None).await.expect("in");
                assert_eq!(core.hashing().count() - before, hashes, "{memory} {passes}");
            }
            core.close().await;
        }
    }

    /// AU7
    async fn failed_sign_ins_reach_history_once_with_their_count(fresh) {
        let acme = fresh.tenant("acme").await;
        for _ in 0..4 {
            guess(&fresh.core, &acme.owner.email, None).await;
        }
        fresh.core.flush_refusals().await.expect("written");
        let rows: Vec<(String,)> = fresh.core.db()
            .all("select body from audit_event where action = 'user.sign_in_failed'", vec![]).await.expect("read");
        assert_eq!(rows.len(), 1);
        assert!(rows[0].0.contains("\"count\":4") && rows[0].0.contains(acme.owner.id.as_str()) && !rows[0].0.contains(PASSWORD));
    }
}
