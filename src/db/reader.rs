//! The readers of PostgreSQL: sixteen connections at most, taken for one read and put back.
//!
//! sqlx's own pool asks every connection that comes back whether it is still good, so that each read costs two round trips. Here one
//! that answered goes back as it is; one that did not is closed, and with it those that wait: what took one took all of them.

use super::SILENCE;
use crate::{Error, Result};
use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use std::{
    future::pending,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    task::JoinHandle,
    time::{Instant, error::Elapsed, timeout, timeout_at},
};

/// Connections at once.
const MOST: usize = 16;
/// New ones under way at once: in a crowd, one that comes back is sooner there than a new one.
const OPENED_AT_ONCE: usize = 4;

/// The connections. Cheap to clone.
#[derive(Clone)]
pub struct Links(Arc<Inner>);

struct Inner {
    options: PgConnectOptions,
    seats: Arc<Semaphore>,
    turns: Arc<Semaphore>,
    idle: Mutex<Vec<Seated>>,
    /// One came back, or another may be opened.
    changed: Notify,
}

/// A connection, and its place among those that there may be.
struct Seated {
    conn: PgConnection,
    _seat: OwnedSemaphorePermit,
}

impl Links {
    /// Opens the first, so that a server which is not there is told at once.
    pub(super) async fn open(options: PgConnectOptions) -> Result<Self> {
        let (seats, turns) = (Arc::new(Semaphore::new(MOST)), Arc::new(Semaphore::new(OPENED_AT_ONCE)));
        let links = Self(Arc::new(Inner { options, seats, turns, idle: Mutex::default(), changed: Notify::new() }));
        if let Some(opening) = links.open_another() {
            opening.await.map_err(Error::internal)??;
        }
        Ok(links)
    }

    /// One that waits, else the first that comes back or is opened.
    pub(super) async fn take(&self, until: Instant) -> Result<Link> {
        let taken = timeout_at(until, self.next()).await.map_err(|late| Error::unavailable().because(late))??;
        Ok(Link { links: self.clone(), seated: Some(taken) })
    }

    async fn next(&self) -> Result<Seated> {
        loop {
            let changed = self.0.changed.notified();
            if let Some(seated) = self.idle(Vec::pop) {
                return Ok(seated);
            }
            if self.0.seats.is_closed() {
                return Err(Error::unavailable());
            }
            let opening = self.open_another();
            let opened = async {
                match opening {
                    Some(opening) => opening.await.map_err(Error::internal)?.map_err(Error::from),
                    None => pending().await,
                }
            };
            tokio::select! {
                opened = opened => opened?,
                () = changed => {}
            }
        }
    }

    /// Opens one for whoever is next, if there may be another; who asked need not wait for it.
    fn open_another(&self) -> Option<JoinHandle<sqlx::Result<()>>> {
        let turn = Arc::clone(&self.0.turns).try_acquire_owned().ok()?;
        let seat = Arc::clone(&self.0.seats).try_acquire_owned().ok()?;
        let links = self.clone();
        Some(tokio::spawn(async move {
            let opened = match timeout(SILENCE, links.0.options.connect()).await {
                Ok(opened) => opened,
                Err(late) => Err(sqlx::Error::Io(late.into())),
            };
            drop(turn);
            match opened {
                Ok(conn) => {
                    links.put_back(Seated { conn, _seat: seat });
                    Ok(())
                }
                Err(error) => {
                    drop(seat);
                    links.0.changed.notify_one();
                    Err(error)
                }
            }
        }))
    }

    fn put_back(&self, seated: Seated) {
        if !self.0.seats.is_closed() {
            self.idle(|idle| idle.push(seated));
        }
        self.0.changed.notify_one();
    }

    /// Closes those that wait: to find out one by one that they are gone would keep a caller waiting for each.
    fn forget(&self) {
        drop(self.idle(std::mem::take));
        self.0.changed.notify_waiters();
    }

    /// Nobody takes one any more.
    pub(super) fn close(&self) {
        self.0.seats.close();
        self.forget();
    }

    fn idle<T>(&self, act: impl FnOnce(&mut Vec<Seated>) -> T) -> T {
        act(&mut self.0.idle.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A connection that is in use. Dropped in the middle of a read, because a client hung up, it is asked whether it is still good.
pub(super) struct Link {
    links: Links,
    seated: Option<Seated>,
}

impl Link {
    pub(super) fn conn(&mut self) -> Result<&mut PgConnection> {
        self.seated.as_mut().map(|seated| &mut seated.conn).ok_or_else(Error::unavailable)
    }

    /// What came of a read. `None`: the server has left, and another connection may be asked the same; `again` says whether.
    pub(super) fn settle<T>(mut self, read: Result<sqlx::Result<T>, Elapsed>, again: bool) -> Option<Result<T>> {
        let seated = self.seated.take();
        match read {
            Ok(Err(error)) if is_lost(&error) => {
                drop(seated);
                self.links.forget();
                if again { None } else { Some(Err(error.into())) }
            }
            Ok(answered) => {
                if let Some(seated) = seated {
                    self.links.put_back(seated);
                }
                Some(answered.map_err(Error::from))
            }
            Err(late) => {
                drop(seated);
                self.links.forget();
                Some(Err(Error::unavailable().because(late)))
            }
        }
    }
}

/// Whether the connection ended with this: by its link, or because the server shuts down (class 57P).
fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(said) => said.code().is_some_and(|code| code.starts_with("57P")),
        other => matches!(other, sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_)),
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let (Some(mut seated), links) = (self.seated.take(), self.links.clone()) else { return };
        tokio::spawn(async move {
            if matches!(timeout(SILENCE, seated.conn.ping()).await, Ok(Ok(()))) {
                links.put_back(seated);
            } else {
                drop(seated);
                links.0.changed.notify_one();
            }
        });
    }
}
