//! Signing in and out, and proving once more that it is oneself.

use super::request::{admitted, cookie_ticket, core, device, enter, go_on, keep_ticket, leave, overview, renew_cookie, visitor};
use crate::Answer;
use leptos::prelude::*;
use mintmark::{
    Secret,
    user::{self, Credentials, Presence},
};

/// E-mail and password. Where a second factor is on it leads to the page that asks for the code, and a cookie of five
/// minutes remembers that the password was right.
#[server(endpoint = "sign_in")]
pub async fn sign_in(email: String, password: String, return_to: Option<String>) -> Answer<()> {
    admitted()?;
    let (core, device) = (core()?, device()?);
    let asked = Credentials { email, password: Secret::new(password), code: None };
    match core.sign_in(&asked, &visitor(device.as_deref())?).await? {
        user::SignIn::Done(done) => {
            enter(&done).await?;
            go_on(return_to.as_deref(), &overview(&done.tenants));
        }
        user::SignIn::SecondFactorRequired { ticket } => {
            keep_ticket(&ticket)?;
            leptos_axum::redirect(&crate::return_to::with_return("/sign-in/code", return_to.as_deref()));
        }
    }
    Ok(())
}

/// The second step: a code of the authenticator or a recovery code, for the password that was right a moment ago.
#[server(endpoint = "finish_sign_in")]
pub async fn finish_sign_in(code: String, return_to: Option<String>) -> Answer<()> {
    admitted()?;
    let (core, device) = (core()?, device()?);
    let done = core.finish_sign_in(&cookie_ticket()?, &Secret::new(code), &visitor(device.as_deref())?).await?;
    enter(&done).await?;
    go_on(return_to.as_deref(), &overview(&done.tenants));
    Ok(())
}

/// Ends this session, in the database and in the browser.
#[server(endpoint = "sign_out")]
pub async fn sign_out() -> Answer<()> {
    leave().await?;
    leptos_axum::redirect("/sign-in");
    Ok(())
}

/// The password proves presence for five minutes; the session goes on under a new cookie (SE2, SE10).
#[server(endpoint = "confirm_with_password")]
pub async fn confirm_with_password(tenant: String, password: String, return_to: String) -> Answer<()> {
    prove(&tenant, Presence { password: Some(Secret::new(password)), code: None }, &return_to).await
}

/// A code of the second factor does the same.
#[server(endpoint = "confirm_with_code")]
pub async fn confirm_with_code(tenant: String, code: String, return_to: String) -> Answer<()> {
    prove(&tenant, Presence { password: None, code: Some(Secret::new(code)) }, &return_to).await
}

async fn prove(tenant: &str, presence: Presence, return_to: &str) -> Answer<()> {
    let op = super::acting(tenant).await?;
    admitted()?;
    op.step_up(&presence, &visitor(None)?).await?;
    if let Some(session) = op.actor().session() {
        renew_cookie(session).await?;
    }
    // The dialog names no page: it stays where it is.
    if !return_to.is_empty() {
        go_on(Some(return_to), &format!("/t/{tenant}"));
    }
    Ok(())
}
