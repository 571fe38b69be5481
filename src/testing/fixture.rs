//! A tenant with people in it, made by the verbs that make them in life.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test that cannot prepare what it tests has nothing to say but that")]

use super::Fresh;
use crate::{
    Actor, Core, Limit, Op, OrganizationId, Origination, ProductId, Role, Secret, SessionId, TenantId, UserId,
    api_key::{CreatedApiKey, NewApiKey},
    bridge::{BridgeAlgorithm, CreatedBridgeKey, Exchange, NewBridgeKey},
    customer_session::{CustomerCall, StartedSession, Visit},
    embed_key::{EmbedCall, EmbedKey, KeyMode, NewEmbedKey},
    identity::{IdentityMe, IssuedIdentity, NewIdentity},
    invitation::{Acceptance, CreatedInvitation, NewInvitation},
    organization::NewOrganization,
    origin::NewOrigin,
    product::NewDomain,
    tenant::NewOwner,
    token::{Mint, MintedToken, Presented},
    user::{Credentials, SignIn, SignedIn, Visitor},
    verification_secret::{CreatedVerificationSecret, NewVerificationSecret},
};
use serde_json::{Value, json};

/// The password of everybody in a fixture.
pub const PASSWORD: &str = "velvet otter plays backgammon";

/// The one origin on the allowlist of every organization of a fixture.
pub const PAGE: &str = "https://app.customer.example";

/// A tenant and its owner.
pub struct Fixture {
    /// The installation.
    pub core: Core,
    /// The tenant.
    pub tenant: TenantId,
    /// Its address.
    pub slug: String,
    /// Its owner, signed in.
    pub owner: Person,
}

/// Somebody who is signed in.
pub struct Person {
    /// Who.
    pub id: UserId,
    /// Their address; their password is `PASSWORD`.
    pub email: String,
    /// Their session.
    pub session: SessionId,
    /// What its cookie holds.
    pub cookie: Secret,
    /// What marks their device as known.
    pub device: Option<Secret>,
}

impl From<SignedIn> for Person {
    fn from(signed_in: SignedIn) -> Self {
        let SignedIn { user, session, device, .. } = signed_in;
        Self { id: user.id, email: user.email, session: session.id, cookie: session.cookie, device }
    }
}

/// Nobody in particular, from nowhere.
fn visitor() -> Visitor<'static> {
    Visitor::default()
}

fn password() -> Secret {
    Secret::new(PASSWORD.to_owned())
}

impl Fresh {
    /// A tenant with this slug, whose owner is `owner@<slug>.example`.
    pub async fn tenant(&self, slug: &str) -> Fixture {
        let email = format!("owner@{slug}.example");
        let new = NewOwner {
            tenant_name: slug.to_owned(),
            tenant_slug: slug.to_owned(),
            email: email.clone(),
            password: Some(password()),
            name: Some("Olive Owner".to_owned()),
        };
        let created = self.core.create_owner(new).await.expect("an owner");
        let owner = sign_in(&self.core, &email).await;
        Fixture { core: self.core.clone(), tenant: created.tenant_id, slug: slug.to_owned(), owner }
    }
}

/// A new session of somebody.
async fn sign_in(core: &Core, email: &str) -> Person {
    let credentials = Credentials { email: email.to_owned(), password: password(), code: None };
    match core.sign_in(&credentials, &visitor()).await.expect("signs in") {
        SignIn::Done(signed_in) => (*signed_in).into(),
        SignIn::SecondFactorRequired { .. } => unreachable!("people of a fixture start without a second factor"),
    }
}

impl Fixture {
    /// Somebody's actor, read from their session as on a request.
    pub async fn actor(&self, person: &Person) -> crate::Result<Actor> {
        let session = self.core.session(person.cookie.reveal()).await?;
        let session = session.ok_or_else(|| crate::Error::new(crate::Code::SignInRequired, "Nobody is signed in."))?;
        self.core.actor_for_session(&session, &self.slug, Origination::default()).await
    }

    /// Somebody about to do something in this tenant.
    pub async fn op(&self, person: &Person) -> Op {
        self.core.act_as(self.actor(person).await.expect("a member"))
    }

    /// The owner.
    pub async fn owner(&self) -> Op {
        self.op(&self.owner).await
    }

    /// A new session of somebody, for when the clock has moved.
    pub async fn sign_in(&self, email: &str) -> Person {
        sign_in(&self.core, email).await
    }

    /// Somebody with this role in the whole tenant: `<role><n>@<slug>.example`, invited and come.
    pub async fn member(&self, role: Role) -> Person {
        self.join(role, None).await
    }

    /// Somebody with this role in one organization only.
    pub async fn organization_member(&self, organization: &OrganizationId, role: Role) -> Person {
        self.join(role, Some(organization)).await
    }

    async fn join(&self, role: Role, organization: Option<&OrganizationId>) -> Person {
        let mut bytes = [0; 4];
        crate::secret::fill_random(&mut bytes);
        let email = format!("{role}-{}@{}.example", crate::secret::hex(&bytes), self.slug);
        let asked = NewInvitation { email, role, organization_id: organization.cloned() };
        let invitation = self.owner().await.create_invitation(asked).await.expect("an invitation");
        let (name, password) = (Some(format!("Some {role}")), Some(password()));
        let asked = Acceptance { token: token_of(&invitation), name, password, code: None };
        let accepted = self.core.accept_invitation(&asked, None, &visitor()).await.expect("accepted");
        accepted.signed_in.expect("a session").into()
    }

    /// An organization with this slug, whose allowlist is `PAGE`.
    pub async fn organization(&self, slug: &str) -> OrganizationId {
        let asked = NewOrganization { name: slug.to_owned(), slug: Some(slug.to_owned()), ..NewOrganization::default() };
        let owner = self.owner().await;
        let id = owner.create_organization(asked).await.expect("an organization").id;
        owner.add_origin(&id, &NewOrigin { origin: PAGE.to_owned() }).await.expect("an origin");
        id
    }

    /// A widget token of this organization for `PAGE`, minted by whoever `op` is.
    pub async fn token(&self, op: &Op, organization: &OrganizationId) -> MintedToken {
        self.try_token(op, organization).await.expect("a token")
    }

    /// The same, for somebody who may not.
    pub async fn try_token(&self, op: &Op, organization: &OrganizationId) -> crate::Result<MintedToken> {
        let (scope, origins) = (vec!["sso_connection".to_owned()], vec![PAGE.to_owned()]);
        let asked = Mint { organization_id: organization.to_string(), scope, origins, ..Mint::default() };
        op.mint_token(asked, None).await
    }

    /// Whether the guard lets a token in from `PAGE`.
    pub async fn lives(&self, token: &MintedToken) -> bool {
        let call = Presented { bearer: Some(token.token.reveal()), origin: Some(PAGE), ..Presented::default() };
        self.core.guard(call).await.is_ok()
    }

    /// The product that the tenant started with.
    pub async fn product(&self) -> ProductId {
        let mut products = self.owner().await.products(Limit::MOST, None).await.expect("a list").data;
        products.pop().expect("a first product").product.id
    }

    /// A live embed key of this product for `PAGE`.
    pub async fn embed_key(&self, product: &ProductId) -> EmbedKey {
        let (name, origins) = ("Website".to_owned(), vec![PAGE.to_owned()]);
        let asked = NewEmbedKey { name, origins, mode: KeyMode::Live, allow_development_origins: None };
        self.owner().await.create_embed_key(product, asked).await.expect("an embed key")
    }

    /// A bridge key of this product, made here.
    pub async fn bridge_key(&self, product: &ProductId, algorithm: BridgeAlgorithm) -> CreatedBridgeKey {
        let asked = NewBridgeKey { algorithm, public_key: None };
        self.owner().await.create_bridge_key(product, asked).await.expect("a bridge key")
    }

    /// What the tenant's backend says of this customer, in a token that nobody used yet, good for five minutes.
    #[must_use]
    pub fn vouches(&self, external_id: &str) -> Value {
        let (mut bytes, now) = ([0; 8], self.core.now().seconds());
        crate::secret::fill_random(&mut bytes);
        json!({ "external_customer_id": external_id, "aud": self.tenant, "iat": now, "exp": now + 300, "jti": crate::secret::hex(&bytes) })
    }

    /// A page of `PAGE` with this embed key brings a bridge token.
    pub async fn exchange(&self, key: &EmbedKey, bridge_token: String) -> crate::Result<StartedSession> {
        let call = EmbedCall { key: key.id.as_str(), origin: Some(PAGE), ..EmbedCall::default() };
        self.core.exchange_bridge_token(&Exchange { bridge_token: Secret::new(bridge_token) }, call).await
    }

    /// A call from `PAGE` with a session's token.
    pub async fn visit(&self, token: &Secret) -> crate::Result<Visit> {
        self.core.customer_visit(CustomerCall { bearer: Some(token.reveal()), origin: Some(PAGE), ..CustomerCall::default() }).await
    }

    /// A verification secret of this product.
    pub async fn verification_secret(&self, product: &ProductId) -> CreatedVerificationSecret {
        self.owner().await.create_verification_secret(product, NewVerificationSecret::default()).await.expect("a secret")
    }

    /// The tenant's backend buys an identity token for one of its users.
    pub async fn identity(&self, product: &ProductId, secret: &Secret, user_id: &str) -> crate::Result<IssuedIdentity> {
        self.identity_of(NewIdentity {
            product_id: product.to_string(),
            verification_secret: Secret::new(secret.reveal().to_owned()),
            user_id: user_id.to_owned(),
            name: None,
            metadata: None,
        })
        .await
    }

    /// The same, of everything that it says.
    pub async fn identity_of(&self, asked: NewIdentity) -> crate::Result<IssuedIdentity> {
        self.core.buyer(&asked, Origination::default()).await?.issue().await
    }

    /// `PAGE` becomes a registered domain of this product.
    pub async fn domain(&self, product: &ProductId) {
        self.owner().await.add_domain(product, &NewDomain { origin: PAGE.to_owned() }).await.expect("a domain");
    }

    /// A call from `PAGE` with an identity token.
    pub async fn identity_me(&self, token: &str) -> crate::Result<IdentityMe> {
        self.core.identity_me(CustomerCall { bearer: Some(token), origin: Some(PAGE), ..CustomerCall::default() }).await
    }

    /// An API key with this role, for all organizations or for one.
    pub async fn api_key(&self, role: Role, organization: Option<&OrganizationId>) -> CreatedApiKey {
        let asked = NewApiKey { name: format!("{role} key"), role, organization_id: organization.cloned(), expires_at: None };
        self.owner().await.create_api_key(asked).await.expect("an API key")
    }

    /// An API key's owner about to do something.
    pub async fn key_op(&self, key: &CreatedApiKey) -> Op {
        self.core.act_as(self.core.actor_for_api_key(key.key.reveal(), Origination::default()).await.expect("a live key"))
    }
}

/// The secret in an invitation's link.
pub(crate) fn token_of(invitation: &CreatedInvitation) -> Secret {
    Secret::new(invitation.url.reveal().rsplit('=').next().unwrap_or_default().to_owned())
}
