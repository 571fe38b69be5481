//! From an API key's text to an actor.

use super::{PREFIX, store};
use crate::{
    Actor, Code, Core, Error, Op, Origination, Result, Roles, Who,
    secret::{Digest, looks_like_secret},
};

impl Core {
    /// The actor behind a key. A typo is told offline, by the checksum; it, an unknown and a dead key are the same 401 (KY6).
    /// The tenant and the organization it is bound to must be alive.
    pub async fn actor_for_api_key(&self, text: &str, from: Origination) -> Result<Actor> {
        let refused = || Error::new(Code::InvalidToken, "This is not a valid API key.");
        if !looks_like_secret(PREFIX, text) {
            return Err(refused());
        }
        let now = self.now();
        let holder = store::holder(self.db(), &Digest::of(text.as_bytes()).to_hex(), now).await?.ok_or_else(refused)?;
        self.uses().api_key_used(&holder.id, now);
        let mut roles = Roles::default();
        match holder.organization_id {
            Some(organization) => _ = roles.organizations.insert(organization, holder.role),
            None => roles.tenant = Some(holder.role),
        }
        Ok(Actor { who: Who::ApiKey { id: holder.id, name: holder.name }, tenant: holder.tenant_id, roles, from })
    }
}

impl Op {
    /// Refuses whoever is no backend: people have other ways, which `otherwise` names.
    pub(crate) fn require_api_key(&self, otherwise: &'static str) -> Result<()> {
        match self.actor().who {
            Who::ApiKey { .. } => Ok(()),
            _ => Err(Error::new(Code::InsufficientRole, otherwise)),
        }
    }
}
