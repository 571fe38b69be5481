//! Writing a mail: words, the tenant's looks, the sealed row. People's texts are escaped, so they stay texts.

use super::{LASTS, MailKind, store};
use crate::{Core, Error, MailId, Result, TenantId, Time, writer::Write};
use minijinja::{AutoEscape, Environment, Value};
use serde::{Deserialize, Serialize};

/// The colour of a tenant that has none.
const PLAIN: &str = "#1f2937";

/// Whose mail it is, and how it looks.
#[derive(Debug, Clone)]
pub(crate) struct Brand {
    /// The tenant's name.
    pub(crate) tenant: String,
    /// `#rrggbb`
    pub(crate) accent: Option<String>,
    /// An https address.
    pub(crate) logo: Option<String>,
}

/// What a mail says.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) kind: MailKind,
    /// The one recipient.
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) heading: String,
    pub(crate) lines: Vec<String>,
    pub(crate) button: Option<Button>,
    /// Who is not meant, and what then.
    pub(crate) note: String,
    pub(crate) brand: Brand,
}

/// Where it leads.
#[derive(Debug, Clone)]
pub(crate) struct Button {
    pub(crate) label: String,
    pub(crate) href: String,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct Body {
    pub(super) text: String,
    pub(super) html: String,
}

/// The statement that queues a letter, for the transaction of what wants it sent.
pub(crate) fn queue(core: &Core, tenant: &TenantId, letter: &Letter, at: Time) -> Result<(MailId, Write)> {
    let id = MailId::new(at);
    let body = serde_json::to_vec(&written(letter)?).map_err(Error::internal)?;
    let sealed = core.sealer().seal(id.as_str(), &body)?;
    let row = store::NewMail { id: &id, tenant, letter, sealed, at, until: at.plus(LASTS), fingerprint: core.sealer().fingerprint() };
    Ok((id.clone(), store::insert(row)))
}

/// What was sealed for this mail.
pub(super) fn opened(core: &Core, id: &MailId, sealed: &str) -> Result<Body> {
    let body = core.sealer().open(id.as_str(), sealed)?;
    serde_json::from_slice(&body).map_err(Error::internal)
}

pub(super) fn written(letter: &Letter) -> Result<Body> {
    let accent = letter.brand.accent.as_deref().unwrap_or(PLAIN);
    let button = letter.button.as_ref().map(|button| Value::from_pairs([("label", &button.label), ("href", &button.href)]));
    let filled = Value::from_pairs([
        ("heading", Value::from(&letter.heading)),
        ("lines", letter.lines.iter().map(Value::from).collect()),
        ("button", Value::from(button)),
        ("note", Value::from(&letter.note)),
        ("tenant", Value::from(&letter.brand.tenant)),
        ("accent", Value::from(accent)),
        ("ink", Value::from(ink(accent))),
        ("logo", Value::from(letter.brand.logo.as_deref())),
    ]);
    let mut words = Environment::new();
    words.set_auto_escape_callback(|name| if name == HTML { AutoEscape::Html } else { AutoEscape::None });
    let render = |name, source| words.render_named_str(name, source, filled.clone()).map_err(Error::internal);
    Ok(Body { text: render("text", include_str!("letter.txt"))?, html: render(HTML, include_str!("letter.html"))? })
}

const HTML: &str = "html";

/// Black or white, whichever is easier to read on this colour (WCAG's relative luminance).
fn ink(accent: &str) -> &'static str {
    let part = |at: usize| {
        let byte = accent.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or(0);
        let value = f64::from(byte) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
    if luminance > 0.179 { "#000000" } else { "#ffffff" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(tenant: &str) -> Letter {
        Letter {
            kind: MailKind::Test,
            to: "ada@customer.example".to_owned(),
            subject: "Hello".to_owned(),
            heading: "Hello".to_owned(),
            lines: vec!["One <b>line</b>".to_owned()],
            button: Some(Button { label: "Sign in".to_owned(), href: "https://a.example/?x=1&y=\"2".to_owned() }),
            note: "Not you?".to_owned(),
            brand: Brand {
                tenant: tenant.to_owned(),
                accent: Some("#ffcc00".to_owned()),
                logo: Some("https://a.example/logo.png".to_owned()),
            },
        }
    }

    /// ML9
    #[test]
    fn what_people_type_stays_text_in_a_mail() {
        let body = written(&letter("<script>alert(1)</script> & {{ accent }}")).expect("written");
        assert!(!body.html.contains("<script>") && !body.html.contains("<b>line"), "{}", body.html);
        assert!(body.html.contains("&lt;script&gt;") && body.html.contains("{{ accent }}"), "{}", body.html);
        assert!(!body.html.contains("y=\"2"), "an address cannot leave its attribute: {}", body.html);
        assert!(body.text.contains("https://a.example/?x=1&y=\"2") && body.text.contains("One <b>line</b>"), "{}", body.text);
    }

    #[test]
    fn a_button_is_readable_on_any_colour() {
        assert_eq!((ink("#ffffff"), ink("#ffcc00"), ink("#000000"), ink("#1a6b4f")), ("#000000", "#000000", "#ffffff", "#ffffff"));
        let body = written(&letter("Acme")).expect("written");
        assert!(body.html.contains("background:#ffcc00;color:#000000") && body.html.contains("logo.png"), "{}", body.html);
    }
}
