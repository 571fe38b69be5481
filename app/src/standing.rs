//! Who is signed in, in which tenant, with which roles: what the frame reads once, and every page inside it may ask.

use crate::access::refusal;
use leptos::prelude::*;
use mintmark::{Permission, Reach, Roles, tenant::TenantSummary, user::User};
use serde::{Deserialize, Serialize};

/// One's place in a tenant. It only decides what a page shows; the server decides again on every call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Oneself.
    pub user: User,
    /// Whether a second factor is on: a code can then prove presence too.
    pub second_factor: bool,
    /// The present tenant.
    pub tenant: TenantSummary,
    /// All that one may enter, the present one among them.
    pub tenants: Vec<TenantSummary>,
    /// One's roles in the present one.
    pub roles: Roles,
}

impl Standing {
    /// `/t/acme/<page>`; an empty page is the overview.
    #[must_use]
    pub fn path(&self, page: &str) -> String {
        let slash = if page.is_empty() { "" } else { "/" };
        format!("/t/{}{slash}{page}", self.tenant.slug)
    }

    /// The first argument of server functions.
    #[must_use]
    pub fn slug(&self) -> String {
        self.tenant.slug.clone()
    }

    /// For `disabled_because`: `None` when one may.
    #[must_use]
    pub fn refusal<'a>(&self, permission: Permission, reach: impl Into<Reach<'a>>) -> Option<String> {
        refusal(&self.roles, permission, reach)
    }
}

/// The standing of whoever looks at this page, for pages inside the tenant's frame.
///
/// # Panics
/// Outside the frame: such a page stands in the wrong part of the table.
#[must_use]
pub fn standing() -> Standing {
    expect_context()
}
