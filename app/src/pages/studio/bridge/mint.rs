//! A new key: made here and shown once, or the public half of a pair of the tenant's own.

use crate::{
    api::bridge::{MintBridgeKey, RegisterBridgeKey},
    pages::studio::frame::Around,
    ui::{Actions, Button, Choice, Dialog, Hidden, NeedsScripts, RadioGroup, Secrecy, SecretOnce, ServerForm, TextArea, Variant},
};
use leptos::prelude::*;
use mintmark::bridge::{BridgeAlgorithm, WARNING_OF_SECRET};

/// The id of the dialog.
pub(super) const MINT: &str = "mint-bridge-key";
/// The id of the dialog.
pub(super) const REGISTER: &str = "register-bridge-key";

fn advice(algorithm: BridgeAlgorithm) -> &'static str {
    match algorithm {
        BridgeAlgorithm::Es256 => {
            "A pair on P-256. We keep the public half only, so nothing here can sign as you. Take this one unless something speaks against it."
        }
        BridgeAlgorithm::EdDsa => "A pair on Ed25519. As good, and the quickest, where your library has it.",
        BridgeAlgorithm::Rs256 => "An RSA pair of 3072 bits. For libraries and key services that know nothing else; its tokens are longer.",
        BridgeAlgorithm::Hs256 => {
            "One secret that both of us hold, sealed here. The simplest to set up; with a pair there is nothing here to steal."
        }
    }
}

/// A registered key is a pair's public half; about those people know already.
fn choices(registered: bool) -> Vec<Choice> {
    let choice = |algorithm: &BridgeAlgorithm| {
        let choice = Choice::new(algorithm.as_str(), algorithm.as_str());
        if registered { choice } else { choice.hint(advice(*algorithm)) }
    };
    BridgeAlgorithm::ALL.iter().filter(|algorithm| !registered || **algorithm != BridgeAlgorithm::Hs256).map(choice).collect()
}

#[component]
pub(super) fn MintDialogs(around: Around, first: bool) -> impl IntoView {
    let (tenant, product) = (around.tenant.clone(), around.product.id.to_string());
    let becomes = if first {
        "It becomes the active key."
    } else {
        "It becomes a next key: accepted at once, and promoted when your backend signs with it."
    };
    let failed = ServerAction::<RegisterBridgeKey>::new().value().with_untracked(|answer| matches!(answer, Some(Err(_))));
    let hidden = || {
        view! {
            <Hidden name="tenant" value=tenant.clone()/>
            <Hidden name="product" value=product.clone()/>
        }
    };
    let (minting, registering) = (hidden(), hidden());
    view! {
        <Dialog id=MINT title="Mint a new signing key" description=becomes wide=true>
            <NeedsScripts>
                "The key is shown once, in this page and nowhere else. Without scripts it would have to travel in an address. Allow scripts for this site, or mint it with POST /v1/products/:id/bridge-keys."
            </NeedsScripts>
            <ServerForm action={ServerAction::<MintBridgeKey>::new()} scope=MINT answers="bridge-key-minted">
                {minting}
                <RadioGroup name="algorithm" label="Algorithm" choices=choices(false) value="ES256"/>
                <Actions>
                    <Button submit=true variant=Variant::Primary>"Mint key"</Button>
                    <Button closes=MINT>"Cancel"</Button>
                </Actions>
            </ServerForm>
        </Dialog>
        <SecretOnce id="bridge-key-minted" title="Signing key minted" what=Secrecy::File("mintmark-bridge.key") warning=WARNING_OF_SECRET/>
        <Dialog id=REGISTER title="Register a public key" description=becomes wide=true open=failed>
            <ServerForm action={ServerAction::<RegisterBridgeKey>::new()} scope=REGISTER done="Public key registered">
                {registering}
                <RadioGroup name="algorithm" label="Algorithm" choices=choices(true) value="ES256"/>
                <TextArea name="public_key" label="Public key" hint="PEM or a JWK. The private half stays where it is, in an HSM, a KMS or a vault: never paste it here." mono=true maxlength=4000 placeholder="-----BEGIN PUBLIC KEY-----"/>
                <Actions>
                    <Button submit=true variant=Variant::Primary>"Register key"</Button>
                    <Button closes=REGISTER>"Cancel"</Button>
                </Actions>
            </ServerForm>
        </Dialog>
    }
}
