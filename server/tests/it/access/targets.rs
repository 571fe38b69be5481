//! What a row of the matrix acts on: made anew for each call, by the owner, so that no call finds what another left.

use crate::house::{House, PAGE};
use mintmark::{
    OrganizationId, ProductId, Role, RoleId,
    bridge::BridgeAlgorithm,
    conversation::NewVisitorMessage,
    customer::NewCustomer,
    embed_key::{EmbedCall, KeyMode, NewEmbedKey},
    invitation::NewInvitation,
    key::{Algorithm, NewSigningKey},
    offering::{Interval, NewOffering, Price},
    origin::NewOrigin,
    product::{NewDomain, NewProduct},
    role::{NewCustomerRole, RoleAssignment, WidgetPermission},
    testing::bridge_token,
    token::Mint,
};
use std::sync::atomic::{AtomicU32, Ordering};

/// Which thing a path's `{id}` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The path has no variable.
    None,
    /// The tenant's slug.
    Slug,
    /// A list of what is in `Own`.
    ListOwn,
    /// A list of what is in `Sibling`.
    ListSibling,
    /// The organization whose admin is a caller.
    Own,
    /// Another organization of the same tenant.
    Sibling,
    /// One that was made just now.
    NewOrganization,
    /// An origin of `Own`.
    Origin,
    /// A live widget token of `Own`.
    Token,
    /// A live widget token of `Sibling`.
    SiblingToken,
    /// A key that signs next.
    NextKey,
    /// A viewer of the whole tenant.
    Member,
    /// A viewer of `Own` alone.
    OrganizationMember,
    /// An invitation to the whole tenant.
    Invitation,
    /// An invitation to `Own` alone.
    OrganizationInvitation,
    /// An API key with the role viewer.
    ApiKey,
    /// A product that was made just now.
    Product,
    /// A domain of such a product.
    Domain,
    /// An embed key of one, for `PAGE`.
    EmbedKey,
    /// A disabled one.
    DisabledEmbedKey,
    /// An offering of one.
    Offering,
    /// A mail that waits.
    Mail,
    /// What a page asks with an embed key.
    EmbedConfig,
    /// A bridge key that is next to an active one.
    NextBridgeKey,
    /// A verification secret of a product.
    VerificationSecret,
    /// A customer.
    Customer,
    /// A customer's live session.
    CustomerSession,
    /// What a visitor wrote to a product.
    Conversation,
    /// A role that nobody has.
    Role,
    /// A customer who has a role in `Own`.
    CustomerPlace,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A number that nobody else has.
pub fn number() -> u32 {
    COUNT.fetch_add(1, Ordering::Relaxed)
}

impl Target {
    /// The path to a thing of this kind.
    #[expect(clippy::too_many_lines, reason = "one arm for each kind of thing")]
    pub async fn path(self, house: &House, template: &str) -> String {
        if self == Self::None {
            return template.to_owned();
        }
        let op = house.acme.owner().await;
        let id = match self {
            Self::None => String::new(),
            Self::Slug => return template.replace("{slug}", &house.acme.slug),
            Self::ListOwn => return format!("{template}?organization_id={}", house.organization),
            Self::ListSibling => return format!("{template}?organization_id={}", house.sibling),
            Self::Own => {
                // Twenty origins are the most; what earlier calls added must not fill the list.
                for entry in op.origins(&house.organization).await.expect("a list") {
                    if entry.origin.as_str() != PAGE {
                        op.remove_origin(&house.organization, &entry.id, false).await.expect("removed");
                    }
                }
                house.organization.to_string()
            }
            Self::Sibling => house.sibling.to_string(),
            Self::NewOrganization => house.acme.organization(&format!("made-{}", number())).await.to_string(),
            Self::Origin => {
                let asked = NewOrigin { origin: format!("https://o{}.example", number()) };
                let entry = op.add_origin(&house.organization, &asked).await.expect("added");
                let path = template.replace("{origin_id}", entry.id.as_str());
                return path.replace("{id}", house.organization.as_str());
            }
            Self::Token => mint(house, &house.organization).await,
            Self::SiblingToken => mint(house, &house.sibling).await,
            Self::NextKey => op.create_signing_key(NewSigningKey { algorithm: Algorithm::EdDsa }).await.expect("a key").id.to_string(),
            Self::Member => house.acme.member(Role::Viewer).await.id.to_string(),
            Self::OrganizationMember => house.acme.organization_member(&house.organization, Role::Viewer).await.id.to_string(),
            Self::Invitation => invite(house, None).await,
            Self::OrganizationInvitation => invite(house, Some(house.organization.clone())).await,
            Self::ApiKey => house.acme.api_key(Role::Viewer, None).await.api_key.id.to_string(),
            Self::Mail => op.send_test_mail().await.expect("queued").id.to_string(),
            Self::Product => product(house).await.to_string(),
            Self::Domain => {
                let product = product(house).await;
                let domain = op.add_domain(&product, &NewDomain { origin: PAGE.to_owned() }).await.expect("registered").id;
                return template.replace("{domain_id}", domain.as_str()).replace("{id}", product.as_str());
            }
            Self::EmbedKey | Self::DisabledEmbedKey | Self::EmbedConfig => {
                let product = product(house).await;
                let (name, origins) = ("Website".to_owned(), vec![PAGE.to_owned()]);
                let asked = NewEmbedKey { name, origins, mode: KeyMode::Live, allow_development_origins: None };
                let key = op.create_embed_key(&product, asked).await.expect("a key").id;
                if self == Self::EmbedConfig {
                    return format!("{template}?key={key}&tenant={}", house.acme.slug);
                }
                if self == Self::DisabledEmbedKey {
                    op.disable_embed_key(&product, &key, None).await.expect("disabled");
                }
                return template.replace("{key_id}", key.as_str()).replace("{id}", product.as_str());
            }
            Self::NextBridgeKey => {
                let product = product(house).await;
                house.acme.bridge_key(&product, BridgeAlgorithm::Hs256).await;
                let key = house.acme.bridge_key(&product, BridgeAlgorithm::Hs256).await.key.id;
                return template.replace("{key_id}", key.as_str()).replace("{id}", product.as_str());
            }
            Self::VerificationSecret => {
                let product = product(house).await;
                let secret = house.acme.verification_secret(&product).await.verification_secret.id;
                return template.replace("{secret_id}", secret.as_str()).replace("{id}", product.as_str());
            }
            Self::Customer => {
                let asked = NewCustomer { external_id: Some(format!("u{}", number())), ..NewCustomer::default() };
                op.create_customer(asked).await.expect("a customer").id.to_string()
            }
            Self::Conversation => {
                let (product, conversation) = conversation(house).await;
                return template.replace("{conversation_id}", &conversation).replace("{id}", product.as_str());
            }
            Self::Role => role(house).await.to_string(),
            Self::CustomerPlace => {
                let asked = NewCustomer { external_id: Some(format!("u{}", number())), ..NewCustomer::default() };
                let customer = op.create_customer(asked).await.expect("a customer").id;
                let asked = RoleAssignment { role_id: role(house).await };
                op.assign_role(&customer, &house.organization, &asked).await.expect("a role");
                return template.replace("{organization_id}", house.organization.as_str()).replace("{id}", customer.as_str());
            }
            Self::CustomerSession => {
                let product = product(house).await;
                let key = house.acme.embed_key(&product).await;
                let bridge = house.acme.bridge_key(&product, BridgeAlgorithm::Hs256).await;
                let claims = house.acme.vouches(&format!("u{}", number()));
                let started = house.acme.exchange(&key, bridge_token(&bridge, &claims)).await.expect("a session");
                let session = house.acme.visit(&started.token).await.expect("alive").me().session_id;
                return template.replace("{session_id}", session.as_str()).replace("{id}", started.customer.id.as_str());
            }
            Self::Offering => {
                let product = product(house).await;
                let price = Price { amount: 1_900, currency: "EUR".to_owned(), interval: Interval::Month };
                let name = "Basic".to_owned();
                let asked = NewOffering { name, description: None, price, features: Vec::new(), cta_url: None, status: None };
                let offering = op.create_offering(&product, asked).await.expect("an offering").id;
                return template.replace("{offering_id}", offering.as_str()).replace("{id}", product.as_str());
            }
        };
        template.replace("{id}", &id)
    }
}

async fn product(house: &House) -> ProductId {
    let asked = NewProduct { name: format!("Product {}", number()), ..NewProduct::default() };
    house.acme.owner().await.create_product(asked).await.expect("a product").id
}

/// What a visitor wrote to a product, and the product.
async fn conversation(house: &House) -> (ProductId, String) {
    let product = product(house).await;
    let key = house.acme.embed_key(&product).await;
    let call = EmbedCall { key: key.id.as_str(), origin: Some(mintmark::testing::PAGE), ..EmbedCall::default() };
    let door = house.app.fresh.core.conversation_door(call).await.expect("let in");
    let asked = NewVisitorMessage { text: "Hello".to_owned(), conversation_token: None, conversation_id: None };
    (product, door.say(None, &asked).await.expect("heard").conversation_id.to_string())
}

async fn role(house: &House) -> RoleId {
    let asked = NewCustomerRole { name: format!("Role {}", number()), permissions: WidgetPermission::ALL.to_vec() };
    house.acme.owner().await.create_role(asked).await.expect("a role").id
}

async fn mint(house: &House, organization: &OrganizationId) -> String {
    let asked = Mint {
        organization_id: organization.to_string(),
        scope: vec!["sso_connection".to_owned()],
        origins: vec![PAGE.to_owned()],
        ..Mint::default()
    };
    house.acme.owner().await.mint_token(asked, None).await.expect("a token").id.to_string()
}

async fn invite(house: &House, organization_id: Option<OrganizationId>) -> String {
    let op = house.acme.owner().await;
    let asked = NewInvitation { email: format!("guest{}@acme.example", number()), role: Role::Viewer, organization_id };
    let id = op.create_invitation(asked).await.expect("an invitation").invitation.id;
    id.to_string()
}
