//! The pages of the sign-in as HTML, and the frame that keeps one, each with the one policy under which it works.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use leptos::nonce::Nonce;
use mintmark::{
    EmbedKeyId, Error,
    customer_password::Purpose,
    embed_key::{KeyMode, SignInPopup},
    kept_sign_in::KeepFrame,
    origin::Origin,
    product::{Appearance, Mode},
};
use serde_json::json;
use std::fmt::Write;
use url::Url;

const TOKENS: &str = include_str!("../../../style/tokens.css");
const STYLE: &str = include_str!("popup.css");
const WINDOW: &str = include_str!("window.html");
const WINDOW_SCRIPT: &str = include_str!("window.js");
const PASSWORDS: &str = include_str!("passwords.html");
const PASSWORDS_SCRIPT: &str = include_str!("passwords.js");
const SECRET_SCRIPT: &str = include_str!("secret.js");
const PASSWORD_LINK: &str = include_str!("password_link.html");
const PASSWORD_LINK_SCRIPT: &str = include_str!("password_link.js");
const LINK: &str = include_str!("link.html");
const LINK_SCRIPT: &str = include_str!("link.js");
const FRAME_SCRIPT: &str = include_str!("frame.js");
const REFUSAL: &str = include_str!("refusal.html");

/// The window itself.
pub(super) fn window(popup: &SignInPopup, state: &str) -> Response {
    let said = said(&popup.key, &popup.origin, state);
    let looks = &popup.appearance;
    let logo = looks.logo.as_deref().and_then(|logo| Url::parse(logo).ok());
    let brand = match &logo {
        Some(logo) => format!("<img class=\"brand__logo\" src=\"{}\" alt=\"{}\">", escape(logo.as_str()), escape(&popup.tenant)),
        None => escape(&popup.tenant),
    };
    let mode = if popup.mode == KeyMode::Test { "<span class=\"badge\">Test</span>" } else { "" };
    let (ways, passwords, script) = if popup.passwords {
        let sign_up = if popup.sign_up { button("sign-up", "Create an account") } else { String::new() };
        let ways = format!("<p class=\"ways\">{}</p>", button("password", "Use a password"));
        (ways, PASSWORDS.replace("{{sign-up}}", &sign_up), format!("{WINDOW_SCRIPT}\n{SECRET_SCRIPT}\n{PASSWORDS_SCRIPT}"))
    } else {
        (String::new(), String::new(), WINDOW_SCRIPT.to_owned())
    };
    // First what is ours, then what others have typed: that is never looked at again.
    let body = WINDOW
        .replace("{{ways}}", &ways)
        .replace("{{passwords}}", &passwords)
        .replace("{{brand}}", &brand)
        .replace("{{mode}}", mode)
        .replace("{{product}}", &escape(&popup.product))
        .replace("{{origin}}", &escape(&popup.origin));
    let title = format!("Sign in to {}", popup.tenant);
    Page { title: &title, style: &style(looks), theme: theme(looks), body: &body, said: Some(&said), script: Some(&script) }
        .respond(StatusCode::OK, logo.as_ref())
}

/// What a script is told: `<` would end its element early; in JSON it may be written like this.
fn said(key: &EmbedKeyId, origin: &str, state: &str) -> String {
    json!({ "key": key, "origin": origin, "state": state }).to_string().replace('<', "\\u003c")
}

/// The hidden frame: it shows nothing, loads nothing, speaks with us alone, and stands in pages of the key's origins only (OR7). Pages that
/// isolate themselves may frame it as well. Our own preview stands in a page of the dashboard, which is then around it too.
pub(super) fn frame(frame: &KeepFrame, state: &str, preview: Option<&str>) -> Response {
    let nonce = Nonce::new().to_string();
    let said = said(&frame.key, &frame.origin, state);
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"robots\" content=\"noindex\"><title>Mintmark</title></head>\
         <body><script type=\"application/json\" id=\"said\" nonce=\"{nonce}\">{said}</script>\
         <script type=\"module\" nonce=\"{nonce}\">{FRAME_SCRIPT}</script></body></html>"
    );
    let ours = preview.filter(|preview| *preview == frame.origin).map(|_| "'self'");
    let pages: Vec<_> = frame.origins.iter().map(Origin::as_str).chain(ours).collect();
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors {}",
        pages.join(" ")
    );
    let mut response = Html(page).into_response();
    let headers = response.headers_mut();
    // Where it could not be said, the policy of everything else stands: nothing runs, and nobody frames it.
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    headers.insert("cross-origin-embedder-policy", HeaderValue::from_static("require-corp"));
    response
}

/// Where a mail leads.
pub(super) fn link() -> Response {
    Page { title: "Signing you in", style: "", theme: "", body: LINK, said: None, script: Some(LINK_SCRIPT) }.respond(StatusCode::OK, None)
}

/// Turns the window to another step.
fn button(step: &str, label: &str) -> String {
    format!("<button class=\"link\" type=\"button\" data-to=\"{step}\">{label}</button>")
}

/// Where a mail about a password leads: the same page for everybody, which knows nothing of the link before its form is sent.
pub(super) fn password_link(purpose: Purpose) -> Response {
    let [heading, lead, label, autocomplete, verb, done, after] = match purpose {
        Purpose::Verify => [
            "Confirm your address",
            "Type the password that you chose when you signed up. So nobody who merely typed your address gets an account with it.",
            "Password",
            "current-password",
            "Confirm",
            "Your address is confirmed",
            "This tab can be closed. Go back to the page where you began: you can sign in now.",
        ],
        Purpose::Reset => [
            "Set a new password",
            "Wherever you are signed in with this account, you will be signed out.",
            "New password",
            "new-password",
            "Set password",
            "Your password is set",
            "This tab can be closed. Go back to the page where you began, and sign in with it.",
        ],
    };
    let hint =
        "<p class=\"hint\" id=\"password-hint\" data-least=\"15\">At least 15 characters. A few unrelated words are easy to remember.</p>";
    let (hint, described) = if purpose == Purpose::Reset { (hint, "password-hint ") } else { ("", "") };
    let body = [
        ("heading", heading),
        ("lead", lead),
        ("label", label),
        ("autocomplete", autocomplete),
        ("described", described),
        ("hint", hint),
        ("verb", verb),
        ("done", done),
        ("after", after),
    ]
    .into_iter()
    .fold(PASSWORD_LINK.to_owned(), |page, (name, text)| page.replace(&format!("{{{{{name}}}}}"), text));
    let script = format!("{SECRET_SCRIPT}\n{PASSWORD_LINK_SCRIPT}");
    Page { title: heading, style: "", theme: "", body: &body, said: None, script: Some(&script) }.respond(StatusCode::OK, None)
}

/// For whoever may not open the window. It runs nothing, and says nothing to who opened it.
pub(super) fn refusal(error: &Error) -> Response {
    let problem = error.problem();
    metrics::counter!("mintmark_http_refusals_total", "code" => problem.code.as_str()).increment(1);
    let body = REFUSAL.replace("{{code}}", problem.code.as_str()).replace("{{message}}", &escape(&problem.message));
    let page = Page { title: "This window cannot be opened", style: "", theme: "", body: &body, said: None, script: None };
    page.respond(crate::error::status(problem.code), None)
}

struct Page<'a> {
    title: &'a str,
    style: &'a str,
    theme: &'a str,
    body: &'a str,
    /// What the script is told, as JSON.
    said: Option<&'a str>,
    script: Option<&'a str>,
}

impl Page<'_> {
    /// Nothing is loaded but the logo, nothing is sent but to us, nobody frames it, and no form leaves it.
    fn respond(&self, status: StatusCode, logo: Option<&Url>) -> Response {
        let nonce = Nonce::new().to_string();
        let (title, style, theme) = (escape(self.title), self.style, self.theme);
        let mut page = format!(
            "<!DOCTYPE html><html lang=\"en\" data-theme=\"{theme}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
             <title>{title}</title><link rel=\"icon\" href=\"data:,\"><style nonce=\"{nonce}\">{}{STYLE}{style}</style></head><body>{}",
            palette(),
            self.body
        );
        if let Some(said) = self.said {
            let _ = write!(page, "<script type=\"application/json\" id=\"said\" nonce=\"{nonce}\">{said}</script>");
        }
        if let Some(script) = self.script {
            let _ = write!(page, "<script type=\"module\" nonce=\"{nonce}\">{script}</script>");
        }
        page.push_str("</body></html>");
        let logo = logo.map(|logo| format!(" {}", logo.origin().ascii_serialization())).unwrap_or_default();
        let policy = format!(
            "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src data:{logo}; connect-src 'self'; \
             object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        let mut response = (status, Html(page)).into_response();
        // Where it could not be said, the policy of everything else stands, under which nothing runs.
        if let Ok(policy) = HeaderValue::try_from(policy) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

/// The product's own values over ours; each was judged when it was saved, so that none can say more than it is.
fn style(looks: &Appearance) -> String {
    let mut style = String::from(":root{");
    let mut set = |name: &str, value: &str| {
        let _ = write!(style, "--{name}:{value};");
    };
    if let Some(accent) = &looks.accent {
        set("accent-solid", accent);
        set("accent-solid-hover", &format!("color-mix(in oklch, {accent} 88%, var(--ink))"));
        set("on-accent", looks.on_accent());
    }
    if let Some(background) = &looks.background {
        set("paper", background);
        set("surface", background);
    }
    if let Some(text) = &looks.text {
        set("ink", text);
        set("ink-2", text);
        set("ink-3", text);
    }
    if let Some(radius) = looks.radius {
        set("r-md", &format!("{radius}px"));
    }
    if let Some(font) = &looks.font {
        let named: Vec<_> = font.split(',').map(|name| format!("\"{}\"", name.trim())).collect();
        set("font", &format!("{}, ui-sans-serif, system-ui, sans-serif", named.join(", ")));
    }
    style.push('}');
    style
}

fn theme(looks: &Appearance) -> &'static str {
    match looks.mode {
        Some(Mode::Light) => "light",
        Some(Mode::Dark) => "dark",
        Some(Mode::Auto) | None => "",
    }
}

/// The dashboard's values, without its typefaces: this page loads nothing.
fn palette() -> &'static str {
    TOKENS.find(":root").map_or("", |start| &TOKENS[start..])
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
