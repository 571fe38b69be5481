//! Reasons in the words of somebody who wonders why a widget stays empty.

use mintmark::{
    Code,
    audit::{Action, AuditEvent},
};
use serde_json::Value;

/// The reasons that can be filtered for, in the order of the guard, then those of embed keys.
pub const REASONS: [Code; 10] = [
    Code::InvalidToken,
    Code::WidgetTokenRequired,
    Code::WidgetTokenRevoked,
    Code::MissingPermission,
    Code::WidgetOriginMismatch,
    Code::WidgetScopeRequired,
    Code::EmbedOriginNotAllowed,
    Code::InvalidEmbedKey,
    Code::BridgeTokenReplayed,
    Code::CustomerBanned,
];

/// A reason as a few words.
#[must_use]
pub fn reason(code: &str) -> String {
    match code {
        "invalid_token" => "Forged or wrong token".to_owned(),
        "widget_token_required" => "No widget token".to_owned(),
        "widget_token_revoked" => "Token is dead".to_owned(),
        "missing_permission" => "User lacks a permission".to_owned(),
        "widget_origin_mismatch" => "Page is not one of the token's".to_owned(),
        "widget_scope_required" => "Scope is missing".to_owned(),
        "embed_origin_not_allowed" => "Page is not on the embed key's list".to_owned(),
        "invalid_embed_key" => "Embed key works no more".to_owned(),
        "bridge_token_replayed" => "Bridge token used twice".to_owned(),
        "customer_banned" => "Customer is banned".to_owned(),
        other => crate::pages::history::words::capital(&other.replace('_', " ")),
    }
}

/// What it most often means, and what helps.
#[must_use]
pub fn advice(event: &AuditEvent) -> &'static str {
    let forged = event.action == Action::WidgetRequestForged;
    match event.reason.as_deref().unwrap_or_default() {
        "invalid_token" if forged => "Nobody here signed it. A token was cut off or made up, or belongs to another installation.",
        "invalid_token" => "The bridge token is not signed by a bridge key that works, or says something wrong.",
        "widget_token_required" => "A page sent another kind of token. It must carry what minting answered.",
        "widget_token_revoked" => "It was revoked, or its key or organization ended. The page must ask its backend for another one.",
        "missing_permission" => "The customer's role in the organization no longer holds what the token's scopes need.",
        "widget_origin_mismatch" => {
            "Compare the two letter for letter: www, port and scheme count. Mint for this origin if the page is yours."
        }
        "widget_scope_required" => "The page called a route that the token was not minted for.",
        "embed_origin_not_allowed" => "Add the origin to the embed key if the page is yours; otherwise somebody copied the key.",
        "invalid_embed_key" => {
            "It is disabled or past its end, or the page names another tenant beside it. Put the present key into the page."
        }
        "bridge_token_replayed" => "A bridge token opens one session. The backend must sign a fresh one for each.",
        "customer_banned" => "This is as it should be, until the ban is taken back.",
        _ => "The event in history has all that is known.",
    }
}

/// A text of the event's metadata.
#[must_use]
pub fn detail<'a>(event: &'a AuditEvent, name: &str) -> Option<&'a str> {
    event.metadata.get(name).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_that_is_offered_has_words_of_its_own() {
        let mut told: Vec<_> = REASONS.iter().map(|code| reason(code.as_str())).collect();
        assert!(REASONS.iter().zip(&told).all(|(code, words)| words.to_lowercase() != code.as_str().replace('_', " ")), "{told:?}");
        told.sort();
        told.dedup();
        assert_eq!(told.len(), REASONS.len());
    }
}
