//! Minting: lives, limits, origins, idempotency (RV7, RV8, A12 to A20).

use super::{super::*, *};
use crate::{on_each_engine, origin::NewOrigin, time::SECOND};

on_each_engine! {
    /// RV7, A15: clamped, never refused; 1800 by default; what the JWT says is what the row says.
    async fn a_life_is_clamped_and_the_row_says_the_same(fresh) {
        let ground = ground(&fresh).await;
        for (asked, granted) in [
            (None, 1_800), (Some(-1), 60), (Some(0), 60), (Some(59), 60), (Some(60), 60), (Some(1_799), 1_799),
            (Some(3_600), 3_600), (Some(3_601), 3_600), (Some(1_000_000_000), 3_600), (Some(i64::MAX), 3_600), (Some(i64::MIN), 60),
        ] {
            let minted = ground.op.mint_token(Mint { ttl_seconds: asked, ..ground.asking() }, None).await.expect("minted");
            let claims = ground.core.verify(minted.token.reveal()).await.expect("read").expect("good");
            assert_eq!(claims.expires_at.since(claims.issued_at), granted * SECOND, "{asked:?}");
            let row = ground.op.token(&minted.id).await.expect("a row");
            assert_eq!((row.expires_at, row.expires_at), (claims.expires_at, minted.expires_at));
        }
    }

    async fn a_tenant_may_set_shorter_lives(fresh) {
        let ground = ground(&fresh).await;
        let sql = "update tenant set default_ttl_seconds = 120, max_ttl_seconds = 300 where id = $1";
        fresh.core.keep(vec![Write::any(sql, args![&ground.tenant])]).await.expect("set");
        assert_eq!(ground.op.token_lives().await.expect("told"), Lives { default_ttl_seconds: 120, max_ttl_seconds: 300 });
        for (asked, granted) in [(None, 120), (Some(3_600), 300), (Some(1), 60)] {
            let minted = ground.op.mint_token(Mint { ttl_seconds: asked, ..ground.asking() }, None).await.expect("minted");
            assert_eq!(minted.expires_at.since(fresh.core.now().floor_to_second()), granted * SECOND);
        }
    }

    /// A9: the claims, and nothing private among them.
    async fn the_claims_are_those_of_the_contract(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        let claims = ground.core.verify(minted.token.reveal()).await.expect("read").expect("good");
        let all = claims.all();
        let mut names: Vec<_> = all.keys().map(String::as_str).collect();
        names.sort_unstable();
        let expected =
            ["aud", "exp", "iat", "iss", "jti", "kind", "nbf", "organization_id", "sub", "tenant_id", "widget_origins", "widget_scope"];
        assert_eq!(names, expected);
        assert_eq!(all["iss"], "http://127.0.0.1:3000/t/acme");
        assert_eq!(all["widget_origins"], serde_json::json!([PAGE]));
        assert_eq!((claims.subject.as_str(), claims.id.as_str()), (minted.id.as_str(), minted.id.as_str()));
    }

    async fn wrong_bodies_are_told_by_code_and_field(fresh) {
        let ground = ground(&fresh).await;
        let asking = || ground.asking();
        for (asked, code) in [
            (Mint { scope: vec![], ..asking() }, Code::InvalidField),
            (Mint { scope: vec!["everything".into()], ..asking() }, Code::UnknownScope),
            (Mint { scope: vec!["users_table".into()], ..asking() }, Code::UnknownScope),
            (Mint { origins: vec![], ..asking() }, Code::InvalidOrigin),
            (Mint { origins: vec!["https://app.acme.com/".into()], ..asking() }, Code::InvalidOrigin),
            (Mint { origins: vec!["https://evil.com".into()], ..asking() }, Code::OriginNotAllowed),
            (Mint { organization_id: "org_0123456789abcdef01234567".into(), ..asking() }, Code::NotFound),
            (Mint { organization_id: "nonsense".into(), ..asking() }, Code::NotFound),
            (Mint { user_id: Some("cus_0123456789abcdef01234567".into()), ..asking() }, Code::InvalidField),
            (Mint { label: Some("a\nb".into()), ..asking() }, Code::InvalidField),
        ] {
            let shown = format!("{asked:?}");
            assert_eq!(ground.op.mint_token(asked, None).await.err().map(|error| error.code()), Some(code), "{shown}");
        }
    }

    async fn an_unknown_scope_is_shown_without_what_would_garble_a_screen(fresh) {
        let ground = ground(&fresh).await;
        let asked = Mint { scope: vec![format!("e\u{1b}[31mvil\u{0}{}", "x".repeat(100))], ..ground.asking() };
        let told = ground.op.mint_token(asked, None).await.err().expect("refused").problem();
        let shown = format!("There is no scope e[31mvil{}. Known: ", "x".repeat(52));
        assert!(told.message.starts_with(&shown), "{}", told.message);
        assert!(told.message.contains("sso_connection"));
    }

    async fn history_says_what_was_asked_and_what_was_granted(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.op.mint_token(Mint { ttl_seconds: Some(7_000), label: Some("SSO page".into()), ..ground.asking() }, None).await.expect("minted");
        let event = ground.op.history_of(minted.id.as_str(), crate::Limit::default(), None).await.expect("a page").data.remove(0);
        assert_eq!((&event.metadata["ttl_asked"], &event.metadata["ttl_granted"]), (&7_000.into(), &3_600.into()));
        assert_eq!((&event.metadata["label"], &event.metadata["scope"]), (&"SSO page".into(), &serde_json::json!(["sso_connection"])));
        assert_eq!(event.metadata["origins"], serde_json::json!([PAGE]));
    }

    async fn duplicates_of_scope_and_origin_collapse(fresh) {
        let ground = ground(&fresh).await;
        let asked = Mint {
            scope: vec!["directory_sync".into(), "sso_connection".into(), "directory_sync".into()],
            origins: vec![PAGE.into(), "HTTPS://APP.ACME.COM:443".into()],
            ..ground.asking()
        };
        let minted = ground.op.mint_token(asked, None).await.expect("minted");
        let row = ground.op.token(&minted.id).await.expect("a row");
        assert_eq!(row.scope, [Scope::DirectorySync, Scope::SsoConnection]);
        assert_eq!(row.origins.len(), 1);
    }

    /// What is written together on PostgreSQL is what was asked one by one.
    async fn each_of_a_crowd_is_minted_as_it_was_asked(fresh) {
        let (ground, theirs) = (ground(&fresh).await, another(&fresh, "other").await);
        let mut minting = tokio::task::JoinSet::new();
        for number in 0..60_i64 {
            let at = if number % 7 == 0 { &theirs } else { &ground };
            let (op, mut asked) = (acting(&fresh.core, &at.tenant, Role::Owner), at.asking());
            asked.ttl_seconds = Some(60 + number);
            asked.label = (number % 3 != 0).then(|| format!("No. {number}"));
            if number % 5 == 0 {
                asked.organization_id = "org_0123456789abcdef01234567".into();
            }
            minting.spawn(async move { (number, asked.clone(), op.mint_token(asked, None).await.map_err(|error| error.code())) });
        }
        let mut minted = minting.join_all().await;
        minted.sort_by_key(|(number, ..)| *number);
        for (number, asked, minted) in minted {
            let at = if number % 7 == 0 { &theirs } else { &ground };
            if number % 5 == 0 {
                assert_eq!(minted.err(), Some(Code::NotFound));
                continue;
            }
            let minted = minted.expect("minted");
            at.verdict(minted.token.reveal()).await.expect("good");
            let row = at.op.token(&minted.id).await.expect("a row of its tenant");
            assert_eq!((row.organization_id.as_str(), row.label, row.expires_at), (asked.organization_id.as_str(), asked.label, minted.expires_at));
            assert_eq!(minted.expires_at.since(row.created_at.floor_to_second()), (60 + number) * SECOND);
            assert_eq!(row.scope.iter().map(|scope| scope.as_str()).collect::<Vec<_>>(), asked.scope);
            assert_eq!(at.op.history_of(minted.id.as_str(), crate::Limit::default(), None).await.expect("a page").data.len(), 1);
        }
    }

    async fn an_organization_of_another_tenant_is_not_found(fresh) {
        let (ours, theirs) = (ground(&fresh).await, another(&fresh, "other").await);
        assert_eq!(ours.op.mint_token(theirs.asking(), None).await.err().map(|error| error.code()), Some(Code::NotFound));
    }

    async fn a_retry_with_the_same_key_answers_the_same_token(fresh) {
        let ground = ground(&fresh).await;
        let key = || Some(IdempotencyKey::parse("order-17").expect("a key"));
        let first = ground.op.mint_token(ground.asking(), key()).await.expect("minted");
        fresh.clock.advance(90 * SECOND);
        let second = ground.op.mint_token(ground.asking(), key()).await.expect("minted before");
        assert_eq!((&first.id, first.expires_at), (&second.id, second.expires_at));
        ground.verdict(second.token.reveal()).await.expect("good");
        let other = Mint { ttl_seconds: Some(60), ..ground.asking() };
        assert_eq!(ground.op.mint_token(other, key()).await.err().map(|error| error.code()), Some(Code::IdempotencyKeyReused));
        ground.revoke(&first).await;
        assert_eq!(ground.op.mint_token(ground.asking(), key()).await.err().map(|error| error.code()), Some(Code::IdempotencyKeySpent));
        fresh.clock.advance(10 * 60 * SECOND);
        let third = ground.op.mint_token(ground.asking(), key()).await.expect("a new one");
        assert_ne!(first.id, third.id);
    }

    async fn a_key_gives_no_token_back_at_its_very_expiry(fresh) {
        let ground = ground(&fresh).await;
        let asking = || Mint { ttl_seconds: Some(60), ..ground.asking() };
        let again = async || {
            let key = IdempotencyKey::parse("short").expect("a key");
            ground.op.mint_token(asking(), Some(key)).await.map(|minted| minted.id).map_err(|error| error.code())
        };
        let key = IdempotencyKey::parse("short").expect("a key");
        let minted = ground.op.mint_token(asking(), Some(key)).await.expect("minted");
        fresh.clock.advance(minted.expires_at.since(fresh.core.now()) - 1);
        assert_eq!(again().await, Ok(minted.id));
        fresh.clock.advance(1);
        assert_eq!(again().await, Err(Code::IdempotencyKeySpent));
    }

    async fn a_body_that_is_refused_is_refused_as_itself_with_a_key_too(fresh) {
        let ground = ground(&fresh).await;
        let key = || Some(IdempotencyKey::parse("wrong").expect("a key"));
        let wrong = Mint { origins: vec!["https://evil.com".into()], ..ground.asking() };
        for _ in 0..2 {
            assert_eq!(ground.op.mint_token(wrong.clone(), key()).await.err().map(|error| error.code()), Some(Code::OriginNotAllowed));
        }
        ground.op.mint_token(ground.asking(), key()).await.expect("what was refused took no key");
    }

    async fn parallel_retries_mint_one_token(fresh) {
        let ground = std::sync::Arc::new(ground(&fresh).await);
        let tries = (0..16).map(|_| {
            let ground = ground.clone();
            tokio::spawn(async move {
                let key = IdempotencyKey::parse("once").expect("a key");
                ground.op.mint_token(ground.asking(), Some(key)).await.expect("minted").id
            })
        });
        let mut ids = std::collections::BTreeSet::new();
        for id in tries.collect::<Vec<_>>() {
            ids.insert(id.await.expect("no panic"));
        }
        assert_eq!(ids.len(), 1);
    }

    /// A mint that read the wider allowlist does not outlive its narrowing.
    async fn a_mint_loses_against_a_removed_origin(fresh) {
        let ground = ground(&fresh).await;
        let id = ground.op.origins(&ground.organization.id).await.expect("origins")[0].id.clone();
        let removed = ground.op.remove_origin(&ground.organization.id, &id, false).await.expect("removed");
        assert_eq!(removed.revoked, 0);
        assert_eq!(ground.op.mint_token(ground.asking(), None).await.err().map(|error| error.code()), Some(Code::OriginNotAllowed));
        ground.op.add_origin(&ground.organization.id, &NewOrigin { origin: PAGE.into() }).await.expect("added again");
        ground.mint().await;
    }

    /// RV8: neither the JWT nor its signature is in the database.
    async fn the_text_of_a_token_is_kept_nowhere(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        let signature = minted.token.reveal().rsplit('.').next().expect("three parts").to_owned();
        let listed = ground.op.tokens(&TokenFilter::default(), crate::Limit::default(), None).await.expect("listed");
        assert_eq!(listed.data.len(), 1);
        let text = serde_json::to_string(&listed).expect("JSON");
        assert!(!text.contains(&signature) && !text.contains("eyJ"));
        let events: Vec<(String,)> = ground.core.db().all("select body from audit_event", args![]).await.expect("events");
        let rows: Vec<(String,)> = ground.core.db().all("select origins || scope || minted_by || id from widget_token", args![]).await.expect("rows");
        assert!(!events.is_empty() && !rows.is_empty());
        for (text,) in events.into_iter().chain(rows) {
            assert!(!text.contains(&signature) && !text.contains("eyJ"), "{text}");
        }
    }
}

#[test]
fn an_idempotency_key_is_printable_and_not_too_long() {
    for good in ["a", " ", "~", "order-17", &"k".repeat(255)] {
        assert!(IdempotencyKey::parse(good).is_ok(), "{good}");
    }
    for wrong in ["", "a\nb", "\u{7f}", "ü", &"k".repeat(256)] {
        let error = IdempotencyKey::parse(wrong).expect_err(wrong);
        assert_eq!((error.code(), error.problem().field.as_deref()), (Code::InvalidField, Some("idempotency-key")));
    }
}
