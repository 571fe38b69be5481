//! The Auth Bridge: the keys with which a tenant's backend vouches for its customers, from next to the end of each, and how it signs.

mod end;
mod life;
mod mint;
mod samples;

use super::frame::{Around, ProductFrame};
use crate::{
    api::bridge::{Bridge, show_bridge},
    ui::{Button, EmptyState, Glyph, Section, Variant, loaded},
};
use end::KeyDialogs;
use leptos::prelude::*;
use life::{Life, Past};
use mint::{MINT, MintDialogs, REGISTER};
use mintmark::{BridgeKeyId, Permission};
pub(super) use samples::BackendSamples;
use samples::Samples;

const ABOUT: &str = "Your backend knows who is signed in. It signs that into a bridge token of a few minutes, your page exchanges the token for a session, and no password ever comes here.";

/// `/t/:tenant/studio/:product/bridge`
#[component]
pub fn AuthBridgePage() -> impl IntoView {
    view! { <ProductFrame current="/bridge" page=|around| view! { <Keys around/> }/> }
}

#[component]
fn Keys(around: Around) -> impl IntoView {
    let refused = around.refusal(Permission::ManageBridgeKeys);
    loaded(show_bridge(around.tenant.clone(), around.product.id.to_string()), move |bridge| {
        let may = refused.is_none();
        let Bridge { keys, environment, sign, page } = bridge;
        let openers = {
            let refused = refused.clone();
            move || {
                view! {
                    <Button opens=REGISTER disabled_because=refused.clone()>"Register a public key"</Button>
                    <Button variant=Variant::Primary icon=Glyph::Plus opens=MINT disabled_because=refused>"Mint a new signing key"</Button>
                }
            }
        };
        let list = if keys.is_empty() {
            view! {
                <EmptyState
                    title="No signing key yet"
                    text="Your backend signs with a key whose other half lies here. Mint one, or register the public half of a pair of yours."
                    icon=Glyph::Key
                    action=openers
                />
            }
            .into_any()
        } else {
            let (shown, past, why) = (keys.clone(), keys.clone(), refused.clone());
            view! {
                <Section title="Signing keys" description=ABOUT actions=openers><Life keys=shown refused=why/></Section>
                <Past keys=past refused/>
            }
            .into_any()
        };
        view! {
            {list}
            <Samples environment sign page/>
            {may.then(|| view! {
                <MintDialogs around=around.clone() first=keys.is_empty()/>
                <KeyDialogs around keys/>
            })}
        }
    })
}

/// The end of an id, as people compare it.
fn short(id: &BridgeKeyId) -> String {
    format!("brk_…{}", tail(id))
}

/// The last six characters, which a revocation has to repeat.
fn tail(id: &BridgeKeyId) -> &str {
    let text = id.as_str();
    &text[text.len().saturating_sub(6)..]
}

/// "1 live session", "12 live sessions".
fn live_sessions(count: i64) -> String {
    if count == 1 { "1 live session".to_owned() } else { format!("{count} live sessions") }
}
