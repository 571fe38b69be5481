//! Judging a token up to its signature and its times; the row is another's word (contract, section 5).
//!
//! The header is checked before the signature library sees anything (X3); a token that nobody here signed never reaches
//! the database.

use super::{
    LONGEST_LIFE,
    claims::{Claims, Kind},
};
use crate::{
    Core, KeyId, Result, Time,
    key::{OwnedKey, compact::Compact, strict_json},
    secret::Digest,
    time::SECOND,
};
use serde_json::Value;
use std::sync::Arc;

/// Clock skew that is forgiven, for `nbf` and `iat` only.
const SKEW: i64 = 30 * SECOND;

/// Why a token is not good, before its row is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Rejection {
    /// Not a token of ours: malformed, forged, another tenant's, not yet valid.
    Invalid {
        /// The tenant whose key the header names, where it names a known one.
        tenant: Option<crate::TenantId>,
    },
    /// Signed by us, and past its time.
    Expired(Arc<Claims>),
}

impl Core {
    /// The claims of a token that this installation signed and that is in its time. No row was read.
    pub(crate) async fn verify(&self, token: &str) -> Result<Result<Arc<Claims>, Rejection>> {
        let now = self.now();
        let digest = Digest::of(token.as_bytes());
        if let Some(claims) = self.remembered().get(&digest) {
            return Ok(in_time(claims, now));
        }
        let Some(parts) = Parts::read(token) else { return Ok(Err(Rejection::Invalid { tenant: None })) };
        let Some(key) = self.public_key(&parts.kid).await? else { return Ok(Err(Rejection::Invalid { tenant: None })) };
        let Some(claims) = parts.judge(&key) else { return Ok(Err(Rejection::Invalid { tenant: Some(key.tenant.clone()) })) };
        if claims.issued_at > now.plus(SKEW) || claims.not_before > now.plus(SKEW) {
            return Ok(Err(Rejection::Invalid { tenant: Some(key.tenant.clone()) }));
        }
        let verdict = in_time(Arc::new(claims), now);
        if let Ok(claims) = &verdict {
            self.remembered().insert(digest, Arc::clone(claims));
        }
        Ok(verdict)
    }
}

fn in_time(claims: Arc<Claims>, now: Time) -> Result<Arc<Claims>, Rejection> {
    if claims.expires_at <= now { Err(Rejection::Expired(claims)) } else { Ok(claims) }
}

/// A token whose header says exactly what ours say; nothing in it is believed yet.
struct Parts<'a> {
    compact: Compact<'a>,
    kind: Kind,
    kid: KeyId,
}

impl<'a> Parts<'a> {
    fn read(token: &'a str) -> Option<Self> {
        let compact = Compact::read(token)?;
        let kind = Kind::ALL.iter().copied().find(|kind| compact.parameter("typ") == Some(kind.typ()))?;
        let kid = compact.parameter("kid")?.parse().ok()?;
        Some(Self { compact, kind, kid })
    }

    /// Signature first, by the key's own algorithm; then what the payload must say.
    fn judge(&self, key: &OwnedKey) -> Option<Claims> {
        let payload = String::from_utf8(self.compact.verified_by(&key.key)?).ok()?;
        let all = strict_json::object(payload.as_bytes())?;
        let text = |name: &str| all.get(name).and_then(Value::as_str);
        let seconds = |name: &str| all.get(name).and_then(Value::as_i64).filter(|seconds| (0..=i64::MAX / SECOND).contains(seconds));
        let (issued, begins, expires) = (seconds("iat")?, seconds("nbf")?, seconds("exp")?);
        let claims = Claims {
            kind: self.kind,
            tenant: key.tenant.clone(),
            key: key.id.clone(),
            subject: text("sub")?.to_owned(),
            audience: text("aud")?.to_owned(),
            id: text("jti")?.to_owned(),
            issued_at: Time::from_seconds(issued),
            not_before: Time::from_seconds(begins),
            expires_at: Time::from_seconds(expires),
            payload: payload.into_boxed_str(),
        };
        let right = text("iss")? == key.issuer
            && text("kind")? == self.kind.as_str()
            && text("tenant_id")? == key.tenant.as_str()
            && (0..=LONGEST_LIFE).contains(&(expires - issued))
            && audience_fits(&claims)
            && (self.kind != Kind::Widget || claims.subject == claims.id);
        right.then_some(claims)
    }
}

/// Dashboard and widget tokens are for their tenant; the others name a product, which their own surface compares.
fn audience_fits(claims: &Claims) -> bool {
    match claims.kind {
        Kind::Dashboard | Kind::Widget => claims.audience == claims.tenant.as_str(),
        Kind::Session | Kind::Identity => claims.audience.starts_with("prod_"),
    }
}
