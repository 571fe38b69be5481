//! Making keys, reading their halves, and signing with the active one.

use super::{
    Algorithm, KeyState, Sealer,
    jws::{self, PublicKey, SigningKeyPair},
    keyring::OwnedKey,
    store::{self, NewKey, PrivateRow, PublicRow},
};
use crate::{Core, Error, KeyId, Result, TenantId, Time, db::Wait, writer::Write};
use std::sync::Arc;
use tokio::time::timeout_at;

/// A new key as a write, sealed for its tenant and id (KY1).
pub(super) async fn new_key(core: &Core, tenant: &TenantId, algorithm: Algorithm, state: KeyState, at: Time) -> Result<(KeyId, Write)> {
    let pair = tokio::task::spawn_blocking(move || jws::generate(algorithm)).await.map_err(Error::internal)??;
    let id = KeyId::new(at);
    let sealed_private = core.sealer().seal(&owner(tenant, &id), &pair.pkcs8)?;
    let public_jwk = pair.public_jwk.to_string();
    let fingerprint = core.sealer().fingerprint();
    let write = store::insert(NewKey { id: &id, tenant, algorithm, state, public_jwk, sealed_private, fingerprint, at });
    Ok((id, write))
}

/// A new tenant's keys: one that signs, one that is published to sign next.
pub(crate) async fn first_keys(core: &Core, tenant: &TenantId, at: Time) -> Result<[Write; 2]> {
    let (_, active) = new_key(core, tenant, Algorithm::Es256, KeyState::Active, at).await?;
    let (_, next) = new_key(core, tenant, Algorithm::Es256, KeyState::Next, at).await?;
    Ok([active, next])
}

/// Whose a sealed private half is: its associated data.
pub(super) fn owner(tenant: &TenantId, id: &KeyId) -> String {
    format!("{tenant}/{id}")
}

/// Every private half, sealed again by `new`.
pub(crate) async fn reseal(core: &Core, new: &Sealer) -> Result<Vec<Write>> {
    let rows = store::sealed(core.db()).await?;
    let again = rows.into_iter().map(|row| {
        let sealed = core.sealer().reseal(new, &owner(&row.tenant_id, &row.id), &row.sealed_private)?;
        Ok(store::reseal(&row.id, sealed))
    });
    again.collect()
}

impl Core {
    /// The public half that `kid` names, whoever owns it. An unknown one is read, ten times a second at most, for all who
    /// ask meanwhile; a key that could not be read is not called unknown.
    pub(crate) async fn public_key(&self, id: &KeyId) -> Result<Option<Arc<OwnedKey>>> {
        if let Some(key) = self.keyring().public(id) {
            return Ok(Some(key));
        }
        let until = Wait::begin().until();
        match timeout_at(until, self.read_unknown(id)).await {
            Ok(read) => read?,
            Err(late) => return Err(Error::unavailable().because(late)),
        }
        Ok(self.keyring().public(id))
    }

    async fn read_unknown(&self, id: &KeyId) -> Result<()> {
        let mut turn = self.keyring().turn(id).await;
        while let Some(wanted) = turn.unread(id).await {
            let rows = store::public_of(self.db(), &wanted).await?;
            self.keyring().remember(rows.into_iter().filter_map(|row| self.owned(row).ok()));
            turn.have_read(&wanted);
        }
        Ok(())
    }

    fn owned(&self, row: PublicRow) -> Result<OwnedKey> {
        let jwk = serde_json::from_str(&row.public_jwk).map_err(Error::internal)?;
        let key = PublicKey::from_jwk(row.algorithm, &jwk)?;
        Ok(OwnedKey { id: row.id, tenant: row.tenant_id, issuer: self.settings().issuer(&row.slug), key })
    }

    /// The tenant's active key, ready to sign.
    pub(crate) async fn active_pair(&self, tenant: &TenantId) -> Result<(KeyId, Arc<SigningKeyPair>)> {
        let row = store::active(self.db(), tenant).await?.ok_or_else(|| Error::internal(format!("{tenant} has no active signing key")))?;
        let pair = self.opened(tenant, &row).await?;
        Ok((row.id, pair))
    }

    /// A key that was just read to be active, ready to sign.
    pub(crate) async fn signing_pair(&self, tenant: &TenantId, id: &KeyId) -> Result<Arc<SigningKeyPair>> {
        if let Some(pair) = self.keyring().pair(id) {
            return Ok(pair);
        }
        let row = store::private(self.db(), tenant, id).await?.ok_or_else(|| Error::internal(format!("{id} is gone")))?;
        self.opened(tenant, &row).await
    }

    /// One key of the tenant, ready to sign again what it signed before; none once it is retired or revoked.
    pub(crate) async fn pair_of(&self, tenant: &TenantId, id: &KeyId) -> Result<Option<Arc<SigningKeyPair>>> {
        match store::private(self.db(), tenant, id).await? {
            Some(row) if matches!(row.state, KeyState::Active | KeyState::Retiring) => Ok(Some(self.opened(tenant, &row).await?)),
            _ => Ok(None),
        }
    }

    /// Opens the private half once, and takes the public one along: what is signed here is known here.
    async fn opened(&self, tenant: &TenantId, row: &PrivateRow) -> Result<Arc<SigningKeyPair>> {
        if let Some(pair) = self.keyring().pair(&row.id) {
            return Ok(pair);
        }
        let public = store::public(self.db(), &row.id).await?.ok_or_else(|| Error::internal(format!("{} lost its public half", row.id)))?;
        self.keyring().remember([self.owned(public)?]);
        let pkcs8 = self.sealer().open(&owner(tenant, &row.id), &row.sealed_private)?;
        Ok(self.keyring().remember_pair(&row.id, SigningKeyPair::from_pkcs8(row.algorithm, &pkcs8)?))
    }
}
