//! What a sender asks of the outbox: a mail of its own, leave to begin, and to note what became of it.

use super::{MailKind, compose::opened, store};
use crate::{
    Core, MailId, Origination, Result, TenantId, Time, Who,
    audit::{Action, Event},
    magic_link::store::turn,
    time::{MINUTE, SECOND},
    writer::Write,
};

/// How long a sender has a mail for itself, in milliseconds: longer than any attempt takes.
const LEASE: i64 = 2 * MINUTE;
/// Mails that are ended at once.
const TOGETHER: i64 = 500;
/// The longest pause between two attempts.
const LONGEST_PAUSE: i64 = 2 * MINUTE;
/// As much of what a server says as is kept.
const SAID: usize = 300;

/// A mail that this sender has for itself, and all that is in it.
pub struct TakenMail {
    /// `msg_...`
    pub id: MailId,
    /// What it is for.
    pub kind: MailKind,
    /// The tenant's name, under which it is sent.
    pub sender: String,
    /// To whom.
    pub recipient: String,
    /// Its subject.
    pub subject: String,
    /// As text.
    pub text: String,
    /// As HTML.
    pub html: String,
    tenant: TenantId,
    lease: String,
    attempts: i64,
    expires_at: Time,
}

/// Why a mail was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setback {
    /// Nothing of it was taken; another try may succeed.
    Passing,
    /// The server will never take it.
    Final,
    /// It was sent, and nobody said whether it was taken: a second time might be once too often.
    Unclear,
    /// This process ends; it is nobody's fault, and no attempt.
    Stopped,
}

impl Core {
    /// A mail that is due, for this sender alone; none when nothing is. Of several senders that ask, one gets it.
    pub async fn take_mail(&self) -> Result<Option<TakenMail>> {
        let now = self.now();
        for (id,) in store::due(self.db(), now).await? {
            let lease = crate::secret::generate_secret("lease_");
            if !self.in_turn(store::take(&id, lease.reveal(), now, now.plus(LEASE))).await? {
                continue;
            }
            let Some(row) = store::taken(self.db(), &id, lease.reveal()).await? else { continue };
            let body = match opened(self, &id, &row.body) {
                Ok(body) => body,
                Err(error) => {
                    // One that nobody can read must not stand in the way of the others.
                    tracing::error!(mail = id.as_str(), %error, "a mail cannot be opened");
                    self.fail(&row.tenant_id, &id, row.kind, lease.reveal(), "What was in it cannot be opened.").await?;
                    continue;
                }
            };
            return Ok(Some(TakenMail {
                id,
                kind: row.kind,
                sender: row.tenant_name,
                recipient: row.recipient,
                subject: row.subject,
                text: body.text,
                html: body.html,
                tenant: row.tenant_id,
                lease: lease.reveal().to_owned(),
                attempts: row.attempts,
                expires_at: row.expires_at,
            }));
        }
        Ok(None)
    }

    /// To be asked when all is ready and before the first byte of the message: false when the mail ended meanwhile, or the
    /// lease did. From here on nobody else sends it, whatever happens to this process.
    pub async fn begin_mail(&self, mail: &TakenMail) -> Result<bool> {
        self.in_turn(store::begin(&mail.id, &mail.lease, self.now())).await
    }

    /// Writes to one mail; whether it did. Other processes are after the same rows.
    async fn in_turn(&self, write: Write) -> Result<bool> {
        let done = self.keep(vec![turn(), write]).await?;
        Ok(done.rows.last() == Some(&1))
    }

    /// The server took it: what is in it is erased.
    pub async fn mail_was_sent(&self, mail: &TakenMail) -> Result<()> {
        self.in_turn(store::sent(&mail.id, &mail.lease, self.now())).await?;
        count(mail.kind, "sent");
        Ok(())
    }

    /// The server did not. `said` is kept for the outbox, shortened.
    pub async fn mail_was_not_sent(&self, mail: &TakenMail, setback: Setback, said: &str) -> Result<()> {
        let now = self.now();
        let said: String = said.chars().filter(|c| !c.is_control()).take(SAID).collect();
        let again = now.plus(pause(mail.attempts));
        match setback {
            Setback::Stopped => {
                self.in_turn(store::give_back(&mail.id, &mail.lease)).await?;
            }
            Setback::Passing if again < mail.expires_at => {
                self.in_turn(store::again(&mail.id, &mail.lease, again, &said)).await?;
                count(mail.kind, "deferred");
            }
            Setback::Passing | Setback::Final | Setback::Unclear => {
                self.fail(&mail.tenant, &mail.id, mail.kind, &mail.lease, &said).await?;
            }
        }
        Ok(())
    }

    /// Ends what waited too long and what a sender left behind; every turn of the sender.
    pub async fn end_overdue_mail(&self) -> Result<()> {
        let now = self.now();
        let waiting = store::waiting(self.db()).await?;
        metrics::gauge!("mintmark_mail_waiting").set(f64::from(u32::try_from(waiting.mails).unwrap_or(u32::MAX)));
        let oldest = waiting.oldest.map_or(0, |at| now.since(at).max(0) / SECOND);
        metrics::gauge!("mintmark_mail_oldest_seconds").set(f64::from(u32::try_from(oldest).unwrap_or(u32::MAX)));
        // What is idle writes nothing.
        if waiting.due.is_none_or(|at| at > now) {
            return Ok(());
        }
        self.keep(vec![turn(), store::expire(now)]).await?;
        for row in store::overdue(self.db(), now, TOGETHER).await? {
            let said = match row.last_error {
                Some(said) if !row.sending => said,
                _ if row.sending => "The sender ended in the middle. It may have arrived.".to_owned(),
                _ => "It was taken to be sent, and its time ended.".to_owned(),
            };
            self.fail(&row.tenant_id, &row.id, row.kind, row.lease.as_deref().unwrap_or_default(), &said).await?;
        }
        Ok(())
    }

    async fn fail(&self, tenant: &TenantId, id: &MailId, kind: MailKind, lease: &str, said: &str) -> Result<()> {
        let mut tx = self.begin(Who::System, Some(tenant.clone()), Origination::default());
        let at = tx.now();
        tx.write(turn());
        tx.write(store::failed(id, lease, at, said));
        match tx.commit(Event::new(Action::MailFailed).refused().target(id).with("kind", kind.as_str()).with("said", said)).await {
            // Somebody else ended it first.
            Err(error) if error.code() == crate::Code::Conflict => Ok(()),
            Err(error) => Err(error),
            Ok(_) => {
                count(kind, "failed");
                Ok(())
            }
        }
    }
}

/// From one attempt to the next: 5 s, 15 s, 45 s, then two minutes.
fn pause(attempts: i64) -> i64 {
    let exponent = u32::try_from(attempts.clamp(1, 5) - 1).unwrap_or(0);
    (5 * SECOND * 3_i64.pow(exponent)).min(LONGEST_PAUSE)
}

fn count(kind: MailKind, outcome: &'static str) {
    metrics::counter!("mintmark_mail_total", "kind" => kind.as_str(), "outcome" => outcome).increment(1);
}
