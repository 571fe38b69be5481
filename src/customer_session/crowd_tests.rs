//! Ending a crowd of sessions, and of identity tokens, with what they hang on: all of them, and none of anybody else.

use super::{Shared, StartedSession, store::stretches};
use crate::{
    BridgeKeyId, EmbedKeyId, KeyId, Op, ProductId,
    bridge::{BridgeAlgorithm, BridgeKeyChange},
    db::Select,
    embed_key::EmbedKey,
    key::{KeyRevocation, KeyState},
    on_each_engine,
    testing::{Engine, Fixture, Fresh, bridge_token, fresh},
};

/// So many live rows besides, each with an end of its own.
const MANY: i64 = 2_600;

/// A customer's session in a product of its own.
async fn began(acme: &Fixture) -> (ProductId, EmbedKey, BridgeKeyId, StartedSession) {
    let owner = acme.owner().await;
    let asked = crate::product::NewProduct { name: "Pages".into(), ..Default::default() };
    let product = owner.create_product(asked).await.expect("a product").id;
    let key = acme.embed_key(&product).await;
    let bridge = acme.bridge_key(&product, BridgeAlgorithm::Hs256).await;
    let started = acme.exchange(&key, bridge_token(&bridge, &acme.vouches("u"))).await.expect("a session");
    (product, key, bridge.key.id, started)
}

/// So many copies of the session of this embed key.
async fn crowd(fresh: &Fresh, key: &EmbedKey, many: i64) {
    let copy = format!(
        "insert into customer_session (id, tenant_id, product_id, customer_id, embed_key_id, mode, way, bridge_key_id, signing_key_id, origin,
            created_at, refreshed_at, expires_at, ends_at)
         with recursive n(i) as (select 1 union all select i + 1 from n where i < {many})
         select s.id || n.i, s.tenant_id, s.product_id, s.customer_id, s.embed_key_id, s.mode, s.way, s.bridge_key_id, s.signing_key_id, s.origin,
            s.created_at, s.refreshed_at, s.expires_at - 1000 * (n.i % 1300), s.ends_at
         from customer_session s, n where s.embed_key_id = '{}'",
        key.id
    );
    assert_eq!(fresh.sql(copy).await, Ok(many.cast_unsigned()));
}

async fn alive(fresh: &Fresh) -> i64 {
    fresh.core.counted("select count(*) from customer_session where revoked_at is null").await
}

#[tokio::test]
async fn a_crowd_of_sessions_is_a_range_of_an_index() {
    let fresh = fresh(Engine::Sqlite).await;
    let (embed, bridge, product, signing) = (
        EmbedKeyId::new(fresh.core.now()),
        BridgeKeyId::new(fresh.core.now()),
        ProductId::new(fresh.core.now()),
        KeyId::new(fresh.core.now()),
    );
    for (of, index) in [
        (Shared::EmbedKey(&embed), "by_embed_key (embed_key_id=? AND expires_at>?"),
        (Shared::BridgeKey(&bridge), "by_tenant (tenant_id=? AND expires_at>?"),
        (Shared::Product(&product), "by_tenant (tenant_id=? AND expires_at>?"),
        (Shared::SigningKey(&signing), "by_signing_key (signing_key_id=? AND expires_at>?"),
    ] {
        let (next, stretch) = stretches(of);
        assert!(next.ends_with(&format!(" limit {}", crate::crowd::AT_ONCE)), "{next}");
        for statement in [next, stretch] {
            let select = Select { sql: format!("explain query plan {statement}"), args: Vec::new() };
            let plan: Vec<(i64, i64, i64, String)> = fresh.core.db().select(select).await.expect("a plan");
            assert!(plan.iter().any(|(.., step)| step.contains(index)), "{statement}: {plan:?}");
            assert!(!plan.iter().any(|(.., step)| step.contains("FOR ORDER BY")), "{plan:?}");
        }
    }
}

#[tokio::test]
async fn a_crowd_of_sessions_is_walked_along_its_index_on_postgres_as_well() {
    let fresh = fresh(Engine::Postgres).await;
    let acme = fresh.tenant("acme").await;
    let (product, key, bridge, _) = began(&acme).await;
    crowd(&fresh, &key, 20_000).await;
    let signing = KeyId::new(fresh.core.now());
    for (of, index) in [
        (Shared::EmbedKey(&key.id), "customer_session_by_embed_key"),
        (Shared::BridgeKey(&bridge), "customer_session_by_tenant"),
        (Shared::Product(&product), "customer_session_by_tenant"),
        (Shared::SigningKey(&signing), "customer_session_by_signing_key"),
    ] {
        let (next, stretch) = stretches(of);
        for statement in [next, stretch] {
            let plan = fresh.generic_plan("customer_session", statement).await;
            assert!(plan.contains(&format!("Index Scan using {index} ")) && !plan.contains("Sort"), "{statement}:\n{plan}");
        }
    }
}

on_each_engine! {
    async fn a_crowd_of_sessions_ends_with_what_it_came_through(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, kept) = (acme.owner().await, began(&acme).await);
        let ends = async |op: &Op, way: usize, product: &ProductId, key: &EmbedKey, bridge: &BridgeKeyId| match way {
            0 => drop(op.disable_embed_key(product, &key.id, None).await.expect("disabled")),
            1 => drop(op.revoke_bridge_key(product, bridge, BridgeKeyChange::default()).await.expect("revoked")),
            _ => drop(op.delete_product(product).await.expect("deleted")),
        };
        for way in 0..3 {
            let (product, key, bridge, _) = began(&acme).await;
            crowd(&fresh, &key, MANY).await;
            assert_eq!(alive(&fresh).await, MANY + 2);
            ends(&owner, way, &product, &key, &bridge).await;
            assert_eq!(alive(&fresh).await, 1, "{way}: the other product's");
        }
        assert!(acme.visit(&kept.3.token).await.is_ok());
        // Two stretches of a thousand or more each, and the rest.
        assert_eq!(fresh.core.counted("select count(*) from audit_event where action = 'customer_session.bulk_revoked'").await, 9);

        crowd(&fresh, &kept.1, MANY).await;
        let keys = owner.signing_keys().await.expect("keys");
        let active = keys.iter().find(|key| key.state == KeyState::Active).expect("one signs");
        owner.revoke_signing_key(&active.id, KeyRevocation::default()).await.expect("revoked");
        assert_eq!(alive(&fresh).await, 0);
    }

    async fn a_crowd_of_identity_tokens_ends_with_its_secret(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        acme.domain(&product).await;
        let (leaked, other) = (acme.verification_secret(&product).await, acme.verification_secret(&product).await);
        let dead = acme.identity(&product, &leaked.secret, "u").await.expect("bought");
        let kept = acme.identity(&product, &other.secret, "u").await.expect("bought");
        let id = &leaked.verification_secret.id;
        let copy = format!(
            "insert into identity_token (id, tenant_id, product_id, customer_id, verification_secret_id, signing_key_id, created_at, expires_at)
             with recursive n(i) as (select 1 union all select i + 1 from n where i < {MANY})
             select t.id || n.i, t.tenant_id, t.product_id, t.customer_id, t.verification_secret_id, t.signing_key_id, t.created_at,
                t.expires_at - 1000 * (n.i % 700)
             from identity_token t, n where t.verification_secret_id = '{id}'"
        );
        assert_eq!(fresh.sql(copy).await, Ok(MANY.cast_unsigned()));
        assert_eq!(owner.revoke_verification_secret(&product, id, None).await.expect("revoked").live_tokens, 0);
        assert_eq!(fresh.core.counted("select count(*) from identity_token where revoked_at is null").await, 1);
        assert!(acme.identity_me(dead.token.reveal()).await.is_err() && acme.identity_me(kept.token.reveal()).await.is_ok());
        assert_eq!(fresh.core.counted("select count(*) from audit_event where action = 'identity_token.revoked'").await, 3);
    }
}
