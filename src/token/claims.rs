//! The kinds of JWT that the platform signs, their claims, and the one way to sign them.

use crate::{Core, KeyId, Result, Secret, TenantId, Time, key::compact::Compact, key::jws::SigningKeyPair};
use serde_json::{Map, Value, json};

/// The claim that names the customer for whom a widget token was minted.
pub(super) const USER: &str = "widget_user_id";

crate::text_enum! {
    /// The kinds of platform token (contract, section 2).
    pub enum Kind("a kind of token") {
        /// A person or script at `/v1/*`.
        Dashboard = "dashboard",
        /// A page at `/widget/*`.
        Widget = "widget",
        /// A customer at `/embed/v1/*`.
        Session = "session",
        /// A customer, as a product's backend knows them.
        Identity = "identity",
    }
}

impl Kind {
    /// The `typ` header: exactly this.
    #[must_use]
    pub const fn typ(self) -> &'static str {
        match self {
            Self::Dashboard => "dashboard+jwt",
            Self::Widget => "widget+jwt",
            Self::Session => "session+jwt",
            Self::Identity => "identity+jwt",
        }
    }

    /// What a token says of itself, unverified: it only decides which surface's judge looks at it.
    #[must_use]
    pub fn named_by(token: &str) -> Option<Self> {
        Self::of_typ(Compact::read(token)?.parameter("typ")?)
    }

    /// The kind that a `typ` header names. RFC 7515, section 4.1.9: case does not matter, `application/` may stand before it.
    #[must_use]
    pub fn of_typ(typ: &str) -> Option<Self> {
        let typ = typ.to_ascii_lowercase();
        let typ = typ.strip_prefix("application/").unwrap_or(&typ);
        Self::ALL.iter().copied().find(|kind| kind.typ() == typ)
    }
}

/// What a verified token says. Its row has the last word.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    /// Which kind.
    pub kind: Kind,
    /// The tenant whose key signed it.
    pub tenant: TenantId,
    /// The key.
    pub key: KeyId,
    /// `sub`.
    pub subject: String,
    /// `aud`, one string.
    pub audience: String,
    /// `jti`.
    pub id: String,
    /// `iat`.
    pub issued_at: Time,
    /// `nbf`.
    pub not_before: Time,
    /// `exp`.
    pub expires_at: Time,
    /// The whole payload, as it was signed: thousands of verified tokens are remembered, and a read map takes four times its text.
    pub payload: Box<str>,
}

impl Claims {
    /// Every claim.
    #[must_use]
    pub fn all(&self) -> Map<String, Value> {
        serde_json::from_str(&self.payload).unwrap_or_default()
    }

    /// Whether a widget token was minted for a customer, by a look that costs nothing: a false alarm is no harm.
    pub(crate) fn may_name_a_customer(&self) -> bool {
        self.payload.contains(USER)
    }
}

/// What a token shall say; `iss`, `iat`, `nbf`, `exp`, `kind` and `tenant_id` come by themselves.
pub(crate) struct ToSign<'a> {
    pub(crate) kind: Kind,
    pub(crate) tenant: &'a TenantId,
    pub(crate) slug: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) audience: &'a str,
    pub(crate) id: &'a str,
    pub(crate) issued_at: Time,
    pub(crate) expires_at: Time,
    pub(crate) extra: Map<String, Value>,
}

impl Core {
    /// Signs with this key. The text that comes back is the only copy.
    pub(crate) fn sign(&self, key: &KeyId, pair: &SigningKeyPair, token: ToSign<'_>) -> Result<Secret> {
        let mut claims = token.extra;
        for (name, value) in [
            ("iss", json!(self.settings().issuer(token.slug))),
            ("aud", json!(token.audience)),
            ("sub", json!(token.subject)),
            ("jti", json!(token.id)),
            ("kind", json!(token.kind)),
            ("tenant_id", json!(token.tenant)),
            ("iat", json!(token.issued_at.seconds())),
            ("nbf", json!(token.issued_at.seconds())),
            ("exp", json!(token.expires_at.seconds())),
        ] {
            claims.insert(name.to_owned(), value);
        }
        let text = pair.sign(token.kind.typ(), key.as_str(), &Value::Object(claims))?;
        self.uses().key_used(key, self.now());
        Ok(Secret::new(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_known_by_its_media_type() {
        for kind in Kind::ALL.iter().copied() {
            let typ = kind.typ();
            for said in [typ.to_owned(), typ.to_ascii_uppercase(), format!("application/{typ}"), format!("Application/{typ}")] {
                assert_eq!(Kind::of_typ(&said), Some(kind), "{said}");
            }
            // {"typ":...}, an empty payload, and a signature that nobody asks about here.
            let header = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, json!({ "typ": typ }).to_string());
            assert_eq!(Kind::named_by(&format!("{header}.e30.e30")), Some(kind));
        }
        for other in ["", "JWT", "jwt", "widget", "widget+jwt ", "text/widget+jwt", "application/application/widget+jwt"] {
            assert_eq!(Kind::of_typ(other), None, "{other}");
        }
        for other in ["", "e30.e30.e30", "eyJ0eXAiOjF9.e30.e30"] {
            assert_eq!(Kind::named_by(other), None, "{other}");
        }
    }
}
