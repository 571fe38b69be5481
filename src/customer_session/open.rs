//! Beginning a session: the one way to a `kind=session` signature, shared by every way in.

use super::{
    ABSOLUTE, LASTS, StartedSession, Way,
    store::{self, NewSession},
};
use crate::{
    BridgeKeyId, Core, CustomerSessionId, EmbedKeyId, Error, KeyId, OrganizationId, Origination, ProductId, Result, Secret, TenantId, Time,
    Tx,
    customer::CustomerSummary,
    embed_key::{Entrance, KeyMode},
    secret::{fill_random, hex},
    token::{Kind, ToSign},
};
use serde_json::{Map, json};

/// A customer who proved who they are, at a page that was let in.
pub(crate) struct Opening<'a> {
    pub(crate) entrance: &'a Entrance,
    pub(crate) embed_key: &'a EmbedKeyId,
    pub(crate) customer: CustomerSummary,
    pub(crate) way: Way,
    /// The key that vouched; none for a magic link.
    pub(crate) bridge_key: Option<&'a BridgeKeyId>,
    pub(crate) organization: Option<&'a OrganizationId>,
    /// The page's origin, as checked.
    pub(crate) origin: &'a str,
    pub(crate) from: &'a Origination,
}

/// Writes the row and signs its first JWT; the caller commits, and shows nothing before that. The row is refused with a `conflict` when
/// customer, embed key or bridge key ended in the meantime.
pub(crate) async fn open(core: &Core, tx: &mut Tx, opening: Opening<'_>) -> Result<(CustomerSessionId, StartedSession)> {
    let Opening { entrance, embed_key, customer, way, bridge_key, organization, origin, from } = opening;
    let signing_key = entrance.signing_key_id.as_ref();
    let signing_key = signing_key.ok_or_else(|| Error::internal(format!("{} has no active signing key", entrance.tenant_id)))?;
    let id = CustomerSessionId::new(tx.now());
    let ends_at = tx.now().floor_to_second().plus(ABSOLUTE);
    let text = Text {
        id: &id,
        tenant: &entrance.tenant_id,
        slug: &entrance.slug,
        product: &entrance.product_id,
        customer: &customer,
        organization,
        mode: entrance.mode,
        ends_at,
    };
    let (token, expires_at) = text.sign(core, signing_key, tx.now()).await?;
    tx.write(store::insert(&NewSession {
        id: &id,
        tenant: &entrance.tenant_id,
        product: &entrance.product_id,
        customer: &customer.id,
        embed_key,
        way,
        bridge_key,
        organization,
        signing_key,
        origin,
        created_at: tx.now(),
        expires_at,
        ends_at,
        from,
    }));
    Ok((id, StartedSession { token, expires_at, ends_at, customer }))
}

/// What a session's JWT says.
pub(super) struct Text<'a> {
    pub(super) id: &'a CustomerSessionId,
    pub(super) tenant: &'a TenantId,
    pub(super) slug: &'a str,
    pub(super) product: &'a ProductId,
    pub(super) customer: &'a CustomerSummary,
    pub(super) organization: Option<&'a OrganizationId>,
    pub(super) mode: KeyMode,
    pub(super) ends_at: Time,
}

impl Text<'_> {
    /// Signed now, good for an hour or until the session's own end.
    pub(super) async fn sign(&self, core: &Core, key: &KeyId, now: Time) -> Result<(Secret, Time)> {
        let issued_at = now.floor_to_second();
        let expires_at = issued_at.plus(LASTS).min(self.ends_at);
        let pair = core.signing_pair(self.tenant, key).await?;
        let mut extra = Map::new();
        extra.insert("sid".to_owned(), json!(self.id));
        extra.insert("product_id".to_owned(), json!(self.product));
        extra.insert("mode".to_owned(), json!(self.mode));
        if let Some(external_id) = &self.customer.external_id {
            extra.insert("external_customer_id".to_owned(), json!(external_id));
        }
        if let Some(organization) = self.organization {
            extra.insert("organization_id".to_owned(), json!(organization));
        }
        let mut fresh = [0; 16];
        fill_random(&mut fresh);
        let token = ToSign {
            kind: Kind::Session,
            tenant: self.tenant,
            slug: self.slug,
            subject: self.customer.id.as_str(),
            audience: self.product.as_str(),
            id: &hex(&fresh),
            issued_at,
            expires_at,
            extra,
        };
        Ok((core.sign(key, &pair, token)?, expires_at))
    }
}
