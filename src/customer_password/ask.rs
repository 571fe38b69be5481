//! Signing up, and asking for a new password: judged by what was typed, counted, kept, answered. Nothing here knows whose address it is.

use super::{
    ForgottenPassword, PasswordProof,
    answer::Outcome,
    store::{self, Asked},
};
use crate::{
    Core, EmbedKeyId, Error, Origination, PasswordLinkId, RequestId, Result,
    embed_key::{EmbedCall, Entrance},
    key::Sealer,
    magic_link::{AcceptedRequest, AcceptedStatus},
    user::{email, judge},
    writer::Write,
};
use serde::{Deserialize, Serialize};

/// What a request is answered by, sealed until then.
#[derive(Serialize, Deserialize)]
pub(super) struct Wanted {
    /// None: what was typed is no address.
    pub(super) email: Option<String>,
    /// Of somebody who signs up; none asks for a new password.
    pub(super) password_hash: Option<String>,
    ip: Option<String>,
    user_agent: Option<String>,
    request_id: Option<RequestId>,
}

impl Wanted {
    pub(super) fn from(&self) -> Origination {
        Origination { ip: self.ip.clone(), user_agent: self.user_agent.clone(), request_id: self.request_id.clone() }
    }
}

impl Core {
    /// Somebody wants an account with this password. The password is judged and hashed before anybody looks at the address, so that
    /// everybody waits as long; past the limits the answer is the same. `network` is what one customer of a provider holds: an IPv4
    /// address or an IPv6 /64.
    pub async fn sign_up_with_password(&self, asked: &PasswordProof, network: &str, call: EmbedCall<'_>) -> Result<AcceptedRequest> {
        let (key, entrance) = self.enter(&call).await?;
        entrance.has_passwords()?;
        let email = email::normal(&asked.email);
        judge(self, "password", &asked.password, false, &[&email, &entrance.slug]).await?;
        let hash = self.hash_password(&asked.password).await?;
        self.want(&asked.email, Some(hash), network, &call, (key, entrance)).await
    }

    /// Somebody forgot their password, or never had one.
    pub async fn forgot_password(&self, asked: &ForgottenPassword, network: &str, call: EmbedCall<'_>) -> Result<AcceptedRequest> {
        let (key, entrance) = self.enter(&call).await?;
        entrance.has_passwords()?;
        self.want(&asked.email, None, network, &call, (key, entrance)).await
    }

    async fn want(
        &self,
        typed: &str,
        password_hash: Option<String>,
        network: &str,
        call: &EmbedCall<'_>,
        (key, entrance): (EmbedKeyId, Entrance),
    ) -> Result<AcceptedRequest> {
        let (tenant, now) = (&entrance.tenant_id, self.now());
        let id = PasswordLinkId::new(now);
        let wanted = Wanted {
            email: email::parse(typed).ok(),
            password_hash,
            ip: call.from.ip.clone(),
            user_agent: call.from.user_agent.clone(),
            request_id: call.from.request_id.clone(),
        };
        let sealed = serde_json::to_vec(&wanted).map_err(Error::internal)?;
        let writes = store::ask(&Asked {
            id: &id,
            tenant,
            product: &entrance.product_id,
            embed_key: &key,
            address_hash: self.sealer().mac("password address", &format!("{tenant} {}", email::normal(typed))),
            client_hash: self.sealer().mac("password client", network),
            sealed: self.sealer().seal(id.as_str(), &sealed)?,
            fingerprint: self.sealer().fingerprint(),
            at: now,
        });
        let done = self.keep(writes.into()).await?;
        if done.rows.get(1) == Some(&0) {
            self.withheld_password(tenant, &entrance.product_id, &call.from, Outcome::ClientLimit);
        }
        self.uses().embed_key_used(&key, now);
        Ok(AcceptedRequest { status: AcceptedStatus::Accepted })
    }
}

/// Every request that waits, sealed under another master key.
pub(crate) async fn reseal(core: &Core, new: &Sealer) -> Result<Vec<Write>> {
    let mut writes = Vec::new();
    for (id, sealed) in store::sealed(core.db()).await? {
        writes.push(store::reseal(&id, core.sealer().reseal(new, id.as_str(), &sealed)?));
    }
    Ok(writes)
}
