//! The order in which pages show a product's offerings.

use super::{Offering, OfferingOrder, store};
use crate::{
    Error, Op, Permission, ProductId, Reach, Result,
    audit::{Action, Event},
};

impl Op {
    /// Puts the named ones first, in this order. Answers all of them as they stand now.
    pub async fn order_offerings(&self, product: &ProductId, asked: &OfferingOrder) -> Result<Vec<Offering>> {
        let mut tx = self.begin(Permission::ManageOfferings, Reach::Tenant)?;
        let mut rest = self.offerings(product, None).await?;
        let before: Vec<_> = rest.iter().map(|offering| offering.id.clone()).collect();
        let mut ordered = Vec::with_capacity(rest.len());
        for id in &asked.ids {
            // A second time it is not there any more, so that no list names one twice.
            let at = rest.iter().position(|offering| offering.id == *id);
            let at = at.ok_or_else(|| Error::invalid("ids", "Name each of the product's offerings at most once."))?;
            ordered.push(rest.remove(at));
        }
        ordered.append(&mut rest);
        let after: Vec<_> = ordered.iter().map(|offering| offering.id.clone()).collect();
        if after == before {
            return self.offerings(product, None).await;
        }
        for (place, offering) in (1..).zip(&mut ordered) {
            if offering.position != place {
                offering.position = place;
                tx.write(store::place(self.tenant(), product, &offering.id, place));
            }
        }
        let names: Vec<_> = ordered.iter().map(|offering| offering.name.clone()).collect();
        tx.commit(Event::new(Action::OfferingsReordered).target(product).with("order", names)).await?;
        Ok(ordered)
    }
}
