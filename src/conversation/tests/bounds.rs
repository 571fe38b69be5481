//! How much may be written, and when it goes.

use super::*;
use crate::{
    conversation::store::{NEXT, STRETCH},
    db::Select,
    testing::{Engine, fresh},
};

/// So many copies of the one conversation of this product, the last message of each a second earlier.
async fn crowd(fresh: &Fresh, product: &ProductId, many: i64) {
    let copy = format!(
        "insert into conversation (id, tenant_id, product_id, embed_key_id, origin, mode, token_hash, status, messages, last_from, last_text,
            created_at, last_message_at, ends_at)
         with recursive n(i) as (select 1 union all select i + 1 from n where i < {many})
         select c.id || '!' || n.i, c.tenant_id, c.product_id, c.embed_key_id, c.origin, c.mode, c.token_hash || n.i, c.status, c.messages,
            c.last_from, c.last_text, c.created_at, c.last_message_at - 1000 * (n.i % 1300), c.ends_at - 1000 * (n.i % 1300)
         from conversation c, n where c.product_id = '{product}'"
    );
    assert_eq!(fresh.sql(copy).await, Ok(many.cast_unsigned()));
}

#[tokio::test]
async fn a_crowd_of_conversations_is_a_range_of_an_index() {
    let fresh = fresh(Engine::Sqlite).await;
    for statement in [NEXT, STRETCH] {
        let select = Select { sql: format!("explain query plan {statement}"), args: Vec::new() };
        let plan: Vec<(i64, i64, i64, String)> = fresh.core.db().select(select).await.expect("a plan");
        let index = "conversation_by_time (product_id=? AND last_message_at>?";
        assert!(plan.iter().any(|(.., step)| step.contains(index)), "{statement}: {plan:?}");
        assert!(!plan.iter().any(|(.., step)| step.contains("FOR ORDER BY")), "{plan:?}");
    }
}

#[tokio::test]
async fn a_crowd_of_conversations_is_walked_along_its_index_on_postgres_as_well() {
    let fresh = fresh(Engine::Postgres).await;
    let scene = scene(&fresh).await;
    scene.begins(None).await;
    crowd(&fresh, &scene.product, 20_000).await;
    for statement in [NEXT, STRETCH] {
        let plan = fresh.generic_plan("conversation", statement).await;
        assert!(plan.contains("Index Scan using conversation_by_time ") && !plan.contains("Sort"), "{statement}:\n{plan}");
    }
}

on_each_engine! {
    /// DS6: however many come at once over however many processes, twenty a minute are kept, in an order that everybody reads alike.
    async fn twenty_messages_a_minute_and_a_thousand_in_all(fresh) {
        let scene = scene(&fresh).await;
        let (id, token) = scene.begins(None).await;
        let second = Core::open(fresh.location.clone(), crate::KeySource::Given(fresh.master_key()), fresh.clock.clone(), crate::testing::settings()).await.expect("opens");
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..30 {
            let core = if n % 2 == 0 { fresh.core.clone() } else { second.clone() };
            let (key, token) = (scene.key.clone(), token.clone());
            tasks.spawn(async move {
                loop {
                    match code(write(&core, &key, None, Some(&token), &n.to_string()).await) {
                        // The two processes write by turns, and one that finds no turn says so.
                        Some(Code::Unavailable) => {}
                        other => break other,
                    }
                }
            });
        }
        let outcomes = tasks.join_all().await;
        let kept = i64::try_from(outcomes.iter().filter(|outcome| outcome.is_none()).count()).expect("few");
        assert_eq!(kept, MOST_A_MINUTE - 1, "with the first one twenty: {outcomes:?}");
        assert!(outcomes.iter().all(|outcome| matches!(outcome, None | Some(Code::RateLimited))));
        let places: Vec<(i64,)> = fresh.core.db().all("select seq from conversation_message order by seq", args![]).await.expect("rows");
        assert_eq!(places, (1..=MOST_A_MINUTE).map(|place| (place,)).collect::<Vec<_>>());
        let refused = scene.says(None, Some(&token), "More").await.err().expect("refused").problem();
        assert!(refused.retry_after.is_some_and(|seconds| (1..=60).contains(&seconds)), "{refused:?}");
        scene.acme.owner().await.answer_conversation(&scene.product, &id, &answer("Slowly")).await.expect("answers are not counted");
        fresh.clock.advance(20 * SECOND + 1);
        let refused = scene.says(None, Some(&token), "More").await.err().expect("refused").problem();
        assert_eq!(refused.retry_after, Some(40), "a second that has begun is waited for");
        fresh.clock.advance(MINUTE - 20 * SECOND - 1);
        assert!(scene.says(None, Some(&token), "More").await.is_ok());
        fresh.sql(format!("update conversation set messages = {}", MOST - 1)).await.expect("filled");
        assert!(scene.says(None, Some(&token), "The last").await.is_ok());
        assert_eq!(code(scene.says(None, Some(&token), "More").await), Some(Code::ConversationFull));
        assert_eq!(code(scene.acme.owner().await.answer_conversation(&scene.product, &id, &answer("More")).await), Some(Code::ConversationFull));
        second.close().await;
    }

    /// DS6: what another process is about to keep counts as soon as it is kept.
    async fn the_twentieth_of_another_process_leaves_no_room(fresh) {
        let scene = scene(&fresh).await;
        let (id, token) = scene.begins(None).await;
        for n in 2..MOST_A_MINUTE {
            scene.says(None, Some(&token), &n.to_string()).await.expect("heard");
        }
        let message = format!(
            "insert into conversation_message (id, conversation_id, seq, speaker, metadata, text, created_at)
             select 'msg_elsewhere', conversation_id, seq + 1, speaker, metadata, 'Elsewhere', created_at
             from conversation_message where conversation_id = '{id}' and seq = {}",
            MOST_A_MINUTE - 1
        );
        let counted = format!("update conversation set messages = messages + 1 where id = '{id}'");
        let mut elsewhere = fresh.meanwhile(&scene.acme.tenant, [message, counted]).await;
        let (core, key) = (fresh.core.clone(), scene.key.clone());
        let said = tokio::spawn(async move {
            loop {
                match code(write(&core, &key, None, Some(&token), "One too many").await) {
                    // A slow machine: it waited for its turn for too long.
                    Some(Code::Unavailable) => {}
                    other => break other,
                }
            }
        });
        elsewhere.is_waited_for().await;
        elsewhere.commits().await;
        assert_eq!(said.await.expect("answered"), Some(Code::RateLimited));
    }

    async fn what_a_message_may_be(fresh) {
        let scene = scene(&fresh).await;
        let field = |done: Result<SaidMessage>| done.map(|said| said.message.text).map_err(|error| (error.code(), error.problem().field));
        for wrong in ["", " \n\t", "a\u{0}", "a\u{1b}[2J", "a\u{202}\u{9d}", &"x".repeat(4_001)] {
            assert_eq!(field(scene.says(None, None, wrong).await), Err((Code::InvalidField, Some("text".to_owned()))), "{wrong:?}");
        }
        for right in ["x", "a\n\tb", "<script>alert(1)</script>", "\u{202e}\u{2066}gnp.exe", &"\u{1f980}".repeat(4_000)] {
            assert_eq!(field(scene.says(None, None, right).await).as_deref(), Ok(right));
        }
        assert_eq!(scene.count("conversation").await, 5);
    }

    async fn a_long_one_is_read_by_the_hundred(fresh) {
        let scene = scene(&fresh).await;
        let (id, token) = scene.begins(None).await;
        let owner = scene.acme.owner().await;
        for n in 0..150 {
            owner.answer_conversation(&scene.product, &id, &answer(&n.to_string())).await.expect("answered");
        }
        let door = fresh.core.conversation_door(EmbedCall { key: scene.key.id.as_str(), origin: Some(PAGE), ..EmbedCall::default() }).await.expect("in");
        let first = door.messages(&token, None).await.expect("read");
        assert_eq!((first.data.len(), first.has_more), (100, true));
        let rest = door.messages(&token, first.data.last().map(|message| &message.id)).await.expect("read");
        assert_eq!((rest.data.len(), rest.has_more, rest.data[50].text.as_str()), (51, false, "149"));
        let latest = owner.thread(&scene.product, &id, None).await.expect("there");
        assert_eq!((latest.data.len(), latest.has_earlier, latest.data[99].text.as_str()), (100, true, "149"));
        let earlier = owner.thread(&scene.product, &id, Some(&latest.data[0].id)).await.expect("there");
        assert_eq!((earlier.data.len(), earlier.has_earlier, earlier.data[0].text.as_str()), (51, false, "Hello"));
    }

    /// Kept for as long as the product says after the last message, and not a moment longer for whoever asks.
    async fn a_conversation_ends_with_its_days(fresh) {
        let scene = scene(&fresh).await;
        let (id, token) = scene.begins(None).await;
        fresh.clock.advance(29 * DAY);
        assert!(scene.says(None, Some(&token), "Still there?").await.is_ok());
        fresh.clock.advance(30 * DAY - 1);
        assert!(read(&fresh.core, &scene.key, &token).await.is_ok());
        let owner = scene.acme.op(&scene.acme.sign_in(&scene.acme.owner.email).await).await;
        let days = |days| ProductChange { conversation_days: Some(days), ..ProductChange::default() };
        assert_eq!(code(owner.update_product(&scene.product, days(31)).await), Some(Code::InvalidField));
        owner.update_product(&scene.product, days(90)).await.expect("changed");
        fresh.clock.advance(DAY);
        assert!(read(&fresh.core, &scene.key, &token).await.is_ok(), "it holds for those that there are");
        let owner = scene.acme.op(&scene.acme.sign_in(&scene.acme.owner.email).await).await;
        owner.update_product(&scene.product, days(7)).await.expect("changed");
        assert_eq!(code(read(&fresh.core, &scene.key, &token).await), Some(Code::NotFound));
        assert_eq!(code(scene.says(None, Some(&token), "Hello").await), Some(Code::NotFound));
        assert_eq!(code(owner.thread(&scene.product, &id, None).await), Some(Code::NotFound));
        owner.update_product(&scene.product, days(90)).await.expect("changed");
        assert_eq!(code(read(&fresh.core, &scene.key, &token).await), Some(Code::NotFound), "what has ended stays so");
        let (_, alive) = scene.begins(None).await;
        fresh.core.sweep().await.expect("swept");
        assert_eq!((scene.count("conversation").await, scene.count("message").await), (1, 1));
        assert!(read(&fresh.core, &scene.key, &alive).await.is_ok());
    }

    /// More than one transaction changes, by one choice, and none of another product or that has ended.
    async fn a_crowd_of_conversations_is_kept_for_as_long_as_the_product_says(fresh) {
        let scene = scene(&fresh).await;
        let owner = scene.acme.owner().await;
        scene.begins(None).await;
        let asked = NewProduct { name: "Another".into(), ..NewProduct::default() };
        let other = owner.create_product(asked).await.expect("a product").id;
        write(&fresh.core, &scene.acme.embed_key(&other).await, None, None, "Hello").await.expect("heard");
        crowd(&fresh, &scene.product, 2_600).await;
        assert_eq!(fresh.sql("update conversation set ends_at = 1 where id like '%!7'").await, Ok(1));
        let now = fresh.core.now();
        let of = async |days: i64| {
            let sql = "select count(*) from conversation where ends_at = last_message_at + $1 and ends_at > $2";
            let (count,): (i64,) = fresh.core.db().one(sql, args![days * DAY, now]).await.expect("a count");
            count
        };
        assert_eq!((of(30).await, of(90).await), (2_601, 0));
        let days = |days| ProductChange { conversation_days: Some(days), ..ProductChange::default() };
        owner.update_product(&scene.product, days(90)).await.expect("changed");
        assert_eq!((of(30).await, of(90).await), (1, 2_600));

        // What was chosen since is what counts, and asking for it again changes what was left.
        owner.keep_conversations(&scene.product, 30).await.expect("looked");
        assert_eq!(of(90).await, 2_600);
        assert_eq!(fresh.sql("update product set conversation_days = 30 where conversation_days = 90").await, Ok(1));
        owner.update_product(&scene.product, days(30)).await.expect("the same");
        assert_eq!(of(30).await, 2_601);

        assert_eq!(fresh.sql("update conversation set mode = 'test' where id like '%!1%'").await, Ok(1_111));
        owner.purge_test_customers().await.expect("purged");
        assert_eq!(of(30).await, 2_601 - 1_111);
        owner.delete_product(&scene.product).await.expect("deleted");
        fresh.core.sweep().await.expect("swept");
        assert_eq!(scene.count("conversation").await, 1, "the other product's");
    }

    async fn an_erased_customer_leaves_no_word(fresh) {
        let scene = scene(&fresh).await;
        let (ada, bob) = (scene.identity("u-1", "Ada").await, scene.identity("u-2", "Bob").await);
        let (_, token) = scene.begins(None).await;
        scene.says(Some(&ada), Some(&token), "It is me").await.expect("heard");
        let (kept, _) = scene.begins(Some(&bob)).await;
        let owner = scene.acme.owner().await;
        let customers = owner.customers(&crate::customer::CustomerFilter { external_id: Some("u-1".into()), ..Default::default() }, Limit::MOST, None).await.expect("a list").data;
        owner.delete_customer(&customers[0].id, None).await.expect("deleted");
        assert_eq!((scene.count("conversation").await, scene.count("message").await), (1, 1));
        assert!(owner.thread(&scene.product, &kept, None).await.is_ok());
        assert_eq!(code(scene.says(None, Some(&token), "Hello").await), Some(Code::NotFound));
    }

    /// Contract, section 5, and what a purge of test customers takes along.
    async fn conversations_end_with_what_they_came_through(fresh) {
        let scene = scene(&fresh).await;
        let owner = scene.acme.owner().await;
        let (name, origins) = ("Test".to_owned(), vec![PAGE.to_owned()]);
        let test = owner.create_embed_key(&scene.product, NewEmbedKey { name, origins, mode: KeyMode::Test, allow_development_origins: None }).await.expect("a key");
        let tried = write(&fresh.core, &test, None, None, "Trying").await.expect("heard").conversation_token.expect("shown once");
        let (_, token) = scene.begins(None).await;
        owner.purge_test_customers().await.expect("purged");
        assert_eq!(code(read(&fresh.core, &test, tried.reveal()).await), Some(Code::NotFound));
        assert!(read(&fresh.core, &scene.key, &token).await.is_ok());
        fresh.core.sweep().await.expect("swept");
        assert_eq!(scene.count("conversation").await, 1);

        fresh.clock.advance(SECOND);
        owner.revoke_everything(crate::tenant::RevokeEverything { confirm: "acme".to_owned(), reason: None }).await.expect("revoked");
        assert_eq!(code(read(&fresh.core, &scene.key, &token).await), Some(Code::NotFound), "its secret was issued before");
        fresh.clock.advance(SECOND);
        let (_, token) = scene.begins(None).await;
        let (id, _) = scene.begins(None).await;
        owner.delete_product(&scene.product).await.expect("deleted");
        assert_eq!(code(scene.says(None, Some(&token), "Hello").await), Some(Code::InvalidEmbedKey));
        assert_eq!(code(owner.thread(&scene.product, &id, None).await), Some(Code::NotFound));
        fresh.core.sweep().await.expect("swept");
        assert_eq!((scene.count("conversation").await, scene.count("message").await), (0, 0));
    }
}
