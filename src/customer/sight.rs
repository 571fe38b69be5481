//! Finding or making the customer whom somebody vouches for, exactly once (F20, JW16).

use super::{
    CustomerSummary, FirstSeenBy, Metadata,
    store::{self, Known, Said},
};
use crate::{Code, Core, CustomerId, Error, Result, TenantId, Tx, embed_key::KeyMode};

/// What the tenant says of a customer; what it does not say stays as it was.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Vouched {
    pub(crate) external_id: String,
    pub(crate) email: Option<String>,
    pub(crate) email_verified: bool,
    pub(crate) name: Option<String>,
    pub(crate) metadata: Option<Metadata>,
}

/// Who it is, once the transaction is kept.
pub(crate) struct Seen {
    pub(crate) customer: CustomerSummary,
    /// Whether this is their first sight.
    pub(crate) is_new: bool,
}

impl Core {
    /// Looks them up and writes what is new of them; the caller commits. Whoever writes the same new customer at once is refused with a
    /// `conflict`, and finds them at the next try. A verified address that nobody of the tenant's ids has yet is taken over with its
    /// customer; one that another id has moves, for the tenant's latest word counts. `way` is noted of somebody new.
    pub(crate) async fn sight(&self, tx: &mut Tx, tenant: &TenantId, mode: KeyMode, vouched: &Vouched, way: FirstSeenBy) -> Result<Seen> {
        let known = self.known(tenant, mode, vouched).await?;
        let before = known.as_ref().map(Known::said);
        let mut said = before.clone().unwrap_or_else(Said::nothing);
        said.external_id = Some(vouched.external_id.clone());
        if let Some(email) = &vouched.email {
            // The same address, once verified, stays so; an unverified word does not take that back.
            said.email_verified = vouched.email_verified || (said.email_verified && said.email.as_ref() == Some(email));
            said.email = Some(email.clone());
        }
        said.name = vouched.name.clone().or(said.name);
        said.metadata = vouched.metadata.clone().unwrap_or(said.metadata);
        let id = known.as_ref().map_or_else(|| CustomerId::new(tx.now()), |known| known.id.clone());
        if let (true, Some(email)) = (said.email_verified && before.as_ref() != Some(&said), &said.email) {
            tx.write(store::unverify_others(tenant, mode, email, &id, tx.now()));
        }
        match &before {
            None => _ = tx.write(store::insert(&id, tenant, mode, &said, way, tx.now(), Code::Conflict)),
            Some(before) if *before != said => _ = tx.write(store::update(&id, before, &said, tx.now())),
            Some(_) => {}
        }
        let Said { external_id, email, name, .. } = said;
        Ok(Seen { customer: CustomerSummary { id, external_id, email, name }, is_new: known.is_none() })
    }

    async fn known(&self, tenant: &TenantId, mode: KeyMode, vouched: &Vouched) -> Result<Option<Known>> {
        let mut known = store::by_external_id(self.db(), tenant, mode, &vouched.external_id).await?;
        if let (None, true, Some(email)) = (&known, vouched.email_verified, &vouched.email) {
            known = store::by_verified_email(self.db(), tenant, mode, email).await?.filter(|known| known.external_id.is_none());
        }
        if known.as_ref().is_some_and(|known| known.banned_at.is_some()) {
            return Err(banned());
        }
        Ok(known)
    }
}

/// The answer to whoever is banned.
pub(crate) fn banned() -> Error {
    Error::new(Code::CustomerBanned, "This customer is not let in.")
}

impl Known {
    pub(crate) fn said(&self) -> Said {
        Said {
            external_id: self.external_id.clone(),
            email: self.email.clone(),
            email_verified: self.email_verified,
            name: self.name.clone(),
            metadata: self.metadata.clone(),
        }
    }
}

impl Said {
    pub(crate) fn nothing() -> Self {
        Self { external_id: None, email: None, email_verified: false, name: None, metadata: Metadata::default() }
    }
}
