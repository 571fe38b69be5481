//! The verdict on an origin that somebody types, as HTML that the browser puts under the field.

use crate::ui::{Glyph, Icon};
use leptos::prelude::*;
use mintmark::{
    Code, Result,
    origin::{OriginCheck, OriginExample},
};

/// A refusal of the text is a verdict; any other is an error.
pub fn verdict(typed: &str, judged: Result<OriginCheck>) -> Result<String> {
    match judged {
        Ok(found) => Ok(Verdict(VerdictProps { typed: typed.trim().to_owned(), found }).to_html()),
        Err(error) if error.code() == Code::InvalidOrigin => Ok(Refused(RefusedProps { why: error.problem().message }).to_html()),
        Err(error) => Err(error),
    }
}

#[component]
fn Refused(why: String) -> impl IntoView {
    view! { <p class="probe__refused"><Icon glyph=Glyph::Danger/><span>{why}</span></p> }
}

#[component]
fn Verdict(typed: String, found: OriginCheck) -> impl IntoView {
    let stored = found.origin.to_string();
    let note = (stored != typed).then(|| {
        if typed.is_ascii() {
            "That is how browsers send it: lower case, without the usual port."
        } else {
            "Browsers send such a host in ASCII, as punycode. Look twice: letters of other scripts can look like these."
        }
    });
    view! {
        <p class="probe__stored">"Stored as " <code>{stored}</code></p>
        {note.map(|note| view! { <p class="probe__note">{note}</p> })}
        <ul class="probe__examples" role="list">
            {found.examples.into_iter().map(|example| view! { <Example example/> }).collect_view()}
        </ul>
    }
}

#[component]
fn Example(example: OriginExample) -> impl IntoView {
    let (glyph, verdict) = if example.matches { (Glyph::Check, "matches") } else { (Glyph::Cross, "does not match") };
    let why = example.why.map(|why| format!(": {}{}", why[..1].to_lowercase(), &why[1..]));
    view! {
        <li class="probe__example" data-matches=example.matches.then_some("")>
            <Icon glyph/>
            <code class="probe__page">{example.page}</code>
            <span class="probe__verdict">{verdict}{why}</span>
        </li>
    }
}
