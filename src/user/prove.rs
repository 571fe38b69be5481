//! Proving who one is: password, then code, each attempt counted before it is looked at (SE7, SE8).

use super::{Visitor, account::Account, email, second_factor, store};
use crate::{
    Code, Core, Error, Result, Secret, TenantId, Time, Who,
    audit::{Action, Event},
    embed_key::KeyMode,
    secret::Digest,
    use_log::Refusal,
    writer::Write,
};

/// The same words for every way in which a proof is wrong.
pub(super) const WRONG: &str = "E-mail, password or code are not right.";

/// How far a proof got.
pub(crate) enum Proof {
    /// All that is asked of this account was right.
    Whole(Proven),
    /// The password was; a code is missing.
    CodeNeeded(Account),
}

/// Somebody who proved who they are. [`Proven::writes`] must be committed with what the proof is for.
pub(crate) struct Proven {
    pub(crate) account: Account,
    /// The account's, or the same password under costlier parameters.
    hash: String,
    uses: Vec<Write>,
    /// Whether a recovery code stood in for the authenticator.
    pub(crate) recovery: bool,
}

impl Proven {
    /// They refuse what comes with them if the password was changed since, and use the code up; another time only the former.
    pub(crate) fn writes(&mut self) -> Vec<Write> {
        let mut writes = vec![store::still(&self.account.user.id, &self.account.password_hash, &self.hash)];
        writes.append(&mut self.uses);
        self.account.password_hash.clone_from(&self.hash);
        writes
    }
}

/// Under which name failures are counted: of one account, or of one account on a device that is known (SE8).
pub(crate) struct Counter(String);

impl Counter {
    /// For strangers and new devices.
    pub(super) fn of_account(core: &Core, email: &str) -> Self {
        Self(core.sealer().mac("sign-in", email))
    }

    fn of_device(core: &Core, email: &str, device_hash: &str) -> Self {
        Self(core.sealer().mac("sign-in", &format!("{email}\n{device_hash}")))
    }

    /// For customers of a tenant, who are nobody's users.
    pub(crate) fn of_customer(core: &Core, tenant: &TenantId, mode: KeyMode, email: &str) -> Self {
        Self(core.sealer().mac("customer sign-in", &format!("{tenant} {mode} {email}")))
    }

    /// For whoever holds a mailed link and has to know a password beside it.
    pub(crate) fn of_link(core: &Core, token_hash: &str) -> Self {
        Self(core.sealer().mac("customer sign-up", token_hash))
    }

    /// Refuses while the account waits; otherwise the attempt counts, whatever comes of it.
    pub(crate) async fn attempt(&self, core: &Core) -> Result<()> {
        let now = core.now();
        let counted = core.keep(vec![store::attempt(&self.0, now)]).await?;
        if counted.rows == [1] {
            return Ok(());
        }
        let wait = store::retry_at(core.db(), &self.0).await?.map_or(1_000, |at| at.since(now).max(1));
        let seconds = u64::try_from(wait).unwrap_or(1).div_ceil(1_000);
        Err(Error::new(Code::RateLimited, "Too many attempts for this account. Wait a little, then try again.").retry_after(seconds))
    }

    /// Success takes the failures back.
    pub(crate) fn forget(&self) -> Write {
        store::forget_failures(&self.0)
    }
}

pub(super) fn wrong() -> Error {
    Error::new(Code::InvalidCredentials, WRONG)
}

impl Core {
    /// Password and, where a second factor is on, a code. Unknown and disabled accounts cost and answer the same.
    pub(crate) async fn prove(&self, typed: &str, password: &Secret, code: Option<&Secret>, visitor: &Visitor<'_>) -> Result<Proof> {
        let typed = email::normal(typed);
        let account = store::by_email(self.db(), &typed).await?;
        let counter = self.counter(&typed, account.as_ref(), visitor).await?;
        let proof = self.prove_counted(account.clone(), &counter, password, code).await;
        if let Err(error) = &proof {
            self.note_failure(&typed, account.as_ref(), error.code(), visitor);
        }
        proof
    }

    async fn prove_counted(&self, account: Option<Account>, counter: &Counter, password: &Secret, code: Option<&Secret>) -> Result<Proof> {
        counter.attempt(self).await?;
        let hash = account.as_ref().map(|account| account.password_hash.as_str());
        let right = self.password_matches(password, hash).await?;
        let Some(account) = account.filter(|_| right) else { return Err(wrong()) };
        let mut uses = vec![counter.forget()];
        let mut recovery = false;
        if account.second_factor() {
            let Some(code) = code else { return Ok(Proof::CodeNeeded(account)) };
            let used = second_factor::check(self, &account, code).await?.ok_or_else(wrong)?;
            recovery = used.recovery;
            uses.push(used.write);
        }
        let before = &account.password_hash;
        let hash = if self.hash_is_outdated(before) { self.hash_password(password).await? } else { before.clone() };
        Ok(Proof::Whole(Proven { account, hash, uses, recovery }))
    }

    /// The code that was missing, for an account whose password is proved already.
    pub(super) async fn prove_code(&self, account: Account, code: &Secret, visitor: &Visitor<'_>) -> Result<Proven> {
        let counter = self.counter(&account.user.email, Some(&account), visitor).await?;
        let used = match counter.attempt(self).await {
            // The password was right already, so it may be said what was wrong.
            Ok(()) => second_factor::check(self, &account, code).await?.ok_or_else(|| {
                Error::new(Code::InvalidCredentials, "This code is not right, or was used already. Wait for the next one.").field("code")
            }),
            Err(late) => Err(late),
        };
        match used {
            Ok(used) => Ok(Proven {
                hash: account.password_hash.clone(),
                account,
                uses: vec![counter.forget(), used.write],
                recovery: used.recovery,
            }),
            Err(error) => {
                self.note_failure(&account.user.email, Some(&account), error.code(), visitor);
                Err(error)
            }
        }
    }

    /// A device that signed in to this account before has a count of its own, which strangers cannot drive up.
    async fn counter(&self, email: &str, account: Option<&Account>, visitor: &Visitor<'_>) -> Result<Counter> {
        if let (Some(account), Some(device)) = (account, visitor.device) {
            let hash = Digest::of(device.as_bytes()).to_hex();
            if store::knows_device(self.db(), &account.user.id, &hash).await? {
                return Ok(Counter::of_device(self, email, &hash));
            }
        }
        Ok(Counter::of_account(self, email))
    }

    /// History hears of it in batches, so that guessing cannot flood it (AU7); of unknown accounts only the installation's.
    fn note_failure(&self, email: &str, account: Option<&Account>, code: Code, visitor: &Visitor<'_>) {
        let mut event = Event::new(Action::SignInFailed).refused().reason(Some(code.as_str()));
        if let Some(account) = account {
            event = event.target(&account.user.id);
        }
        let tenant = account.and_then(|account| account.last_tenant_id.clone());
        let refusal = Refusal { tenant, who: Who::Anonymous, from: visitor.from.clone(), event };
        self.uses().refused(format!("sign-in/{}/{code}", self.sealer().mac("sign-in", email)), refusal, self.now());
    }
}

/// What a sign-in ticket says: whose password was proved, which one, and until when that counts.
pub(super) struct Ticket {
    pub(super) email: String,
    pub(super) password: String,
    pub(super) until: Time,
}

const TICKET: &str = "sign-in ticket";

impl Ticket {
    pub(super) fn seal(core: &Core, account: &Account, until: Time) -> Result<Secret> {
        let password = Digest::of(account.password_hash.as_bytes()).to_hex();
        let text = format!("{} {password} {}", until.millis(), account.user.email);
        core.sealer().seal(TICKET, text.as_bytes()).map(Secret::new)
    }

    pub(super) fn open(core: &Core, sealed: &Secret) -> Option<Self> {
        let text = core.sealer().open(TICKET, sealed.reveal()).ok()?;
        let mut parts = std::str::from_utf8(&text).ok()?.splitn(3, ' ');
        let until = Time::from_millis(parts.next()?.parse().ok()?);
        Some(Self { until, password: parts.next()?.to_owned(), email: parts.next()?.to_owned() })
    }
}
