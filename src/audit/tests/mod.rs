//! History on a real database of each engine.

mod chain;
mod every_action;
mod export;
mod list;
mod refusals;
mod verify;

use super::{Action, Event};
use crate::{Actor, Core, Op, OrganizationId, Origination, Role, Roles, SessionId, TenantId, UserId, Who};

fn tenant(core: &Core) -> TenantId {
    TenantId::new(core.now())
}

/// A person with these roles.
fn person(core: &Core, tenant: &TenantId, role: Option<Role>, organizations: &[(&OrganizationId, Role)]) -> Op {
    let now = core.now();
    let who = Who::User { id: UserId::new(now), name: "Ada".to_owned(), session: SessionId::new(now), proved_at: now };
    let organizations = organizations.iter().map(|(id, role)| ((*id).clone(), *role)).collect();
    let roles = Roles { tenant: role, organizations };
    core.act_as(Actor { who, tenant: tenant.clone(), roles, from: Origination::default() })
}

/// Something happened, by the program itself.
async fn record(core: &Core, tenant: &TenantId, event: Event) {
    core.begin(Who::System, Some(tenant.clone()), Origination::default()).commit(event).await.expect("recorded");
}

/// `count` events with a number in each, from 0.
async fn record_many(core: &Core, tenant: &TenantId, action: Action, count: i64) {
    for number in 0..count {
        record(core, tenant, Event::new(action).with("number", number)).await;
    }
}
