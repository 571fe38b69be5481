//! Writing, publishing and archiving offerings.

use super::{MOST_FEATURES, NewOffering, Offering, OfferingChange, OfferingStatus, store};
use crate::{
    Error, Listed, OfferingId, Op, Permission, ProductId, Reach, Result,
    audit::{Action, Event},
    text,
};
use serde_json::json;
use url::Url;

impl Op {
    /// A product's offerings in their order; all of them, or those of one status.
    pub async fn offerings(&self, product: &ProductId, status: Option<OfferingStatus>) -> Result<Vec<Offering>> {
        let db = self.read(Permission::ReadProducts, Reach::Tenant)?;
        self.product(product).await?;
        store::list(db, self.tenant(), product, status).await
    }

    /// One of them.
    pub async fn offering(&self, product: &ProductId, id: &OfferingId) -> Result<Offering> {
        let db = self.read(Permission::ReadProducts, Reach::Tenant)?;
        self.product(product).await?;
        store::find(db, self.tenant(), product, id).await?.ok_or_else(|| Error::not_found("offering"))
    }

    /// Writes one, at the end of the list.
    pub async fn create_offering(&self, product: &ProductId, asked: NewOffering) -> Result<Offering> {
        let mut tx = self.begin(Permission::ManageOfferings, Reach::Tenant)?;
        self.product(product).await?;
        let offering = Offering {
            id: OfferingId::new(tx.now()),
            product_id: product.clone(),
            name: text::name("name", &asked.name)?,
            description: text::description(asked.description)?,
            price: asked.price.checked()?,
            features: features(&asked.features)?,
            position: store::next_position(self.core().db(), product).await?,
            cta_url: cta_url(asked.cta_url)?,
            status: asked.status.unwrap_or(OfferingStatus::Draft),
            created_at: tx.now(),
            updated_at: tx.now(),
        };
        tx.write(store::insert(self.tenant(), &offering));
        let event = Event::new(Action::OfferingCreated)
            .target(&offering.id)
            .with("product", product.as_str())
            .with("name", offering.name.as_str())
            .with("status", offering.status.as_str());
        tx.commit(event).await?;
        Ok(offering)
    }

    /// Changes it; history tells publishing and archiving by their own names.
    pub async fn update_offering(&self, product: &ProductId, id: &OfferingId, change: OfferingChange) -> Result<Offering> {
        let mut tx = self.begin(Permission::ManageOfferings, Reach::Tenant)?;
        let before = self.offering(product, id).await?;
        let mut after = before.clone();
        if let Some(name) = change.name {
            after.name = text::name("name", &name)?;
        }
        if change.description.is_some() {
            after.description = text::description(change.description)?;
        }
        if let Some(price) = change.price {
            after.price = price.checked()?;
        }
        if let Some(list) = change.features {
            after.features = features(&list)?;
        }
        if change.cta_url.is_some() {
            after.cta_url = cta_url(change.cta_url)?;
        }
        after.status = change.status.unwrap_or(before.status);
        if after == before {
            return Ok(after);
        }
        // Always later than before, so that of two changes in one millisecond the second finds the row changed.
        after.updated_at = tx.now().max(before.updated_at.plus(1));
        tx.write(store::update(self.tenant(), &before, &after));
        let action = match after.status {
            same if same == before.status => Action::OfferingUpdated,
            OfferingStatus::Published => Action::OfferingPublished,
            OfferingStatus::Archived => Action::OfferingArchived,
            OfferingStatus::Draft => Action::OfferingUpdated,
        };
        let event = Event::new(action)
            .target(id)
            .changed("name", &before.name, &after.name)
            .changed("description", &before.description, &after.description)
            .changed("price", &json!(before.price), &json!(after.price))
            .changed("features", &before.features.0, &after.features.0)
            .changed("cta_url", &before.cta_url, &after.cta_url)
            .changed("status", &json!(before.status), &json!(after.status));
        tx.commit(event).await?;
        Ok(after)
    }

    /// Takes it out of pages and keeps it. Again it changes nothing.
    pub async fn archive_offering(&self, product: &ProductId, id: &OfferingId) -> Result<Offering> {
        self.update_offering(product, id, OfferingChange { status: Some(OfferingStatus::Archived), ..OfferingChange::default() }).await
    }
}

fn features(asked: &[String]) -> Result<Listed<String>> {
    if asked.len() > MOST_FEATURES {
        return Err(Error::invalid("features", "An offering names at most 30 features."));
    }
    Ok(Listed(asked.iter().map(|feature| text::name("features", feature)).collect::<Result<_>>()?))
}

/// Where a button may lead: `https` without a password in it, so that no page runs what an offering says.
fn cta_url(asked: Option<String>) -> Result<Option<String>> {
    let Some(typed) = asked.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()) else { return Ok(None) };
    let wrong = |why: &'static str| Error::invalid("cta_url", why);
    if typed.len() > 2_000 {
        return Err(wrong("An address has at most 2,000 characters."));
    }
    let url = Url::parse(&typed).map_err(|_| wrong("This is no address: https://example.com/buy."))?;
    if url.scheme() != "https" {
        return Err(wrong("The address begins with https://."));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("The address holds no user name and no password."));
    }
    Ok(Some(url.to_string()))
}

#[cfg(test)]
mod tests {
    use super::cta_url;

    #[test]
    fn a_button_leads_to_https_and_runs_nothing() {
        let said = |text: &str| cta_url(Some(text.to_owned()));
        assert_eq!(said(" https://Acme.com/buy?x=1 ").ok().flatten().as_deref(), Some("https://acme.com/buy?x=1"));
        assert_eq!(said("  ").ok().flatten(), None);
        let long = format!("https://a.example/{}", "x".repeat(2_000));
        for wrong in [
            "javascript:alert(1)",
            "http://acme.com",
            "/buy",
            "acme.com",
            "data:text/html,x",
            "https://u:p@acme.com",
            "https://u@acme.com",
            "https://:p@acme.com",
            "https://",
            &long,
        ] {
            assert!(said(wrong).is_err(), "{wrong}");
        }
    }
}
