//! The one row that says what the installation knows of itself.

mod rotate;
mod store;
#[cfg(test)]
mod tests;

use crate::{
    Code, Core, Error, Location, Origination, Result, Time, Who,
    audit::{Action, Event, HistoryKey},
    db::Db,
    key::{MasterKey, Sealer},
    time::{MINUTE, SECOND},
};

/// The row.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Installation {
    pub(crate) master_key_fingerprint: Option<String>,
    pub(crate) history_key: Option<String>,
    pub(crate) clock_mark: Time,
}

/// Reads the row, refuses a master key that is not its own (KY4), and leaves this one's fingerprint in an empty one.
pub(crate) async fn adopt(location: &Location, db: &Db, key: &MasterKey, fresh: bool, sealer: &Sealer) -> Result<Installation> {
    let installation = store::read(db).await?;
    installation.accept(key, fresh)?;
    if installation.master_key_fingerprint.is_some() {
        return Ok(installation);
    }
    store::remember_keys(location, &key.fingerprint(), &HistoryKey::generate_sealed(sealer)?).await?;
    // Of two processes that open an empty database at once, one was first; the other must have the same key.
    let installation = store::read(db).await?;
    installation.accept(key, false)?;
    Ok(installation)
}

impl Installation {
    /// What signs history.
    pub(crate) fn history_key(&self, sealer: &Sealer) -> Result<HistoryKey> {
        HistoryKey::open(sealer, self.history_key.as_deref().unwrap_or_default())
    }

    /// Whether this master key may be used here (KY4).
    pub(crate) fn accept(&self, key: &MasterKey, fresh: bool) -> Result<()> {
        let Some(known) = &self.master_key_fingerprint else { return Ok(()) };
        let wrong = |message: String| Err(Error::new(Code::WeakOrInvalidKey, message));
        if fresh {
            return wrong(format!(
                "The master key file is missing, and the database holds values sealed under the key with the fingerprint {known}. \
                 Put that file back; a new key cannot open them."
            ));
        }
        if *known != key.fingerprint() {
            return wrong(format!(
                "This master key has the fingerprint {}, and the database was sealed under the one with {known}. Name the right file.",
                key.fingerprint()
            ));
        }
        Ok(())
    }
}

impl Core {
    /// Whether requests can be served: the database answers, and the clock is not behind what it has seen (by a minute or more).
    pub async fn ready(&self) -> Result<()> {
        self.saw_mark(store::read(self.db()).await?.clock_mark);
        let behind = self.clock_is_behind();
        if behind > MINUTE {
            let seconds = behind / SECOND;
            return Err(Error::new(Code::Unavailable, format!("The clock is {seconds} s behind the time that the database has seen.")));
        }
        Ok(())
    }

    /// Accepts the clock's present time although the database has seen a later one, and makes everything issued until
    /// now dead, in every tenant; what is issued from now on lives.
    pub async fn accept_clock(&self) -> Result<Time> {
        let (now, seen) = (self.clock().now(), self.now());
        // The write bears the accepted time, else it would bring the later one back.
        self.set_mark(now);
        let mut tx = self.begin(Who::CommandLine, None, Origination::default());
        tx.write_all(store::accept_clock(now));
        let event = Event::new(Action::ClockAccepted).with("accepted", now.to_string()).with("seen", seen.to_string());
        if let Err(error) = tx.commit(event).await {
            self.saw_mark(seen);
            return Err(error);
        }
        Ok(now)
    }
}
