//! Widget tokens on a real database of each engine.

pub(super) mod crowds;
mod forgery;
mod guarding;
mod history;
mod inspecting;
mod minting;
mod retention;
mod revoking;
mod statuses;
mod together;
mod turns;

use super::{BulkRevocation, Mint, MintedToken, Presented, Revocation};
use crate::{
    Actor, Code, Core, Op, Origination, Result, Role, Roles, TenantId, Who,
    audit::{Action, Event},
    db::args,
    organization::{NewOrganization, Organization},
    origin::NewOrigin,
    testing::Fresh,
    writer::Write,
};

/// The origin of every token here unless a test says otherwise.
pub(super) const PAGE: &str = "https://app.acme.com";

/// A tenant with keys, one organization and one origin, and somebody at the machine's shell acting in it.
pub(super) struct Ground {
    pub(super) core: Core,
    pub(super) op: Op,
    pub(super) tenant: TenantId,
    pub(super) organization: Organization,
}

pub(super) async fn ground(fresh: &Fresh) -> Ground {
    another(fresh, "acme").await
}

pub(super) async fn another(fresh: &Fresh, slug: &str) -> Ground {
    let core = fresh.core.clone();
    let tenant = TenantId::new(core.now());
    let mut tx = core.begin(Who::System, Some(tenant.clone()), Origination::default());
    tx.write(Write::any("insert into tenant (id, slug, name, created_at) values ($1, $2, $2, $3)", args![&tenant, slug, core.now()]));
    let keys = crate::key::first_keys(&core, &tenant, core.now()).await.expect("keys");
    tx.write_all(keys);
    tx.commit(Event::new(Action::TenantCreated)).await.expect("a tenant");
    let op = acting(&core, &tenant, Role::Owner);
    let organization =
        op.create_organization(NewOrganization { name: "Customer".into(), ..Default::default() }).await.expect("an organization");
    op.add_origin(&organization.id, &NewOrigin { origin: PAGE.into() }).await.expect("an origin");
    Ground { core, op, tenant, organization }
}

/// Somebody with this role of the tenant, who proved presence just now.
pub(super) fn acting(core: &Core, tenant: &TenantId, role: Role) -> Op {
    let id = crate::UserId::new(core.now());
    let who = Who::User { id, name: "Ada".into(), session: crate::SessionId::new(core.now()), proved_at: core.now() };
    let roles = Roles { tenant: Some(role), ..Roles::default() };
    core.act_as(Actor { who, tenant: tenant.clone(), roles, from: Origination::default() })
}

impl Ground {
    pub(super) fn asking(&self) -> Mint {
        Mint {
            organization_id: self.organization.id.to_string(),
            scope: vec!["sso_connection".into()],
            origins: vec![PAGE.into()],
            ..Default::default()
        }
    }

    pub(super) async fn mint(&self) -> MintedToken {
        self.op.mint_token(self.asking(), None).await.expect("minted")
    }

    /// The verdict of the guard on this token from the usual page.
    pub(super) async fn verdict(&self, token: &str) -> std::result::Result<(), Code> {
        self.call(token).await.map(drop).map_err(|error| error.code())
    }

    pub(super) async fn call(&self, token: &str) -> Result<super::Grant> {
        self.core.guard(Presented { bearer: Some(token), origin: Some(PAGE), ..Default::default() }).await
    }

    pub(super) async fn revoke(&self, minted: &MintedToken) {
        self.op.revoke_token(&minted.id, Revocation::default()).await.expect("revoked");
    }

    pub(super) fn of_this_organization(&self) -> BulkRevocation {
        BulkRevocation { organization_id: Some(self.organization.id.clone()), ..Default::default() }
    }
}
