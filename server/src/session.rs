//! The dashboard's cookie: tower-sessions for its form and its id, the core's row for the truth (X5, SE1 to SE4).
//!
//! A record holds one thing, which row it belongs to. Nothing is kept for somebody who has not signed in, so a planted
//! id names nothing and is never adopted; ends and lives are judged by the core alone.

use crate::Context;
use app::api::{SESSION, cookie_name};
use async_trait::async_trait;
use mintmark::{Core, Error, Origination, SessionId};
use serde_json::Value;
use std::{collections::HashMap, fmt};
use tower_sessions::{
    Expiry, SessionManagerLayer, SessionStore,
    cookie::{SameSite, time::OffsetDateTime},
    session::{Id, Record},
    session_store,
};

/// Around the pages and server functions, and nothing else: no other surface ever looks at a cookie.
pub(crate) fn layer(context: &Context) -> SessionManagerLayer<Rows> {
    let https = context.config.public_url.is_https();
    SessionManagerLayer::new(Rows(context.core.clone()))
        .with_name(cookie_name(https, ""))
        .with_secure(https)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        // The row says when it ends; the cookie goes with the browser.
        .with_expiry(Expiry::OnSessionEnd)
}

/// The rows of `dashboard_session`, found by the hash of the cookie.
#[derive(Clone)]
pub(crate) struct Rows(Core);

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rows")
    }
}

#[async_trait]
impl SessionStore for Rows {
    /// The row exists since somebody proved who they are; from now on this id finds it, and no other.
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        self.0.bind_session(&row(record)?, &record.id.to_string()).await.map_err(failed)
    }

    /// Updates only: a session that ended while the request ran stays ended.
    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let data = serde_json::to_string(&record.data).map_err(|error| session_store::Error::Encode(error.to_string()))?;
        self.0.save_session(&row(record)?, &data).await.map_err(failed)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let Some(session) = self.0.session(&id.to_string()).await.map_err(failed)? else { return Ok(None) };
        let decode = |error: serde_json::Error| session_store::Error::Decode(error.to_string());
        let mut data: HashMap<String, Value> = serde_json::from_str(&session.data).map_err(decode)?;
        data.insert(SESSION.to_owned(), session.id.as_str().into());
        let expiry_date = OffsetDateTime::from_unix_timestamp(session.expires_at.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    /// What the browser had before it signed in anew, if it was alive, ends.
    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        match self.0.session(&id.to_string()).await.map_err(failed)? {
            Some(session) => self.0.sign_out(&session, Origination::default()).await.map_err(failed),
            None => Ok(()),
        }
    }
}

fn row(record: &Record) -> session_store::Result<SessionId> {
    let id = record.data.get(SESSION).and_then(Value::as_str).and_then(|text| text.parse().ok());
    id.ok_or_else(|| session_store::Error::Backend("a session without a row".to_owned()))
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over")]
fn failed(error: Error) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}
