//! A product's registered domains.

use super::{Domain, NewDomain, store};
use crate::{
    DomainId, Error, Op, Permission, ProductId, Reach, Result,
    audit::{Action, Event},
    origin::Origin,
};

impl Op {
    /// All of them, newest first.
    pub async fn domains(&self, product: &ProductId) -> Result<Vec<Domain>> {
        let db = self.read(Permission::ReadProducts, Reach::Tenant)?;
        self.product(product).await?;
        store::domains(db, self.tenant(), product).await
    }

    /// Registers one, in its stored form.
    pub async fn add_domain(&self, product: &ProductId, asked: &NewDomain) -> Result<Domain> {
        let mut tx = self.begin(Permission::ManageProducts, Reach::Tenant)?;
        self.product(product).await?;
        let domain = Domain { id: DomainId::new(tx.now()), origin: Origin::parse(&asked.origin, false)?, created_at: tx.now() };
        tx.write(store::insert_domain(self.tenant(), product, &domain));
        let event = Event::new(Action::DomainAdded).target(&domain.id).with("product", product.as_str());
        tx.commit(event.with("origin", domain.origin.as_str())).await?;
        Ok(domain)
    }

    /// Takes one off.
    pub async fn remove_domain(&self, product: &ProductId, id: &DomainId) -> Result<Domain> {
        let mut tx = self.begin(Permission::ManageProducts, Reach::Tenant)?.urgently();
        let domains = self.domains(product).await?;
        let domain = domains.into_iter().find(|domain| domain.id == *id).ok_or_else(|| Error::not_found("domain"))?;
        tx.write(store::delete_domain(product, id));
        let event = Event::new(Action::DomainRemoved).target(id).with("product", product.as_str());
        tx.commit(event.with("origin", domain.origin.as_str())).await?;
        Ok(domain)
    }
}
