//! The development switch: what it means, and turning it.

use super::frame::Around;
use crate::{
    api::organizations::SetDevelopmentOrigins,
    ui::{Button, Card, Hidden, ServerForm, Status, Tone},
};
use leptos::prelude::*;
use mintmark::Permission;

/// The switch with what it means. It works without scripts: one button that says what it will do.
#[component]
pub fn DevelopmentCard(around: Around) -> impl IntoView {
    let on = around.organization.allow_development_origins;
    let refused = around.refusal(Permission::UpdateOrganization);
    let done = if on { "Development origins off" } else { "Development origins on" };
    view! {
        <Card title="Development origins" description="Lets the allowlist hold http on localhost, 127.0.0.1 and [::1], and addresses instead of names, so that a page on your own machine can carry a token.">
            <ServerForm action={ServerAction::<SetDevelopmentOrigins>::new()} done inline=true>
                <Hidden name="tenant" value=around.tenant/>
                <Hidden name="organization" value=around.organization.id.to_string()/>
                <Hidden name="allowed" value=(!on).to_string()/>
                <div class="switch-state">
                    <Status tone=if on { Tone::Warn } else { Tone::Neutral }>{if on { "On" } else { "Off" }}</Status>
                    <p class="switch-state__words">
                        {if on {
                            "Anybody who can run a page on such a machine can use a token that names it. Turning it off lets no further one in; those on the list stay until they are removed."
                        } else {
                            "Only https origins can be added."
                        }}
                    </p>
                </div>
                <Button submit=true disabled_because=refused>{if on { "Turn off" } else { "Turn on" }}</Button>
            </ServerForm>
        </Card>
    }
}
