//! Another process in the middle of a commit.

use super::{Engine, Fresh};
use crate::{
    TenantId,
    db::{Conn, args},
};
use std::time::Duration;

/// What it wrote is seen by nobody before it commits.
pub(crate) struct Meanwhile {
    conn: Conn,
    watcher: Conn,
    engine: Engine,
}

impl Fresh {
    /// Another process that has begun to write of this tenant, and has written this.
    pub(crate) async fn meanwhile(&self, tenant: &TenantId, statements: impl IntoIterator<Item = String>) -> Meanwhile {
        let mut conn = self.location.writer().await.expect("a connection");
        let watcher = self.location.writer().await.expect("a connection");
        let engine = if self.core.engine() == "postgres" { Engine::Postgres } else { Engine::Sqlite };
        if engine == Engine::Postgres {
            // However long the test takes.
            conn.run("set idle_in_transaction_session_timeout = 0").await.expect("set");
        }
        conn.begin().await.expect("begins");
        let turn = format!("update audit_head set seq = seq where chain = '{tenant}'");
        for statement in [turn].into_iter().chain(statements) {
            assert_eq!(conn.write_built(statement, &[]).await.expect("written"), 1);
        }
        Meanwhile { conn, watcher, engine }
    }
}

impl Meanwhile {
    /// When somebody waits for it. SQLite names nobody, since whoever writes to a file has it to themselves: there the other write comes
    /// before or after this one, as it falls out.
    pub(crate) async fn is_waited_for(&mut self) {
        if self.engine == Engine::Sqlite {
            return;
        }
        let Self { conn, watcher, .. } = self;
        let waiting = "select count(*) from pg_stat_activity where $1 = any(pg_blocking_pids(pid)::bigint[])";
        let (own,): (i64,) = conn.one("select pg_backend_pid()::bigint", &[]).await.expect("a process");
        let own = args![own];
        let seen = async {
            loop {
                let (count,): (i64,) = watcher.one(waiting, &own).await.expect("a count");
                if count > 0 {
                    return;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(30), seen).await.expect("somebody waits for it");
    }

    pub(crate) async fn commits(mut self) {
        self.conn.run("commit").await.expect("committed");
        self.conn.close().await;
        self.watcher.close().await;
    }
}
