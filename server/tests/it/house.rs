//! Two tenants with everybody in them, and the credential of each as it stands on the wire.

use crate::app::{Answer, Call, TestApp};
use mintmark::{
    OrganizationId, Role, Secret, TenantId,
    organization::OrganizationChange,
    origin::NewOrigin,
    session::NewApiSession,
    testing::{Fixture, Fresh, PASSWORD},
    token::{Mint, MintedToken},
    user::Visitor,
};
use serde_json::{Value, json};
use server::config::Config;

/// The page that embeds the widget.
pub const PAGE: &str = "https://app.acme.com";

/// Who calls: a column of the access matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Nobody: no credential at all.
    Stranger,
    Viewer,
    Member,
    Admin,
    Owner,
    /// An admin of `House::organization` only.
    OrganizationAdmin,
    /// The owner of the other tenant, acting there.
    OtherOwner,
    /// A widget token of `House::organization`, from its page.
    WidgetToken,
    /// An API key of the tenant with the role admin.
    ApiKey,
}

impl Caller {
    pub const ALL: [Self; 9] = [
        Self::Stranger,
        Self::Viewer,
        Self::Member,
        Self::Admin,
        Self::Owner,
        Self::OrganizationAdmin,
        Self::OtherOwner,
        Self::WidgetToken,
        Self::ApiKey,
    ];
}

/// The process, two tenants, and their people.
pub struct House {
    pub app: TestApp,
    pub acme: Fixture,
    pub other: Fixture,
    /// Of acme, with `PAGE` on its list.
    pub organization: OrganizationId,
    /// Of acme too; the organization's admin does not reach it.
    pub sibling: OrganizationId,
    /// Of the other tenant.
    pub foreign: OrganizationId,
    people: Vec<(Caller, String)>,
    /// The text of acme's API key.
    pub key: Secret,
}

impl House {
    pub async fn new(fresh: Fresh) -> Self {
        Self::with(fresh, |_| {}).await
    }

    /// With other settings.
    pub async fn with(fresh: Fresh, change: impl FnOnce(&mut Config)) -> Self {
        let acme = fresh.tenant("acme").await;
        let other = fresh.tenant("other").await;
        let organization = acme.organization("first").await;
        let sibling = acme.organization("second").await;
        let foreign = other.organization("first").await;
        for (fixture, id) in [(&acme, &organization), (&acme, &sibling), (&other, &foreign)] {
            let op = fixture.owner().await;
            let change = OrganizationChange { allow_development_origins: Some(true), ..Default::default() };
            op.update_organization(id, change).await.expect("an organization");
            op.add_origin(id, &NewOrigin { origin: PAGE.to_owned() }).await.expect("an origin");
        }
        let mut people = vec![(Caller::Owner, acme.owner.email.clone()), (Caller::OtherOwner, other.owner.email.clone())];
        for (caller, role) in [(Caller::Viewer, Role::Viewer), (Caller::Member, Role::Member), (Caller::Admin, Role::Admin)] {
            people.push((caller, acme.member(role).await.email));
        }
        people.push((Caller::OrganizationAdmin, acme.organization_member(&organization, Role::Admin).await.email));
        let key = acme.api_key(Role::Admin, None).await.key;
        let app = TestApp::with(fresh, |config| {
            config.sign_in_limit = 10_000;
            change(config);
        })
        .await;
        Self { app, acme, other, organization, sibling, foreign, people, key }
    }

    /// A person's address.
    pub fn email(&self, caller: Caller) -> &str {
        self.people.iter().find(|(who, _)| *who == caller).map(|(_, email)| email.as_str()).expect("a person")
    }

    /// What this caller sends as its bearer token: for a person a dashboard JWT that was bought just now.
    pub async fn credential(&self, caller: Caller) -> Option<String> {
        match caller {
            Caller::Stranger => None,
            Caller::WidgetToken => Some(self.mint().await.token.reveal().to_owned()),
            Caller::ApiKey => Some(self.key.reveal().to_owned()),
            person => Some(self.dashboard_token(self.email(person)).await),
        }
    }

    /// A dashboard JWT of this person.
    pub async fn dashboard_token(&self, email: &str) -> String {
        let asked = NewApiSession { email: email.to_owned(), password: Secret::new(PASSWORD.to_owned()), code: None, tenant: None };
        let minted = self.app.fresh.core.mint_session(&asked, &Visitor::default()).await.expect("a session");
        minted.token.reveal().to_owned()
    }

    /// The tenant in which this caller acts.
    pub fn tenant(&self, caller: Caller) -> &TenantId {
        if caller == Caller::OtherOwner { &self.other.tenant } else { &self.acme.tenant }
    }

    /// A call as this caller makes it, from the page where it is one.
    pub async fn call(&self, caller: Caller, method: &str, path: &str) -> Call {
        let call = self.app.call(method, path).header("x-mintmark-tenant", self.tenant(caller).as_str()).header("origin", PAGE);
        match self.credential(caller).await {
            Some(credential) => call.bearer(&credential),
            None => call,
        }
    }

    /// A call of acme's backend.
    pub fn backend(&self, method: &str, path: &str) -> Call {
        self.app.call(method, path).bearer(self.key.reveal())
    }

    /// A call of the page.
    pub fn page(&self, token: &str, path: &str) -> Call {
        self.app.get(path).bearer(token).header("origin", PAGE)
    }

    /// What the backend asks for when it mints.
    pub fn mint_body(&self) -> Value {
        json!({ "organization_id": self.organization, "scope": ["sso_connection"], "origins": [PAGE] })
    }

    /// A widget token of acme's first organization.
    pub async fn mint(&self) -> MintedToken {
        let asked = Mint {
            organization_id: self.organization.to_string(),
            scope: vec!["sso_connection".to_owned()],
            origins: vec![PAGE.to_owned()],
            ..Mint::default()
        };
        self.acme.owner().await.mint_token(asked, None).await.expect("a token")
    }
}

/// The entries of a list.
pub fn data(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["data"].as_array().expect("a list").clone()
}
