//! Answering requests: the mail that each case calls for, or silence; off the request's path.

use super::{
    Purpose, RESET_LASTS, VERIFY_LASTS,
    ask::Wanted,
    letter,
    store::{self, GroundRow, NewLink, WaitingRow},
};
use crate::{
    Code, Core, CustomerId, Error, Origination, ProductId, Result, TenantId, Who,
    audit::{Action, Event},
    customer, magic_link,
    mail::{self, Brand},
    secret::{Digest, generate_secret},
    use_log::Refusal,
};
use tokio::task::JoinSet;

/// What the secret of a link starts with.
pub(super) const PREFIX: &str = "password_";
/// Requests that are answered at once.
const TOGETHER: i64 = 32;

/// Why no mail went out. The page never hears of it; history does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Nobody is known by this address, and either a new password was asked for or the product takes in nobody new.
    UnknownAddress,
    /// What was typed is no address.
    NoAddress,
    /// The customer is banned.
    Banned,
    /// The address was asked for too often in this hour.
    AddressLimit,
    /// The client asked too often in this minute.
    ClientLimit,
    /// The embed key or the switch ended before the answer, or the answer came too late.
    Ended,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownAddress => "unknown_address",
            Self::NoAddress => "no_address",
            Self::Banned => "banned",
            Self::AddressLimit => "address_limit",
            Self::ClientLimit => "client_limit",
            Self::Ended => "ended",
        }
    }
}

/// Whom to write to: a customer who may set a password, or somebody new with the one that they chose.
enum Reader {
    Known { customer: CustomerId, signed_up: bool },
    New { password_hash: String },
}

/// A mail that may go out.
struct Answer {
    email: String,
    reader: Reader,
    ground: GroundRow,
}

impl Core {
    /// Answers every request that waits; a chore. Of several processes one answers each.
    pub async fn answer_password_requests(&self) -> Result<()> {
        loop {
            let waiting = store::waiting(self.db(), TOGETHER).await?;
            if waiting.is_empty() {
                return Ok(());
            }
            let mut answers = JoinSet::new();
            for row in waiting {
                let core = self.clone();
                answers.spawn(async move { core.answer_password(row).await });
            }
            for answered in answers.join_all().await {
                answered?;
            }
        }
    }

    async fn answer_password(&self, row: WaitingRow) -> Result<()> {
        let silence = || vec![magic_link::store::turn(), store::answered(&row.id)];
        let opened = self.sealer().open(row.id.as_str(), &row.asked);
        let wanted = match opened.and_then(|text| serde_json::from_slice::<Wanted>(&text).map_err(Error::internal)) {
            Ok(wanted) => wanted,
            Err(error) => {
                // One that nobody can read must not stand in the way of the others.
                tracing::error!(request = row.id.as_str(), %error, "a request for a password's mail cannot be opened");
                return self.keep(silence()).await.map(drop);
            }
        };
        let from = wanted.from();
        let done = match self.judge_password_request(&row, wanted).await? {
            Ok(answer) => self.send_password_link(&row, from, answer).await,
            Err(outcome) => self.keep(silence()).await.map(|_| self.withheld_password(&row.tenant_id, &row.product_id, &from, outcome)),
        };
        match done {
            // Another process answered it first.
            Err(error) if error.code() == Code::Conflict => Ok(()),
            done => done,
        }
    }

    /// Whether there is somebody to write to.
    async fn judge_password_request(&self, row: &WaitingRow, wanted: Wanted) -> Result<std::result::Result<Answer, Outcome>> {
        let now = self.now();
        if !row.counts {
            return Ok(Err(Outcome::AddressLimit));
        }
        let Some(ground) = store::ground(self.db(), &row.embed_key_id, now).await? else { return Ok(Err(Outcome::Ended)) };
        if row.created_at < ground.not_before || now.since(row.created_at) >= RESET_LASTS {
            return Ok(Err(Outcome::Ended));
        }
        let Some(email) = wanted.email else { return Ok(Err(Outcome::NoAddress)) };
        let known = customer::store::by_verified_email(self.db(), &row.tenant_id, ground.mode, &email).await?;
        let reader = match (known, wanted.password_hash) {
            (Some(known), _) if known.banned_at.is_some() => return Ok(Err(Outcome::Banned)),
            // What was typed is forgotten: a stranger's password never comes near an account that there is.
            (Some(known), typed) => Reader::Known { customer: known.id, signed_up: typed.is_some() },
            (None, Some(password_hash)) if ground.anyone_may_sign_in => Reader::New { password_hash },
            (None, _) => return Ok(Err(Outcome::UnknownAddress)),
        };
        Ok(Ok(Answer { email, reader, ground }))
    }

    /// The link's row, its mail and its event, together or not at all.
    async fn send_password_link(&self, row: &WaitingRow, from: Origination, answer: Answer) -> Result<()> {
        let Answer { email, reader, ground } = answer;
        let token = generate_secret(PREFIX);
        let brand = Brand { tenant: ground.tenant_name, accent: ground.appearance.accent, logo: ground.appearance.logo };
        let purpose = if let Reader::New { .. } = reader { Purpose::Verify } else { Purpose::Reset };
        let href = letter::address(self, purpose, &token);
        let (letter, customer, password_hash, lasts) = match &reader {
            Reader::New { password_hash } => (letter::verify(&email, href, brand), None, Some(password_hash.as_str()), VERIFY_LASTS),
            Reader::Known { customer, signed_up: true } => (letter::known(&email, href, brand), Some(customer), None, RESET_LASTS),
            Reader::Known { customer, signed_up: false } => (letter::reset(&email, href, brand), Some(customer), None, RESET_LASTS),
        };
        let mut tx = self.begin(Who::Anonymous, Some(row.tenant_id.clone()), from);
        tx.write(magic_link::store::turn());
        tx.write(store::answered(&row.id));
        let (mail, queued) = mail::queue(self, &row.tenant_id, &letter, tx.now())?;
        tx.write(store::insert(&NewLink {
            request: row,
            mode: ground.mode,
            purpose,
            customer,
            email: &email,
            password_hash,
            token_hash: Digest::of(token.reveal().as_bytes()).to_hex(),
            at: tx.now(),
            until: tx.now().plus(lasts),
        }));
        tx.write(queued);
        let event = Event::new(Action::PasswordLinkSent)
            .target(&row.id)
            .with("purpose", purpose.as_str())
            .with("mail", mail.as_str())
            .with("customer", customer.map(CustomerId::as_str))
            .with("product", row.product_id.as_str())
            .with("embed_key", row.embed_key_id.as_str());
        tx.commit(event).await.map(drop)
    }

    /// Tells the operator, and nobody else, that no mail went out; once a minute and reason.
    pub(super) fn withheld_password(&self, tenant: &TenantId, product: &ProductId, from: &Origination, outcome: Outcome) {
        let event = Event::new(Action::PasswordLinkWithheld).refused().reason(Some(outcome.as_str())).with("product", product.as_str());
        let refusal = Refusal { tenant: Some(tenant.clone()), who: Who::Anonymous, from: from.clone(), event };
        self.uses().refused(format!("password-link/{product}/{}", outcome.as_str()), refusal, self.now());
    }
}
