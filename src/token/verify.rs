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

/// What makes a token no token of ours. Only the inspector tells them apart; every caller gets the same answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Not three parts of base64url, or a header that asks for what is never honoured.
    Form,
    /// The header's `typ` names no kind of ours, or its `kid` is no id of a key.
    Header,
    /// Nobody here has this key.
    UnknownKey,
    /// The key did not sign this, or the header names another algorithm than the key's.
    Signature,
    /// Signed by the key, but the claims do not fit together, or to the tenant.
    Claims,
    /// Not valid yet, by more than the clock skew that is forgiven.
    NotYet,
}

/// Why a token is not good, before its row is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Rejection {
    /// Not a token of ours: malformed, forged, another tenant's, not yet valid.
    Invalid {
        /// The tenant whose key the header names, where it names a known one.
        tenant: Option<crate::TenantId>,
        /// What was wrong first.
        flaw: Flaw,
    },
    /// Signed by us, and past its time.
    Expired(Arc<Claims>),
}

impl Core {
    /// The claims of a token that this installation signed and that is in its time. No row was read.
    pub(crate) async fn verify(&self, token: &str) -> Result<Result<Arc<Claims>, Rejection>> {
        let digest = Digest::of(token.as_bytes());
        if let Some(claims) = self.remembered().get(&digest) {
            return Ok(in_time(claims, self.now()));
        }
        let verdict = self.judge_token(token).await?;
        if let Ok(claims) = &verdict {
            self.remembered().insert(digest, Arc::clone(claims));
        }
        Ok(verdict)
    }

    /// The same, from the token alone: nothing is looked up in memory, and nothing stays there.
    pub(super) async fn judge_token(&self, token: &str) -> Result<Result<Arc<Claims>, Rejection>> {
        let now = self.now();
        let nobody = |flaw| Ok(Err(Rejection::Invalid { tenant: None, flaw }));
        let parts = match Parts::read(token) {
            Ok(parts) => parts,
            Err(flaw) => return nobody(flaw),
        };
        let Some(key) = self.public_key(&parts.kid).await? else { return nobody(Flaw::UnknownKey) };
        let claims = parts.judge(&key).and_then(|claims| {
            let early = claims.issued_at > now.plus(SKEW) || claims.not_before > now.plus(SKEW);
            if early { Err(Flaw::NotYet) } else { Ok(claims) }
        });
        match claims {
            Ok(claims) => Ok(in_time(Arc::new(claims), now)),
            Err(flaw) => Ok(Err(Rejection::Invalid { tenant: Some(key.tenant.clone()), flaw })),
        }
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
    fn read(token: &'a str) -> Result<Self, Flaw> {
        let compact = Compact::read(token).ok_or(Flaw::Form)?;
        let kind = Kind::ALL.iter().copied().find(|kind| compact.parameter("typ") == Some(kind.typ())).ok_or(Flaw::Header)?;
        let kid = compact.parameter("kid").and_then(|kid| kid.parse().ok()).ok_or(Flaw::Header)?;
        Ok(Self { compact, kind, kid })
    }

    /// Signature first, by the key's own algorithm; then what the payload must say.
    fn judge(&self, key: &OwnedKey) -> Result<Claims, Flaw> {
        let payload = self.compact.verified_by(&key.key).ok_or(Flaw::Signature)?;
        self.claims(key, payload).ok_or(Flaw::Claims)
    }

    fn claims(&self, key: &OwnedKey, payload: Vec<u8>) -> Option<Claims> {
        let payload = String::from_utf8(payload).ok()?;
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
