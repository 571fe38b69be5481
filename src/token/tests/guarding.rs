//! The guard's six steps, in their order (JW8, OR2, OR3, AZ6, RV4).

use super::{super::*, *};
use crate::{
    on_each_engine,
    time::{HOUR, SECOND},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// The ids of every page of two.
async fn paged(op: &Op) -> Vec<TokenId> {
    let limit = crate::Limit::parse(Some(2)).expect("a limit");
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = op.tokens(&TokenFilter::default(), limit, cursor.as_deref()).await.expect("a page");
        seen.extend(page.data.into_iter().map(|token| token.id));
        cursor = page.next_cursor;
        if cursor.is_none() {
            return seen;
        }
    }
}

on_each_engine! {
    async fn each_step_has_its_own_answer(fresh) {
        let ground = ground(&fresh).await;
        let token = ground.mint().await.token;
        let call = |bearer, origin, referer| ground.core.guard(Presented { bearer, origin, referer, ..Default::default() });
        let code = |result: crate::Result<Grant>| result.err().map(|error| error.code());
        let good = Some(token.reveal());
        assert_eq!(code(call(None, Some(PAGE), None).await), Some(Code::MissingToken));
        assert_eq!(code(call(Some(""), Some(PAGE), None).await), Some(Code::MissingToken));
        assert_eq!(code(call(Some("garbage"), Some(PAGE), None).await), Some(Code::InvalidToken));
        assert_eq!(code(call(good, None, None).await), Some(Code::WidgetOriginMismatch));
        assert_eq!(code(call(good, Some("null"), Some("https://app.acme.com/x")).await), Some(Code::WidgetOriginMismatch));
        assert_eq!(code(call(good, Some("https://evil.com"), Some("https://app.acme.com/x")).await), Some(Code::WidgetOriginMismatch));
        assert_eq!(code(call(good, None, Some("https://evil.com/https://app.acme.com/")).await), Some(Code::WidgetOriginMismatch));
        call(good, None, Some("https://app.acme.com/deep/page?x=1")).await.map(drop).expect("by its Referer");
        let grant = call(good, Some(PAGE), None).await.expect("good");
        assert_eq!(grant.origin, PAGE);
        grant.require(Scope::SsoConnection).expect("held");
        assert_eq!(grant.require(Scope::DirectorySync).err().map(|error| error.code()), Some(Code::WidgetScopeRequired));
        assert_eq!(grant.organization().await.expect("an organization").name, "Customer");
        assert_eq!(grant.session().scope, [Scope::SsoConnection]);
    }

    /// A dead row is told before the origin: the order of the contract.
    async fn a_revoked_token_from_a_wrong_page_is_revoked(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        ground.revoke(&minted).await;
        let call = Presented { bearer: Some(minted.token.reveal()), origin: Some("https://evil.com"), ..Default::default() };
        assert_eq!(ground.core.guard(call).await.err().map(|error| error.code()), Some(Code::WidgetTokenRevoked));
    }

    async fn a_token_is_dead_at_its_very_expiry_and_stays_so(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        let left = minted.expires_at.since(fresh.core.now());
        fresh.clock.advance(left - 1);
        ground.verdict(minted.token.reveal()).await.expect("its last millisecond");
        fresh.clock.advance(1);
        assert_eq!(ground.verdict(minted.token.reveal()).await, Err(Code::WidgetTokenExpired));
        ground.mint().await;
        fresh.clock.advance(-2 * HOUR);
        assert_eq!(ground.verdict(minted.token.reveal()).await, Err(Code::WidgetTokenExpired), "the clock was set back");
    }

    /// A process that has just started knows no keys: it refuses none of its first callers, however many come at once.
    async fn nobody_is_refused_while_the_keys_are_read(fresh) {
        let ground = ground(&fresh).await;
        let tokens = [ground.mint().await, ground.mint().await, ground.mint().await];
        let other = fresh.another_process().await;
        let call = |token| other.guard(Presented { bearer: Some(token), origin: Some(PAGE), ..Default::default() });
        let [a, b, c] = tokens.each_ref().map(|minted| call(minted.token.reveal()));
        let (a, b, c) = tokio::join!(a, b, c);
        for granted in [a, b, c] {
            granted.map(drop).expect("good");
        }
    }

    /// Garbage that names keys which never were does not keep a process from a key that another one has just made.
    async fn a_key_of_another_process_is_known_at_once_whatever_garbage_came_before(fresh) {
        let ground = ground(&fresh).await;
        let other = fresh.another_process().await;
        let call = |token: String| {
            let other = other.clone();
            async move { other.guard(Presented { bearer: Some(&token), origin: Some(PAGE), ..Default::default() }).await.map(drop) }
        };
        let minted = ground.mint().await;
        let header = json!({ "alg": "ES256", "typ": "widget+jwt", "kid": "key_0123456789abcdef01234567" }).to_string();
        let (_, rest) = minted.token.reveal().split_once('.').expect("three parts");
        let garbage = call(format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header))).await;
        assert_eq!(garbage.err().map(|error| error.code()), Some(Code::InvalidToken));
        let later = another(&fresh, "later").await;
        call(later.mint().await.token.reveal().to_owned()).await.expect("good");
    }

    async fn a_vanished_row_is_revoked(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        let move_away = "update widget_token set id = 'wtok_ffffffffffffffffffffffff' where id = $1";
        fresh.core.keep(vec![Write::any(move_away, args![&minted.id])]).await.expect("moved");
        assert_eq!(ground.verdict(minted.token.reveal()).await, Err(Code::WidgetTokenRevoked));
    }

    /// Contract, section 5: one event per token, reason and minute, with a count.
    async fn refusals_are_told_once_a_minute_with_their_count(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        ground.revoke(&minted).await;
        let refuse = |times: usize| {
            let (ground, token) = (&ground, minted.token.reveal());
            async move {
                for _ in 0..times {
                    assert_eq!(ground.verdict(token).await, Err(Code::WidgetTokenRevoked));
                }
                ground.core.flush_refusals().await.expect("written");
            }
        };
        refuse(1).await;
        refuse(6).await;
        fresh.clock.advance(60 * SECOND);
        refuse(2).await;
        let events: Vec<(String,)> =
            ground.core.db().all("select body from audit_event where action = 'widget_request.refused' order by seq", args![]).await.expect("events");
        let counts: Vec<_> = events.iter().map(|(body,)| serde_json::from_str::<Value>(body).expect("JSON")["metadata"]["count"].clone()).collect();
        assert_eq!(counts, [1, 8]);
        let event: Value = serde_json::from_str(&events[0].0).expect("JSON");
        assert_eq!((&event["reason"], &event["outcome"], &event["target"]["id"]), (&"widget_token_revoked".into(), &"refused".into(), &minted.id.as_str().into()));
    }

    async fn last_use_is_written_in_batches(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        ground.verdict(minted.token.reveal()).await.expect("good");
        assert_eq!(ground.op.token(&minted.id).await.expect("a row").last_used_at, None);
        ground.core.flush_uses().await.expect("written");
        let row = ground.op.token(&minted.id).await.expect("a row");
        assert_eq!((row.last_used_at, row.last_used_origin.as_deref()), (Some(fresh.core.now()), Some(PAGE)));
        let key = ground.op.signing_key(&row.signing_key_id).await.expect("a key");
        assert_eq!(key.last_used_at, Some(fresh.core.now()));
    }

    /// RV4: a store that cannot answer is 503, never a guess.
    async fn a_store_that_is_gone_is_unavailable(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        ground.verdict(minted.token.reveal()).await.expect("good");
        ground.core.close().await;
        assert_eq!(ground.verdict(minted.token.reveal()).await, Err(Code::Unavailable));
        assert_eq!(ground.op.mint_token(ground.asking(), None).await.err().map(|error| error.code()), Some(Code::Unavailable));
    }

    /// AZ4: roles below admin mint and revoke nothing.
    async fn members_and_viewers_neither_mint_nor_revoke(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        for role in [Role::Member, Role::Viewer] {
            let op = acting(&ground.core, &ground.tenant, role);
            assert_eq!(op.mint_token(ground.asking(), None).await.err().map(|error| error.code()), Some(Code::InsufficientRole));
            assert_eq!(op.revoke_token(&minted.id, Revocation::default()).await.err().map(|error| error.code()), Some(Code::InsufficientRole));
            assert_eq!(op.revoke_tokens(ground.of_this_organization()).await.err().map(|error| error.code()), Some(Code::InsufficientRole));
            assert_eq!(op.token(&minted.id).await.expect("readable").id, minted.id);
        }
        ground.verdict(minted.token.reveal()).await.expect("still good");
    }

    /// AZ2
    async fn a_role_in_two_organizations_pages_through_both_and_no_other(fresh) {
        let acme = fresh.tenant("acme").await;
        let owner = acme.owner().await;
        let [one, two, other] = [acme.organization("one").await, acme.organization("two").await, acme.organization("other").await];
        let mut actor = acme.actor(&acme.organization_member(&one, Role::Viewer).await).await.expect("a member");
        actor.roles.organizations.insert(two.clone(), Role::Viewer);
        let mut ids = Vec::new();
        for organization in [&one, &two, &other, &two, &one, &one, &two] {
            let id = acme.token(&owner, organization).await.id;
            if organization != &other {
                ids.insert(0, id);
            }
            fresh.clock.advance(SECOND);
        }
        assert_eq!(paged(&fresh.core.act_as(actor)).await, ids);
    }

    async fn lists_are_paged_newest_first_and_filtered(fresh) {
        let ground = ground(&fresh).await;
        let mut ids = Vec::new();
        for _ in 0..5 {
            ids.push(ground.mint().await.id);
            fresh.clock.advance(SECOND);
        }
        ids.reverse();
        assert_eq!(paged(&ground.op).await, ids);
        ground.op.revoke_token(&ids[0], Revocation::default()).await.expect("revoked");
        let count = async |filter: TokenFilter| ground.op.tokens(&filter, crate::Limit::default(), None).await.expect("a page").data.len();
        assert_eq!(count(TokenFilter::default()).await, 4);
        assert_eq!(count(TokenFilter { include_revoked: true, ..Default::default() }).await, 5);
        assert_eq!(count(TokenFilter { status: Some(TokenStatus::Revoked), ..Default::default() }).await, 1);
        assert_eq!(count(TokenFilter { status: Some(TokenStatus::Expired), ..Default::default() }).await, 0);
        assert_eq!(count(TokenFilter { scope: Some(Scope::DirectorySync), ..Default::default() }).await, 0);
        assert_eq!(count(TokenFilter { origin: Some(PAGE.into()), ..Default::default() }).await, 4);
        assert_eq!(count(TokenFilter { search: Some(ids[1].to_string()), ..Default::default() }).await, 1);
        assert_eq!(count(TokenFilter { organization_id: Some(ground.organization.id.clone()), ..Default::default() }).await, 4);
    }
}
