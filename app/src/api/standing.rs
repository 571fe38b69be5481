//! Who is here, for the frames and for the pages in front of them.

use super::request::{acting, core, maybe_signed_in, overview};
use crate::{Answer, standing};
use leptos::prelude::*;
use mintmark::user::User;
use serde::{Deserialize, Serialize};

/// Somebody at a door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visitor {
    /// Who is signed in.
    pub user: Option<User>,
    /// Where they were last; `/` when they are in no tenant.
    pub overview: String,
    /// Whether the installation has had its first owner.
    pub set_up: bool,
}

/// Whether somebody is signed in, and where they belong.
#[server(endpoint = "whereabouts")]
pub async fn whereabouts() -> Answer<Visitor> {
    let core = core()?;
    let Some(session) = maybe_signed_in().await? else {
        return Ok(Visitor { user: None, overview: "/".to_owned(), set_up: core.is_set_up().await? });
    };
    let overview = overview(&core.tenants_of(&session.user_id).await?);
    Ok(Visitor { user: Some(User { id: session.user_id, email: session.email, name: session.name }), overview, set_up: true })
}

/// The frame's own question: one's place in this tenant.
#[server(endpoint = "standing")]
pub async fn standing(tenant: String) -> Answer<standing::Standing> {
    let op = acting(&tenant).await?;
    let profile = op.profile().await?;
    let tenants = op.core().tenants_of(&profile.user.id).await?;
    let here = tenants.iter().find(|tenant| tenant.id == *op.tenant()).cloned();
    let tenant = here.ok_or_else(|| mintmark::Error::not_found("tenant"))?;
    let roles = op.actor().roles.clone();
    Ok(standing::Standing { user: profile.user, second_factor: profile.second_factor, tenant, tenants, roles })
}
