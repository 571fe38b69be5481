//! No other site may make a browser act for its user (X6, WB1).

use crate::surface::Surface;
use axum::{
    extract::Request,
    http::{HeaderMap, header},
};
use mintmark::{Code, Error, Result};

/// Refuses unsafe requests of other sites, wherever a browser might add a cookie: everywhere but on the bearer surfaces.
pub(crate) fn check(request: &Request, surface: Surface, origin: &str) -> Result<()> {
    if request.method().is_safe() || surface.is_bearer_api() || same_site(request.headers(), origin) {
        return Ok(());
    }
    Err(Error::new(Code::CrossSite, "This request comes from another site, or does not say where it comes from."))
}

/// `Sec-Fetch-Site` if it is there, else `Origin`; never `Host`, which a client chooses. Said twice is not said.
fn same_site(headers: &HeaderMap, origin: &str) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").iter();
    match (sites.next(), sites.next()) {
        (Some(site), None) => site == "same-origin" || site == "none",
        (None, _) => {
            let mut origins = headers.get_all(header::ORIGIN).iter();
            matches!((origins.next(), origins.next()), (Some(said), None) if said == origin)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(said: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in said {
            headers.append(*name, value.parse().expect("a value"));
        }
        same_site(&headers, "https://mint.example")
    }

    #[test]
    fn only_the_own_site_passes() {
        assert!(allowed(&[("sec-fetch-site", "same-origin")]));
        assert!(allowed(&[("sec-fetch-site", "none")]));
        assert!(allowed(&[("origin", "https://mint.example")]));
        for said in [
            &[][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://mint.example")],
            &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
            &[("origin", "null")],
            &[("origin", "http://mint.example")],
            &[("origin", "https://mint.example:8443")],
            &[("origin", "https://mint.example.evil")],
            &[("origin", "https://mint.example"), ("origin", "https://evil.example")],
            &[("host", "mint.example")],
        ] {
            assert!(!allowed(said), "{said:?}");
        }
    }
}
