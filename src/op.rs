//! The heart: `Core` is the installation, `Op` one actor doing one thing, `Tx` a write that must say what happened.
//!
//! An operation always reads the same: *begin with the permission; check the rules; store; commit with the event; return.*
//! `Op::begin` is the only way to a write and `Tx::commit` the only way to keep one, so an operation that forgets
//! authorization or history does not compile.

use crate::{
    Actor, Clock, Error, EventId, Location, OrganizationId, Origination, Permission, Reach, Result, TenantId, Time, Who,
    audit::{Draft, Event, HistoryKey},
    bridge::VouchingKeys,
    db::Db,
    embed_key::Configs,
    key::{Keyring, MasterKey, Published, Sealer},
    overview::Days,
    secret::Digest,
    token::{Claims, GuardRows},
    use_log::UseLog,
    writer::{Committed, Job, Write, Writer},
};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use tokio::task::JoinHandle;

/// The installation: database, clock, sealing key. Cheap to clone.
#[derive(Clone)]
pub struct Core(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) sealer: Sealer,
    pub(crate) history_key: Arc<HistoryKey>,
    pub(crate) keyring: Keyring,
    pub(crate) published: Published,
    pub(crate) configs: Configs,
    days: Days,
    pub(crate) vouching: VouchingKeys,
    pub(crate) uses: UseLog,
    guard_rows: GuardRows,
    /// Claims by the SHA-256 of the whole token: a verified signature may be remembered, a verdict on its row never.
    pub(crate) remembered: quick_cache::sync::Cache<Digest, Arc<Claims>>,
    pub(crate) settings: Settings,
    /// The threads for password hashes.
    pub(crate) hashing: crate::user::Hashing,
    /// The highest time that the database has seen, as far as this process knows.
    mark: AtomicI64,
    writer: std::sync::Mutex<Option<Writer>>,
    writer_task: std::sync::Mutex<Option<JoinHandle<()>>>,
}

/// How many verified signatures are remembered.
const REMEMBERED: usize = 20_000;

/// What is the same for every tenant.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Scheme, host and port, without a slash at the end: the start of every issuer.
    pub public_url: String,
    /// For how long verifiers may cache the JWKS, in seconds; what a `next` key must have been published before it signs.
    pub jwks_max_age: i64,
    /// Costs of a password hash.
    pub hash_cost: HashCost,
    /// Whether mail leaves the outbox; where none does, owners and admins read it there.
    pub sends_mail: bool,
    /// The origin on which the dashboard previews what pages show, where there is one.
    pub preview: Option<String>,
}

/// Argon2id's parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    /// KiB.
    pub memory: u32,
    /// Passes.
    pub passes: u32,
}

impl HashCost {
    /// OWASP's minimum (SE6): 19 MiB, two passes, one lane.
    pub const STANDARD: Self = Self { memory: 19_456, passes: 2 };
}

impl Settings {
    /// The standard settings for this public URL.
    #[must_use]
    pub fn new(public_url: impl Into<String>) -> Self {
        Self { public_url: public_url.into(), jwks_max_age: 300, hash_cost: HashCost::STANDARD, sends_mail: false, preview: None }
    }

    /// The `iss` of a tenant: its slug never changes.
    #[must_use]
    pub fn issuer(&self, slug: &str) -> String {
        format!("{}/t/{slug}", self.public_url)
    }
}

/// Where the master key comes from.
pub enum KeySource {
    /// This one.
    Given(MasterKey),
    /// Made now: right only while the database holds no sealed value; refused otherwise.
    New(MasterKey),
}

impl Core {
    /// Opens the database, brings its schema up to date, and refuses a master key that is not its own (KY4).
    pub async fn open(location: Location, key: KeySource, clock: Clock, settings: Settings) -> Result<Self> {
        location.migrate().await?;
        let db = location.readers().await?;
        let (key, fresh) = match key {
            KeySource::Given(key) => (key, false),
            KeySource::New(key) => (key, true),
        };
        let sealer = Sealer::new(&key)?;
        let installation = crate::installation::adopt(&location, &db, &key, fresh, &sealer).await?;
        let history_key = Arc::new(installation.history_key(&sealer)?);
        let (writer, task) = Writer::start(location, history_key.clone()).await?;
        Ok(Self(Arc::new(Inner {
            sealer,
            history_key,
            keyring: Keyring::default(),
            published: Published::default(),
            configs: Configs::default(),
            days: Days::default(),
            vouching: VouchingKeys::default(),
            uses: UseLog::default(),
            guard_rows: GuardRows::default(),
            remembered: quick_cache::sync::Cache::new(REMEMBERED),
            settings,
            hashing: crate::user::Hashing::default(),
            mark: AtomicI64::new(installation.clock_mark.millis()),
            writer: std::sync::Mutex::new(Some(writer)),
            writer_task: std::sync::Mutex::new(Some(task)),
            db,
            clock,
        })))
    }

    /// The later of the clock and the highest time that the database has seen: what expiry is judged at.
    #[must_use]
    pub fn now(&self) -> Time {
        Time::from_millis(self.0.clock.now().millis().max(self.0.mark.load(Ordering::Relaxed)))
    }

    /// How far the clock is behind the highest time that the database has seen, in milliseconds; 0 when it is not.
    #[must_use]
    pub fn clock_is_behind(&self) -> i64 {
        (self.0.mark.load(Ordering::Relaxed) - self.0.clock.now().millis()).max(0)
    }

    /// Takes note of a mark that was read from the database.
    pub(crate) fn saw_mark(&self, mark: Time) {
        self.0.mark.fetch_max(mark.millis(), Ordering::Relaxed);
    }

    /// Sets the mark by hand; only `clock accept` may.
    pub(crate) fn set_mark(&self, mark: Time) {
        self.0.mark.store(mark.millis(), Ordering::Relaxed);
    }

    /// What is the same for every tenant.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The clock, which tests move.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// `sqlite` or `postgres`.
    #[must_use]
    pub fn engine(&self) -> &'static str {
        self.0.db.engine()
    }

    /// This actor doing one thing.
    #[must_use]
    pub fn act_as(&self, actor: Actor) -> Op {
        Op { core: self.clone(), actor }
    }

    /// A write for which nobody needs a permission: set-up, sign-in, what the program itself does. Always recorded.
    pub(crate) fn begin(&self, who: Who, tenant: Option<TenantId>, from: Origination) -> Tx {
        let at = self.now();
        Tx { core: self.clone(), who, tenant, from, at, id: EventId::new(at), writes: Vec::new(), urgent: false }
    }

    /// Bookkeeping that is no event, and decides by the one row that it writes if by anything: last uses, attempts, expired leftovers.
    pub(crate) async fn keep(&self, writes: Vec<Write>) -> Result<Committed> {
        self.submit(Job { writes, draft: None, turn: None, at: self.now() }, false).await
    }

    /// What is no event and decides something all the same, in turn with everything else that is written of this tenant.
    pub(crate) async fn keep_in_turn(&self, tenant: &TenantId, writes: Vec<Write>) -> Result<Committed> {
        self.submit(Job { writes, draft: None, turn: Some(tenant.clone()), at: self.now() }, false).await
    }

    async fn submit(&self, job: Job, urgent: bool) -> Result<Committed> {
        let at = job.at;
        let writer = self.0.writer.lock().map_err(|_| Error::unavailable())?.clone();
        let committed = writer.ok_or_else(Error::unavailable)?.commit(job, urgent).await?;
        self.saw_mark(at);
        Ok(committed)
    }

    /// How many writes wait for the writer.
    #[cfg(test)]
    pub(crate) fn writes_waiting(&self) -> usize {
        self.0.writer.lock().expect("not poisoned").as_ref().map_or(0, Writer::waiting)
    }

    /// Writes what is still in memory, lets the writer finish and closes the database.
    pub async fn close(&self) {
        if let Err(error) = self.flush().await {
            tracing::warn!(%error, "last uses were not written");
        }
        drop(self.0.writer.lock().ok().and_then(|mut writer| writer.take()));
        let task = self.0.writer_task.lock().ok().and_then(|mut task| task.take());
        if let Some(task) = task {
            let _ = task.await;
        }
        self.0.db.close().await;
    }
}

/// What an installation is made of, for the rest of this crate.
macro_rules! parts {
    ($($part:ident: $type:ty),+ $(,)?) => {
        impl Core {$(
            pub(crate) fn $part(&self) -> &$type {
                &self.0.$part
            }
        )+}
    };
}
parts! {
    db: Db,
    sealer: Sealer,
    history_key: HistoryKey,
    keyring: Keyring,
    published: Published,
    configs: Configs,
    days: Days,
    vouching: VouchingKeys,
    uses: UseLog,
    guard_rows: GuardRows,
    remembered: quick_cache::sync::Cache<Digest, Arc<Claims>>,
    hashing: crate::user::Hashing,
}

/// One actor doing one thing. Every operation is a method on it, in the file of its verb.
pub struct Op {
    core: Core,
    actor: Actor,
}

impl Op {
    /// The installation.
    #[must_use]
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// In which tenant.
    #[must_use]
    pub fn tenant(&self) -> &TenantId {
        &self.actor.tenant
    }

    /// Refuses, or gives the only way to a write.
    pub fn begin<'a>(&self, permission: Permission, reach: impl Into<Reach<'a>>) -> Result<Tx> {
        self.require(permission, reach)?;
        Ok(self.begin_own())
    }

    /// A write to the actor's own account, for which no role is needed.
    pub(crate) fn begin_own(&self) -> Tx {
        self.core.begin(self.actor.who.clone(), Some(self.actor.tenant.clone()), self.actor.from.clone())
    }

    /// Refuses, or gives the readers.
    pub(crate) fn read<'a>(&self, permission: Permission, reach: impl Into<Reach<'a>>) -> Result<&Db> {
        self.require(permission, reach)?;
        Ok(self.core.db())
    }

    /// The readers and, for an actor without a role of the tenant, the organizations that it may read (none: all of them).
    pub(crate) fn read_somewhere(&self, permission: Permission) -> Result<(&Db, Option<Vec<String>>)> {
        let narrowed = match self.actor.roles.narrowed_to() {
            Some(ids) if !matches!(self.actor.who, Who::CommandLine | Who::System) => {
                let held = ids.into_iter().filter(|id| self.actor.roles.hold(permission, Reach::Organization(id)));
                Some(held.map(ToString::to_string).collect::<Vec<_>>())
            }
            _ => None,
        };
        match narrowed {
            Some(ids) if !ids.is_empty() => Ok((self.core.db(), Some(ids))),
            _ => Ok((self.read(permission, Reach::Tenant)?, None)),
        }
    }

    /// Whether the actor knows of this organization; what lies in others is not found.
    pub(crate) fn reaches(&self, organization: &OrganizationId) -> bool {
        matches!(self.actor.who, Who::CommandLine | Who::System) || self.actor.roles.reach(organization)
    }

    /// Refuses, or says nothing; a refusal is counted for history (AU7).
    pub fn require<'a>(&self, permission: Permission, reach: impl Into<Reach<'a>>) -> Result<()> {
        let (reach, now) = (reach.into(), self.core.now());
        let refused = self.actor.require(permission, reach, now);
        if let Err(error) = &refused {
            let organization = if let Reach::Organization(id) = reach { Some(id) } else { None };
            self.core.uses().denied(&self.actor, permission, error.code(), organization, now);
        }
        refused
    }
}

/// Writes that stand or fall together. Dropped without `commit`, it leaves nothing.
#[must_use = "a write is kept only by commit"]
pub struct Tx {
    core: Core,
    who: Who,
    tenant: Option<TenantId>,
    from: Origination,
    at: Time,
    id: EventId,
    writes: Vec<Write>,
    urgent: bool,
}

impl Tx {
    /// The moment of this write: rows and event carry the same one.
    #[must_use]
    pub fn now(&self) -> Time {
        self.at
    }

    /// The event's id, for rows that name it.
    #[must_use]
    pub(crate) fn event_id(&self) -> &EventId {
        &self.id
    }

    /// Adds a statement; answers its place, for `Event::counted` and `Committed::rows`.
    pub(crate) fn write(&mut self, write: Write) -> usize {
        self.writes.push(write);
        self.writes.len() - 1
    }

    /// Adds several; answers the place of the last.
    pub(crate) fn write_all(&mut self, writes: impl IntoIterator<Item = Write>) -> usize {
        self.writes.extend(writes);
        self.writes.len().saturating_sub(1)
    }

    /// Names who it is, once that is known: a page's call begins as nobody's.
    pub(crate) fn by(mut self, who: Who) -> Self {
        self.who = who;
        self
    }

    /// Goes first in its group: what revokes.
    pub(crate) fn urgently(mut self) -> Self {
        self.urgent = true;
        self
    }

    /// Answers when the writes and the event are durable, or keeps none of them.
    pub async fn commit(self, event: Event) -> Result<Committed> {
        let (changes_keys, changes_config) = (event.action.changes_keys(), event.action.changes_config());
        let draft = Draft { id: self.id, at: self.at, tenant: self.tenant, who: self.who, from: self.from, event };
        let committed = self.core.submit(Job { writes: self.writes, draft: Some(draft), turn: None, at: self.at }, self.urgent).await;
        if changes_keys {
            self.core.published().drop_all();
        }
        if changes_config {
            self.core.configs().drop_all();
        }
        committed
    }
}
