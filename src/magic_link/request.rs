//! Asking for a link: counted, kept, answered. Nothing here knows whether the address is anybody's (F32, ML1, ML2).

use super::{
    AcceptedRequest, AcceptedStatus, NewMagicLink, NewSignInLink,
    answer::Outcome,
    return_url::ReturnUrl,
    store::{self, Asked},
};
use crate::{
    Core, EmbedKeyId, Error, MagicLinkId, Origination, RequestId, Result,
    embed_key::{EmbedCall, Entrance},
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
    #[serde(flatten)]
    pub(super) place: Place,
    ip: Option<String>,
    user_agent: Option<String>,
    request_id: Option<RequestId>,
}

/// Where the link leads.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Place {
    /// To the page that asked.
    Page {
        /// Its own address.
        return_url: String,
    },
    /// To a page of ours, which hands it to the popup that asked.
    Popup {
        /// Of what that popup keeps to itself.
        challenge: String,
    },
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
        let place = Place::Page { return_url: return_url.as_str().to_owned() };
        self.keep_request(&asked.email, place, network, (key, entrance), call).await
    }

    /// The same for our sign-in popup, which waits for the link in the browser where it was asked for.
    pub async fn request_sign_in_link(&self, asked: &NewSignInLink, network: &str, call: EmbedCall<'_>) -> Result<AcceptedRequest> {
        let (key, entrance) = self.enter(&call).await?;
        entrance.has_sign_in()?;
        let challenge = asked.challenge.clone();
        if challenge.len() != 64 || !challenge.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(Error::invalid("challenge", "A challenge is a SHA-256 hash in lower-case hexadecimal."));
        }
        self.keep_request(&asked.email, Place::Popup { challenge }, network, (key, entrance), call).await
    }

    async fn keep_request(
        &self,
        typed: &str,
        place: Place,
        network: &str,
        (key, entrance): (EmbedKeyId, Entrance),
        call: EmbedCall<'_>,
    ) -> Result<AcceptedRequest> {
        let (tenant, now) = (&entrance.tenant_id, self.now());
        let id = MagicLinkId::new(now);
        let wanted = Wanted {
            email: email::parse(typed).ok(),
            place,
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
                address_hash: self.sealer().mac("magic link address", &format!("{tenant} {}", email::normal(typed))),
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
