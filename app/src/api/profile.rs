//! One's own account: name, password, second factor, sessions, what one may do.

use super::Revealed;
use super::request::{acting, renew_cookie};
use crate::Answer;
use leptos::prelude::*;
use mintmark::{Secret, user::PasswordChange};
use mintmark::{
    SessionId,
    member::Standing,
    session::SessionSummary,
    user::{Profile, User},
};

/// One's own page.
#[server(endpoint = "profile", name = ReadProfile)]
pub async fn profile(tenant: String) -> Answer<Profile> {
    Ok(acting(&tenant).await?.profile().await?)
}

/// A new name.
#[server(endpoint = "rename_self")]
pub async fn rename_self(tenant: String, name: String) -> Answer<()> {
    acting(&tenant).await?.rename_self(&name).await?;
    Ok(())
}

/// A new password. Every other session ends; this one goes on under a new cookie (SE2, SE3).
#[server(endpoint = "change_password")]
pub async fn change_password(tenant: String, current_password: String, new_password: String) -> Answer<()> {
    let op = acting(&tenant).await?;
    let asked = PasswordChange { current_password: Secret::new(current_password), new_password: Secret::new(new_password) };
    op.change_password(&asked).await?;
    match op.actor().session() {
        Some(session) => renew_cookie(session).await,
        None => Ok(()),
    }
}

/// A new secret for an authenticator; nothing changes before a code confirms it. In groups of four, for typing.
#[server(endpoint = "begin_second_factor")]
pub async fn begin_second_factor(tenant: String) -> Answer<Revealed> {
    let offer = acting(&tenant).await?.offer_second_factor().await?;
    let letters: Vec<char> = offer.secret.reveal().chars().collect();
    let secret = letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ");
    Ok(Revealed { picture: Some(offer.qr_svg), ..Revealed::new(Secret::new(secret), String::new()) })
}

/// The first code turns it on; answers the recovery codes, once.
#[server(endpoint = "confirm_second_factor")]
pub async fn confirm_second_factor(tenant: String, code: String) -> Answer<Revealed> {
    let codes = acting(&tenant).await?.confirm_second_factor(&Secret::new(code)).await?.codes;
    Ok(Revealed { texts: codes, ..Revealed::default() })
}

/// New recovery codes, once; the old ones stop working.
#[server(endpoint = "renew_recovery_codes")]
pub async fn renew_recovery_codes(tenant: String) -> Answer<Revealed> {
    let codes = acting(&tenant).await?.renew_recovery_codes().await?.codes;
    Ok(Revealed { texts: codes, ..Revealed::default() })
}

/// Turns it off.
#[server(endpoint = "disable_second_factor")]
pub async fn disable_second_factor(tenant: String) -> Answer<()> {
    Ok(acting(&tenant).await?.disable_second_factor().await?)
}

/// One's own live sessions.
#[server(endpoint = "list_own_sessions")]
pub async fn list_own_sessions(tenant: String) -> Answer<Vec<SessionSummary>> {
    Ok(acting(&tenant).await?.sessions().await?)
}

/// Ends one of them.
#[server(endpoint = "end_own_session")]
pub async fn end_own_session(tenant: String, id: SessionId) -> Answer<()> {
    Ok(acting(&tenant).await?.end_session(&id).await?)
}

/// Signs out every other one; answers how many.
#[server(endpoint = "end_other_sessions")]
pub async fn end_other_sessions(tenant: String) -> Answer<u64> {
    Ok(acting(&tenant).await?.end_other_sessions().await?)
}

/// What one may do, and whom to ask for more.
#[server(endpoint = "own_permissions")]
pub async fn own_permissions(tenant: String) -> Answer<(Standing, Vec<User>)> {
    let op = acting(&tenant).await?;
    Ok((op.permissions().await?, op.owners().await?))
}
