//! What a backend does with Mintmark, in five languages. The files are those of `docs/snippets`, which the journeys run
//! as they stand; what differs between tenants stands in environment variables.

use crate::{
    pages::tokens::{NextSteps, NextStepsProps},
    ui::Snippet,
};
use leptos::prelude::*;
use mintmark::{Op, bridge::BridgeAlgorithm, token::Mint};
use std::fmt::Write;

/// Where no life was chosen.
const DEFAULT_LIFE: i64 = 1_800;

const MINT: [(&str, &str); 5] = [
    ("curl", include_str!("../../docs/snippets/mint.sh")),
    ("Node", include_str!("../../docs/snippets/mint.mjs")),
    ("Python", include_str!("../../docs/snippets/mint.py")),
    ("Go", include_str!("../../docs/snippets/go/mint/main.go")),
    ("Rust", include_str!("../../docs/snippets/rust/src/bin/mint.rs")),
];

const VERIFY: [(&str, &str); 5] = [
    ("curl", include_str!("../../docs/snippets/verify.sh")),
    ("Node", include_str!("../../docs/snippets/verify.mjs")),
    ("Python", include_str!("../../docs/snippets/verify.py")),
    ("Go", include_str!("../../docs/snippets/go/verify/main.go")),
    ("Rust", include_str!("../../docs/snippets/rust/src/bin/verify.rs")),
];

const BRIDGE: [(&str, &str); 4] = [
    ("Node", include_str!("../../docs/snippets/bridge.mjs")),
    ("Python", include_str!("../../docs/snippets/bridge.py")),
    ("Go", include_str!("../../docs/snippets/go/bridge/main.go")),
    ("Rust", include_str!("../../docs/snippets/rust/src/bin/bridge.rs")),
];

const IDENTITY: [(&str, &str); 4] = [
    ("Express", include_str!("../../docs/snippets/identity.mjs")),
    ("FastAPI", include_str!("../../docs/snippets/identity.py")),
    ("Go", include_str!("../../docs/snippets/go/identity/main.go")),
    ("axum", include_str!("../../docs/snippets/rust/src/bin/identity.rs")),
];

/// What to do with a token that was minted from `asked`, as HTML that names no secret.
pub fn steps(op: &Op, slug: &str, asked: &Mint) -> String {
    let environment = environment(op, slug, asked);
    NextSteps(NextStepsProps { environment, mint: snippets(&MINT), verify: snippets(&VERIFY) }).to_html()
}

/// Verifying a token by oneself: what the snippets read, as a shell takes it, and the snippets.
pub fn verifying(op: &Op, slug: &str) -> (String, Vec<Snippet>) {
    let settings = op.core().settings();
    let (url, issuer, audience) = (&settings.public_url, settings.issuer(slug), op.tenant());
    let environment = format!(
        "export MINTMARK_URL='{url}'\nexport MINTMARK_ISSUER='{issuer}'\nexport MINTMARK_AUDIENCE='{audience}'\n\
         export MINTMARK_ORIGIN='https://app.example.com'    # of the page that sent it\n\
         export MINTMARK_TOKEN='eyJ...'    # what it sent"
    );
    (environment, snippets(&VERIFY))
}

/// Signing a bridge token: what the snippets read, as a shell takes it, and the snippets.
pub fn bridging(op: &Op, key: Option<(&str, BridgeAlgorithm)>) -> (String, Vec<Snippet>) {
    let (id, algorithm) = key.map_or(("brk_...", "ES256"), |(id, algorithm)| (id, algorithm.as_str()));
    let environment = format!(
        "export MINTMARK_AUDIENCE='{}'\nexport MINTMARK_BRIDGE_KEY='{id}'\nexport MINTMARK_BRIDGE_ALGORITHM='{algorithm}'\n\
         export MINTMARK_BRIDGE_KEY_FILE='mintmark-bridge.key'    # the secret, or the private half; shown once",
        op.tenant()
    );
    (environment, snippets(&BRIDGE))
}

/// Asking for an identity token: what the snippets read, as a shell takes it, and the snippets.
pub fn identifying(op: &Op, product: &str) -> (String, Vec<Snippet>) {
    let environment = format!(
        "export MINTMARK_URL='{}'\nexport MINTMARK_PRODUCT='{product}'\nexport MINTMARK_VERIFICATION_SECRET='vs_...'    # shown once",
        op.core().settings().public_url
    );
    (environment, snippets(&IDENTITY))
}

/// The variables as a shell takes them. Secrets are named, not given.
fn environment(op: &Op, slug: &str, asked: &Mint) -> String {
    let settings = op.core().settings();
    let first = |texts: &[String]| texts.first().cloned().unwrap_or_default();
    let mut text = String::new();
    for (name, value) in [
        ("MINTMARK_URL", settings.public_url.as_str()),
        ("MINTMARK_ISSUER", &settings.issuer(slug)),
        ("MINTMARK_AUDIENCE", op.tenant().as_str()),
        ("MINTMARK_ORGANIZATION", &asked.organization_id),
        ("MINTMARK_SCOPE", &first(&asked.scope)),
        ("MINTMARK_ORIGIN", &first(&asked.origins)),
        ("MINTMARK_TTL", &asked.ttl_seconds.unwrap_or(DEFAULT_LIFE).to_string()),
    ] {
        // Ids, scopes and origins hold nothing that a shell would read, so single quotes are enough.
        let _ = writeln!(text, "export {name}='{}'", value.replace('\'', ""));
    }
    text.push_str("export MINTMARK_API_KEY='sk_live_...'    # from API keys; shown once");
    text
}

/// The command that mints from a shell, for a page that has nothing to show yet.
pub fn mint_by_curl() -> String {
    MINT[0].1.trim_end().to_owned()
}

fn snippets(files: &[(&str, &str)]) -> Vec<Snippet> {
    files.iter().map(|(language, code)| Snippet::new(*language, code.trim_end())).collect()
}
