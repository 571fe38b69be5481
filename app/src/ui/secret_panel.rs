//! The one moment in which a secret is seen.

use super::{Button, Dialog, Glyph, Icon, Notice, Tone, Variant, browser};
use leptos::{ev, prelude::*};

/// Shows a secret once, for islands: opens when `secret` becomes `Some`, cannot be left by accident, and takes the
/// value out of the page when it closes. The value never stands in an attribute or an address.
#[component]
pub fn SecretDialog(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// "Widget token minted"
    #[prop(into)]
    title: String,
    /// Set it from the action's value; it is emptied here.
    secret: RwSignal<Option<String>>,
    /// The server's own warning.
    #[prop(into)]
    warning: String,
    /// The variable's name in the `.env` file: `MINTMARK_API_KEY`.
    #[prop(into)]
    variable: String,
    /// After it was closed; by default the page is loaded anew, so that lists show the new row.
    #[prop(optional, into)]
    on_done: Option<Callback<()>>,
    /// What to do with it: snippets that name the variable, never the value.
    children: ChildrenFn,
) -> impl IntoView {
    let shown_id = id.clone();
    Effect::new(move |_| {
        if secret.with(Option::is_some) {
            browser::open_dialog(&shown_id);
        }
    });
    let closed_id = id.clone();
    let done = Callback::new(move |()| {
        browser::close_dialog(&closed_id);
        secret.set(None);
        match on_done {
            Some(done) => done.run(()),
            None => browser::reload(),
        }
    });
    let panel_id = id.clone();
    let panel = move || {
        secret.get().map(|value| {
            let (warning, variable, children) = (warning.clone(), variable.clone(), children.clone());
            view! { <SecretPanel id=panel_id.clone() value warning variable done>{children()}</SecretPanel> }
        })
    };
    view! { <Dialog id title locked=true wide=true>{panel}</Dialog> }
}

/// The value, masked until it is wanted; copy, download, and the box that must be ticked before it closes.
#[component]
fn SecretPanel(id: String, value: String, warning: String, variable: String, done: Callback<()>, children: Children) -> impl IntoView {
    let shown = RwSignal::new(false);
    let stored = RwSignal::new(false);
    let copied = RwSignal::new(false);
    let guard = window_event_listener(ev::beforeunload, move |event| {
        if !stored.get_untracked() {
            event.prevent_default();
        }
    });
    on_cleanup(move || guard.remove());
    let masked = {
        let start: String = value.chars().take(5).collect();
        format!("{start}{}", "•".repeat(27))
    };
    let text = {
        let value = value.clone();
        move || if shown.get() { value.clone() } else { masked.clone() }
    };
    let copy = {
        let value = value.clone();
        move |_| {
            browser::copy(&value, "Secret copied");
            copied.set(true);
        }
    };
    let file = format!("{variable}={value}\n");
    view! {
        <div class="secret">
            <Notice tone=Tone::Warn>{warning}</Notice>
            <div class="secret__line">
                <code class="secret__value" data-shown=move || shown.get().then_some("") tabindex="0" role="textbox" aria-readonly="true" aria-label=variable>
                    {text}
                </code>
                <div class="secret__buttons">
                    <button class="button button--secondary" data-size="small" type="button" aria-pressed=move || if shown.get() { "true" } else { "false" } on:click=move |_| shown.update(|on| *on = !*on)>
                        {move || view! { <Icon glyph=if shown.get() { Glyph::EyeOff } else { Glyph::Eye }/> }}
                        <span class="button__text">{move || if shown.get() { "Hide" } else { "Reveal" }}</span>
                    </button>
                    <button class="button button--primary" data-size="small" type="button" on:click=copy>
                        {move || view! { <Icon glyph=if copied.get() { Glyph::Check } else { Glyph::Copy }/> }}
                        <span class="button__text">{move || if copied.get() { "Copied" } else { "Copy" }}</span>
                    </button>
                    <Button icon=Glyph::Download size=super::Size::Small on:click=move |_| browser::download("mintmark.env", &file)>".env"</Button>
                </div>
            </div>
            {children()}
            <div class="secret__done">
                <div class="tick" data-kind="checkbox">
                    <input class="tick__box" type="checkbox" id=format!("{id}-stored") on:change=move |event| stored.set(event_target_checked(&event))/>
                    <label class="tick__label" for=format!("{id}-stored")>"I have stored it. It cannot be shown again."</label>
                </div>
                <Button variant=Variant::Primary disabled=Signal::derive(move || !stored.get()) on:click=move |_| done.run(())>"Done"</Button>
            </div>
        </div>
    }
}
