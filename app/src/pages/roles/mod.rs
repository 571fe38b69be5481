//! Roles of customers: the matrix of what they hold, and one role with who has it and what relies on it.

mod detail;
mod list;

pub use detail::RolePage;
pub use list::RolesPage;

use crate::ui::Choice;
use mintmark::role::{Reliance, WidgetPermission};

/// A permission as a label: "Single sign-on".
const fn title(permission: WidgetPermission) -> &'static str {
    match permission {
        WidgetPermission::UsersTable => "Users",
        WidgetPermission::Sso => "Single sign-on",
        WidgetPermission::DirectorySync => "Directory sync",
        WidgetPermission::DomainVerification => "Domains",
        WidgetPermission::ApiKeys => "API keys",
        WidgetPermission::AuditLog => "Audit log",
        WidgetPermission::Pipes => "Pipes",
    }
}

/// Every permission as a box to tick; beside what is held, how many live tokens stop when it goes.
fn choices(relied: &[Reliance]) -> Vec<Choice> {
    WidgetPermission::ALL
        .iter()
        .map(|permission| {
            let tokens = relied.iter().find(|one| one.permission == *permission).map_or(0, |one| one.live_tokens);
            let needs = match (tokens, permission.scope()) {
                (0, Some(_)) => String::new(),
                (0, None) => " Nothing can be minted for it yet.".to_owned(),
                (1, _) => " 1 live token needs it and would be refused at its next call.".to_owned(),
                (many, _) => format!(" {many} live tokens need it and would be refused at their next call."),
            };
            Choice::new(permission.as_str(), title(*permission)).hint(format!("They may {}: {permission}.{needs}", permission.describe()))
        })
        .collect()
}
