//! Every kind of credential as the bearer of every route (JW8): the cells come from the table of routes and from one rule per kind.
//!
//! People, API keys and widget tokens are columns of the table itself.

use crate::{
    access::routes::ROWS,
    house::{House, PAGE},
};
use mintmark::{
    ProductId,
    bridge::{BridgeAlgorithm, CreatedBridgeKey},
    embed_key::{EmbedKey, KeyMode, NewEmbedKey},
    on_each_engine,
    product::NewDomain,
    secret::generate_secret,
    testing::bridge_token,
    verification_secret::CreatedVerificationSecret,
};

/// What is presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Session,
    Identity,
    Bridge,
    EmbedKey,
    VerificationSecret,
    MagicLink,
}

impl Kind {
    const ALL: [Self; 6] = [Self::Session, Self::Identity, Self::Bridge, Self::EmbedKey, Self::VerificationSecret, Self::MagicLink];

    /// The status and, of a refusal, the code. `stranger` is what a caller without any credential gets.
    fn expected(self, method: &str, template: &str, stranger: u16) -> (u16, &'static str) {
        let of_a_page = matches!(self, Self::Session | Self::Identity);
        match (method, template) {
            _ if template.starts_with("/widget/") && of_a_page => (403, "widget_token_required"),
            _ if template.starts_with("/widget/") => (401, "invalid_token"),
            (_, "/v1/auth/token/verify") => (200, ""),
            (_, "/embed/v1/me") if of_a_page => (200, ""),
            ("POST", "/embed/v1/sessions/refresh") | ("DELETE", "/embed/v1/sessions" | "/embed/v1/sessions/current")
                if self == Self::Session =>
            {
                (200, "")
            }
            // What asks for no bearer token does not look at one; and of a message, one of another product is not taken for nobody's.
            ("POST", "/v1/auth/user-token") => (401, "invalid_credentials"),
            ("POST", "/embed/v1/sessions/exchange" | "/embed/v1/magic-links/redeem" | "/embed/v1/messages") => (401, "invalid_token"),
            _ if stranger == 401 => (401, "invalid_token"),
            _ => (stranger, ""),
        }
    }
}

/// A product of acme's that has one of everything.
struct Wallet {
    product: ProductId,
    embed: EmbedKey,
    bridge: CreatedBridgeKey,
    secret: CreatedVerificationSecret,
}

impl Wallet {
    async fn new(house: &House) -> Self {
        let (op, product) = (house.acme.owner().await, house.acme.product().await);
        op.add_domain(&product, &NewDomain { origin: PAGE.to_owned() }).await.expect("a domain");
        let (name, origins) = ("Website".to_owned(), vec![PAGE.to_owned()]);
        let asked = NewEmbedKey { name, origins, mode: KeyMode::Live, allow_development_origins: None };
        let embed = op.create_embed_key(&product, asked).await.expect("an embed key");
        let bridge = house.acme.bridge_key(&product, BridgeAlgorithm::Hs256).await;
        let secret = house.acme.verification_secret(&product).await;
        Self { product, embed, bridge, secret }
    }

    async fn show(&self, house: &House, kind: Kind) -> String {
        let vouched = || bridge_token(&self.bridge, &house.acme.vouches("u"));
        match kind {
            Kind::Session => {
                let call = house.app.post(&format!("/embed/v1/sessions/exchange?key={}", self.embed.id)).header("origin", PAGE);
                let answer = call.json(&serde_json::json!({ "bridge_token": vouched() })).await;
                answer.json()["token"].as_str().expect("a token").to_owned()
            }
            Kind::Identity => {
                house.acme.identity(&self.product, &self.secret.secret, "u").await.expect("a token").token.reveal().to_owned()
            }
            Kind::Bridge => vouched(),
            Kind::EmbedKey => self.embed.id.to_string(),
            Kind::VerificationSecret => self.secret.secret.reveal().to_owned(),
            Kind::MagicLink => generate_secret("magic_").reveal().to_owned(),
        }
    }
}

on_each_engine! {
    /// JW8
    async fn each_kind_opens_its_own_surface_only(fresh) {
        let house = House::new(fresh).await;
        let wallet = Wallet::new(&house).await;
        let (mut tried, mut wrong) = (0, Vec::new());
        for kind in Kind::ALL {
            let mut shown = wallet.show(&house, kind).await;
            for row in ROWS {
                let (method, template) = row.route.split_once(' ').expect("a method and a path");
                let path = row.target.path(&house, template).await + row.query;
                let mut call = house.app.call(method, &path).bearer(&shown);
                if template.starts_with("/v1/") {
                    call = call.header("x-mintmark-tenant", house.acme.tenant.as_str());
                } else {
                    call = call.header("origin", PAGE);
                }
                if let Some(body) = (row.body)(&house) {
                    call = row.send(call, &body);
                }
                let answer = call.await;
                let (status, code) = kind.expected(method, template, row.cells[0]);
                let said = answer.code_or_none().unwrap_or_default();
                if answer.status != status || (status >= 400 && said != code) {
                    wrong.push(format!("{} with {kind:?}: {} {said} and not {status} {code}", row.route, answer.status));
                }
                if template == "/v1/auth/token/verify" {
                    assert_eq!(answer.json()["valid"], matches!(kind, Kind::Session | Kind::Identity), "{kind:?}: {}", answer.text());
                }
                if matches!(template, "/embed/v1/sessions" | "/embed/v1/sessions/current") {
                    shown = wallet.show(&house, kind).await;
                }
                tried += 1;
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(tried, ROWS.len() * Kind::ALL.len());
    }
}
