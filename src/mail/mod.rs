//! Mail: what is to be sent, from the transaction that wants it to the server that takes it.
//!
//! A mail is queued in the commit of what wants it sent, and leaves from there: a sender of any process takes it under a
//! lease, and says durably that it begins before the first byte of the message goes out. So what is sent was committed, and
//! nothing is sent twice: a process that dies in the middle leaves a mail that says so, and nobody sends it again.

#[cfg(feature = "db")]
mod compose;
#[cfg(feature = "db")]
mod outbox;
#[cfg(feature = "db")]
mod send;
#[cfg(feature = "db")]
pub(crate) mod store;
#[cfg(test)]
mod tests;

#[cfg(feature = "db")]
pub(crate) use compose::{Brand, Button, Letter, queue};
#[cfg(feature = "db")]
pub(crate) use outbox::reseal;
#[cfg(feature = "db")]
pub use send::{Setback, TakenMail};

use crate::{MailId, Time};
use serde::{Deserialize, Serialize};

/// How long a mail may wait, in milliseconds; what is in it is erased then at the latest.
pub const LASTS: i64 = 15 * crate::time::MINUTE;

crate::text_enum! {
    /// What a mail is for.
    pub enum MailKind("a kind of mail") {
        /// Somebody tries whether mail arrives.
        Test = "test",
        /// A link that signs a customer in.
        MagicLink = "magic_link",
        /// Somebody signed up with this address.
        SignUp = "sign_up",
        /// A link that sets a customer's password anew.
        PasswordReset = "password_reset",
        /// A note that a customer's password was changed.
        PasswordChanged = "password_changed",
    }
}

crate::text_enum! {
    /// How far a mail has come.
    pub enum MailState("a state of mail") {
        /// It will be sent, or tried again.
        Waiting = "waiting",
        /// The server is taking it.
        Sending = "sending",
        /// The server took it.
        Sent = "sent",
        /// It will not be sent any more; `last_error` says why.
        Failed = "failed",
        /// Nobody tried in time.
        Expired = "expired",
        /// What it was for ended before it left.
        Withdrawn = "withdrawn",
    }
}

/// A mail as the outbox shows it, without what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow))]
pub struct Mail {
    /// `msg_...`
    pub id: MailId,
    /// What it is for.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub kind: MailKind,
    /// To whom, and to nobody else.
    pub recipient: String,
    /// Its subject.
    pub subject: String,
    /// How far it has come.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub state: MailState,
    /// How often a sender took it.
    pub attempts: i64,
    /// When it is tried again, while it waits.
    pub next_attempt_at: Time,
    /// What the server said last, if it was not yes.
    pub last_error: Option<String>,
    /// When it was queued.
    pub created_at: Time,
    /// Until when it may be sent.
    pub expires_at: Time,
    /// When it was sent or given up.
    pub ended_at: Option<Time>,
}

/// The outbox of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbox {
    /// Newest first.
    pub mail: crate::Page<Mail>,
    /// Whether this installation sends mail; else the outbox is where it is read.
    pub sends: bool,
}

/// What is in a mail, for whoever may read it where none is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownMail {
    /// The mail.
    pub mail: Mail,
    /// Its text; the HTML says the same.
    pub text: String,
}
