//! What other people's pages need so that a product works in them, and which of them are let in.

use crate::{Answer, ways::Way};
use leptos::prelude::*;
use mintmark::{
    embed_key::KeyMode,
    product::{PageTest, PolicyAdvice},
};

use super::{acting, id};
use crate::pages::{organizations::verdict, studio::judged_list};
use mintmark::{
    ProductId,
    origin::Origin,
    product::{Loaded, advise},
};

/// Which rule a page meets, whose address or origin this is.
#[server(endpoint = "test_page")]
pub async fn test_page(tenant: String, product: String, page: String) -> Answer<PageTest> {
    Ok(acting(&tenant).await?.test_page(&id(&product, ProductId::NOUN)?, &page).await?)
}

/// What a page's policy lacks for the snippet of this way.
#[server(endpoint = "advise_policy")]
pub async fn advise_policy(tenant: String, product: String, way: Way, policy: String) -> Answer<PolicyAdvice> {
    let op = acting(&tenant).await?;
    let product = op.product(&id(&product, ProductId::NOUN)?).await?;
    let file = way.element().file();
    // Whom a backend vouches for needs nobody to be kept.
    let frame = product.keep_signed_in && way != Way::Bridge;
    Ok(advise(&policy, &op.core().settings().public_url, Loaded { file: &file, frame })?)
}

/// What a registered domain would be stored as, and what it would match, as HTML; also why it would be refused.
#[server(endpoint = "judge_domain")]
pub async fn judge_domain(tenant: String, product: String, origin: String) -> Answer<String> {
    acting(&tenant).await?.product(&id(&product, ProductId::NOUN)?).await?;
    Ok(verdict(&origin, Origin::check(&origin, false))?)
}

/// What an embed key's list would be, one origin a line, as HTML; also which lines would be refused.
#[server(endpoint = "judge_embed_origins")]
pub async fn judge_embed_origins(
    tenant: String,
    product: String,
    origins: String,
    mode: Option<KeyMode>,
    #[server(default)] allow_development_origins: bool,
) -> Answer<String> {
    acting(&tenant).await?.product(&id(&product, ProductId::NOUN)?).await?;
    Ok(judged_list(&origins, allow_development_origins || mode == Some(KeyMode::Test)))
}
