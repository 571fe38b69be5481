//! The one moment in which a secret is seen. The page holds the empty panel; `live/secret.rs` fills and empties it.

use super::{Dialog, Glyph, Icon, Notice, Tone};
use leptos::prelude::*;

/// What a [`SecretOnce`] shows, and what can be done with it.
#[derive(Debug, Clone, Copy)]
pub enum Secrecy {
    /// Masked until it is wanted, with a file for a backend; this is the variable's name in it: `MINTMARK_API_KEY`.
    Variable(&'static str),
    /// Masked until it is wanted, with a file of this name that holds nothing else; its lines and spaces count.
    File(&'static str),
    /// To be sent to somebody. A lost one can be made anew, so nobody has to say that it is stored.
    Link,
    /// A list of codes, with a file that holds them.
    Codes,
    /// A mail for somebody else, to be read; it can be asked for again.
    Letter,
}

/// Shows a secret once: opens when a form with `answers=id` is answered, cannot be left by accident, and takes the value
/// out of the page when it closes. The value never stands in an attribute or an address. Afterwards the page is loaded
/// anew, so that lists show the new row, or the form's `then` opened.
#[component]
pub fn SecretOnce(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// "Widget token minted"
    #[prop(into)]
    title: String,
    /// What it is.
    what: Secrecy,
    /// What to do with it and what to beware of.
    #[prop(into)]
    warning: String,
) -> impl IntoView {
    let stored = format!("{id}-stored");
    let said = match what {
        Secrecy::Variable(_) | Secrecy::File(_) => Some("I have stored it. It cannot be shown again."),
        Secrecy::Codes => Some("I have stored them. They cannot be shown again."),
        Secrecy::Link | Secrecy::Letter => None,
    };
    view! {
        <Dialog id title locked=true wide=true>
            <div class="secret" data-secrets>
                {match what {
                    // Its warning begins so by itself.
                    Secrecy::Variable(_) | Secrecy::File(_) | Secrecy::Letter => view! { <Notice tone=Tone::Warn>{warning}</Notice> }.into_any(),
                    Secrecy::Link | Secrecy::Codes => view! { <Notice tone=Tone::Warn title="Shown once">{warning}</Notice> }.into_any(),
                }}
                {match what {
                    Secrecy::Variable(name) => view! { <Line name masked=true/> }.into_any(),
                    Secrecy::File(file) => view! { <Line name="Key" masked=true file/> }.into_any(),
                    Secrecy::Link => view! { <Line name="Link" masked=false/> }.into_any(),
                    Secrecy::Codes => view! { <Codes/> }.into_any(),
                    Secrecy::Letter => view! {
                        <pre class="secret__letter" data-secret="value" data-shown="" tabindex="0" role="region" aria-label="Mail"></pre>
                    }.into_any(),
                }}
                // The server's own HTML, which names no secret.
                <div class="stack secret__beside" data-secret="beside"></div>
                <div class="secret__done">
                    {match said {
                        Some(words) => view! {
                            <div class="tick" data-kind="checkbox">
                                <input class="tick__box" type="checkbox" id=stored.clone() data-secret-stored=""/>
                                <label class="tick__label" for=stored>{words}</label>
                            </div>
                        }.into_any(),
                        None if matches!(what, Secrecy::Letter) => ().into_any(),
                        None => view! { <p class="field__hint">"Lost it? A new one can be made at any time; the old one then stops working."</p> }.into_any(),
                    }}
                    <button class="button button--primary" data-size="medium" type="button" data-secret-do="done" disabled=said.is_some()>
                        <span class="button__text">"Done"</span>
                    </button>
                </div>
            </div>
        </Dialog>
    }
}

#[component]
fn Line(name: &'static str, masked: bool, #[prop(optional)] file: Option<&'static str>) -> impl IntoView {
    let copied = if masked { "Secret copied" } else { "Link copied" };
    view! {
        <div class="secret__line">
            <code class="secret__value" data-secret="value" data-verbatim=file.map(|_| "") data-shown=(!masked).then_some("") tabindex="0" role="textbox" aria-readonly="true" aria-label=name></code>
            <div class="secret__buttons">
                {masked.then(|| view! {
                    <button class="button button--secondary swap" data-size="small" type="button" aria-pressed="false" data-secret-do="reveal">
                        <Swap from=(Glyph::Eye, "Reveal") to=(Glyph::EyeOff, "Hide")/>
                    </button>
                })}
                <button class="button button--primary swap" data-size="small" type="button" data-secret-do="copy" data-done=copied>
                    <Swap from=(Glyph::Copy, if masked { "Copy" } else { "Copy link" }) to=(Glyph::Check, "Copied")/>
                </button>
                {masked.then(|| {
                    let (file, before, word) = match file {
                        Some(file) => (file, String::new(), "Download"),
                        None => ("mintmark.env", format!("{name}="), ".env"),
                    };
                    view! {
                        <button class="button button--secondary" data-size="small" type="button" data-secret-do="download" data-file=file data-before=before>
                            <Icon glyph=Glyph::Download/>
                            <span class="button__text">{word}</span>
                        </button>
                    }
                })}
            </div>
        </div>
    }
}

#[component]
fn Codes() -> impl IntoView {
    let before = "Recovery codes for Mintmark. Each works once, in place of a code of the authenticator.\n\n";
    view! {
        <ul class="codes" role="list" aria-label="Recovery codes" data-secret="list"></ul>
        <div class="secret__buttons">
            <button class="button button--secondary swap" data-size="medium" type="button" data-secret-do="copy" data-done="Recovery codes copied">
                <Swap from=(Glyph::Copy, "Copy all") to=(Glyph::Check, "Copied")/>
            </button>
            <button class="button button--secondary" data-size="medium" type="button" data-secret-do="download" data-file="mintmark-recovery-codes.txt" data-before=before>
                <Icon glyph=Glyph::Download/>
                <span class="button__text">"Download"</span>
            </button>
        </div>
    }
}

/// The two faces of a button with the class `swap`; the sheet shows the second when it is pressed, or has copied.
#[component]
pub fn Swap(from: (Glyph, &'static str), to: (Glyph, &'static str)) -> impl IntoView {
    view! {
        <span class="swap__from"><Icon glyph=from.0/><span class="button__text">{from.1}</span></span>
        <span class="swap__to"><Icon glyph=to.0/><span class="button__text">{to.1}</span></span>
    }
}
