//! A link that is seen once: to be copied and sent by whatever way people have.

use crate::{
    api::members::FreshLink,
    ui::{Button, Dialog, Glyph, Icon, Notice, Tone, Variant, When, browser},
};
use leptos::prelude::*;

/// Opens when `link` becomes `Some`; it is taken out of the page when the dialog closes, and the page loaded anew.
#[component]
pub(super) fn LinkOnce(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    link: RwSignal<Option<FreshLink>>,
    /// What to do with it.
    about: &'static str,
) -> impl IntoView {
    let shown_id = id.clone();
    Effect::new(move |_| {
        if link.with(Option::is_some) {
            browser::open_dialog(&shown_id);
        }
    });
    let closed_id = id.clone();
    let done = Callback::new(move |()| {
        browser::close_dialog(&closed_id);
        link.set(None);
        browser::reload();
    });
    let panel = move || {
        link.with(|link| link.as_ref().map(|link| (link.url.reveal().to_owned(), link.email.clone(), link.expires_at)))
            .map(|(url, email, until)| view! { <Panel url email until about done/> })
    };
    view! { <Dialog id title locked=true wide=true>{panel}</Dialog> }
}

#[component]
fn Panel(url: String, email: String, until: mintmark::Time, about: &'static str, done: Callback<()>) -> impl IntoView {
    let copied = RwSignal::new(false);
    let text = url.clone();
    let copy = move |_| {
        browser::copy(&url, "Link copied");
        copied.set(true);
    };
    view! {
        <div class="secret">
            <Notice tone=Tone::Warn title=format!("Shown once, for {email}")>{about} " It works until " <When at=until/> "."</Notice>
            <div class="secret__line">
                <code class="secret__value" data-shown="" tabindex="0" role="textbox" aria-readonly="true" aria-label="Link">{text}</code>
                <div class="secret__buttons">
                    <button class="button button--primary" data-size="small" type="button" on:click=copy>
                        {move || view! { <Icon glyph=if copied.get() { Glyph::Check } else { Glyph::Copy }/> }}
                        <span class="button__text">{move || if copied.get() { "Copied" } else { "Copy link" }}</span>
                    </button>
                </div>
            </div>
            <div class="secret__done">
                <p class="field__hint">"Lost it? A new one can be made at any time; the old one then stops working."</p>
                <Button variant=Variant::Primary on:click=move |_| done.run(())>"Done"</Button>
            </div>
        </div>
    }
}
