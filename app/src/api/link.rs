//! What one-time links lead to: the first owner's form, an invitation, a new password. The link's secret is the credential.

use super::request::{admitted, core, device, enter, maybe_signed_in, overview, visit, visitor};
use crate::Answer;
use leptos::prelude::*;
use mintmark::{Secret, invitation::Acceptance, tenant, user::AccountReset};
use mintmark::{invitation::InvitationView, user::User};

/// Whether this set-up link works now.
#[server(endpoint = "set_up_link")]
pub async fn set_up_link(token: String) -> Answer<()> {
    Ok(core()?.set_up_link(&token).await?)
}

/// The first tenant and its owner, who is signed in with it.
#[server(endpoint = "set_up")]
pub async fn set_up(token: String, tenant_name: String, slug: String, name: String, email: String, password: String) -> Answer<()> {
    admitted()?;
    let slug = Some(slug).filter(|slug| !slug.trim().is_empty());
    let (token, password) = (Secret::new(token), Secret::new(password));
    let asked = tenant::SetUp { token, tenant_name, tenant_slug: slug, email, name, password };
    let device = device()?;
    let done = core()?.set_up(&asked, &visitor(device.as_deref())?).await?;
    enter(&done).await?;
    leptos_axum::redirect(&overview(&done.tenants));
    Ok(())
}

/// Into what this link invites whom.
#[server(endpoint = "invitation_link")]
pub async fn invitation_link(token: String) -> Answer<InvitationView> {
    Ok(core()?.invitation(&token).await?)
}

/// Accepts: a new person with name and password, a known one with theirs, somebody who is signed in as they are.
#[server(endpoint = "accept_invitation")]
pub async fn accept_invitation(token: String, name: Option<String>, password: Option<String>, code: Option<String>) -> Answer<()> {
    admitted()?;
    let (session, device) = (maybe_signed_in().await?, device()?);
    let given = |text: Option<String>| text.filter(|text| !text.is_empty()).map(Secret::new);
    let asked = Acceptance { token: Secret::new(token), name, password: given(password), code: given(code) };
    let accepted = core()?.accept_invitation(&asked, session.as_ref(), &visitor(device.as_deref())?).await?;
    if let Some(signed_in) = &accepted.signed_in {
        enter(signed_in).await?;
    }
    leptos_axum::redirect(&format!("/t/{}", accepted.tenant_slug));
    Ok(())
}

/// Whose account this link resets.
#[server(endpoint = "reset_link")]
pub async fn reset_link(token: String) -> Answer<User> {
    Ok(core()?.reset_link(&token).await?)
}

/// The new password. The second factor is off and every session has ended, so the next step is to sign in.
#[server(endpoint = "reset_account")]
pub async fn reset_account(token: String, password: String) -> Answer<()> {
    admitted()?;
    core()?.reset_account(&AccountReset { token: Secret::new(token), password: Secret::new(password) }, visit()?.from).await?;
    leptos_axum::redirect("/sign-in?reset=done");
    Ok(())
}
