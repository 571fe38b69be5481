//! The dashboard JWT: one tenant, one hour, and a row that can be ended.

use super::{API, MintedSession, NewApiSession, store};
use crate::{
    Actor, Code, Core, Error, Origination, Result, SessionId, Time, Who,
    audit::{Action, Event},
    tenant::TenantSummary,
    token::{Claims, Kind, ToSign},
    user::{Proof, Visitor},
};

impl Core {
    /// E-mail, password and, where a second factor is on, a code buy a dashboard JWT (`POST /v1/sessions`).
    pub async fn mint_session(&self, asked: &NewApiSession, visitor: &Visitor<'_>) -> Result<MintedSession> {
        let proof = self.prove(&asked.email, &asked.password, asked.code.as_ref(), visitor).await?;
        let Proof::Whole(mut proven) = proof else {
            return Err(Error::new(Code::SecondFactorRequired, "A code of the second factor is needed as well.").field("code"));
        };
        let user = proven.account.user.clone();
        let mut tenants = self.tenants_of(&user.id).await?;
        let wanted = asked.tenant.as_deref();
        let is_wanted = |tenant: &TenantSummary| wanted.is_none_or(|text| tenant.slug == text || tenant.id.as_str() == text);
        let at = tenants.iter().position(is_wanted).ok_or_else(|| Error::not_found("tenant").field("tenant"))?;
        tenants[..=at].rotate_right(1);
        let tenant = tenants[0].id.clone();
        let (key, pair) = self.active_pair(&tenant).await?;
        self.use_up(&mut proven, Some(&tenant), &visitor.from).await?;
        let now = self.now();
        let id = SessionId::new(now);
        let issued_at: Time = now.floor_to_second();
        let expires_at = issued_at.plus(API);
        let token = self.sign(
            &key,
            &pair,
            ToSign {
                kind: Kind::Dashboard,
                tenant: &tenant,
                slug: &tenants[0].slug,
                subject: user.id.as_str(),
                audience: tenant.as_str(),
                id: id.as_str(),
                issued_at,
                expires_at,
                extra: serde_json::Map::new(),
            },
        )?;
        let who = Who::User { id: user.id.clone(), name: user.name.clone(), session: id.clone(), proved_at: issued_at };
        let mut tx = self.begin(who, Some(tenant.clone()), visitor.from.clone());
        tx.write_all(proven.writes());
        tx.write(store::insert_api(&id, &user.id, &tenant, &key, tx.now(), issued_at, expires_at, &visitor.from));
        let event = Event::new(Action::UserSignedIn).target(&user.id).with("session", id.as_str()).with("kind", "api");
        tx.commit(event.with("second_factor", proven.account.second_factor())).await?;
        self.uses().tenant_entered(&user.id, &tenant);
        Ok(MintedSession { token, expires_at, user, tenants })
    }

    /// The person behind a bearer token at `/v1/*`. Signature and times first; then session, user, membership, tenant,
    /// `not_before` and the key's state, read in one statement. Whatever is wrong, it is the same 401.
    pub async fn actor_for_dashboard_token(&self, token: &str, from: Origination) -> Result<Actor> {
        let refused = || Error::new(Code::InvalidToken, "This token is not valid, or its session has ended.");
        let claims = self.verify(token).await?.map_err(|_| refused())?;
        if claims.kind != Kind::Dashboard {
            return Err(refused());
        }
        let session: SessionId = claims.id.parse().map_err(|_| refused())?;
        let actor = self
            .actor_for_api_session(&session, &claims.tenant, from)
            .await
            .map_err(|error| if matches!(error.code(), Code::Unavailable | Code::Internal) { error } else { refused() })?;
        if actor.user().is_some_and(|user| user.as_str() == claims.subject) { Ok(actor) } else { Err(refused()) }
    }
    /// Whether a dashboard JWT with these claims would let its person in now. Nothing is counted.
    pub(crate) async fn dashboard_token_opens(&self, claims: &Claims) -> Result<bool> {
        let Ok(session) = claims.id.parse() else { return Ok(false) };
        let actor = self.peek_at_api_session(&session, &claims.tenant, Origination::default()).await;
        match actor {
            Ok(actor) => Ok(actor.is_some_and(|actor| actor.user().is_some_and(|user| user.as_str() == claims.subject))),
            Err(error) if error.code() == Code::SignInRequired => Ok(false),
            Err(error) => Err(error),
        }
    }
}
