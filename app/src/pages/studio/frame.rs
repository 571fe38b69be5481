//! Around everything of one product: its name, and its tabs.

use crate::{
    Answer,
    api::studio::show_product,
    pages::{address, restricted::loaded_or_ask},
    standing::{Standing, standing},
    ui::{Crumb, Id, PageHeader, Tab, Tabs},
};
use leptos::prelude::*;
use mintmark::{Permission, Reach, product::Product};

/// A part of a product's pages: its path below `/t/:tenant/studio/:product`, and what it is called.
const TABS: [(&str, &str); 10] = [
    ("", "Setup"),
    ("/keys", "Keys"),
    ("/bridge", "Auth Bridge"),
    ("/magic-links", "Magic links"),
    ("/sign-in", "Sign-in"),
    ("/offerings", "Offerings"),
    ("/conversations", "Conversations"),
    ("/security", "Security"),
    ("/appearance", "Appearance"),
    ("/preview", "Preview"),
];

/// What a tab knows of the product around it.
#[derive(Clone)]
pub(super) struct Around {
    /// The tenant's slug.
    pub tenant: String,
    /// Itself.
    pub product: Product,
    /// The reader's.
    pub standing: Standing,
}

impl Around {
    /// Why the reader may not do this, if so.
    pub fn refusal(&self, permission: Permission) -> Option<String> {
        self.standing.refusal(permission, Reach::Tenant)
    }

    /// Where its pages are.
    pub fn base(&self) -> String {
        format!("/t/{}/studio/{}", self.tenant, self.product.id)
    }

    /// The steps to a page of something in it.
    pub fn crumbs(&self, tab: &str, name: &str) -> Vec<Crumb> {
        let base = self.base();
        vec![Crumb::new(self.product.name.clone(), base.clone()), Crumb::new(name, format!("{base}/{tab}"))]
    }
}

/// The product that the address names.
pub(super) async fn load(standing: Standing, product: String) -> Answer<Around> {
    let tenant = standing.slug();
    Ok(Around { product: show_product(tenant.clone(), product).await?, tenant, standing })
}

/// The head of every page of one product, then the page. `current` is the path of its tab.
#[component]
pub(super) fn ProductFrame<F, V>(
    /// The path of the present tab.
    current: &'static str,
    /// The page itself.
    page: F,
) -> impl IntoView
where
    F: FnOnce(Around) -> V + Send + 'static,
    V: IntoView + 'static,
{
    let standing = standing();
    loaded_or_ask("Product", standing.slug(), load(standing, address("product")), move |around| {
        let base = around.base();
        let list = format!("/t/{}/studio?all=true", around.tenant);
        let tabs = TABS
            .iter()
            .map(|(path, name)| view! { <Tab href=format!("{base}{path}") current=*path == current>{*name}</Tab> })
            .collect_view();
        let id = around.product.id.to_string();
        view! {
            <PageHeader title=around.product.name.clone() crumbs=vec![Crumb::new("Embed Studio", list)] beside=move || view! { <Id value=id/> }/>
            <Tabs label="Parts of this product">{tabs}</Tabs>
            {page(around)}
        }
    })
}
