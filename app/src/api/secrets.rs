//! Verification secrets of a product: look, make, rotate, revoke; and what a backend does with one.

use super::{Revealed, acting, given, id};
use crate::{
    Answer,
    ui::{CodeBlock, CodeBlockProps, Snippet},
};
use leptos::prelude::*;
use mintmark::{
    Limit, Op, ProductId, VerificationSecretId,
    verification_secret::{CreatedVerificationSecret, NewVerificationSecret, VerificationSecret, VerificationSecretRotation},
};
use serde::{Deserialize, Serialize};

/// All that the section is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secrets {
    /// Newest first.
    pub secrets: Vec<VerificationSecret>,
    /// What the samples read, as a shell takes it.
    pub environment: String,
    /// Asking for an identity token, in four backends.
    pub samples: Vec<Snippet>,
}

/// A product's secrets, and samples with its real ids.
#[server(endpoint = "show_verification_secrets")]
pub async fn show_verification_secrets(tenant: String, product: String) -> Answer<Secrets> {
    let (op, product) = (acting(&tenant).await?, id::<ProductId>(&product, ProductId::NOUN)?);
    let secrets = op.verification_secrets(&product, Limit::MOST, None).await?.data;
    let (environment, samples) = crate::snippets::identifying(&op, product.as_str());
    Ok(Secrets { secrets, environment, samples })
}

/// Makes one. The answer holds the secret.
#[server(endpoint = "create_verification_secret")]
pub async fn create_verification_secret(tenant: String, product: String, name: Option<String>) -> Answer<Revealed> {
    let (op, product) = (acting(&tenant).await?, id::<ProductId>(&product, ProductId::NOUN)?);
    let created = op.create_verification_secret(&product, NewVerificationSecret { name: given(name) }).await?;
    Ok(fresh(&op, &product, created))
}

/// Makes its successor; the old one works on for `overlap_seconds`. The answer holds the secret.
#[server(endpoint = "rotate_verification_secret")]
pub async fn rotate_verification_secret(tenant: String, product: String, secret: String, overlap_seconds: i64) -> Answer<Revealed> {
    let (op, (product, secret)) = (acting(&tenant).await?, both(&product, &secret)?);
    let created = op.rotate_verification_secret(&product, &secret, &VerificationSecretRotation { overlap_seconds }).await?;
    Ok(fresh(&op, &product, created))
}

/// It and the identity tokens that it bought die at once.
#[server(endpoint = "revoke_verification_secret")]
pub async fn revoke_verification_secret(
    tenant: String,
    product: String,
    secret: String,
    reason: Option<String>,
) -> Answer<VerificationSecret> {
    let (product, secret) = both(&product, &secret)?;
    Ok(acting(&tenant).await?.revoke_verification_secret(&product, &secret, reason).await?)
}

/// Lets it work again after a restore held it.
#[server(endpoint = "release_verification_secret")]
pub async fn release_verification_secret(tenant: String, product: String, secret: String) -> Answer<VerificationSecret> {
    let (product, secret) = both(&product, &secret)?;
    Ok(acting(&tenant).await?.release_verification_secret(&product, &secret).await?)
}

/// The new secret, and the variables that belong beside it; they name it, and never its value.
fn fresh(op: &Op, product: &ProductId, created: CreatedVerificationSecret) -> Revealed {
    let (environment, _) = crate::snippets::identifying(op, product.as_str());
    let label = "Beside the downloaded mintmark.env, the samples of this page read".to_owned();
    let code = environment.lines().filter(|line| !line.contains("_SECRET=")).collect::<Vec<_>>().join("\n");
    Revealed::new(created.secret, CodeBlock(CodeBlockProps { code, label: Some(label) }).to_html())
}

fn both(product: &str, secret: &str) -> Answer<(ProductId, VerificationSecretId)> {
    Ok((id(product, ProductId::NOUN)?, id(secret, VerificationSecretId::NOUN)?))
}
