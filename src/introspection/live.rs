//! Whether a token whose signature is right is alive, and what is known of whom it names: the rows of every kind, read on every call.

use crate::{
    Core, CustomerSessionId, OrganizationId, Result, SessionId,
    token::{Claims, Kind},
};

/// A token that everything which it came through lets live.
pub(super) enum Live {
    /// Of a page for this organization.
    Widget(OrganizationId),
    /// Of a member.
    Dashboard(SessionId),
    /// Of a customer.
    Session(CustomerSessionId, Person),
    /// Of a user whom the tenant's backend named.
    Identity(Person),
}

/// What is known of an end user, for a backend that was handed their token.
pub(super) struct Person {
    pub(super) email: Option<String>,
    pub(super) email_verified: bool,
    pub(super) name: Option<String>,
}

impl Core {
    /// None when it is dead, whatever killed it.
    pub(super) async fn live(&self, claims: &Claims) -> Result<Option<Live>> {
        Ok(match claims.kind {
            Kind::Widget => self.live_widget(claims).await?.map(Live::Widget),
            Kind::Dashboard => match claims.id.parse::<SessionId>() {
                Ok(session) if self.dashboard_token_opens(claims).await? => Some(Live::Dashboard(session)),
                _ => None,
            },
            Kind::Session => self.live_session(claims).await?.map(|(id, row)| {
                let person = Person { email: row.email, email_verified: row.email_verified, name: row.name };
                Live::Session(id, person)
            }),
            Kind::Identity => self.live_identity(claims).await?.map(|row| {
                let said = claims.all().get("name").and_then(|name| name.as_str().map(ToOwned::to_owned));
                Live::Identity(Person { email: row.email, email_verified: row.email_verified, name: said.or(row.name) })
            }),
        })
    }
}
