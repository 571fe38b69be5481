//! Minting: the only way to a `kind=widget` signature.

use super::{
    Kind, LONGEST_LIFE, Mint, MintedToken, SHORTEST_LIFE, SHOWN_ONCE, Scope, WidgetsToken,
    claims::{ToSign, USER},
    guard::store::guard_row,
    steps,
    store::{self, Ground, NewToken},
};
use crate::{
    Code, CustomerId, Error, Listed, Op, OrganizationId, Permission, Reach, Result, Secret, Time, TokenId, Who,
    audit::{Action, Event},
    origin::Origin,
    role::{self, WidgetPermission},
    secret::Digest,
    text,
    time::{MINUTE, SECOND},
};
use serde_json::{Map, json};

/// For how long the same key answers with the same token.
const IDEMPOTENT_FOR: i64 = 10 * MINUTE;

/// What a caller sends along so that a retry mints nothing twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// 1 to 255 printable ASCII characters.
    pub fn parse(text: &str) -> Result<Self> {
        if text.is_empty() || text.len() > 255 || !text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
            return Err(
                Error::new(Code::InvalidField, "An idempotency key has 1 to 255 printable ASCII characters.").field("idempotency-key")
            );
        }
        Ok(Self(text.to_owned()))
    }
}

impl Op {
    /// Mints a token for an owner or admin of the organization or the tenant (A13 to A20).
    pub async fn mint_token(&self, asked: Mint, key: Option<IdempotencyKey>) -> Result<MintedToken> {
        let Some(key) = key else { return self.mint(&asked, None).await };
        let taken = Taken::new(self, &key, &asked);
        if let Some(minted) = self.minted_before(&taken, &asked).await? {
            return Ok(minted);
        }
        match self.mint(&asked, Some(&taken)).await {
            // Somebody with the same key was quicker: answer what they got.
            Err(error) if error.code() == Code::IdempotencyKeyReused => {
                self.minted_before(&taken, &asked).await?.ok_or_else(Error::unavailable)
            }
            minted => minted,
        }
    }

    /// Twice, when what it was judged by changed under it: an allowlist that somebody edits refuses nobody whom it allows.
    async fn mint(&self, asked: &Mint, taken: Option<&Taken>) -> Result<MintedToken> {
        match self.mint_once(asked, taken).await {
            Err(error) if error.code() == Code::Conflict => self.mint_once(asked, taken).await,
            minted => minted,
        }
    }

    async fn mint_once(&self, asked: &Mint, taken: Option<&Taken>) -> Result<MintedToken> {
        let organization: OrganizationId = asked.organization_id.parse().map_err(|_| Error::not_found("organization"))?;
        let mut tx = self.begin(Permission::MintTokens, &organization)?;
        let ground = store::ground(self.core().db(), self.tenant(), &organization).await?;
        let ground = ground.ok_or_else(|| Error::not_found("organization"))?;
        let scope = Listed(scopes(&asked.scope)?);
        let origins = Listed(allowed_origins(&ground, &asked.origins)?);
        let label = text::label(asked.label.clone())?;
        let user = match &asked.user_id {
            Some(id) => Some(self.entitled(id, &organization, &scope.0).await?),
            None => None,
        };
        let (issued_at, expires_at) = life(&ground, asked.ttl_seconds, tx.now());
        let key = ground.signing_key_id.as_ref().ok_or_else(|| Error::internal(format!("{} has no active signing key", self.tenant())))?;
        let pair = self.core().signing_pair(self.tenant(), key).await?;
        let id = TokenId::new(tx.now());
        let minted_by = self.actor().signature();
        tx.write(store::insert(NewToken {
            id: &id,
            tenant: self.tenant(),
            organization: &organization,
            revision: ground.revision,
            key,
            customer: user.as_ref(),
            scope: &scope,
            origins: &origins,
            label: label.clone(),
            minted_by_type: if matches!(self.actor().who, Who::ApiKey { .. }) { "api_key" } else { "user" },
            minted_by: &minted_by,
            created_at: tx.now(),
            expires_at,
        }));
        if let Some(taken) = taken {
            let since = tx.now().plus(-IDEMPOTENT_FOR);
            tx.write(store::remember(&taken.caller, &taken.key_hash, &taken.body_hash, &id, tx.now(), since));
        }
        let text = Text {
            id: &id,
            organization: &organization,
            user: user.as_ref(),
            slug: &ground.slug,
            scope: &scope,
            origins: &origins,
            issued_at,
            expires_at,
        };
        let token = self.sign_widget(&text, key, &pair)?;
        let event = Event::new(Action::TokenMinted)
            .organization(&organization)
            .target(&id)
            .with("scope", json!(scope))
            .with("origins", json!(origins))
            .with("ttl_asked", json!(asked.ttl_seconds))
            .with("ttl_granted", expires_at.since(issued_at) / SECOND)
            .with("label", json!(label))
            .with("signing_key_id", key.as_str());
        let event = match &user {
            Some(user) => event.with("user_id", user.as_str()),
            None => event,
        };
        tx.commit(event).await?;
        Ok(MintedToken { id, token, expires_at, warning: SHOWN_ONCE.to_owned() })
    }

    /// For a customer, or for nobody, what a backend asks for as it renders a page: for as long as the tenant allows (K7), from all of
    /// the organization's origins unless some are named. With an API key only: a person mints what they see, in the form for it.
    pub async fn mint_widgets_token(&self, asked: WidgetsToken) -> Result<MintedToken> {
        self.require_api_key("Only an API key may mint here; a dashboard token mints at /v1/widget-tokens.")?;
        let organization = match asked.organization_id {
            Some(id) => id,
            None => self.implied_organization(asked.user_id.as_deref()).await?.to_string(),
        };
        let origins = match asked.origins {
            Some(origins) => origins,
            None => self.every_origin(&organization).await?,
        };
        let (scope, user_id) = (asked.scopes, asked.user_id);
        self.mint(&Mint { organization_id: organization, scope, origins, ttl_seconds: Some(LONGEST_LIFE), user_id, label: None }, None)
            .await
    }

    /// All that the organization allows; nothing would be a token for no page.
    async fn every_origin(&self, organization: &str) -> Result<Vec<String>> {
        let id: OrganizationId = organization.parse().map_err(|_| Error::not_found("organization"))?;
        self.require(Permission::MintTokens, &id)?;
        let ground = store::ground(self.core().db(), self.tenant(), &id).await?.ok_or_else(|| Error::not_found("organization"))?;
        if ground.origins.is_empty() {
            return Err(Error::invalid("origins", "The organization allows no origin yet, so no page could use the token."));
        }
        Ok(ground.origins)
    }

    /// The only organization that can be meant: that of the API key, else that of the customer.
    async fn implied_organization(&self, user: Option<&str>) -> Result<OrganizationId> {
        let unnamed =
            || Error::new(Code::MissingField, "Name the organization: there is not only one that can be meant.").field("organization_id");
        if let Some(ids) = self.actor().roles.narrowed_to() {
            return match ids.as_slice() {
                [one] => Ok((*one).clone()),
                _ => Err(unnamed()),
            };
        }
        self.require(Permission::MintTokens, Reach::Tenant)?;
        let user: CustomerId = user.ok_or_else(unnamed)?.parse().map_err(|_| unknown_user())?;
        match self
            .customer_places(&user)
            .await
            .map_err(|error| if error.code() == Code::NotFound { unknown_user() } else { error })?
            .as_slice()
        {
            [one] => Ok(one.organization_id.clone()),
            _ => Err(unnamed()),
        }
    }

    /// The customer, if they hold in this organization all that the scopes need (K4). Whoever acts in one organization only knows
    /// nobody who does not belong there.
    async fn entitled(&self, user: &str, organization: &OrganizationId, scopes: &[Scope]) -> Result<CustomerId> {
        let user: CustomerId = user.parse().map_err(|_| unknown_user())?;
        let held = role::held(self.core().db(), self.tenant(), &user, organization).await?.ok_or_else(unknown_user)?;
        if held.belongs.is_none() && self.actor().roles.narrowed_to().is_some() {
            return Err(unknown_user());
        }
        if held.banned_at.is_some() {
            return Err(Error::new(Code::CustomerBanned, "This customer is banned.").field("user_id"));
        }
        let permissions = role::holds(held.permissions.as_deref());
        steps::entitled(&permissions, scopes).inspect_err(|error| {
            let lacking = steps::lacking(&permissions, scopes).map(WidgetPermission::as_str);
            let what = format!("mint a token for a customer who lacks {}", lacking.unwrap_or_default());
            self.core().uses().denied_for(self.actor(), &what, error.code(), organization, &user, self.core().now());
        })?;
        Ok(user)
    }

    /// The same row, signed again by its own key; none when the idempotency key is new.
    async fn minted_before(&self, taken: &Taken, asked: &Mint) -> Result<Option<MintedToken>> {
        let organization: OrganizationId = asked.organization_id.parse().map_err(|_| Error::not_found("organization"))?;
        self.require(Permission::MintTokens, &organization)?;
        let (db, now) = (self.core().db(), self.core().now());
        let Some(found) = store::remembered(db, &taken.caller, &taken.key_hash, now.plus(-IDEMPOTENT_FOR)).await? else { return Ok(None) };
        if found.body_hash != taken.body_hash {
            return Err(Error::new(Code::IdempotencyKeyReused, "This idempotency key was used with another body."));
        }
        let spent = || Error::new(Code::IdempotencyKeySpent, "The token that this idempotency key minted is dead. Use a new key.");
        let row = guard_row(self.core(), self.tenant(), found.token_id.as_str(), true).await?;
        let row = row.filter(|row| row.death().is_none() && row.expires_at > now).ok_or_else(spent)?;
        steps::permission(&row)?;
        let ground = store::ground(db, self.tenant(), &row.organization_id).await?.ok_or_else(spent)?;
        let record = store::find(db, self.tenant(), &found.token_id).await?.ok_or_else(spent)?.record(now);
        let pair = self.core().pair_of(self.tenant(), &record.signing_key_id).await?.ok_or_else(spent)?;
        let (scope, origins, issued_at) = (Listed(record.scope), Listed(record.origins), record.created_at.floor_to_second());
        let text = Text {
            id: &found.token_id,
            organization: &row.organization_id,
            user: row.customer_id.as_ref(),
            slug: &ground.slug,
            scope: &scope,
            origins: &origins,
            issued_at,
            expires_at: record.expires_at,
        };
        let token = self.sign_widget(&text, &record.signing_key_id, &pair)?;
        Ok(Some(MintedToken { id: found.token_id, token, expires_at: record.expires_at, warning: SHOWN_ONCE.to_owned() }))
    }

    fn sign_widget(&self, text: &Text<'_>, key: &crate::KeyId, pair: &crate::key::SigningKeyPair) -> Result<Secret> {
        let mut extra = Map::new();
        extra.insert("organization_id".to_owned(), json!(text.organization));
        extra.insert("widget_scope".to_owned(), json!(text.scope));
        extra.insert("widget_origins".to_owned(), json!(text.origins));
        if let Some(user) = text.user {
            extra.insert(USER.to_owned(), json!(user));
        }
        let token = ToSign {
            kind: Kind::Widget,
            tenant: self.tenant(),
            slug: text.slug,
            subject: text.id.as_str(),
            audience: self.tenant().as_str(),
            id: text.id.as_str(),
            issued_at: text.issued_at,
            expires_at: text.expires_at,
            extra,
        };
        self.core().sign(key, pair, token)
    }
}

/// What the JWT of a row says.
struct Text<'a> {
    id: &'a TokenId,
    organization: &'a OrganizationId,
    user: Option<&'a CustomerId>,
    slug: &'a str,
    scope: &'a Listed<Scope>,
    origins: &'a Listed<Origin>,
    issued_at: Time,
    expires_at: Time,
}

/// An idempotency key in a caller's hands: only hashes are kept.
struct Taken {
    caller: String,
    key_hash: String,
    body_hash: String,
}

impl Taken {
    fn new(op: &Op, key: &IdempotencyKey, asked: &Mint) -> Self {
        let body = serde_json::to_string(asked).unwrap_or_default();
        Self {
            caller: format!("{}/{}", op.tenant(), op.actor().signature().0),
            key_hash: Digest::of(key.0.as_bytes()).to_hex(),
            body_hash: Digest::of(body.as_bytes()).to_hex(),
        }
    }
}

fn unknown_user() -> Error {
    Error::invalid("user_id", "No such customer.")
}

fn allowed_origins(ground: &Ground, asked: &[String]) -> Result<Vec<Origin>> {
    let origins = Origin::parse_list(asked, ground.allow_development_origins)?;
    for origin in &origins {
        if !ground.origins.iter().any(|allowed| allowed == origin.as_str()) {
            let message = format!("{origin} is not on the organization's list of origins. Add it there first.");
            return Err(Error::new(Code::OriginNotAllowed, message).field("origins"));
        }
    }
    Ok(origins)
}

fn scopes(texts: &[String]) -> Result<Vec<Scope>> {
    if texts.is_empty() {
        return Err(Error::invalid("scope", "Name at least one scope."));
    }
    let mut scopes = Vec::with_capacity(texts.len());
    for text in texts {
        let scope: Scope = text.parse().map_err(|_| {
            let known = Scope::ALL.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", ");
            let shown: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
            Error::new(Code::UnknownScope, format!("There is no scope {shown}. Known: {known}.")).field("scope")
        })?;
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Ok(scopes)
}

/// From the floor of this second, for what was asked, clamped to the limits of the house and of the tenant (A15).
fn life(ground: &Ground, asked: Option<i64>, now: Time) -> (Time, Time) {
    let most = ground.max_ttl_seconds.min(LONGEST_LIFE);
    let seconds = asked.unwrap_or(ground.default_ttl_seconds).clamp(SHORTEST_LIFE, most.max(SHORTEST_LIFE));
    let issued_at = now.floor_to_second();
    (issued_at, issued_at.plus(seconds * SECOND))
}
