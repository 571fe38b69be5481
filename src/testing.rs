//! For tests of this crate and of the server: a fresh installation on each engine, with a clock that a test moves.
#![expect(clippy::missing_panics_doc, reason = "a test that cannot prepare what it tests has nothing to say but that")]

mod authenticator;
mod bridge;
mod fixture;
#[cfg(test)]
mod meanwhile;
#[cfg(test)]
mod plan;
mod window;

pub use authenticator::totp;
pub use bridge::bridge_token;
#[cfg(test)]
pub(crate) use bridge::sign_shared;
#[cfg(test)]
pub(crate) use fixture::token_of;
pub use fixture::{Fixture, PAGE, PASSWORD, Person};
pub use window::Window;

use crate::{Clock, Core, HashCost, KeySource, Location, Settings, Time, key::MasterKey, secret::hex};
use std::{path::PathBuf, process::Command};

/// The moment at which the clock of every test stands: 2026-05-23T22:00:00.250Z.
pub const START: Time = Time::from_millis(1_779_573_600_250);

/// Which engine a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file of its own.
    Sqlite,
    /// A schema of its own on the server that `MINTMARK_TEST_POSTGRES` names, else on the one that `scripts/postgres` starts.
    Postgres,
}

/// A fresh installation; its files go with it.
pub struct Fresh {
    /// The installation.
    pub core: Core,
    /// Its clock.
    pub clock: Clock,
    /// Its database, for a second process or for direct SQL.
    pub location: Location,
    folder: PathBuf,
    key_text: String,
}

impl Fresh {
    /// Its master key, for a second process on the same database.
    ///
    /// # Panics
    /// Never: the text is the key's own.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the text is the key's own")]
    pub fn master_key(&self) -> MasterKey {
        MasterKey::parse(&self.key_text).expect("the key's own text")
    }
}

impl Fresh {
    /// Runs direct SQL on a connection of its own, as somebody with access to the database would; answers the rows written.
    pub async fn sql(&self, text: impl Into<String>) -> std::result::Result<u64, String> {
        let mut conn = self.location.writer().await.map_err(|error| error.to_string())?;
        let written = conn.write_built(text.into(), &[]).await;
        conn.close().await;
        written.map_err(|fault| fault.to_string())
    }

    /// Makes direct SQL able to do to history and tokens what the triggers forbid.
    #[expect(clippy::expect_used, reason = "a test without what it prepares has nothing to test")]
    pub async fn drop_triggers(&self) {
        let triggers = [
            ("audit_event_is_immutable", "audit_event"),
            ("audit_event_is_retained", "audit_event"),
            ("widget_token_stays_revoked", "widget_token"),
            ("widget_token_is_retained", "widget_token"),
        ];
        for (trigger, table) in triggers {
            let on = if self.core.engine() == "postgres" { format!(" on {table}") } else { String::new() };
            self.sql(format!("drop trigger {trigger}{on}")).await.expect("the trigger was there");
        }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn random_name() -> String {
    let mut bytes = [0; 8];
    crate::secret::fill_random(&mut bytes);
    format!("t_{}", hex(&bytes))
}

#[expect(clippy::disallowed_methods, clippy::expect_used, reason = "a test without its database has nothing to test")]
fn postgres_url() -> String {
    if let Ok(url) = std::env::var("MINTMARK_TEST_POSTGRES") {
        return url;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/postgres");
    let output = Command::new(script).output().expect("scripts/postgres runs");
    assert!(output.status.success(), "scripts/postgres: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().last().unwrap_or_default().trim().to_owned()
}

/// An empty database on this engine.
#[expect(clippy::expect_used, reason = "a test without its database has nothing to test")]
pub async fn location(engine: Engine, folder: &std::path::Path) -> Location {
    match engine {
        Engine::Sqlite => Location::Sqlite(folder.join("mintmark.db")),
        Engine::Postgres => {
            let options: sqlx::postgres::PgConnectOptions = postgres_url().parse().expect("a PostgreSQL URL");
            let schema = random_name();
            let mut conn = sqlx::ConnectOptions::connect(&options).await.expect("PostgreSQL answers");
            sqlx::raw_sql(sqlx::AssertSqlSafe(format!("create schema {schema}"))).execute(&mut conn).await.expect("a schema");
            Location::Postgres(Box::new(options.options([("search_path", schema)])))
        }
    }
}

impl Fresh {
    /// A second process on the same database, by the same clock.
    pub async fn another_process(&self) -> Core {
        self.another_process_at(self.clock.clone()).await
    }

    /// The same by a clock of its own.
    #[expect(clippy::expect_used, reason = "a test without its installation has nothing to test")]
    pub async fn another_process_at(&self, clock: Clock) -> Core {
        Core::open(self.location.clone(), KeySource::Given(self.master_key()), clock, settings()).await.expect("opens")
    }
}

#[cfg(test)]
impl Core {
    /// What a statement counts, in its only row.
    pub(crate) async fn counted(&self, sql: &'static str) -> i64 {
        let (count,): (i64,) = self.db().one(sql, Vec::new()).await.expect("one row");
        count
    }
}

/// A fresh installation on this engine.
#[expect(clippy::expect_used, reason = "a test without its installation has nothing to test")]
pub async fn fresh(engine: Engine) -> Fresh {
    let folder = std::env::temp_dir().join(format!("mintmark-{}", random_name()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let location = location(engine, &folder).await;
    let clock = Clock::standing_at(START);
    let key = MasterKey::generate();
    let key_text = key.to_text().to_string();
    let core = Core::open(location.clone(), KeySource::New(key), clock.clone(), settings()).await.expect("opens");
    Fresh { core, clock, location, folder, key_text }
}

/// Settings with a password hash that costs nearly nothing.
#[must_use]
pub fn settings() -> Settings {
    Settings {
        hash_cost: HashCost { memory: 64, passes: 1 },
        preview: Some("http://127.0.0.1:3001".to_owned()),
        ..Settings::new("http://127.0.0.1:3000")
    }
}

/// The same test once on each engine: `on_each_engine! { async fn sentence_name(fresh) { ... } }`.
#[macro_export]
macro_rules! on_each_engine {
    ($($(#[$meta:meta])* async fn $name:ident($fresh:ident) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn test($fresh: $crate::testing::Fresh) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                test($crate::testing::fresh($crate::testing::Engine::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                test($crate::testing::fresh($crate::testing::Engine::Postgres).await).await;
            }
        }
    )+};
}
