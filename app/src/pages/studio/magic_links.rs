//! Signing in by mail: who may, how the mail looks, and a snippet that runs as it stands.

use super::{
    frame::{Around, ProductFrame},
    switch::SwitchCard,
};
use crate::{
    api::studio::{ChangeMailLooks, LetAnyoneSignIn, ProductSetup, show_product_setup},
    ui::{Actions, Button, Card, CodeBlock, EmptyState, Glyph, Hidden, LinkButton, Notice, ServerForm, TextField, Tone, Variant, loaded},
    ways::Way,
};
use leptos::prelude::*;
use mintmark::Permission;

/// `/t/:tenant/studio/:product/magic-links`
#[component]
pub fn MagicLinksPage() -> impl IntoView {
    view! { <ProductFrame current="/magic-links" page=|around| view! { <MagicLinks around/> }/> }
}

#[component]
fn MagicLinks(around: Around) -> impl IntoView {
    let answer = show_product_setup(around.tenant.clone(), around.product.id.to_string());
    let inner = around.clone();
    view! {
        {loaded(answer, move |setup| view! { <Snippet around=inner setup/> })}
        <Who around=around.clone()/>
        <Looks around/>
    }
}

#[component]
fn Snippet(around: Around, setup: ProductSetup) -> impl IntoView {
    let outbox = format!("/t/{}/outbox", around.tenant);
    let notice = (!setup.sends_mail).then(|| {
        view! {
            <Notice tone=Tone::Warn title="No mail is sent">
                "This installation has no mail server yet. Links wait for 15 minutes in the "
                <a href=outbox>"outbox"</a>
                ", where owners and admins read them."
            </Notice>
        }
    });
    view! {
        {notice}
        <Card
            title="In your page"
            description="A visitor types an address, reads a mail, clicks, and is back in the same page with a session of an hour. Your backend does nothing."
        >
            {if let Some(key) = setup.key {
                view! { <CodeBlock code=Way::MagicLink.snippet(&setup.url, key.id.as_str()) label="HTML"/> }.into_any()
            } else {
                let (keys, refused) = (format!("{}/keys", around.base()), around.refusal(Permission::ManageEmbedKeys));
                view! {
                    <EmptyState
                        title="No embed key yet"
                        text="A page asks for links with an embed key, and only a page of the origins on its list."
                        icon=Glyph::Mail
                        action=move || view! { <LinkButton href=keys variant=Variant::Primary disabled_because=refused>"Create an embed key"</LinkButton> }
                    />
                }
                .into_any()
            }}
            <ul class="plain-list">
                <li>"A link works once, for 15 minutes, and dies with its embed key."</li>
                <li>"A client is heard ten times a minute, an address five times an hour. Past that the page is answered the same, and no mail goes out; history says so."</li>
                <li>"The link leads to the page that asked, and only to an origin on the key's list."</li>
            </ul>
        </Card>
    }
}

#[component]
fn Who(around: Around) -> impl IntoView {
    let on = around.product.anyone_may_sign_in;
    view! {
        <SwitchCard
            around
            action={ServerAction::<LetAnyoneSignIn>::new()}
            title="Who may sign in by mail"
            description="Customers whose address is verified: your backend said so, somebody here did, or they signed in by mail before."
            on
            said=["Anyone may: whoever reads the mail becomes a customer.", "Nobody else: other addresses get no mail."]
            name="anyone"
            label="Anyone may sign in by mail"
            hint="Whoever reads the mail becomes a customer. Off, other addresses get no mail."
        />
    }
}

#[component]
fn Looks(around: Around) -> impl IntoView {
    let Around { tenant, product, .. } = around.clone();
    let (accent, logo) = (product.appearance.accent.unwrap_or_default(), product.appearance.logo.unwrap_or_default());
    around.refusal(Permission::ManageProducts).is_none().then(|| {
        view! {
            <Card title="How the mail looks" description="It bears the tenant's name. Colour and picture are the product's.">
                <ServerForm action={ServerAction::<ChangeMailLooks>::new()} done="Saved">
                    <Hidden name="tenant" value=tenant/>
                    <Hidden name="product" value=product.id.to_string()/>
                    <TextField name="accent" label="Colour" value=accent mono=true maxlength=7_u32 placeholder="#1a6b4f" optional=true hint="Of the button; its text is black or white, whichever reads better."/>
                    <TextField name="logo" label="Logo" value=logo inputmode="url" mono=true maxlength=500_u32 placeholder="https://acme.example/logo.png" optional=true hint="An https address; mail programs show it 32 pixels high, or the tenant's name."/>
                    <Actions><Button submit=true variant=Variant::Primary>"Save looks"</Button></Actions>
                </ServerForm>
            </Card>
        }
    })
}
