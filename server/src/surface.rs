//! Which of the program's faces a path belongs to: who may call it from where follows from that.

/// One face of the program. Paths are compared as they stand in the request; so does the router.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// `/widget/*`: widget tokens, from pages of other origins.
    Widget,
    /// `/embed/*`: embed keys and session tokens, from pages of other origins.
    Embed,
    /// `/v1/*`: API keys and dashboard tokens, from backends. Never a cookie.
    Management,
    /// What anyone may read from anywhere: JWKS, openid-configuration, openapi.json.
    Public,
    /// `/popup/*`: our own sign-in for pages that have none, and the frame that keeps one. No other site may call it, and its only cookie
    /// is that frame's.
    Popup,
    /// `/sdk/*`: scripts for pages of other origins.
    Sdk,
    /// Everything on the preview's listener, whatever its path: an element as pages show it. Never a cookie.
    Preview,
    /// `/healthz`, `/readyz`, `/metrics`.
    Probe,
    /// Pages, server functions and their assets: the only surface with the dashboard's cookies.
    Dashboard,
}

impl Surface {
    /// The surface of a path.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let first = path.strip_prefix('/').and_then(|rest| rest.split('/').next()).unwrap_or_default();
        match first {
            "widget" => Self::Widget,
            "embed" => Self::Embed,
            "v1" => Self::Management,
            "popup" => Self::Popup,
            "sdk" => Self::Sdk,
            "healthz" | "readyz" | "metrics" => Self::Probe,
            ".well-known" | "openapi.json" => Self::Public,
            "t" if path.split('/').nth(3) == Some(".well-known") => Self::Public,
            _ => Self::Dashboard,
        }
    }

    /// Whether requests carry their credential in a header that no browser adds by itself, so that no other site can borrow it.
    #[must_use]
    pub fn is_bearer_api(self) -> bool {
        matches!(self, Self::Widget | Self::Embed | Self::Management)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_the_surface_of_its_first_segment() {
        for (path, surface) in [
            ("/widget/session", Surface::Widget),
            ("/widget", Surface::Widget),
            ("/widgets", Surface::Dashboard),
            ("/embed/v1/config", Surface::Embed),
            ("/v1/widget-tokens", Surface::Management),
            ("/popup/sign-in", Surface::Popup),
            ("/popups", Surface::Dashboard),
            ("/.well-known/jwks.json", Surface::Public),
            ("/t/acme/.well-known/jwks.json", Surface::Public),
            ("/t/acme/tokens", Surface::Dashboard),
            ("/t/acme/widget/session", Surface::Dashboard),
            ("/%77idget/session", Surface::Dashboard),
            ("//widget/session", Surface::Dashboard),
            ("/", Surface::Dashboard),
            ("*", Surface::Dashboard),
        ] {
            assert_eq!(Surface::of(path), surface, "{path}");
        }
    }
}
