//! Kept sign-ins on a real database of each engine: what is restored, and for whom.

mod endings;

use super::{GRACE, KEPT_WITHIN, NewKeptSignIn, PREFIX, RestoredSignIn};
use crate::{
    Code, Core, CustomerId, EmbedKeyId, Origination, ProductId, Secret,
    bridge::BridgeAlgorithm,
    customer::NewCustomer,
    customer_session::StartedSession,
    db::args,
    embed_key::{EmbedCall, EmbedKeyChange},
    magic_link::{NewMagicLink, Redemption},
    on_each_engine,
    testing::{Fixture, Fresh, PAGE, bridge_token},
    time::{DAY, HOUR, MINUTE, SECOND},
};
use std::collections::BTreeSet;
use tokio::task::JoinSet;

const ADA: &str = "ada@customer.example";

/// A product whose switches are on, and Ada, who signed in and whose browser keeps it.
struct Scene {
    acme: Fixture,
    product: ProductId,
    key: EmbedKeyId,
    started: StartedSession,
    cookie: Secret,
}

fn copy(secret: &Secret) -> Secret {
    Secret::new(secret.reveal().to_owned())
}

fn call(key: &EmbedKeyId) -> EmbedCall<'_> {
    EmbedCall { key: key.as_str(), origin: Some(PAGE), ..EmbedCall::default() }
}

async fn keep(core: &Core, key: &EmbedKeyId, token: &Secret, shown: Option<&Secret>) -> Result<Option<Secret>, Code> {
    let asked = NewKeptSignIn { token: copy(token) };
    core.keep_sign_in(&asked, shown, call(key)).await.map(|kept| kept.secret).map_err(|error| error.code())
}

async fn restore(core: &Core, key: &EmbedKeyId, shown: &Secret) -> Result<Option<RestoredSignIn>, Code> {
    core.restore_sign_in(Some(shown), call(key)).await.map_err(|error| error.code())
}

async fn switched_on(fresh: &Fresh) -> (Fixture, ProductId, EmbedKeyId) {
    let acme = fresh.tenant("acme").await;
    let product = acme.product().await;
    let key = acme.embed_key(&product).await.id;
    acme.let_sign_in(&product).await;
    acme.keep_signed_in(&product, true).await;
    (acme, product, key)
}

async fn scene(fresh: &Fresh) -> Scene {
    let (acme, product, key) = switched_on(fresh).await;
    let started = acme.signed_in(&key, ADA).await;
    let cookie = keep(&fresh.core, &key, &started.token, None).await.expect("kept").expect("a secret");
    Scene { acme, product, key, started, cookie }
}

impl Scene {
    fn customer(&self) -> &CustomerId {
        &self.started.customer.id
    }

    /// A reload: the cookie holds what it answers.
    async fn reload(&mut self) -> Option<StartedSession> {
        let restored = restore(&self.acme.core, &self.key, &self.cookie).await.expect("answered")?;
        self.cookie = restored.secret;
        Some(restored.session)
    }

    async fn code(&self, token: &Secret) -> Option<Code> {
        self.acme.visit(token).await.err().map(|error| error.code())
    }

    /// Nothing comes back, and nothing does however often it is tried.
    async fn is_over(&mut self, why: &str) {
        assert!(self.reload().await.is_none() && self.reload().await.is_none(), "{why}");
    }
}

async fn told(core: &Core, action: &str) -> i64 {
    let (count,): (i64,) = core.db().one("select count(*) from audit_event where action = $1", args![action]).await.expect("a count");
    count
}

on_each_engine! {
    async fn a_reload_opens_a_session_anew_and_never_past_the_end_of_the_first(fresh) {
        let mut scene = scene(&fresh).await;
        let first = scene.acme.visit(&scene.started.token).await.expect("alive").me().session_id;
        let mut seen = BTreeSet::from([first.clone()]);
        let mut secrets = BTreeSet::from([scene.cookie.reveal().to_owned()]);
        for hours in [0, 1, 5, 5] {
            fresh.clock.advance(hours * HOUR + MINUTE);
            let session = scene.reload().await.expect("restored");
            assert_eq!((&session.customer, session.ends_at), (&scene.started.customer, scene.started.ends_at));
            assert!(session.expires_at <= scene.started.ends_at);
            let me = scene.acme.visit(&session.token).await.expect("alive").me();
            assert!(seen.insert(me.session_id) && secrets.insert(scene.cookie.reveal().to_owned()), "each is a new one");
        }
        fresh.clock.advance(scene.started.ends_at.since(fresh.core.now()) - 1);
        let last = scene.reload().await.expect("a millisecond before the end");
        assert_eq!(last.expires_at, scene.started.ends_at);
        fresh.clock.advance(1);
        scene.is_over("at the end").await;
        assert_eq!((told(&fresh.core, "customer_session.kept").await, told(&fresh.core, "customer_session.restored").await), (1, 5));
        let (body,): (String,) = fresh.core.db().one("select body from audit_event where action = 'customer_session.kept'", args![]).await.expect("one");
        assert!(body.contains(first.as_str()) && !body.contains(scene.cookie.reveal()), "{body}");
    }

    async fn the_database_holds_hashes_only_and_refuses_more_than_twelve_hours(fresh) {
        let mut scene = scene(&fresh).await;
        let first = copy(&scene.cookie);
        scene.reload().await.expect("restored");
        let rows: Vec<(String, String)> =
            fresh.core.db().all("select secret_hash, previous_hash from kept_sign_in", args![]).await.expect("rows");
        let hash = |secret: &Secret| crate::secret::Digest::of(secret.reveal().as_bytes()).to_hex();
        assert_eq!(rows, [(hash(&scene.cookie), hash(&first))]);
        let late = scene.started.ends_at.plus(HOUR).millis();
        for wrong in [format!("ends_at = {late}"), "ends_at = created_at".to_owned(), "way = 'bridge'".to_owned()] {
            assert!(fresh.sql(format!("update kept_sign_in set {wrong}")).await.is_err(), "{wrong}");
        }
        assert_eq!(fresh.sql("update kept_sign_in set ended_at = 5").await, Ok(1));
        for wrong in ["ended_at = null", "ended_at = 6"] {
            assert!(fresh.sql(format!("update kept_sign_in set {wrong}")).await.is_err(), "{wrong}");
        }
    }

    async fn a_link_of_a_page_is_kept_and_a_bridge_token_is_not(fresh) {
        let (acme, product, key) = switched_on(&fresh).await;
        let new = NewCustomer { email: Some(ADA.to_owned()), email_verified: true, ..NewCustomer::default() };
        acme.owner().await.create_customer(new).await.expect("written");
        let asked = NewMagicLink { email: ADA.to_owned(), return_url: format!("{PAGE}/") };
        fresh.core.request_magic_link(&asked, "192.0.2.1", call(&key)).await.expect("accepted");
        fresh.core.answer_link_requests().await.expect("answered");
        let text = fresh.core.take_mail().await.expect("answers").expect("a mail").text;
        let token = text.split("mintmark_magic_token=").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a token");
        let by_link = fresh.core.redeem_magic_link(&Redemption { token: Secret::new(token.to_owned()) }, call(&key)).await.expect("signed in");
        let cookie = keep(&fresh.core, &key, &by_link.token, None).await.expect("kept").expect("a secret");
        let restored = restore(&fresh.core, &key, &cookie).await.expect("answered").expect("restored").session;
        assert_eq!(restored.expires_at.since(fresh.core.now().floor_to_second()), HOUR, "its way stays");

        let bridge = acme.bridge_key(&product, BridgeAlgorithm::Es256).await;
        let embed = acme.embed_key(&product).await;
        let vouched = acme.exchange(&embed, bridge_token(&bridge, &acme.vouches("u"))).await.expect("a session");
        assert_eq!(keep(&fresh.core, &embed.id, &vouched.token, None).await.err(), Some(Code::InvalidField));
    }

    /// Whoever comes by a token later, or by one that is kept, keeps nothing with it.
    async fn a_session_is_kept_once_in_its_first_minutes_and_at_its_own_page(fresh) {
        let (acme, product, key) = switched_on(&fresh).await;
        let started = acme.signed_in(&key, ADA).await;
        let other = acme.embed_key(&product).await.id;
        assert_eq!(keep(&fresh.core, &other, &started.token, None).await.err(), Some(Code::InvalidToken), "another key");
        let elsewhere = EmbedCall { origin: Some("https://evil.example"), ..call(&key) };
        let asked = NewKeptSignIn { token: copy(&started.token) };
        let refused = fresh.core.keep_sign_in(&asked, None, elsewhere).await.err().map(|error| error.code());
        assert_eq!(refused, Some(Code::EmbedOriginNotAllowed));
        assert_eq!(keep(&fresh.core, &key, &Secret::new("x".to_owned()), None).await.err(), Some(Code::InvalidToken));
        fresh.clock.advance(KEPT_WITHIN);
        let cookie = keep(&fresh.core, &key, &started.token, None).await.expect("kept").expect("a secret");
        assert_eq!(keep(&fresh.core, &key, &started.token, None).await.err(), Some(Code::Conflict), "a copy of the token");
        assert!(keep(&fresh.core, &key, &started.token, Some(&cookie)).await.expect("an answer that was lost").is_none());
        let restored = restore(&fresh.core, &key, &cookie).await.expect("answered").expect("restored");
        assert_eq!(keep(&fresh.core, &key, &restored.session.token, None).await.err(), Some(Code::Conflict), "it is kept already");

        let late = acme.signed_in(&key, ADA).await;
        fresh.clock.advance(KEPT_WITHIN + 1);
        assert_eq!(keep(&fresh.core, &key, &late.token, None).await.err(), Some(Code::Conflict), "too late");
        assert_eq!(told(&fresh.core, "customer_session.kept").await, 1);
    }

    async fn whoever_signs_in_anew_in_the_same_browser_replaces_what_it_kept(fresh) {
        let scene = scene(&fresh).await;
        let eve = scene.acme.signed_in(&scene.key, "eve@customer.example").await;
        let cookie = keep(&fresh.core, &scene.key, &eve.token, Some(&scene.cookie)).await.expect("kept").expect("a secret");
        assert!(restore(&fresh.core, &scene.key, &scene.cookie).await.expect("answered").is_none());
        let restored = restore(&fresh.core, &scene.key, &cookie).await.expect("answered").expect("restored");
        assert_eq!(restored.session.customer, eve.customer);
        assert_eq!(scene.code(&scene.started.token).await, None, "another tab of hers goes on");
    }

    /// Each straight in the row, without what the verbs do besides: the read alone must refuse.
    async fn what_a_kept_sign_in_hangs_on_takes_it_along(fresh) {
        let mut scene = scene(&fresh).await;
        let customer = scene.customer().to_string();
        let (owner, key) = (scene.acme.tenant.to_string(), scene.key.to_string());
        for (table, id, column, back) in [
            ("customer", customer.clone(), "banned_at", "null"),
            ("customer", customer, "deleted_at", "null"),
            ("tenant", owner.clone(), "suspended_at", "null"),
            ("tenant", owner, "not_before", "0"),
            ("embed_key", key.clone(), "disabled_at", "null"),
            ("embed_key", key, "expires_at", "null"),
            ("product", scene.product.to_string(), "deleted_at", "null"),
        ] {
            let dead = if column == "not_before" { fresh.core.now().plus(1).millis() } else { 1 };
            fresh.sql(format!("update {table} set {column} = {dead} where id = '{id}'")).await.expect("ended");
            let refused = restore(&fresh.core, &scene.key, &scene.cookie).await.map(|restored| restored.is_some());
            assert!(matches!(refused, Ok(false) | Err(Code::InvalidEmbedKey)), "{table}.{column}: {refused:?}");
            fresh.sql(format!("update {table} set {column} = {back} where id = '{id}'")).await.expect("taken back");
            scene.reload().await.unwrap_or_else(|| panic!("{table}.{column} again"));
        }
        let off = if fresh.core.engine() == "postgres" { "false" } else { "0" };
        fresh.sql(format!("update product set keep_signed_in = {off}")).await.expect("off");
        assert_eq!(restore(&fresh.core, &scene.key, &scene.cookie).await.err(), Some(Code::KeepSignedInOff));
    }

    /// OR2: the list as it is now decides, and another page of it keeps another one.
    async fn it_is_restored_at_its_own_page_only(fresh) {
        let mut scene = scene(&fresh).await;
        let other = "https://other.customer.example";
        let owner = scene.acme.owner().await;
        let list = async |origins: &[&str]| {
            let origins = Some(origins.iter().map(ToString::to_string).collect());
            owner.update_embed_key(&scene.product, &scene.key, EmbedKeyChange { origins, ..EmbedKeyChange::default() }).await.expect("changed");
        };
        list(&[PAGE, other]).await;
        let at = async |key: &EmbedKeyId, origin| {
            let call = EmbedCall { key: key.as_str(), origin, ..EmbedCall::default() };
            fresh.core.restore_sign_in(Some(&scene.cookie), call).await.map(|restored| restored.is_some()).map_err(|error| error.code())
        };
        assert_eq!(at(&scene.key, Some(other)).await, Ok(false));
        for elsewhere in [None, Some("null"), Some("https://evil.example")] {
            assert_eq!(at(&scene.key, elsewhere).await, Err(Code::EmbedOriginNotAllowed), "{elsewhere:?}");
        }
        let sibling = scene.acme.embed_key(&scene.product).await.id;
        assert_eq!(at(&sibling, Some(PAGE)).await, Ok(false), "another key of the product");
        let globex = fresh.tenant("globex").await;
        let product = globex.product().await;
        let foreign = globex.embed_key(&product).await.id;
        globex.keep_signed_in(&product, true).await;
        assert_eq!(at(&foreign, Some(PAGE)).await, Ok(false), "another tenant's");
        list(&[other]).await;
        assert_eq!(at(&scene.key, Some(PAGE)).await, Err(Code::EmbedOriginNotAllowed));
        list(&[PAGE]).await;
        scene.reload().await.expect("restored");
    }

    async fn signing_out_ends_it_and_all_that_came_of_it(fresh) {
        let mut scene = scene(&fresh).await;
        let (one, two) = (scene.reload().await.expect("restored"), scene.reload().await.expect("restored"));
        scene.acme.visit(&one.token).await.expect("alive").end().await.expect("ended");
        for token in [&scene.started.token, &one.token, &two.token] {
            assert_eq!(scene.code(token).await, Some(Code::SessionRevoked));
        }
        scene.is_over("signed out").await;
        let again = scene.acme.signed_in(&scene.key, ADA).await;
        assert_eq!(scene.code(&again.token).await, None);
    }

    /// Two tabs, an answer that was lost: whoever shows the last secret within the grace is told the same next one, in any process.
    async fn twenty_tabs_that_restore_at_once_in_two_processes_all_go_on_with_one_secret(fresh) {
        let mut scene = scene(&fresh).await;
        let cores = [fresh.core.clone(), fresh.another_process().await];
        for round in 0..3 {
            fresh.clock.advance(SECOND);
            let mut restoring = JoinSet::new();
            for place in 0..20 {
                let (core, key, shown) = (cores[place % 2].clone(), scene.key.clone(), copy(&scene.cookie));
                restoring.spawn(async move { restore(&core, &key, &shown).await });
            }
            let answers: Vec<_> = restoring.join_all().await.into_iter().map(|answer| answer.expect("answered").expect("restored")).collect();
            let secrets: BTreeSet<_> = answers.iter().map(|answer| answer.secret.reveal().to_owned()).collect();
            assert_eq!(secrets.len(), 1, "round {round}");
            for answer in &answers {
                assert_eq!(scene.code(&answer.session.token).await, None);
            }
            let next = copy(&answers[0].secret);
            fresh.clock.advance(GRACE - SECOND);
            let late = restore(&cores[1], &scene.key, &scene.cookie).await.expect("answered").expect("within the grace");
            assert_eq!(late.secret.reveal(), next.reveal());
            scene.cookie = next;
        }
        assert_eq!(told(&fresh.core, "customer_session.restored").await, 63);
        assert_eq!(told(&fresh.core, "customer_session.reuse_detected").await, 0);
        cores[1].close().await;
    }

    async fn a_copy_of_what_a_browser_kept_ends_the_sign_in_once(fresh) {
        let mut scene = scene(&fresh).await;
        let cores = [fresh.core.clone(), fresh.another_process().await];
        let old = copy(&scene.cookie);
        let session = scene.reload().await.expect("restored");
        fresh.clock.advance(GRACE + 1);
        let mut restoring = JoinSet::new();
        for place in 0..10 {
            let (core, key, shown) = (cores[place % 2].clone(), scene.key.clone(), copy(&old));
            restoring.spawn(async move { restore(&core, &key, &shown).await.map(|restored| restored.is_some()) });
        }
        assert!(restoring.join_all().await.iter().all(|answer| *answer == Ok(false)));
        scene.is_over("nobody knows which of the two is the thief").await;
        for token in [&scene.started.token, &session.token] {
            assert_eq!(scene.code(token).await, Some(Code::SessionRevoked));
        }
        assert_eq!(told(&fresh.core, "customer_session.reuse_detected").await, 1);
        cores[1].close().await;
    }

    async fn what_is_no_secret_of_ours_restores_nothing_and_is_nobodys(fresh) {
        let mut scene = scene(&fresh).await;
        let unknown = crate::secret::generate_secret(PREFIX);
        for text in ["", "x", PREFIX, unknown.reveal(), scene.started.token.reveal(), &PREFIX.repeat(5_000)] {
            let shown = Secret::new(text.to_owned());
            assert!(restore(&fresh.core, &scene.key, &shown).await.expect("answered").is_none(), "{text}");
            fresh.core.forget_sign_in(&shown, &Origination::default()).await.expect("nothing to forget");
        }
        assert!(fresh.core.restore_sign_in(None, call(&scene.key)).await.expect("answered").is_none());
        scene.reload().await.expect("restored");
    }

    async fn a_browser_that_forgets_leaves_the_open_page_alone(fresh) {
        let mut scene = scene(&fresh).await;
        fresh.core.forget_sign_in(&scene.cookie, &Origination::default()).await.expect("forgotten");
        fresh.core.forget_sign_in(&scene.cookie, &Origination::default()).await.expect("forgotten already");
        scene.is_over("forgotten").await;
        assert_eq!(scene.code(&scene.started.token).await, None);
        assert_eq!(told(&fresh.core, "customer_session.forgotten").await, 1);
    }

    async fn the_switch_is_off_at_first_and_turned_on_again_revives_nobody(fresh) {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let key = acme.embed_key(&product).await.id;
        acme.let_sign_in(&product).await;
        assert!(!acme.owner().await.product(&product).await.expect("there").keep_signed_in);
        let started = acme.signed_in(&key, ADA).await;
        let off = Some(Code::KeepSignedInOff);
        assert_eq!(keep(&fresh.core, &key, &started.token, None).await.err(), off);
        assert_eq!(fresh.core.keep_frame(call(&key)).await.err().map(|error| error.code()), off);
        acme.keep_signed_in(&product, true).await;
        assert_eq!(fresh.core.keep_frame(call(&key)).await.expect("opens").origin, PAGE);
        let cookie = keep(&fresh.core, &key, &started.token, None).await.expect("kept").expect("a secret");
        acme.keep_signed_in(&product, false).await;
        assert_eq!(restore(&fresh.core, &key, &cookie).await.err(), off);
        acme.keep_signed_in(&product, true).await;
        assert!(restore(&fresh.core, &key, &cookie).await.expect("answered").is_none());
        assert!(acme.visit(&started.token).await.is_ok(), "the open page goes on");
    }

    async fn what_ended_a_month_ago_is_swept_with_its_sessions(fresh) {
        let mut scene = scene(&fresh).await;
        scene.reload().await.expect("restored");
        let left = async || -> (i64, i64) {
            let all = "select (select count(*) from kept_sign_in), (select count(*) from customer_session)";
            fresh.core.db().one(all, args![]).await.expect("counts")
        };
        fresh.clock.advance(scene.started.ends_at.since(fresh.core.now()) + 30 * DAY);
        fresh.core.sweep().await.expect("swept");
        assert_eq!(left().await, (1, 2));
        fresh.clock.advance(1);
        fresh.core.sweep().await.expect("swept");
        assert_eq!(left().await, (0, 0));
    }
}
