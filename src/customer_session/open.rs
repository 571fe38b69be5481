//! Beginning a session: the one way to a `kind=session` signature, shared by every way in.

use super::{
    ABSOLUTE, StartedSession, Way,
    store::{self, NewSession},
};
use crate::{
    BridgeKeyId, Core, CustomerSessionId, EmbedKeyId, Error, KeptSignInId, KeyId, OrganizationId, Origination, ProductId, Result, Secret,
    TenantId, Time, Tx,
    customer::CustomerSummary,
    embed_key::{Entrance, KeyMode},
    product::{self, IntegrationStep},
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
    /// What it is restored from: it ends with that at the latest.
    pub(crate) kept: Option<(&'a KeptSignInId, Time)>,
}

/// Writes the row and signs its first JWT; the caller commits, and shows nothing before that. The row is refused with a `conflict` when
/// customer, embed key or bridge key ended in the meantime.
pub(crate) async fn open(core: &Core, tx: &mut Tx, opening: Opening<'_>) -> Result<(CustomerSessionId, StartedSession)> {
    let Opening { entrance, embed_key, customer, way, bridge_key, organization, origin, from, kept } = opening;
    let signing_key = entrance.signing_key_id.as_ref();
    let signing_key = signing_key.ok_or_else(|| Error::internal(format!("{} has no active signing key", entrance.tenant_id)))?;
    let id = CustomerSessionId::new(tx.now());
    let at_most = tx.now().floor_to_second().plus(ABSOLUTE);
    let ends_at = kept.map_or(at_most, |(_, until)| at_most.min(until));
    let jti = fresh_jti();
    let text = Text {
        id: &id,
        tenant: &entrance.tenant_id,
        slug: &entrance.slug,
        product: &entrance.product_id,
        customer: &customer,
        organization,
        mode: entrance.mode,
    };
    let expires_at = expiry(way, tx.now(), ends_at);
    let token = text.sign(core, signing_key, &jti, tx.now(), expires_at).await?;
    tx.write(product::store::step(&entrance.product_id, IntegrationStep::CustomerSignedIn, tx.now()));
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
        latest_jti: (way == Way::SignIn).then_some(jti.as_str()),
        kept: kept.map(|(id, _)| id),
        from,
    }));
    Ok((id, StartedSession { token, expires_at, ends_at, customer }))
}

/// When a JWT dies that is signed now: its way's time from the second that it is issued in, and never past the session's end.
pub(super) fn expiry(way: Way, now: Time, ends_at: Time) -> Time {
    now.floor_to_second().plus(way.lasts()).min(ends_at)
}

/// What tells one JWT of a session from the others.
pub(super) fn fresh_jti() -> String {
    let mut fresh = [0; 16];
    fill_random(&mut fresh);
    hex(&fresh)
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
}

impl Text<'_> {
    /// The JWT of this id, issued and dead at these times.
    pub(super) async fn sign(&self, core: &Core, key: &KeyId, jti: &str, at: Time, expires_at: Time) -> Result<Secret> {
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
        let token = ToSign {
            kind: Kind::Session,
            tenant: self.tenant,
            slug: self.slug,
            subject: self.customer.id.as_str(),
            audience: self.product.as_str(),
            id: jti,
            issued_at: at.floor_to_second(),
            expires_at,
            extra,
        };
        core.sign(key, &pair, token)
    }
}
