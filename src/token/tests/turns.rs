//! Two processes on one database: nothing is minted by what the other one has ended and answered (RV5).

use crate::{
    Code, Role, on_each_engine,
    token::{Revocation, TokenStatus},
};

on_each_engine! {
    async fn an_api_key_that_another_process_revokes_mints_nothing_more(fresh) {
        let acme = fresh.tenant("acme").await;
        let organization = acme.organization("customer").await;
        let key = acme.api_key(Role::Admin, None).await;
        let op = acme.key_op(&key).await;
        acme.token(&op, &organization).await;
        let revoked = format!("update api_key set revoked_at = 1 where id = '{}'", key.api_key.id);
        let tokens = format!("update widget_token set revoked_at = 1 where minted_by = '{}'", key.api_key.id);
        let mut elsewhere = fresh.meanwhile(&acme.tenant, [revoked, tokens]).await;
        let (acme, minted) = {
            let organization = organization.clone();
            let minting = tokio::spawn(async move {
                loop {
                    match acme.try_token(&op, &organization).await.map_err(|error| error.code()) {
                        // A slow machine: it waited for its turn for too long.
                        Err(Code::Unavailable) => {}
                        minted => break (acme, minted),
                    }
                }
            });
            elsewhere.is_waited_for().await;
            elsewhere.commits().await;
            minting.await.expect("answered")
        };
        assert_eq!(minted.err(), Some(Code::Conflict), "minted by a revoked key");
        let (alive,): (i64,) = acme.core.db().one("select count(*) from widget_token where revoked_at is null", vec![]).await.expect("a count");
        assert_eq!(alive, 0);
    }

    async fn an_allowlist_that_another_process_edits_refuses_nobody_whom_it_allows(fresh) {
        let acme = fresh.tenant("acme").await;
        let organization = acme.organization("customer").await;
        let op = acme.key_op(&acme.api_key(Role::Admin, None).await).await;
        let edited = format!("update organization set revision = revision + 1 where id = '{organization}'");
        let mut elsewhere = fresh.meanwhile(&acme.tenant, [edited]).await;
        let minting = tokio::spawn(async move { acme.try_token(&op, &organization).await });
        elsewhere.is_waited_for().await;
        elsewhere.commits().await;
        minting.await.expect("answered").expect("minted");
    }

    async fn a_token_that_another_process_ends_first_was_ended_there(fresh) {
        let acme = fresh.tenant("acme").await;
        let organization = acme.organization("customer").await;
        let op = acme.owner().await;
        let minted = acme.token(&op, &organization).await;
        let ended = format!("update widget_token set revoked_at = 7, revoke_reason = 'elsewhere' where id = '{}'", minted.id);
        let mut elsewhere = fresh.meanwhile(&acme.tenant, [ended]).await;
        let id = minted.id.clone();
        let revoking = tokio::spawn(async move {
            loop {
                match op.revoke_token(&id, Revocation::default()).await {
                    // A slow machine: it waited for its turn for too long.
                    Err(error) if error.code() == Code::Unavailable => {}
                    done => break done,
                }
            }
        });
        elsewhere.is_waited_for().await;
        elsewhere.commits().await;
        let token = revoking.await.expect("answered").expect("revoked");
        assert_eq!(token.status, TokenStatus::Revoked);
        assert_eq!(token.revoke_reason.as_deref(), Some("elsewhere"), "the first end stands");
        assert!(!acme.lives(&minted).await);
    }
}
