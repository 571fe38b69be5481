//! A backend ends tokens with its API key (RFC 7009): the one that it was handed, or identity tokens by what they came through.

use super::{Revoked, TokenRevocation, introspect::ONLY_KEYS, live::Live};
use crate::{
    Code, Error, Op, Result,
    customer::store as customers,
    embed_key::KeyMode,
    identity::Refused,
    text,
    token::{Claims, Revocation},
};
use std::str::FromStr;

impl Op {
    /// What is unknown, dead or another tenant's is no error and changes nothing; what this key's role may not end is refused.
    pub async fn revoke_by_token(&self, asked: TokenRevocation) -> Result<Revoked> {
        self.require_api_key(ONLY_KEYS)?;
        let reason = text::reason(asked.reason.clone())?;
        let by_source = [&asked.jti, &asked.user_id, &asked.product_id, &asked.verification_secret_id];
        let revoked = match &asked.token {
            Some(_) if by_source.iter().any(|said| said.is_some()) => {
                return Err(Error::invalid("token", "Say a token, or what identity tokens came through, but not both."));
            }
            Some(token) => self.revoke_shown(token.reveal(), reason).await?,
            None if by_source.iter().all(|said| said.is_none()) => {
                return Err(Error::new(Code::MissingField, "The field `token` is missing.").field("token"));
            }
            None => self.revoke_identities(&asked, reason).await?,
        };
        Ok(Revoked { revoked })
    }

    async fn revoke_shown(&self, token: &str, reason: Option<String>) -> Result<u64> {
        let Ok(claims) = self.core().verify(token).await? else { return Ok(0) };
        if claims.tenant != *self.tenant() {
            return Ok(0);
        }
        let Some(live) = self.core().live(&claims).await? else { return Ok(0) };
        match self.end(&claims, live, reason).await {
            Ok(ended) => Ok(ended),
            // Beyond what an organization's key knows of, or ended by somebody else a moment ago.
            Err(error) if matches!(error.code(), Code::NotFound | Code::Conflict) => Ok(0),
            Err(error) => Err(error),
        }
    }

    async fn end(&self, claims: &Claims, live: Live, reason: Option<String>) -> Result<u64> {
        let unknown = |_| Error::not_found("token");
        match live {
            Live::Widget(_) => self.revoke_token(&claims.id.parse().map_err(unknown)?, Revocation { reason }).await.map(|_| 1),
            Live::Dashboard(session) => self.end_session_of(&claims.subject.parse().map_err(unknown)?, &session, reason).await,
            Live::Session(session, _) => {
                let customer = claims.subject.parse().map_err(unknown)?;
                self.revoke_customer_session(&customer, &session, reason).await.map(|_| 1)
            }
            Live::Identity(_) => {
                let which = Refused { token: Some(claims.id.parse().map_err(unknown)?), ..Refused::default() };
                self.refuse_identity_tokens(&which, reason).await
            }
        }
    }

    async fn revoke_identities(&self, asked: &TokenRevocation, reason: Option<String>) -> Result<u64> {
        let mut which = Refused {
            token: id("jti", asked.jti.as_deref())?,
            product: id("product_id", asked.product_id.as_deref())?,
            secret: id("verification_secret_id", asked.verification_secret_id.as_deref())?,
            customer: None,
        };
        if let Some(user) = &asked.user_id {
            let known = customers::by_external_id(self.core().db(), self.tenant(), KeyMode::Live, user).await?;
            match known {
                Some(known) => which.customer = Some(known.id),
                // Whoever may not end anything is told so, whether or not there is such a user.
                None => return self.require(crate::Permission::ManageCustomers, crate::Reach::Tenant).map(|()| 0),
            }
        }
        self.refuse_identity_tokens(&which, reason).await
    }
}

fn id<T: FromStr>(field: &'static str, text: Option<&str>) -> Result<Option<T>> {
    let read = text.map(|text| text.parse().map_err(|_| Error::invalid(field, "This is no id of that kind.")));
    read.transpose()
}
