//! Signing in: a session for whoever proves who they are.

use super::{
    Credentials, SignIn, SignedIn, User,
    prove::{Proof, Proven, Ticket, wrong},
    store,
};
use crate::{
    Code, Core, Error, Origination, Result, Secret, TenantId, Time, Who,
    audit::{Action, Event},
    secret::{Digest, generate_secret},
    session::{Opening, open},
    time::MINUTE,
    writer::Write,
};

/// How long a right password waits for its code.
const TICKET_LASTS: i64 = 5 * MINUTE;

/// Somebody at the door: what their browser brings along.
#[derive(Debug, Clone, Default)]
pub struct Visitor<'a> {
    /// From the cookie that marks a known device.
    pub device: Option<&'a str>,
    /// From where.
    pub from: Origination,
}

/// A device's mark: the one it has, or a new one to be kept in a cookie.
pub(crate) struct Device {
    pub(crate) hash: String,
    pub(crate) fresh: Option<Secret>,
}

impl Device {
    /// One that its cookie names, if it has the form of ours, else a new one.
    pub(crate) fn of(visitor: &Visitor<'_>) -> Self {
        if let Some(known) = visitor.device.filter(|text| crate::secret::looks_like_secret("device_", text)) {
            return Self { hash: Digest::of(known.as_bytes()).to_hex(), fresh: None };
        }
        let fresh = generate_secret("device_");
        Self { hash: Digest::of(fresh.reveal().as_bytes()).to_hex(), fresh: Some(fresh) }
    }

    /// From now on it does not feel the delay that strangers cause.
    pub(crate) fn note(&self, user: &User, at: Time) -> Write {
        store::note_device(&user.id, &self.hash, at)
    }
}

impl Core {
    /// E-mail, password and, where a second factor is on, a code begin a browser's session.
    pub async fn sign_in(&self, asked: &Credentials, visitor: &Visitor<'_>) -> Result<SignIn> {
        match self.prove(&asked.email, &asked.password, asked.code.as_ref(), visitor).await? {
            Proof::Whole(proven) => Ok(SignIn::Done(Box::new(self.begin_session(proven, visitor).await?))),
            Proof::CodeNeeded(account) => {
                let ticket = Ticket::seal(self, &account, self.now().plus(TICKET_LASTS))?;
                Ok(SignIn::SecondFactorRequired { ticket })
            }
        }
    }

    /// The second step: the ticket that the password bought, and a code. A password that was changed meanwhile voids it.
    pub async fn finish_sign_in(&self, ticket: &Secret, code: &Secret, visitor: &Visitor<'_>) -> Result<SignedIn> {
        let late = || Error::new(Code::InvalidCredentials, "That took too long, or the password has changed. Sign in from the start.");
        let ticket = Ticket::open(self, ticket).filter(|ticket| ticket.until > self.now()).ok_or_else(late)?;
        let account = store::by_email(self.db(), &ticket.email).await?.ok_or_else(wrong)?;
        if Digest::of(account.password_hash.as_bytes()).to_hex() != ticket.password {
            return Err(late());
        }
        let proven = self.prove_code(account, code, visitor).await?;
        self.begin_session(proven, visitor).await
    }

    /// A recovery code is used up first and by itself, so that history names it.
    pub(crate) async fn use_up(&self, proven: &mut Proven, tenant: Option<&TenantId>, from: &Origination) -> Result<()> {
        if proven.recovery {
            let mut tx = self.begin(Who::Anonymous, tenant.cloned(), from.clone());
            tx.write_all(proven.writes());
            tx.commit(Event::new(Action::RecoveryCodeUsed).target(&proven.account.user.id)).await?;
        }
        Ok(())
    }

    pub(super) async fn begin_session(&self, mut proven: Proven, visitor: &Visitor<'_>) -> Result<SignedIn> {
        let tenants = self.tenants_of(&proven.account.user.id).await?;
        let landing = tenants.first().map(|tenant| tenant.id.clone());
        self.use_up(&mut proven, landing.as_ref(), &visitor.from).await?;
        let user = proven.account.user.clone();
        let Opening { session, write, who } = open(&user, self.now(), &visitor.from);
        let mut tx = self.begin(who, landing, visitor.from.clone());
        let device = Device::of(visitor);
        tx.write_all(proven.writes());
        tx.write(write);
        tx.write(device.note(&user, tx.now()));
        let event = Event::new(Action::UserSignedIn).target(&user.id).with("session", session.id.as_str());
        tx.commit(event.with("second_factor", proven.account.second_factor())).await?;
        Ok(SignedIn { user, session, device: device.fresh, tenants })
    }
}
