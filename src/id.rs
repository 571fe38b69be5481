//! Ids: a prefix that names the noun and 24 lowercase hex digits that sort by creation.
//!
//! 48 bits of millisecond time, then 48 random bits (contract, section 1). Ids are no secrets and grant nothing.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The text was not an id of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id that starts with {0}")]
pub struct BadId(pub &'static str);

fn well_formed(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|digits| digits.len() == 24 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal $(or $other:literal)? $noun:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "db", derive(sqlx::Type, utoipa::ToSchema))]
        #[cfg_attr(feature = "db", sqlx(transparent))]
        #[cfg_attr(feature = "db", schema(value_type = String))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// What every id of this kind starts with.
            pub const PREFIX: &'static str = $prefix;

            /// The noun, as audit events name the kind of a target.
            pub const NOUN: &'static str = $noun;

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// A new id of the moment `now`.
            #[cfg(feature = "db")]
            #[must_use]
            pub fn new(now: crate::Time) -> Self {
                Self(generate($prefix, now))
            }
        }

        impl From<&$name> for crate::audit::Target {
            fn from(id: &$name) -> Self {
                Self { kind: $noun.to_owned(), id: id.to_string() }
            }
        }

        #[cfg(feature = "db")]
        impl rusqlite::types::FromSql for $name {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                crate::db::parsed(value)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                if well_formed($prefix, text) $(|| well_formed($other, text))? { Ok(Self(text.to_owned())) } else { Err(BadId($prefix)) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                if well_formed($prefix, &text) $(|| well_formed($other, &text))? { Ok(Self(text)) } else { Err(BadId($prefix)) }
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

ids! {
    /// The company that runs widgets.
    TenantId "ten_" "tenant";
    /// One of the tenant's customers; a widget token reads and writes exactly one.
    OrganizationId "org_" "organization";
    /// A person who signs in to the dashboard.
    UserId "usr_" "user";
    /// The row behind a `kind=widget` JWT.
    TokenId "wtok_" "widget_token";
    /// A platform key pair; the JWT's `kid`.
    KeyId "key_" "signing_key";
    /// An API key's row.
    ApiKeyId "apik_" "api_key";
    /// An entry of an organization's origin allowlist.
    OriginId "ori_" "origin";
    /// An invitation.
    InvitationId "inv_" "invitation";
    /// A dashboard session: a browser's cookie or a dashboard JWT.
    SessionId "dss_" "dashboard_session";
    /// One immutable row of history.
    EventId "aud_" "audit_event";
    /// A customer of the tenant (an end user of its pages).
    CustomerId "cus_" "customer";
    /// The row behind a `kind=session` JWT: its `sid`.
    CustomerSessionId "ses_" "customer_session";
    /// A sign-in that a browser keeps for the pages of one origin.
    KeptSignInId "ksi_" "kept_sign_in";
    /// A key with which a tenant's backend vouches for customers; the bridge token's `kid`.
    BridgeKeyId "brk_" "bridge_key";
    /// A verification secret's row.
    VerificationSecretId "vsid_" "verification_secret";
    /// The row behind a `kind=identity` JWT: its `jti`.
    IdentityTokenId "idt_" "identity_token";
    /// One embedded thing of the tenant: a portal, a chat widget.
    ProductId "prod_" "product";
    /// An entry of a product's registered domains.
    DomainId "dom_" "domain";
    /// What a page names a product by; public.
    EmbedKeyId "pk_live_" or "pk_test_" "embed_key";
    /// What a pricing widget shows.
    OfferingId "off_" "offering";
    /// A link that signs a customer in, and the request that asked for it.
    MagicLinkId "mgl_" "magic_link";
    /// A mailed link that verifies an address or sets a password.
    PasswordLinkId "pwl_" "password_link";
    /// A role that a tenant gives to its customers.
    RoleId "rol_" "role";
    /// What a visitor of a page and the product's members wrote to each other.
    ConversationId "cnv_" "conversation";
    /// One message of it.
    ConversationMessageId "cmsg_" "message";
    /// A mail of the outbox.
    MailId "msg_" "mail";
    /// One request, from `x-request-id`.
    RequestId "req_" "request";
}

#[cfg(feature = "db")]
impl EmbedKeyId {
    /// A new id of a key for trying things out; `new` makes that of a live one.
    #[must_use]
    pub fn for_tests(now: crate::Time) -> Self {
        Self(generate("pk_test_", now))
    }
}

#[cfg(feature = "db")]
fn generate(prefix: &str, now: crate::Time) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(prefix.len() + 24);
    text.push_str(prefix);
    let _ = write!(text, "{:012x}", now.millis() & 0xffff_ffff_ffff);
    text.push_str(&crate::secret::hex(&distinct()));
    text
}

/// What makes the ids of one millisecond differ. No id is a secret, and every request has one: random bytes are drawn for many at once.
#[cfg(feature = "db")]
fn distinct() -> [u8; 6] {
    thread_local!(static DRAWN: std::cell::RefCell<Vec<[u8; 6]>> = const { std::cell::RefCell::new(Vec::new()) });
    DRAWN.with_borrow_mut(|drawn| {
        drawn.pop().unwrap_or_else(|| {
            let mut block = [[0; 6]; 64];
            crate::secret::fill_random(block.as_flattened_mut());
            drawn.extend_from_slice(&block[1..]);
            block[0]
        })
    })
}

#[cfg(all(test, feature = "db"))]
mod tests {
    use super::*;
    use crate::Time;

    #[test]
    fn ids_sort_by_creation_and_parse_back() {
        let early = TokenId::new(Time::from_millis(1_000));
        let late = TokenId::new(Time::from_millis(2_000));
        assert!(early < late);
        assert_eq!(early.as_str().len(), "wtok_".len() + 24);
        assert_eq!(early.as_str().parse(), Ok(early));
    }

    #[test]
    fn another_kind_upper_case_and_wrong_length_are_refused() {
        for text in
            ["", "wtok_", "org_0123456789abcdef01234567", "wtok_0123456789ABCDEF01234567", "wtok_0123", "wtok_0123456789abcdef012345678"]
        {
            assert!(text.parse::<TokenId>().is_err(), "{text}");
        }
    }
}
