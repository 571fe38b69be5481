//! What keeps a product's pages apart from everybody else's: its domains, and what a host page has to allow.

use super::{
    domains::Domains,
    frame::{Around, ProductFrame},
    origin_tester::OriginTester,
    policy::PolicyHelper,
    secrets::VerificationSecrets,
};
use leptos::prelude::*;

/// `/t/:tenant/studio/:product/security`
#[component]
pub fn ProductSecurityPage() -> impl IntoView {
    view! { <ProductFrame current="/security" page=|around| view! { <Parts around/> }/> }
}

#[component]
fn Parts(around: Around) -> impl IntoView {
    view! {
        <VerificationSecrets around=around.clone()/>
        <Domains around=around.clone()/>
        <OriginTester around=around.clone()/>
        <PolicyHelper around/>
    }
}
