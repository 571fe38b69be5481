//! What lies behind the guard: the sub-trees of `/widget/`, and the scope that each needs.

use super::Scope;

/// What each sub-tree needs; a path under none of them needs a good token and is then not found.
pub const SUB_TREES: [(&str, Option<Scope>); 4] = [
    ("/widget/session", None),
    ("/widget/organization", None),
    ("/widget/sso-connection", Some(Scope::SsoConnection)),
    ("/widget/directory-sync", Some(Scope::DirectorySync)),
];

/// The scope that a path needs.
#[must_use]
pub fn scope_of(path: &str) -> Option<Scope> {
    let below = |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    SUB_TREES.iter().find(|(root, _)| below(root)).and_then(|(_, scope)| *scope)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AZ6: the table, written out.
    #[test]
    fn each_sub_tree_needs_its_scope() {
        for (path, scope) in [
            ("/widget/session", None),
            ("/widget/organization", None),
            ("/widget/sso-connection", Some(Scope::SsoConnection)),
            ("/widget/sso-connection/", Some(Scope::SsoConnection)),
            ("/widget/sso-connection/a/b", Some(Scope::SsoConnection)),
            ("/widget/sso-connections", None),
            ("/widget/directory-sync/users", Some(Scope::DirectorySync)),
            ("/widget/session/sso-connection", None),
            ("/widget/x", None),
            ("/widget", None),
        ] {
            assert_eq!(scope_of(path), scope, "{path}");
        }
    }

    #[test]
    fn each_scope_has_one_sub_tree_named_after_it() {
        for scope in Scope::ALL {
            let roots: Vec<_> = SUB_TREES.iter().filter(|(_, needed)| needed == &Some(*scope)).map(|(root, _)| *root).collect();
            assert_eq!(roots, [format!("/widget/{}", scope.as_str().replace('_', "-"))]);
        }
    }
}
