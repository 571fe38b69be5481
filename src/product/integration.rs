//! A product's integration as it was seen: the checklist that ticks itself (N18).

use super::{IntegrationStep, SeenStep, store};
use crate::{Op, Permission, ProductId, Reach, Result};

impl Op {
    /// Every step in its order, with when it was first seen. A tick may come ten seconds after what earned it.
    ///
    /// # Errors
    /// 404 for a product that is not this tenant's.
    pub async fn integration(&self, product: &ProductId) -> Result<Vec<SeenStep>> {
        self.require(Permission::ReadProducts, Reach::Tenant)?;
        let product = self.product(product).await?;
        let seen = store::steps(self.core().db(), &product.id).await?;
        let at = |step: IntegrationStep| seen.iter().find(|(name, _)| name == step.as_str()).map(|(_, at)| *at);
        Ok(IntegrationStep::ALL.iter().map(|step| SeenStep { step: *step, at: at(*step) }).collect())
    }
}
