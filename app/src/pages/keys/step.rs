//! Rotating and promoting: what happens, what has to be waited for, and the way past the wait.

use super::{in_state, live_tokens, minutes, short};
use crate::{
    Failure,
    api::keys::{KeyBook, PromoteSigningKey, RotateSigningKeys},
    ui::{Actions, Button, Dialog, DialogActions, Hidden, Notice, ServerForm, TextArea, Tone, Variant, When},
    words::exact,
};
use leptos::{prelude::*, server_fn::ServerFn};
use mintmark::{
    Time,
    key::{KeyState, NEEDED_FOR},
};

/// The id of the dialog.
pub(super) const ROTATE: &str = "rotate-keys";
/// The id of the dialog.
pub(super) const PROMOTE: &str = "promote-key";

#[component]
pub(super) fn RotateDialog(tenant: String, book: KeyBook) -> impl IntoView {
    let action = ServerAction::<RotateSigningKeys>::new();
    let refused = action.value().with_untracked(|answer| matches!(answer, Some(Err(_))));
    let wait = book.next_ready_at.filter(|at| *at > book.now);
    view! {
        <Dialog id=ROTATE title="Rotate keys" description="One step: the next key signs, the active one retires, a new next one is published." wide=true open=refused>
            <Waits book new_next=true/>
            <StepForms action id=ROTATE values=vec![("tenant", tenant)] verb="Rotate keys" done="Keys rotated" wait/>
        </Dialog>
    }
}

#[component]
pub(super) fn PromoteDialog(tenant: String, book: KeyBook) -> impl IntoView {
    let action = ServerAction::<PromoteSigningKey>::new();
    let refused = action.value().with_untracked(|answer| matches!(answer, Some(Err(_))));
    let wait = book.next_ready_at.filter(|at| *at > book.now);
    let next = in_state(&book, KeyState::Next).map(|key| key.id.to_string()).unwrap_or_default();
    view! {
        <Dialog id=PROMOTE title="Promote next key" description="The same without a new next key: for the last rotation before another algorithm, or before keys come from elsewhere." wide=true open=refused>
            <Waits book new_next=false/>
            <StepForms action id=PROMOTE values=vec![("tenant", tenant), ("key", next)] verb="Promote key" done="Key promoted" wait/>
        </Dialog>
    }
}

/// Both waits, in the order in which they pass.
#[component]
fn Waits(book: KeyBook, new_next: bool) -> impl IntoView {
    let (Some(next), active) = (in_state(&book, KeyState::Next), in_state(&book, KeyState::Active)) else {
        return view! { <Notice tone=Tone::Warn>"There is no next key. Create one first."</Notice> }.into_any();
    };
    let cache = minutes(book.jwks_max_age);
    let longest = minutes(NEEDED_FOR / 1_000);
    let ready = book.next_ready_at.is_none_or(|at| at <= book.now);
    let old = active.map_or_else(|| ("the old key".to_owned(), 0), |key| (short(&key.id), key.live_tokens));
    view! {
        <ol class="waits" role="list">
            <li class="waits__step" data-done=ready.then_some("")>
                <p class="waits__name">{if ready { "Verifiers know the next key" } else { "Verifiers learn of the next key" }}</p>
                <p>
                    <code>{short(&next.id)}</code> ", " {next.algorithm.as_str()} ", was published " <When at=next.created_at/>
                    {format!(". Verifiers keep the published keys for up to {cache}, so it may sign ")}
                    {if ready { "now".into_any() } else { view! { <When at=book.next_ready_at/> }.into_any() }}
                    "."
                </p>
            </li>
            <li class="waits__step">
                <p class="waits__name">"It signs, and the active key stops"</p>
                <p>
                    {match old.1 {
                        0 => format!("{} stays published until nothing that it signed can be alive.", old.0),
                        live => format!("{} stays published: the {} that it signed go on working.", old.0, live_tokens(live)),
                    }}
                </p>
            </li>
            {new_next.then(|| view! {
                <li class="waits__step">
                    <p class="waits__name">"A new next key is published"</p>
                    <p>{format!("{}, as the one before it. In {cache} the next rotation is possible.", next.algorithm.as_str())}</p>
                </li>
            })}
            <li class="waits__step">
                <p class="waits__name">{format!("{longest} later the old key retires by itself")}</p>
                <p>"No token lives longer, so by then nothing needs it. Its public half leaves the published keys."</p>
            </li>
        </ol>
    }
    .into_any()
}

/// The form; while the next key is too young, the moment from which it works, and the way past it with a reason.
#[component]
fn StepForms<F>(
    action: ServerAction<F>,
    id: &'static str,
    values: Vec<(&'static str, String)>,
    verb: &'static str,
    done: &'static str,
    wait: Option<Time>,
) -> impl IntoView
where
    F: ServerFn<Error = Failure> + Clone + Send + Sync + 'static,
    F::Output: Send + Sync + 'static,
{
    let hidden = values.into_iter().map(|(name, value)| view! { <Hidden name value/> }).collect_view();
    let Some(at) = wait else {
        return view! {
            <ServerForm action scope=id done=done>
                {hidden}
                <TextArea name="reason" label="Reason" hint="Kept in the history." optional=true maxlength=500/>
                <Actions>
                    <Button submit=true variant=Variant::Primary>{verb}</Button>
                    <Button closes=id>"Cancel"</Button>
                </Actions>
            </ServerForm>
        }
        .into_any();
    };
    view! {
        <Notice tone=Tone::Warn title="The next key is too young">
            "It may sign " <When at/> ", at " {exact(at)} ". Tokens that it signed before then could be refused by verifiers that have not seen it. Reload the page after that."
        </Notice>
        <details class="force">
            <summary class="force__name">"Do it now all the same"</summary>
            <ServerForm action scope=format!("{id}-force") done=done>
                {hidden}
                <Hidden name="force" value="true"/>
                <p class="dialog__consequence" data-tone="danger">
                    "Services that verify offline may refuse new tokens until their copy of the published keys expires. Calls to Mintmark itself are not affected."
                </p>
                <TextArea name="reason" label="Reason" hint="Kept in the history. For a leaked key, revoking it is quicker: that promotes the next key as well." maxlength=500/>
                <Actions><Button submit=true variant=Variant::Danger>{format!("{verb} now")}</Button></Actions>
            </ServerForm>
        </details>
        <DialogActions>
            <Button variant=Variant::Primary disabled_because=Some(format!("Possible from {}.", exact(at)))>{verb}</Button>
            <Button closes=id>"Cancel"</Button>
        </DialogActions>
    }
    .into_any()
}
