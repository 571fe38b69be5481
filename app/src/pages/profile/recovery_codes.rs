//! The one moment in which recovery codes are seen.

use crate::ui::{Button, Dialog, Glyph, Notice, Tone, Variant, browser};
use leptos::{ev, prelude::*};

/// The dialog's id.
const DIALOG: &str = "recovery-codes";

/// Opens when `codes` becomes `Some`, cannot be left by accident, and takes the codes out of the page when it closes.
#[component]
pub(super) fn RecoveryCodes(codes: RwSignal<Option<Vec<String>>>) -> impl IntoView {
    Effect::new(move |_| {
        if codes.with(Option::is_some) {
            browser::open_dialog(DIALOG);
        }
    });
    let done = Callback::new(move |()| {
        browser::close_dialog(DIALOG);
        codes.set(None);
        browser::say_later("Second factor on");
        browser::reload();
    });
    let panel = move || codes.get().map(|codes| view! { <Panel codes done/> });
    view! { <Dialog id=DIALOG title="Keep your recovery codes" locked=true wide=true>{panel}</Dialog> }
}

#[component]
fn Panel(codes: Vec<String>, done: Callback<()>) -> impl IntoView {
    let stored = RwSignal::new(false);
    let guard = window_event_listener(ev::beforeunload, move |event| {
        if !stored.get_untracked() {
            event.prevent_default();
        }
    });
    on_cleanup(move || guard.remove());
    let all = codes.join("\n");
    let file = format!("Recovery codes for Mintmark. Each works once, in place of a code of the authenticator.\n\n{all}\n");
    let list = codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view();
    view! {
        <div class="secret">
            <Notice tone=Tone::Warn title="Shown once">"Each of these codes stands in for your authenticator once. Keep them where your phone is not."</Notice>
            <ul class="codes" role="list" aria-label="Recovery codes">{list}</ul>
            <div class="secret__buttons">
                <Button icon=Glyph::Copy on:click=move |_| browser::copy(&all, "Recovery codes copied")>"Copy all"</Button>
                <Button icon=Glyph::Download on:click=move |_| browser::download("mintmark-recovery-codes.txt", &file)>"Download"</Button>
            </div>
            <div class="secret__done">
                <div class="tick" data-kind="checkbox">
                    <input class="tick__box" type="checkbox" id="codes-stored" on:change=move |event| stored.set(event_target_checked(&event))/>
                    <label class="tick__label" for="codes-stored">"I have stored them. They cannot be shown again."</label>
                </div>
                <Button variant=Variant::Primary disabled=Signal::derive(move || !stored.get()) on:click=move |_| done.run(())>"Done"</Button>
            </div>
        </div>
    }
}
