//! A verification secret for an identity token (W1 to W8, ID1 to ID4).

use super::{
    IssuedIdentity, LASTS, NewIdentity,
    store::{self, NewToken, Offer},
};
use crate::{
    Code, Core, Error, IdentityTokenId, KeyId, Origination, ProductId, Result, TenantId, VerificationSecretId, Who,
    audit::{Action, Event},
    customer::{FirstSeenBy, Metadata, checked_metadata, external_id, sight::Vouched},
    embed_key::KeyMode,
    secret::{Digest, looks_like_secret},
    text,
    token::{Kind, ToSign},
    use_log::Refusal,
    verification_secret::PREFIX,
};
use serde_json::{Map, json};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// How often what somebody else changed meanwhile is looked at anew.
const TRIES: usize = 4;

/// When a refusal leaves, counted from the request: later than whatever there was to look at takes, so that the time says nothing (ID1).
const REFUSED_AFTER: Duration = Duration::from_millis(25);

/// Whoever has a secret that works, with what a token is made of.
pub struct Buyer {
    core: Core,
    from: Origination,
    secret: VerificationSecretId,
    product: ProductId,
    tenant: TenantId,
    slug: String,
    signing_key: KeyId,
    said: Said,
}

/// What the backend says of its user, as it may stand in a token.
struct Said {
    user_id: String,
    name: Option<String>,
    metadata: Option<Metadata>,
}

impl Said {
    fn checked(asked: &NewIdentity) -> Result<Self> {
        let user_id = external_id(&asked.user_id)
            .map_err(|_| Error::invalid("user_id", "A text of 1 to 255 characters, without control characters."))?;
        let name = asked.name.as_deref().filter(|name| !name.trim().is_empty());
        let name = name.map(|name| text::name("name", name)).transpose()?;
        let metadata = asked.metadata.clone().map(checked_metadata).transpose()?;
        Ok(Self { user_id, name, metadata })
    }
}

impl Core {
    /// Whoever asks, if the secret is one of that product's that works. A wrong secret, another product's, one that was revoked and a
    /// product that never was are one refusal, and leave at the same moment.
    pub async fn buyer(&self, asked: &NewIdentity, from: Origination) -> Result<Buyer> {
        let begun = Instant::now();
        let said = Said::checked(asked)?;
        if let Some((product, offer)) = self.offer(asked, &from).await? {
            return self.bound(product, offer, said, from);
        }
        sleep_until(begun + REFUSED_AFTER).await;
        Err(Error::new(Code::InvalidCredentials, "The product and the verification secret do not fit together."))
    }

    async fn offer(&self, asked: &NewIdentity, from: &Origination) -> Result<Option<(ProductId, Offer)>> {
        let (text, Ok(product)) = (asked.verification_secret.reveal(), asked.product_id.parse::<ProductId>()) else { return Ok(None) };
        // A typo is told offline, by the checksum, like an API key's.
        let hash = if looks_like_secret(PREFIX, text) { Digest::of(text.as_bytes()).to_hex() } else { String::new() };
        let offer = store::offer(self.db(), &product, &hash).await?;
        self.saw_mark(offer.clock_mark);
        match offer.fault(&product, self.now()) {
            None => Ok(Some((product, offer))),
            Some(why) => {
                self.refuse_secret(&product, &offer, why, from);
                Ok(None)
            }
        }
    }

    /// Tells the history of the product's tenant, once a minute, product and reason. Of a secret that is not this product's it says nothing.
    fn refuse_secret(&self, product: &ProductId, offer: &Offer, why: &'static str, from: &Origination) {
        let Some(tenant) = offer.tenant_id.clone() else { return };
        let mut event = Event::new(Action::VerificationSecretRefused).refused().reason(Some(Code::InvalidCredentials.as_str()));
        event = event.target(product).with("why", why);
        if let Some(secret) = offer.secret_id.as_ref().filter(|_| offer.is_of(product)) {
            event = event.with("secret", secret.as_str());
        }
        let refusal = Refusal { tenant: Some(tenant), who: Who::Anonymous, from: from.clone(), event };
        self.uses().refused(format!("identity/{product}/{why}"), refusal, self.now());
    }

    fn bound(&self, product: ProductId, offer: Offer, said: Said, from: Origination) -> Result<Buyer> {
        let whole = || Error::internal(format!("{product} has no tenant with an active signing key"));
        let Offer { secret_id: Some(secret), tenant_id: Some(tenant), slug: Some(slug), signing_key_id: Some(signing_key), .. } = offer
        else {
            return Err(whole());
        };
        Ok(Buyer { core: self.clone(), from, secret, product, tenant, slug, signing_key, said })
    }
}

impl Buyer {
    /// The secret's row: what a limit is counted by.
    #[must_use]
    pub fn secret(&self) -> &VerificationSecretId {
        &self.secret
    }

    /// The customer, written down at first sight, the row and the event, together or not at all; the text is shown once they are durable.
    pub async fn issue(self) -> Result<IssuedIdentity> {
        for _ in 1..TRIES {
            match self.attempt().await {
                // Somebody wrote the same customer at the same time, or something ended: look again.
                Err(error) if matches!(error.code(), Code::Conflict | Code::AlreadyExists) => {}
                done => return done,
            }
        }
        self.attempt().await.map_err(|error| match error.code() {
            Code::Conflict | Code::AlreadyExists => Error::unavailable().because(error),
            _ => error,
        })
    }

    async fn attempt(&self) -> Result<IssuedIdentity> {
        let Self { core, tenant, product, said, .. } = self;
        let mut tx = core.begin(Who::Anonymous, Some(tenant.clone()), self.from.clone());
        let vouched =
            Vouched { external_id: said.user_id.clone(), name: said.name.clone(), metadata: said.metadata.clone(), ..Vouched::default() };
        let seen = core.sight(&mut tx, tenant, KeyMode::Live, &vouched, FirstSeenBy::Api).await?;
        let id = IdentityTokenId::new(tx.now());
        let issued_at = tx.now().floor_to_second();
        let expires_at = issued_at.plus(LASTS);
        let customer = seen.customer.id;
        let pair = core.signing_pair(tenant, &self.signing_key).await?;
        let mut extra = Map::new();
        extra.insert("product_id".to_owned(), json!(product));
        extra.insert("customer_id".to_owned(), json!(customer));
        if let Some(name) = &said.name {
            extra.insert("name".to_owned(), json!(name));
        }
        if let Some(metadata) = &said.metadata {
            extra.insert("metadata".to_owned(), json!(metadata));
        }
        let token = ToSign {
            kind: Kind::Identity,
            tenant,
            slug: &self.slug,
            subject: &said.user_id,
            audience: product.as_str(),
            id: id.as_str(),
            issued_at,
            expires_at,
            extra,
        };
        let token = core.sign(&self.signing_key, &pair, token)?;
        tx.write(store::insert(&NewToken {
            id: &id,
            tenant,
            product,
            customer: &customer,
            secret: &self.secret,
            signing_key: &self.signing_key,
            created_at: tx.now(),
            expires_at,
        }));
        let event = Event::new(Action::IdentityTokenIssued)
            .target(&id)
            .with("customer", customer.as_str())
            .with("new_customer", seen.is_new)
            .with("product", product.as_str())
            .with("verification_secret", self.secret.as_str());
        tx.by(Who::Customer { id: customer }).commit(event).await?;
        core.uses().verification_secret_used(&self.secret, core.now());
        Ok(IssuedIdentity { id, token, expires_at })
    }
}
