//! What a backend asks on behalf of its user, as files that the journeys run.

use crate::ui::{Card, CodeBlock, CodeTabs, Snippet, Stack};
use leptos::prelude::*;

#[component]
pub(super) fn Samples(environment: String, samples: Vec<Snippet>) -> impl IntoView {
    view! {
        <Card title="In your backend" description="A route that tells your own page who is signed in with you. The whole answer may go to the page; the secret never does.">
            <Stack>
                <CodeBlock code=environment label="Environment"/>
                <CodeTabs id="identity" label="Ask for an identity token" snippets=samples/>
            </Stack>
        </Card>
    }
}
