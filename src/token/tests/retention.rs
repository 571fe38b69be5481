//! How long a token's row stays, whoever asks: RV6, by direct SQL.

use super::ground;
use crate::{db::args, on_each_engine, time::DAY};

async fn rows(fresh: &crate::testing::Fresh) -> i64 {
    let (count,): (i64,) = fresh.core.db().one("select cast(count(*) as bigint) from widget_token", args![]).await.expect("a count");
    count
}

on_each_engine! {
    /// RV6
    async fn the_database_itself_refuses_a_longer_life_a_revival_and_an_early_end(fresh) {
        let ground = ground(&fresh).await;
        let (live, revoked) = (ground.mint().await, ground.mint().await);
        ground.revoke(&revoked).await;
        let longer = format!("update widget_token set expires_at = created_at + 3600001 where id = '{}'", live.id);
        let undone = format!("update widget_token set revoked_at = null where id = '{}'", revoked.id);
        let later = format!("update widget_token set revoked_at = revoked_at + 1 where id = '{}'", revoked.id);
        let gone = format!("delete from widget_token where id = '{}'", revoked.id);
        for statement in [longer, undone, later, gone] {
            assert!(fresh.sql(statement.clone()).await.is_err(), "{statement}");
        }
        assert_eq!(rows(&fresh).await, 2);
        // What is allowed passes by the same path, so that the refusals above are those of the triggers.
        let hour = format!("update widget_token set expires_at = created_at + 3600000 where id = '{}'", live.id);
        assert_eq!(fresh.sql(hour).await.expect("within the hour"), 1);
    }

    /// RV6
    async fn a_token_row_goes_with_the_retention_and_its_last_use_with_it(fresh) {
        let ground = ground(&fresh).await;
        fresh.sql("update tenant set retention_days = 30").await.expect("set");
        let token = ground.mint().await;
        assert_eq!(ground.verdict(token.token.reveal()).await, Ok(()));
        fresh.core.flush_uses().await.expect("written");
        fresh.clock.advance(30 * DAY);
        assert_eq!(fresh.core.purge().await.expect("purged").tokens, 0);
        fresh.clock.advance(DAY);
        assert_eq!(fresh.core.purge().await.expect("purged").tokens, 1);
        assert_eq!(rows(&fresh).await, 0);
        let (uses,): (i64,) =
            fresh.core.db().one("select cast(count(*) as bigint) from widget_token_use", args![]).await.expect("a count");
        assert_eq!(uses, 0);
        assert_eq!(fresh.core.verify_audit().await.expect("a report").first_bad(), None);
    }
}
