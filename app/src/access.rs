//! Why a control is disabled: the policy's own answer, in words. The server decides again, whatever this says.

use crate::ui::Choice;
use mintmark::{Permission, Reach, Role, Roles};

/// `None` when these roles hold the permission there; else the sentence for `disabled_because`.
#[must_use]
pub fn refusal<'a>(roles: &Roles, permission: Permission, reach: impl Into<Reach<'a>>) -> Option<String> {
    let reach = reach.into();
    (!roles.hold(permission, reach)).then(|| {
        let of = if permission.is_tenant_wide() { " of the tenant" } else { "" };
        let yours = roles.at(reach).map_or_else(|| "you have none here".to_owned(), |role| format!("you are {role}"));
        format!("To {} one must be {}{of}; {yours}.", permission.describe(), permission.least_role())
    })
}

/// `None` when these roles may give `role` there, or take it from somebody; else the sentence for `disabled_because`.
#[must_use]
pub fn refusal_to_give(roles: &Roles, role: Role, reach: Reach<'_>) -> Option<String> {
    let short = || (!roles.may_give(role, reach)).then(|| format!("To give or take the role {role} one must be {role}."));
    refusal(roles, Permission::to_give(role, reach), reach).or_else(short)
}

/// Every role up to `highest` for a [`RadioGroup`](crate::ui::RadioGroup), the highest first, each with what it may do, or
/// why these roles may not give it there.
#[must_use]
pub fn role_choices(roles: &Roles, reach: Reach<'_>, highest: Role) -> Vec<Choice> {
    let offered = Role::ALL.iter().rev().filter(|role| **role <= highest);
    offered
        .map(|role| Choice::new(role.as_str(), title(*role)).hint(describe_role(*role)).disabled(refusal_to_give(roles, *role, reach)))
        .collect()
}

/// A role as a label.
#[must_use]
pub const fn title(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner",
        Role::Admin => "Admin",
        Role::Member => "Member",
        Role::Viewer => "Viewer",
    }
}

/// What a role may do, in a sentence.
#[must_use]
pub const fn describe_role(role: Role) -> &'static str {
    match role {
        Role::Owner => "Everything, and who else is an owner.",
        Role::Admin => "Mints, revokes and configures.",
        Role::Member => "Reads everything, history too.",
        Role::Viewer => "Reads everything but history.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_gives_more_than_they_have() {
        let roles = Roles { tenant: Some(Role::Admin), ..Roles::default() };
        let refused: Vec<_> =
            role_choices(&roles, Reach::Tenant, Role::Owner).into_iter().map(|choice| choice.disabled_because.is_some()).collect();
        assert_eq!(refused, [true, false, false, false]);
    }

    #[test]
    fn a_viewer_is_told_which_role_mints() {
        let roles = Roles { tenant: Some(Role::Viewer), ..Roles::default() };
        let told = refusal(&roles, Permission::MintTokens, Reach::Tenant);
        assert_eq!(told.as_deref(), Some("To mint widget tokens one must be admin; you are viewer."));
        assert_eq!(refusal(&roles, Permission::ReadTokens, Reach::Tenant), None);
    }
}
