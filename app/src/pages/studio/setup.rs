//! What a page needs to name a product: which way in fits, its ids, and snippets that run as they stand.

use super::{
    bridge::BackendSamples,
    chooser::ModeChooser,
    delete::DeleteProductSection,
    frame::{Around, ProductFrame},
    integration::IntegrationChecklist,
};
use crate::{
    api::{
        bridge::show_bridge,
        studio::{ProductSetup, RenameProduct, show_product_setup},
    },
    ui::{
        Actions, Button, Card, CodeBlock, EmptyState, Fact, Facts, Glyph, Hidden, Id, LinkButton, Notice, ServerForm, TextField, Tone,
        Variant, loaded,
    },
    ways::Way,
};
use leptos::prelude::*;
use mintmark::{Permission, embed_key::EmbedKey};

/// `/t/:tenant/studio/:product`
#[component]
pub fn ProductPage() -> impl IntoView {
    view! { <ProductFrame current="" page=|around| view! { <Setup around/> }/> }
}

#[component]
fn Setup(around: Around) -> impl IntoView {
    let answer = show_product_setup(around.tenant.clone(), around.product.id.to_string());
    let inner = around.clone();
    let backend = show_bridge(around.tenant.clone(), around.product.id.to_string());
    view! {
        <ModeChooser around=around.clone()/>
        {loaded(answer, move |setup| view! { <Snippets around=inner setup/> })}
        {loaded(backend, |bridge| view! { <BackendSamples environment=bridge.environment sign=bridge.sign/> })}
        <Details around=around.clone()/>
        <DeleteProductSection around/>
    }
}

#[component]
fn Snippets(around: Around, setup: ProductSetup) -> impl IntoView {
    let ProductSetup { url, key, published, steps, .. } = setup;
    let checklist = around.clone();
    let (keys_page, offerings_page) = (format!("{}/keys", around.base()), format!("{}/offerings", around.base()));
    let Some(key) = key else {
        let refused = around.refusal(Permission::ManageEmbedKeys);
        return view! {
            <EmptyState
                title="No embed key yet"
                text="A page names this product by an embed key. It is public, and lets in only pages of the origins on its list."
                icon=Glyph::Embed
                action=move || view! { <LinkButton href=keys_page variant=Variant::Primary disabled_because=refused>"Create an embed key"</LinkButton> }
            />
        }
        .into_any();
    };
    let snippet = Way::Anonymous.snippet(&url, key.id.as_str());
    let command = command(&url, &around.tenant, &key);
    let (id, key_page) = (key.id.to_string(), format!("{keys_page}/{}", key.id));
    let (product, tenant) = (around.product.id.to_string(), around.standing.tenant.id.to_string());
    view! {
        <IntegrationChecklist around=checklist steps/>
        {(published == 0).then(|| view! {
            <Notice tone=Tone::Warn title="Nothing is published yet">
                "The snippet runs and shows an empty list until there is "
                <a href=offerings_page>"a published offering"</a>
                "."
            </Notice>
        })}
        <div id="snippet">
            <Card title="In your page" description="Shows what is published, in any page of the key's origins. The page needs no backend.">
                <CodeBlock code=snippet label="HTML"/>
            </Card>
        </div>
        <Card title="From a shell" description="What a page of the first origin is answered.">
            <CodeBlock code=command label="curl"/>
        </Card>
        <Card title="Ids">
            <Facts>
                <Fact label="Embed key"><Id value=id href=key_page whole=true/></Fact>
                <Fact label="Product"><Id value=product whole=true/></Fact>
                <Fact label="Tenant"><Id value=tenant whole=true/></Fact>
                <Fact label="Tenant's slug"><code>{around.tenant}</code></Fact>
            </Facts>
        </Card>
    }
    .into_any()
}

fn command(url: &str, tenant: &str, key: &EmbedKey) -> String {
    let origin = key.origins.0.first().map_or("https://app.example.com", |origin| origin.as_str());
    format!("curl '{url}/embed/v1/config?tenant={tenant}&key={}' --header 'origin: {origin}'", key.id)
}

#[component]
fn Details(around: Around) -> impl IntoView {
    let Around { tenant, product, .. } = around.clone();
    view! {
        <Card title="Details">
            {match around.refusal(Permission::ManageProducts) {
                Some(reason) => view! { <Notice>{reason}</Notice> }.into_any(),
                None => view! {
                    <ServerForm action={ServerAction::<RenameProduct>::new()} done="Product saved">
                        <Hidden name="tenant" value=tenant/>
                        <Hidden name="product" value=product.id.to_string()/>
                        <TextField name="name" label="Name" maxlength=120_u32 value=product.name hint="Pages that carry its keys can read it."/>
                        <Actions><Button submit=true variant=Variant::Primary>"Save changes"</Button></Actions>
                    </ServerForm>
                }.into_any(),
            }}
        </Card>
    }
}
