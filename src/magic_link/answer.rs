//! Answering requests: a link and its mail for a customer, silence for everybody else; off the request's path.

use super::{
    LASTS,
    request::{Place, Wanted},
    return_url::ReturnUrl,
    store::{self, NewLink, WaitingRow},
};
use crate::{
    Code, Core, CustomerId, Error, Origination, ProductId, Result, Secret, TenantId, Who,
    audit::{Action, Event},
    customer,
    mail::{self, Brand, Button, Letter, MailKind},
    secret::{Digest, generate_secret},
    use_log::Refusal,
};
use tokio::task::JoinSet;

/// What the secret of a link starts with.
pub(super) const PREFIX: &str = "magic_";
/// Requests that are answered at once.
const TOGETHER: i64 = 32;

/// What became of a request. The page never hears of it; history and metrics do (F37).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A link was mailed.
    Sent,
    /// Nobody is known by this address, and the product takes in nobody new.
    UnknownAddress,
    /// What was typed is no address.
    NoAddress,
    /// The customer is banned.
    Banned,
    /// The address was asked for too often in this hour.
    AddressLimit,
    /// The client asked too often in this minute.
    ClientLimit,
    /// The embed key ended before the answer, or the answer came too late.
    Ended,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::UnknownAddress => "unknown_address",
            Self::NoAddress => "no_address",
            Self::Banned => "banned",
            Self::AddressLimit => "address_limit",
            Self::ClientLimit => "client_limit",
            Self::Ended => "ended",
        }
    }
}

/// A letter that may go out, and for whom; none for somebody new.
struct Invited {
    email: String,
    customer: Option<CustomerId>,
    brand: Brand,
    leads: Leads,
}

/// Where a link leads, judged.
enum Leads {
    Page(ReturnUrl),
    Popup { challenge: String },
}

impl Leads {
    fn to(place: &Place) -> Option<Self> {
        match place {
            Place::Page { return_url } => ReturnUrl::read(return_url).map(Self::Page),
            Place::Popup { challenge } => Some(Self::Popup { challenge: challenge.clone() }),
        }
    }

    /// The address that the mail carries. What is for our own page stands behind the hash, which no browser sends to anybody.
    fn with(&self, core: &Core, token: &Secret) -> String {
        match self {
            Self::Page(return_url) => return_url.with(token),
            Self::Popup { challenge } => format!("{}/popup/link#{}.{challenge}", core.settings().public_url, token.reveal()),
        }
    }

    fn challenge(&self) -> Option<&str> {
        match self {
            Self::Page(_) => None,
            Self::Popup { challenge } => Some(challenge),
        }
    }
}

impl Core {
    /// Answers every request that waits; a chore. Of several processes one answers each.
    pub async fn answer_link_requests(&self) -> Result<()> {
        loop {
            let waiting = store::waiting(self.db(), TOGETHER).await?;
            if waiting.is_empty() {
                return Ok(());
            }
            let mut answers = JoinSet::new();
            for row in waiting {
                let core = self.clone();
                answers.spawn(async move { core.answer(row).await });
            }
            for answered in answers.join_all().await {
                answered?;
            }
        }
    }

    async fn answer(&self, row: WaitingRow) -> Result<()> {
        let opened = self.sealer().open(row.id.as_str(), &row.asked);
        let wanted = opened.and_then(|text| serde_json::from_slice::<Wanted>(&text).map_err(Error::internal));
        let wanted = match wanted {
            Ok(wanted) => wanted,
            Err(error) => {
                // One that nobody can read must not stand in the way of the others.
                tracing::error!(request = row.id.as_str(), %error, "a request for a link cannot be opened");
                return self.keep(vec![store::turn(), store::answered(&row.id)]).await.map(drop);
            }
        };
        let done = match self.judge(&row, &wanted).await? {
            Ok(invited) => self.send_link(&row, &wanted, invited).await,
            Err(outcome) => match self.keep(vec![store::turn(), store::answered(&row.id)]).await {
                Ok(_) => {
                    self.withheld(&row.tenant_id, &row.product_id, &wanted.from(), outcome);
                    Ok(())
                }
                Err(error) => Err(error),
            },
        };
        match done {
            // Another process answered it first.
            Err(error) if error.code() == Code::Conflict => Ok(()),
            done => done,
        }
    }

    /// Whether there is somebody to write to.
    async fn judge(&self, row: &WaitingRow, wanted: &Wanted) -> Result<std::result::Result<Invited, Outcome>> {
        let now = self.now();
        if !row.counts {
            return Ok(Err(Outcome::AddressLimit));
        }
        let Some(ground) = store::ground(self.db(), &row.embed_key_id, now).await? else { return Ok(Err(Outcome::Ended)) };
        if row.created_at < ground.not_before || now.since(row.created_at) >= LASTS {
            return Ok(Err(Outcome::Ended));
        }
        let (Some(email), Some(leads)) = (&wanted.email, Leads::to(&wanted.place)) else {
            return Ok(Err(Outcome::NoAddress));
        };
        if leads.challenge().is_some() && !ground.sign_in {
            return Ok(Err(Outcome::Ended));
        }
        let known = customer::store::by_verified_email(self.db(), &row.tenant_id, ground.mode, email).await?;
        Ok(match known {
            Some(known) if known.banned_at.is_some() => Err(Outcome::Banned),
            None if !ground.anyone_may_sign_in => Err(Outcome::UnknownAddress),
            known => Ok(Invited {
                email: email.clone(),
                customer: known.map(|known| known.id),
                leads,
                brand: Brand { tenant: ground.tenant_name, accent: ground.appearance.accent, logo: ground.appearance.logo },
            }),
        })
    }

    /// The link's row, its mail and its event, together or not at all.
    async fn send_link(&self, row: &WaitingRow, wanted: &Wanted, invited: Invited) -> Result<()> {
        let Invited { email, customer, brand, leads } = invited;
        let token = generate_secret(PREFIX);
        let mut tx = self.begin(Who::Anonymous, Some(row.tenant_id.clone()), wanted.from());
        tx.write(store::turn());
        tx.write(store::answered(&row.id));
        let letter = letter(email.clone(), &leads, leads.with(self, &token), brand);
        let (mail, queued) = mail::queue(self, &row.tenant_id, &letter, tx.now())?;
        tx.write(store::insert(&NewLink {
            id: &row.id,
            tenant: &row.tenant_id,
            product: &row.product_id,
            embed_key: &row.embed_key_id,
            customer: customer.as_ref(),
            email: &email,
            token_hash: Digest::of(token.reveal().as_bytes()).to_hex(),
            challenge: leads.challenge(),
            at: tx.now(),
            until: tx.now().plus(LASTS),
        }));
        tx.write(queued);
        let event = Event::new(Action::MagicLinkSent)
            .target(&row.id)
            .with("mail", mail.as_str())
            .with("customer", customer.as_ref().map(CustomerId::as_str))
            .with("product", row.product_id.as_str())
            .with("embed_key", row.embed_key_id.as_str());
        tx.commit(event).await?;
        count(Outcome::Sent);
        Ok(())
    }

    /// Tells the operator, and nobody else, that no mail went out; once a minute and reason.
    pub(super) fn withheld(&self, tenant: &TenantId, product: &ProductId, from: &Origination, outcome: Outcome) {
        count(outcome);
        let event = Event::new(Action::MagicLinkWithheld).refused().reason(Some(outcome.as_str())).with("product", product.as_str());
        let refusal = Refusal { tenant: Some(tenant.clone()), who: Who::Anonymous, from: from.clone(), event };
        self.uses().refused(format!("magic-link/{product}/{}", outcome.as_str()), refusal, self.now());
    }
}

fn letter(to: String, leads: &Leads, href: String, brand: Brand) -> Letter {
    let tenant = brand.tenant.clone();
    let mut lines = vec!["Somebody asked for this link in order to sign in with your address. It works once, for 15 minutes.".to_owned()];
    if matches!(leads, Leads::Popup { .. }) {
        lines.push("Open it in the browser in which you asked for it. It works nowhere else.".to_owned());
    }
    Letter {
        kind: MailKind::MagicLink,
        to,
        subject: format!("Sign in to {tenant}"),
        heading: format!("Sign in to {tenant}"),
        lines,
        button: Some(Button { label: "Sign in".to_owned(), href }),
        note: "If that was not you, do nothing: without this link nobody gets in.".to_owned(),
        brand,
    }
}

fn count(outcome: Outcome) {
    metrics::counter!("mintmark_magic_links_total", "outcome" => outcome.as_str()).increment(1);
}
