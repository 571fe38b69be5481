//! A reader of PostgreSQL's pool that goes back in time or not at all: the pool itself would wait for a silent server for ever.

use super::SILENCE;
use crate::{Error, Result};
use sqlx::{PgConnection, PgPool, Postgres, pool::PoolConnection};
use tokio::time::timeout;

/// One of the pool's connections. Empty only after `give_up`.
pub(super) struct Reader(pub(super) Option<PoolConnection<Postgres>>);

impl Reader {
    pub(super) fn conn(&mut self) -> Result<&mut PgConnection> {
        self.0.as_deref_mut().ok_or_else(Error::unavailable)
    }

    /// Closes it at once, and those that wait in the pool as well: what made one silent made all of them, and to find that
    /// out one by one would keep a caller waiting for each.
    pub(super) fn give_up(&mut self, pool: &PgPool) {
        drop(self.0.take().map(PoolConnection::detach));
        while let Some(idle) = pool.try_acquire() {
            drop(idle.detach());
        }
    }
}

impl Drop for Reader {
    /// The pool asks a returned connection whether it is still good, and holds its place until it has answered.
    fn drop(&mut self) {
        if let Some(mut conn) = self.0.take() {
            tokio::spawn(timeout(SILENCE, conn.return_to_pool()));
        }
    }
}
