//! Customers and their sessions: look, write down, ban, erase, end.

use super::{acting, given, id};
use crate::Answer;
use leptos::prelude::*;
use mintmark::{
    CustomerId, CustomerSessionId, Error, Limit, Page,
    customer::{Customer, CustomerChange, CustomerFilter, NewCustomer, PurgedCustomers},
    customer_session::{CustomerSession, RevokedSessions},
    embed_key::KeyMode,
};

/// Newest first, and how many test customers there are, up to a thousand.
#[server(endpoint = "list_customers")]
pub async fn list_customers(tenant: String, filter: CustomerFilter, cursor: Option<String>) -> Answer<(Page<Customer>, i64)> {
    let op = acting(&tenant).await?;
    Ok((op.customers(&filter, Limit::default(), cursor.as_deref()).await?, op.count_customers(KeyMode::Test).await?))
}

/// One of them, with the newest of their sessions.
#[server(endpoint = "show_customer")]
pub async fn show_customer(tenant: String, customer: String) -> Answer<(Customer, Page<CustomerSession>)> {
    let (op, customer) = (acting(&tenant).await?, id::<CustomerId>(&customer, CustomerId::NOUN)?);
    Ok((op.customer(&customer).await?, op.customer_sessions(&customer, None, Limit::default(), None).await?))
}

/// Writes somebody down and goes to their page.
#[server(endpoint = "create_customer")]
pub async fn create_customer(
    tenant: String,
    external_id: Option<String>,
    email: Option<String>,
    #[server(default)] email_verified: bool,
    name: Option<String>,
    mode: KeyMode,
) -> Answer<Customer> {
    let asked = NewCustomer {
        mode: Some(mode),
        external_id: external_id.filter(|id| !id.trim().is_empty()),
        email: given(email),
        email_verified,
        name: given(name),
        ..NewCustomer::default()
    };
    let made = acting(&tenant).await?.create_customer(asked).await?;
    leptos_axum::redirect(&format!("/t/{tenant}/customers/{}", made.id));
    Ok(made)
}

/// Changes what is said of somebody; an empty field says nothing any more.
#[server(endpoint = "change_customer")]
pub async fn change_customer(
    tenant: String,
    customer: String,
    external_id: Option<String>,
    email: Option<String>,
    #[server(default)] email_verified: bool,
    name: Option<String>,
) -> Answer<Customer> {
    let email = given(email);
    let change = CustomerChange {
        external_id: Some(external_id.filter(|id| !id.trim().is_empty())),
        email_verified: Some(email_verified && email.is_some()),
        email: Some(email),
        name: Some(given(name)),
        ..CustomerChange::default()
    };
    Ok(acting(&tenant).await?.update_customer(&id(&customer, CustomerId::NOUN)?, change).await?)
}

/// Ends their sessions and lets no page open another.
#[server(endpoint = "ban_customer")]
pub async fn ban_customer(tenant: String, customer: String, reason: Option<String>) -> Answer<Customer> {
    let change = CustomerChange { banned: Some(true), reason, ..CustomerChange::default() };
    Ok(acting(&tenant).await?.update_customer(&id(&customer, CustomerId::NOUN)?, change).await?)
}

/// Takes that back; it revives nothing.
#[server(endpoint = "unban_customer")]
pub async fn unban_customer(tenant: String, customer: String) -> Answer<Customer> {
    let change = CustomerChange { banned: Some(false), ..CustomerChange::default() };
    Ok(acting(&tenant).await?.update_customer(&id(&customer, CustomerId::NOUN)?, change).await?)
}

/// Takes their password away: they sign in by mail, and may set another.
#[server(endpoint = "remove_customer_password")]
pub async fn remove_customer_password(tenant: String, customer: String, reason: Option<String>) -> Answer<Customer> {
    Ok(acting(&tenant).await?.remove_customer_password(&id(&customer, CustomerId::NOUN)?, reason).await?)
}

/// Erases all that tells who they are; `confirm` is what they are called on their page.
#[server(endpoint = "delete_customer")]
pub async fn delete_customer(tenant: String, customer: String, confirm: String, reason: Option<String>) -> Answer<Customer> {
    let (op, customer) = (acting(&tenant).await?, id::<CustomerId>(&customer, CustomerId::NOUN)?);
    op.require(mintmark::Permission::ManageCustomers, mintmark::Reach::Tenant)?;
    if op.customer(&customer).await?.title() != confirm {
        return Err(Error::invalid("confirm", "Type what the customer is called, as it stands.").into());
    }
    let deleted = op.delete_customer(&customer, reason).await?;
    leptos_axum::redirect(&format!("/t/{tenant}/customers"));
    Ok(deleted)
}

/// Ends one session, at its page's next call.
#[server(endpoint = "revoke_customer_session")]
pub async fn revoke_customer_session(tenant: String, customer: String, session: String, reason: Option<String>) -> Answer<CustomerSession> {
    let (customer, session) = (id(&customer, CustomerId::NOUN)?, id::<CustomerSessionId>(&session, CustomerSessionId::NOUN)?);
    Ok(acting(&tenant).await?.revoke_customer_session(&customer, &session, reason).await?)
}

/// Ends all of them.
#[server(endpoint = "revoke_customer_sessions")]
pub async fn revoke_customer_sessions(tenant: String, customer: String, reason: Option<String>) -> Answer<RevokedSessions> {
    Ok(acting(&tenant).await?.revoke_customer_sessions(&id(&customer, CustomerId::NOUN)?, reason).await?)
}

/// Purges every test customer, with their sessions.
#[server(endpoint = "purge_test_customers")]
pub async fn purge_test_customers(tenant: String) -> Answer<PurgedCustomers> {
    let purged = acting(&tenant).await?.purge_test_customers().await?;
    leptos_axum::redirect(&format!("/t/{tenant}/customers"));
    Ok(purged)
}
