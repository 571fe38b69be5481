//! A backend's question with its API key: what is this token worth (RFC 7662).

use super::{Introspection, IntrospectionBatch, Introspections, MOST, live::Live};
use crate::{Error, Op, Permission, Reach, Result};
use serde_json::{Map, Value};

/// A token of a person is no client of ours: only a backend asks.
pub(super) const ONLY_KEYS: &str = "Only an API key may ask about tokens, or revoke them here.";

impl Op {
    /// Every kind of platform token of the key's own tenant that its role may see; of any other, `active: false`.
    pub async fn introspect(&self, token: &str) -> Result<Introspection> {
        self.require_api_key(ONLY_KEYS)?;
        Ok(self.introspected(token).await?.unwrap_or_else(Introspection::inactive))
    }

    /// Several at once, answered in their order.
    pub async fn introspect_batch(&self, asked: &IntrospectionBatch) -> Result<Introspections> {
        self.require_api_key(ONLY_KEYS)?;
        if !(1..=MOST).contains(&asked.tokens.len()) {
            return Err(Error::invalid("tokens", "1 to 100 tokens."));
        }
        let mut data = Vec::with_capacity(asked.tokens.len());
        for token in &asked.tokens {
            data.push(self.introspected(token.reveal()).await?.unwrap_or_else(Introspection::inactive));
        }
        Ok(Introspections { data })
    }

    async fn introspected(&self, token: &str) -> Result<Option<Introspection>> {
        let Ok(claims) = self.core().verify(token).await? else { return Ok(None) };
        if claims.tenant != *self.tenant() {
            return Ok(None);
        }
        let Some(live) = self.core().live(&claims).await? else { return Ok(None) };
        let roles = &self.actor().roles;
        let may_see = match &live {
            Live::Widget(organization) => roles.hold(Permission::ReadTokens, Reach::Organization(organization)),
            Live::Dashboard(_) => roles.hold(Permission::ReadMembers, Reach::Tenant),
            Live::Session(..) | Live::Identity(_) => roles.hold(Permission::ReadCustomers, Reach::Tenant),
        };
        Ok(may_see.then(|| Introspection::of(claims.all())))
    }
}

impl Introspection {
    fn inactive() -> Self {
        Self { active: false, token_type: None, scope: None, claims: Map::new() }
    }

    fn of(claims: Map<String, Value>) -> Self {
        let scopes = claims.get("widget_scope").and_then(Value::as_array);
        let scope = scopes.map(|scopes| scopes.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "));
        Self { active: true, token_type: Some("Bearer".to_owned()), scope, claims }
    }
}
