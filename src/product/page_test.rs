//! The origin tester: what a page may do with a product, judged by the code that judges the page's own calls.

use super::{PageTest, TestedKey, TestedList};
use crate::{
    Code, Error, Limit, Op, ProductId, Result,
    embed_key::{EmbedKeyStatus, admit},
    origin::{Origin, names, nearest, of_page},
};

impl Op {
    /// Tries a page's address, or its origin, on each embed key of the product and on its registered domains. Nothing is
    /// counted, told to history or marked as used.
    ///
    /// # Errors
    /// 422 `invalid_field` on `page` for what is no address.
    pub async fn test_page(&self, product: &ProductId, page: &str) -> Result<PageTest> {
        let origin = origin_of(page)?;
        let keys = self.embed_keys(product, Limit::MOST, None).await?.data;
        let domains: Vec<Origin> = self.domains(product).await?.into_iter().map(|domain| domain.origin).collect();
        let keys = keys.into_iter().map(|key| {
            let refused = match key.status {
                EmbedKeyStatus::Active => admit(&key.origins.0, Some(&origin)).err().map(|error| error.code()),
                EmbedKeyStatus::Expired | EmbedKeyStatus::Disabled => Some(Code::InvalidEmbedKey),
            };
            let list = tested(&key.origins.0, &origin);
            TestedKey { key, refused, list }
        });
        Ok(PageTest { keys: keys.collect(), domains: tested(&domains, &origin), origin })
    }
}

fn tested(list: &[Origin], page: &str) -> TestedList {
    let named = names(list, Some(page));
    TestedList { named, near: if named { None } else { nearest(list, page) } }
}

/// What a browser sends for a page of this address. Who types a bare host means https.
fn origin_of(page: &str) -> Result<String> {
    let page = page.trim();
    let unreadable = || Error::invalid("page", "This is not the address of a page.");
    if page.is_empty() || page.len() > 2_048 {
        return Err(unreadable());
    }
    if page == "null" {
        return Ok(page.to_owned());
    }
    let own_scheme = page.contains("://") || ["data:", "about:", "blob:"].iter().any(|scheme| page.starts_with(scheme));
    let address = if own_scheme { page.to_owned() } else { format!("https://{page}") };
    url::Url::parse(&address).map_err(|_| unreadable())?;
    // Pages from files, data and the like have no origin of their own, and browsers say so.
    Ok(of_page(None, Some(&address)).unwrap_or_else(|| "null".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::origin_of;

    #[test]
    fn an_address_becomes_what_browsers_send_for_it() {
        for (typed, sent) in [
            ("https://www.acme.example", "https://www.acme.example"),
            (" https://WWW.acme.example:443/shop?x=1#top ", "https://www.acme.example"),
            ("www.acme.example/shop", "https://www.acme.example"),
            ("www.acme.example:8443/shop", "https://www.acme.example:8443"),
            ("localhost:3000", "https://localhost:3000"),
            ("http://localhost:3000/", "http://localhost:3000"),
            ("https://bücher.example/", "https://xn--bcher-kva.example"),
            ("null", "null"),
            ("file:///home/me/page.html", "null"),
            ("data:text/html,hello", "null"),
        ] {
            assert_eq!(origin_of(typed).as_deref().ok(), Some(sent), "{typed}");
        }
        for nothing in ["", "   ", "https://", "https://[", &"x".repeat(3_000)] {
            assert!(origin_of(nothing).is_err(), "{nothing}");
        }
    }
}
