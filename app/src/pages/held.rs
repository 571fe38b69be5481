//! What a restore holds: said on the page of the thing, where an owner lets it live again.

use crate::{
    Failure,
    standing::Standing,
    ui::{Actions, Button, DangerDialog, Notice, Tone, When},
};
use leptos::{prelude::*, server_fn::ServerFn};
use mintmark::{Permission, Reach, Time};

/// `what` is "This member" or "This API key"; `look` says what to look at first.
#[component]
pub fn Held<F>(
    what: &'static str,
    look: &'static str,
    at: Time,
    standing: Standing,
    action: ServerAction<F>,
    values: Vec<(&'static str, String)>,
) -> impl IntoView
where
    F: ServerFn<Error = Failure> + Clone + Send + Sync + 'static,
    F::Output: Send + Sync + 'static,
{
    let refused = standing.refusal(Permission::ReleaseHeld, Reach::Tenant);
    let may = refused.is_none();
    view! {
        <Notice tone=Tone::Warn title="Held since a backup was restored">
            <p>{what} " is as the backup knew it, and opens nothing since " <When at full=true/> ". " {look}</p>
            <Actions><Button opens="release" disabled_because=refused>"Release"</Button></Actions>
        </Notice>
        {may.then(|| view! {
            <DangerDialog
                id="release"
                action
                title="Release"
                consequence=format!("{what} opens again what it opened when the backup was taken.")
                verb="Release"
                values
                mild=true
                done="Released"
            />
        })}
    }
}
