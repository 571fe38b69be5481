//! Embed Studio: products with their domains, embed keys and offerings.

#![expect(clippy::too_many_arguments, reason = "each field of a form is an argument")]

use crate::Answer;
use leptos::prelude::*;
use mintmark::{
    Page,
    embed_key::{EmbedKey, KeyMode},
    offering::{Interval, Offering, OfferingStatus},
    product::{Domain, Product, ProductSummary, SeenStep},
};
use serde::{Deserialize, Serialize};

use super::{acting, given, id};
use crate::ways::carried;
use mintmark::{
    DomainId, EmbedKeyId, Error, Limit, OfferingId, Op, Permission, ProductId, Reach,
    embed_key::{EmbedKeyChange, EmbedKeyRotation, NewEmbedKey},
    offering::{NewOffering, OfferingChange, OfferingOrder, Price, parse_amount},
    product::{Appearance, Mode, NewDomain, NewProduct, ProductChange},
};

/// What the Setup tab shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductSetup {
    /// Where pages find this Mintmark.
    pub url: String,
    /// The key that snippets carry.
    pub key: Option<EmbedKey>,
    /// Offerings that pages can see.
    pub published: usize,
    /// Whether mail leaves this installation.
    pub sends_mail: bool,
    /// What of the integration was seen working.
    pub steps: Vec<SeenStep>,
}

/// Newest first.
#[server(endpoint = "list_products")]
pub async fn list_products(tenant: String, cursor: Option<String>) -> Answer<Page<ProductSummary>> {
    Ok(acting(&tenant).await?.products(Limit::default(), cursor.as_deref()).await?)
}

/// One of them.
#[server(endpoint = "show_product")]
pub async fn show_product(tenant: String, product: String) -> Answer<Product> {
    Ok(acting(&tenant).await?.product(&id(&product, ProductId::NOUN)?).await?)
}

/// What a page needs to name it.
#[server(endpoint = "show_product_setup")]
pub async fn show_product_setup(tenant: String, product: String) -> Answer<ProductSetup> {
    let (op, product) = (acting(&tenant).await?, id::<ProductId>(&product, ProductId::NOUN)?);
    let key = carried_key(&op, &product).await?;
    let published = op.offerings(&product, Some(OfferingStatus::Published)).await?.len();
    let steps = op.integration(&product).await?;
    let settings = op.core().settings();
    Ok(ProductSetup { url: settings.public_url.clone(), key, published, sends_mail: settings.sends_mail, steps })
}

/// The key that a product's snippets carry.
pub(super) async fn carried_key(op: &Op, product: &ProductId) -> mintmark::Result<Option<EmbedKey>> {
    let preview = op.core().settings().preview.as_deref();
    Ok(carried(op.embed_keys(product, Limit::MOST, None).await?.data, preview))
}

/// Makes one and goes to its page.
#[server(endpoint = "create_product")]
pub async fn create_product(tenant: String, name: String) -> Answer<Product> {
    let made = acting(&tenant).await?.create_product(NewProduct { name, ..NewProduct::default() }).await?;
    leptos_axum::redirect(&format!("/t/{tenant}/studio/{}", made.id));
    Ok(made)
}

/// Changes its name.
#[server(endpoint = "rename_product")]
pub async fn rename_product(tenant: String, product: String, name: String) -> Answer<Product> {
    let change = ProductChange { name: Some(name), ..ProductChange::default() };
    Ok(acting(&tenant).await?.update_product(&id(&product, ProductId::NOUN)?, change).await?)
}

/// Whether reading a mail makes a customer of anybody.
#[server(endpoint = "let_anyone_sign_in")]
pub async fn let_anyone_sign_in(tenant: String, product: String, #[server(default)] anyone: bool) -> Answer<Product> {
    let change = ProductChange { anyone_may_sign_in: Some(anyone), ..ProductChange::default() };
    Ok(acting(&tenant).await?.update_product(&id(&product, ProductId::NOUN)?, change).await?)
}

/// Whether its pages may open our sign-in window.
#[server(endpoint = "switch_sign_in")]
pub async fn switch_sign_in(tenant: String, product: String, #[server(default)] on: bool) -> Answer<Product> {
    let change = ProductChange { sign_in: Some(on), ..ProductChange::default() };
    Ok(acting(&tenant).await?.update_product(&id(&product, ProductId::NOUN)?, change).await?)
}

/// Whether customers may sign in with a password of their own.
#[server(endpoint = "let_customers_have_passwords")]
pub async fn let_customers_have_passwords(tenant: String, product: String, #[server(default)] passwords: bool) -> Answer<Product> {
    let change = ProductChange { passwords: Some(passwords), ..ProductChange::default() };
    Ok(acting(&tenant).await?.update_product(&id(&product, ProductId::NOUN)?, change).await?)
}

/// Whether its pages may keep who signed in across reloads.
#[server(endpoint = "keep_customers_signed_in")]
pub async fn keep_customers_signed_in(tenant: String, product: String, #[server(default)] keep: bool) -> Answer<Product> {
    let change = ProductChange { keep_signed_in: Some(keep), ..ProductChange::default() };
    Ok(acting(&tenant).await?.update_product(&id(&product, ProductId::NOUN)?, change).await?)
}

/// The colour and the picture of its mail; what is empty is none.
#[server(endpoint = "change_mail_looks")]
pub async fn change_mail_looks(tenant: String, product: String, accent: Option<String>, logo: Option<String>) -> Answer<Product> {
    let (op, product) = (acting(&tenant).await?, id::<ProductId>(&product, ProductId::NOUN)?);
    let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let appearance = op.product(&product).await?.appearance;
    let appearance = Appearance { accent: given(accent), logo: given(logo), ..appearance };
    let changed = op.update_product(&product, ProductChange { appearance: Some(appearance), ..ProductChange::default() }).await;
    // The form's fields bear the names that the API's have inside `appearance`.
    Ok(changed.map_err(|error| match error.problem().field.as_deref() {
        Some("appearance.accent") => error.field("accent"),
        Some("appearance.logo") => error.field("logo"),
        _ => error,
    })?)
}

/// Changes its looks; an empty field is left to the widgets.
#[server(endpoint = "save_appearance")]
pub async fn save_appearance(
    tenant: String,
    product: String,
    mode: Mode,
    accent: Option<String>,
    background: Option<String>,
    text: Option<String>,
    radius: Option<String>,
    font: Option<String>,
) -> Answer<Product> {
    let (op, product) = (acting(&tenant).await?, id::<ProductId>(&product, ProductId::NOUN)?);
    let radius = given(radius).map(|text| text.parse().map_err(|_| Error::invalid("radius", "This is not a whole number."))).transpose()?;
    let looks = Appearance {
        mode: (mode != Mode::Auto).then_some(mode),
        accent: given(accent),
        background: given(background),
        text: given(text),
        radius,
        font: given(font),
        logo: op.product(&product).await?.appearance.logo,
    };
    let change = ProductChange { appearance: Some(looks), ..ProductChange::default() };
    Ok(op.update_product(&product, change).await.map_err(at_its_field)?)
}

/// The form's fields are named without what they are a part of.
fn at_its_field(error: Error) -> Error {
    match error.problem().field.as_deref().and_then(|field| field.strip_prefix("appearance.")) {
        Some(field) => Error::new(error.code(), error.problem().message).field(field.to_owned()),
        None => error,
    }
}

/// Deletes it with all that came through it; `confirm` is its name, letter for letter.
#[server(endpoint = "delete_product")]
pub async fn delete_product(tenant: String, product: String, confirm: String) -> Answer<Product> {
    let (op, product) = (acting(&tenant).await?, id::<ProductId>(&product, ProductId::NOUN)?);
    op.require(Permission::ManageProducts, Reach::Tenant)?;
    if op.product(&product).await?.name != confirm {
        return Err(Error::invalid("confirm", "Type the product's name as it stands.").into());
    }
    let deleted = op.delete_product(&product).await?;
    leptos_axum::redirect(&format!("/t/{tenant}/studio?all=true"));
    Ok(deleted)
}

/// Newest first.
#[server(endpoint = "list_domains")]
pub async fn list_domains(tenant: String, product: String) -> Answer<Vec<Domain>> {
    Ok(acting(&tenant).await?.domains(&id(&product, ProductId::NOUN)?).await?)
}

/// Registers one, in its stored form.
#[server(endpoint = "add_domain")]
pub async fn add_domain(tenant: String, product: String, origin: String) -> Answer<Domain> {
    Ok(acting(&tenant).await?.add_domain(&id(&product, ProductId::NOUN)?, &NewDomain { origin }).await?)
}

/// Takes one off.
#[server(endpoint = "remove_domain")]
pub async fn remove_domain(tenant: String, product: String, domain: String) -> Answer<Domain> {
    Ok(acting(&tenant).await?.remove_domain(&id(&product, ProductId::NOUN)?, &id::<DomainId>(&domain, DomainId::NOUN)?).await?)
}

/// Newest first, those that work no more among them.
#[server(endpoint = "list_embed_keys")]
pub async fn list_embed_keys(tenant: String, product: String, cursor: Option<String>) -> Answer<Page<EmbedKey>> {
    Ok(acting(&tenant).await?.embed_keys(&id(&product, ProductId::NOUN)?, Limit::default(), cursor.as_deref()).await?)
}

/// One of them.
#[server(endpoint = "show_embed_key")]
pub async fn show_embed_key(tenant: String, product: String, key: String) -> Answer<EmbedKey> {
    Ok(acting(&tenant).await?.embed_key(&id(&product, ProductId::NOUN)?, &id(&key, EmbedKeyId::NOUN)?).await?)
}

/// Makes one and goes to its page. `origins` is one a line; a test key always may name development origins.
#[server(endpoint = "create_embed_key")]
pub async fn create_embed_key(
    tenant: String,
    product: String,
    name: String,
    origins: String,
    mode: KeyMode,
    #[server(default)] allow_development_origins: bool,
) -> Answer<EmbedKey> {
    let allow_development_origins = Some(allow_development_origins || mode == KeyMode::Test);
    let asked = NewEmbedKey { name, origins: lines(&origins), mode, allow_development_origins };
    let made = acting(&tenant).await?.create_embed_key(&id(&product, ProductId::NOUN)?, asked).await?;
    leptos_axum::redirect(&format!("/t/{tenant}/studio/{product}/keys/{}", made.id));
    Ok(made)
}

/// Changes its name, its list and its switch.
#[server(endpoint = "change_embed_key")]
pub async fn change_embed_key(
    tenant: String,
    product: String,
    key: String,
    name: String,
    origins: String,
    #[server(default)] allow_development_origins: bool,
) -> Answer<EmbedKey> {
    let allow_development_origins = Some(allow_development_origins);
    let change = EmbedKeyChange { name: Some(name), origins: Some(lines(&origins)), allow_development_origins };
    Ok(acting(&tenant).await?.update_embed_key(&id(&product, ProductId::NOUN)?, &id(&key, EmbedKeyId::NOUN)?, change).await?)
}

/// Makes its successor and goes to its page.
#[server(endpoint = "rotate_embed_key")]
pub async fn rotate_embed_key(tenant: String, product: String, key: String, overlap_seconds: i64) -> Answer<EmbedKey> {
    let (op, asked) = (acting(&tenant).await?, EmbedKeyRotation { overlap_seconds });
    let made = op.rotate_embed_key(&id(&product, ProductId::NOUN)?, &id(&key, EmbedKeyId::NOUN)?, &asked).await?;
    leptos_axum::redirect(&format!("/t/{tenant}/studio/{product}/keys/{}", made.id));
    Ok(made)
}

/// Pages that carry it are refused at their next call.
#[server(endpoint = "disable_embed_key")]
pub async fn disable_embed_key(tenant: String, product: String, key: String, reason: Option<String>) -> Answer<EmbedKey> {
    Ok(acting(&tenant).await?.disable_embed_key(&id(&product, ProductId::NOUN)?, &id(&key, EmbedKeyId::NOUN)?, reason).await?)
}

/// Lets them in again.
#[server(endpoint = "enable_embed_key")]
pub async fn enable_embed_key(tenant: String, product: String, key: String) -> Answer<EmbedKey> {
    Ok(acting(&tenant).await?.enable_embed_key(&id(&product, ProductId::NOUN)?, &id(&key, EmbedKeyId::NOUN)?).await?)
}

/// All of them, in their order.
#[server(endpoint = "list_offerings")]
pub async fn list_offerings(tenant: String, product: String) -> Answer<Vec<Offering>> {
    Ok(acting(&tenant).await?.offerings(&id(&product, ProductId::NOUN)?, None).await?)
}

/// One of them.
#[server(endpoint = "show_offering")]
pub async fn show_offering(tenant: String, product: String, offering: String) -> Answer<Offering> {
    Ok(acting(&tenant).await?.offering(&id(&product, ProductId::NOUN)?, &id(&offering, OfferingId::NOUN)?).await?)
}

/// Writes one, as a draft. `features` is one a line, `amount` as people write it.
#[server(endpoint = "create_offering")]
pub async fn create_offering(
    tenant: String,
    product: String,
    name: String,
    description: Option<String>,
    amount: String,
    currency: String,
    interval: Interval,
    features: Option<String>,
    cta_url: Option<String>,
) -> Answer<Offering> {
    let op = acting(&tenant).await?;
    let price = Price { amount: parse_amount(&amount, &currency)?, currency, interval };
    let asked = NewOffering { name, description, price, features: lines(&features.unwrap_or_default()), cta_url, status: None };
    Ok(op.create_offering(&id(&product, ProductId::NOUN)?, asked).await?)
}

/// Changes all of it but its status.
#[server(endpoint = "change_offering")]
pub async fn change_offering(
    tenant: String,
    product: String,
    offering: String,
    name: String,
    description: Option<String>,
    amount: String,
    currency: String,
    interval: Interval,
    features: Option<String>,
    cta_url: Option<String>,
) -> Answer<Offering> {
    let op = acting(&tenant).await?;
    let change = OfferingChange {
        name: Some(name),
        description: Some(description.unwrap_or_default()),
        price: Some(Price { amount: parse_amount(&amount, &currency)?, currency, interval }),
        features: Some(lines(&features.unwrap_or_default())),
        cta_url: Some(cta_url.unwrap_or_default()),
        status: None,
    };
    Ok(op.update_offering(&id(&product, ProductId::NOUN)?, &id(&offering, OfferingId::NOUN)?, change).await?)
}

/// Publishes it, archives it, or makes it a draft again.
#[server(endpoint = "set_offering_status")]
pub async fn set_offering_status(tenant: String, product: String, offering: String, status: OfferingStatus) -> Answer<Offering> {
    let change = OfferingChange { status: Some(status), ..OfferingChange::default() };
    Ok(acting(&tenant).await?.update_offering(&id(&product, ProductId::NOUN)?, &id(&offering, OfferingId::NOUN)?, change).await?)
}

/// Puts it before the one of the same status that stands before it, or behind the next one.
#[server(endpoint = "move_offering")]
pub async fn move_offering(tenant: String, product: String, offering: String, up: bool) -> Answer<Vec<Offering>> {
    let (op, product, offering) =
        (acting(&tenant).await?, id::<ProductId>(&product, ProductId::NOUN)?, id::<OfferingId>(&offering, OfferingId::NOUN)?);
    let all = op.offerings(&product, None).await?;
    let at = all.iter().position(|one| one.id == offering).ok_or_else(|| Error::not_found("offering"))?;
    let alike = |place: &usize| all[*place].status == all[at].status;
    let other = if up { (0..at).rev().find(alike) } else { (at + 1..all.len()).find(alike) };
    let mut ids: Vec<_> = all.iter().map(|one| one.id.clone()).collect();
    if let Some(other) = other {
        ids.swap(at, other);
    }
    Ok(op.order_offerings(&product, &OfferingOrder { ids }).await?)
}

/// What a box of several lines holds; empty ones are none.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(ToOwned::to_owned).collect()
}
