//! Where the public halves lie, and how to verify with them.

use super::minutes;
use crate::{
    api::keys::KeyBook,
    ui::{Card, CodeBlock, CodeTabs, CopyButton, Fact, Facts},
};
use leptos::prelude::*;

#[component]
pub(super) fn Published(book: KeyBook) -> impl IntoView {
    let KeyBook { issuer, jwks_max_age, environment, verify, .. } = book;
    let jwks = format!("{issuer}/.well-known/jwks.json");
    let configuration = format!("{issuer}/.well-known/openid-configuration");
    view! {
        <Card title="For verifiers" description="Any service can verify a token by itself with the published keys. What it cannot see offline is a revocation.">
            <Facts>
                <Fact label="Published keys (JWKS)"><Address address=jwks link=true label="Copy the address of the published keys"/></Fact>
                <Fact label="Issuer (iss)"><Address address=issuer link=false label="Copy the issuer"/></Fact>
                <Fact label="OpenID configuration"><Address address=configuration link=true label="Copy the address of the configuration"/></Fact>
                <Fact label="May be cached for">{minutes(jwks_max_age)}</Fact>
            </Facts>
            <details class="verify">
                <summary class="verify__name">"Verify a token in your own service"</summary>
                <div class="stack">
                    <CodeBlock code=environment label="Environment"/>
                    <CodeTabs id="verify" label="Verify a token" snippets=verify/>
                </div>
            </details>
        </Card>
    }
}

#[component]
fn Address(address: String, link: bool, label: &'static str) -> impl IntoView {
    let text = view! { <code class="address__text">{address.clone()}</code> };
    view! {
        <span class="address">
            {if link { view! { <a href=address.clone()>{text}</a> }.into_any() } else { text.into_any() }}
            <CopyButton text=address label/>
        </span>
    }
}
