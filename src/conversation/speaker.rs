//! Whom a message is from: signature, times and row on every message (W16 to W18, ID5).

use super::{Door, Speaker};
use crate::{
    Code, CustomerId, Error, Result,
    customer::Metadata,
    customer_session::CustomerCall,
    embed_key::KeyMode,
    identity,
    origin::Origin,
    token::{Claims, Kind, Rejection},
};
use serde_json::Value;

/// Who it is, as far as the token proves.
#[derive(Debug, Clone)]
pub(super) struct Voice {
    pub(super) speaker: Speaker,
    pub(super) customer: Option<CustomerId>,
    pub(super) name: Option<String>,
    pub(super) metadata: Metadata,
}

impl Voice {
    fn nobody(speaker: Speaker) -> Self {
        Self { speaker, customer: None, name: None, metadata: Metadata::default() }
    }
}

impl Door {
    /// Without a token nobody is known. A token that was good here once is no error; one that never was, or was revoked, is never
    /// anonymous.
    pub(super) async fn voice(&self, bearer: Option<&str>) -> Result<Voice> {
        let Some(bearer) = bearer else { return Ok(Voice::nobody(Speaker::Anonymous)) };
        let call = CustomerCall { bearer: Some(bearer), origin: Some(&self.origin), from: self.from.clone() };
        match self.core.verify(bearer).await? {
            Ok(claims) | Err(Rejection::Expired(claims)) if !self.is_of_here(&claims) => Err(self.refuse(invalid(), "foreign")),
            Ok(claims) if claims.kind == Kind::Identity => self.identified(&claims, &call).await,
            Ok(claims) if claims.kind == Kind::Session => self.in_session(call).await,
            Err(Rejection::Expired(claims)) => self.expired(&claims, &call).await,
            Ok(_) | Err(Rejection::Invalid { .. }) => Err(self.refuse(invalid(), "forged")),
        }
    }

    /// Whether the token names this page's tenant and product.
    fn is_of_here(&self, claims: &Claims) -> bool {
        matches!(claims.kind, Kind::Identity | Kind::Session)
            && claims.tenant == self.entrance.tenant_id
            && claims.audience == self.entrance.product_id.as_str()
    }

    /// An identity is believed on the product's registered domains (W19). A test page may be on a developer's own machine, which is
    /// none: its embed key's list is enough for a conversation that no live one ever meets.
    fn of_a_registered_domain(&self, claims: &Claims, domains: &[Origin], call: &CustomerCall<'_>) -> Result<()> {
        match self.entrance.mode {
            KeyMode::Live => self.core.of_a_registered_domain(claims, domains, call),
            KeyMode::Test => Ok(()),
        }
    }

    async fn identified(&self, claims: &Claims, call: &CustomerCall<'_>) -> Result<Voice> {
        let Some(row) = self.core.live_identity(claims).await? else { return Err(self.refuse(invalid(), "revoked")) };
        self.of_a_registered_domain(claims, &row.domains.0, call)?;
        let said = claims.all();
        let name = said.get("name").and_then(Value::as_str).map(ToOwned::to_owned).or(row.name);
        let metadata = said.get("metadata").and_then(|notes| serde_json::from_value(notes.clone()).ok()).unwrap_or_default();
        Ok(Voice { speaker: Speaker::Known, customer: Some(row.customer_id), name, metadata })
    }

    /// A session is of one mode, and so is the page.
    async fn in_session(&self, call: CustomerCall<'_>) -> Result<Voice> {
        match self.core.customer_visit(call).await {
            Ok(visit) if visit.me().mode == self.entrance.mode => {
                let customer = visit.customer();
                let metadata = Metadata::default();
                Ok(Voice { speaker: Speaker::Known, customer: Some(customer.id), name: customer.name, metadata })
            }
            Ok(_) => Err(self.refuse(invalid(), "foreign")),
            Err(error) if error.code() == Code::SessionExpired => Ok(Voice::nobody(Speaker::Expired)),
            Err(error) if error.code() == Code::SessionRevoked => Err(self.refuse(error, "revoked")),
            Err(error) => Err(error),
        }
    }

    /// Good once, as far as can be told: the key that signed it was not revoked, and nothing was since that is older than it.
    async fn expired(&self, claims: &Claims, call: &CustomerCall<'_>) -> Result<Voice> {
        let past = identity::store::past(self.core.db(), &claims.tenant, &claims.audience, &claims.key).await?;
        let Some(past) = past.filter(|past| claims.issued_at >= past.not_before) else {
            return Err(self.refuse(invalid(), "revoked"));
        };
        if claims.kind == Kind::Identity {
            self.of_a_registered_domain(claims, &past.domains.0, call)?;
        }
        Ok(Voice::nobody(Speaker::Expired))
    }
}

fn invalid() -> Error {
    Error::new(Code::InvalidToken, "This token does not say who writes here.")
}
