//! Asking for a link: counted, kept, answered. Nothing here knows whether the address is anybody's (F32, ML1, ML2).

use super::{
    AcceptedRequest, AcceptedStatus, NewMagicLink,
    answer::Outcome,
    return_url::ReturnUrl,
    store::{self, Asked},
};
use crate::{
    Core, MagicLinkId, Origination, RequestId, Result,
    embed_key::EmbedCall,
    key::Sealer,
    time::{HOUR, MINUTE},
    user::email,
    writer::Write,
};
use serde::{Deserialize, Serialize};

/// What a request is answered by, sealed until then.
#[derive(Serialize, Deserialize)]
pub(super) struct Wanted {
    /// None: what was typed is no address.
    pub(super) email: Option<String>,
    pub(super) return_url: String,
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
    /// Keeps the request, unless its client asked too often in this minute; the answer is the same (F33). `network` is what one
    /// customer of a provider holds: an IPv4 address or an IPv6 /64.
    pub async fn request_magic_link(&self, asked: &NewMagicLink, network: &str, call: EmbedCall<'_>) -> Result<AcceptedRequest> {
        let (key, entrance) = self.enter(&call).await?;
        let return_url = ReturnUrl::parse(&asked.return_url, &entrance.origins.0)?;
        let (tenant, now) = (&entrance.tenant_id, self.now());
        let id = MagicLinkId::new(now);
        let wanted = Wanted {
            email: email::parse(&asked.email).ok(),
            return_url: return_url.as_str().to_owned(),
            ip: call.from.ip.clone(),
            user_agent: call.from.user_agent.clone(),
            request_id: call.from.request_id.clone(),
        };
        let sealed = serde_json::to_vec(&wanted).map_err(crate::Error::internal)?;
        let done = self
            .keep(store::ask(&Asked {
                id: &id,
                tenant,
                product: &entrance.product_id,
                embed_key: &key,
                // Of what was typed, so that counting needs no address either.
                address_hash: self.sealer().mac("magic link address", &format!("{tenant} {}", email::normal(&asked.email))),
                client_hash: self.sealer().mac("magic link client", network),
                sealed: self.sealer().seal(id.as_str(), &sealed)?,
                fingerprint: self.sealer().fingerprint(),
                at: now,
                minute_ago: now.plus(-MINUTE),
                hour_ago: now.plus(-HOUR),
            }))
            .await?;
        if done.rows.get(1) == Some(&0) {
            self.withheld(tenant, &entrance.product_id, &call.from, Outcome::ClientLimit);
        }
        self.uses().embed_key_used(&key, now);
        Ok(AcceptedRequest { status: AcceptedStatus::Accepted })
    }
}

/// Every request that waits for its answer, sealed under another master key.
pub(crate) async fn reseal(core: &Core, new: &Sealer) -> Result<Vec<Write>> {
    let mut writes = Vec::new();
    for (id, sealed) in store::sealed(core.db()).await? {
        writes.push(store::reseal(&id, core.sealer().reseal(new, id.as_str(), &sealed)?));
    }
    Ok(writes)
}
