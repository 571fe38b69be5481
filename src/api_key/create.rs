//! Making an API key.

use super::{ApiKey, ApiKeyStatus, CreatedApiKey, NewApiKey, PREFIX, WARNING, store};
use crate::{
    ApiKeyId, Code, Error, Op, Permission, Reach, Result, Role, Time, Tx,
    audit::{Action, Event},
    member::grant::reach,
    organization,
    secret::{Digest, generate_secret, last4},
    text,
};

impl Op {
    /// A key for the tenant's backend: at most admin, never more than its maker, its text shown once.
    pub async fn create_api_key(&self, asked: NewApiKey) -> Result<CreatedApiKey> {
        let mut tx = self.begin(Permission::ManageApiKeys, Reach::Tenant)?;
        if let Some(id) = &asked.organization_id {
            organization::store::find(self.core().db(), self.tenant(), id).await?.ok_or_else(|| Error::not_found("organization"))?;
        }
        let created = self.new_key(&mut tx, asked)?;
        let key = &created.api_key;
        let mut event = Event::new(Action::ApiKeyCreated)
            .target(&key.id)
            .with("name", key.name.as_str())
            .with("role", key.role.as_str())
            .with("last4", key.last4.as_str())
            .with("expires_at", key.expires_at.map(|at| at.to_string()));
        if let Some(id) = &key.organization_id {
            event = event.organization(id);
        }
        tx.commit(event).await?;
        Ok(created)
    }

    /// Checks and writes; the caller commits.
    pub(super) fn new_key(&self, tx: &mut Tx, asked: NewApiKey) -> Result<CreatedApiKey> {
        let name = text::name("name", &asked.name)?;
        if asked.role > Role::Admin {
            return Err(Error::invalid("role", "An API key is at most admin."));
        }
        let is_program = matches!(self.actor().who, crate::Who::CommandLine | crate::Who::System);
        if !is_program && self.actor().roles.at(reach(asked.organization_id.as_ref())) < Some(asked.role) {
            return Err(Error::new(Code::InsufficientRole, format!("To give the role {0} one must be {0}.", asked.role)));
        }
        let expires_at = asked.expires_at.map(Time::floor_to_second);
        if expires_at.is_some_and(|at| at <= tx.now()) {
            return Err(Error::invalid("expires_at", "The planned end lies in the future."));
        }
        let key = generate_secret(PREFIX);
        let (created_by, created_by_name) = self.actor().signature();
        let api_key = ApiKey {
            id: ApiKeyId::new(tx.now()),
            name,
            role: asked.role,
            organization_id: asked.organization_id,
            last4: last4(&key),
            status: ApiKeyStatus::Active,
            created_by,
            created_by_name,
            created_at: tx.now(),
            expires_at,
            rotated_to: None,
            held_at: None,
            revoked_at: None,
            revoke_reason: None,
            last_used_at: None,
            live_tokens: 0,
        };
        tx.write(store::insert(self.tenant(), &api_key, &Digest::of(key.reveal().as_bytes()).to_hex()));
        Ok(CreatedApiKey { api_key, key, warning: WARNING.to_owned() })
    }
}
