//! What the backend signs and the page exchanges, as files that the journeys run.

use crate::ui::{Card, CodeBlock, CodeTabs, Snippet, Stack};
use leptos::prelude::*;

#[component]
pub(super) fn Samples(environment: String, sign: Vec<Snippet>, page: String) -> impl IntoView {
    view! {
        <BackendSamples environment sign/>
        <Card title="In your page" description="Exchanges the token for a session, once, and asks whose it is. The session stays in memory.">
            <CodeBlock code=page label="HTML"/>
        </Card>
    }
}

/// The backend's half alone.
#[component]
pub(in crate::pages::studio) fn BackendSamples(environment: String, sign: Vec<Snippet>) -> impl IntoView {
    view! {
        <Card title="In your backend" description="Signs a bridge token of five minutes, whenever it renders the page of somebody who is signed in with you. The key never leaves it.">
            <Stack>
                <CodeBlock code=environment label="Environment"/>
                <CodeTabs id="bridge" label="Sign a bridge token" snippets=sign/>
            </Stack>
        </Card>
    }
}
