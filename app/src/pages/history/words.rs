//! Events as sentences.

use crate::ui::Tone;
use mintmark::audit::{Action, AuditEvent, Outcome};
use serde_json::Value;

/// Who did what: "Ada Lovelace minted a widget token". One sentence, without its circumstances.
pub fn sentence(event: &AuditEvent) -> String {
    let who = who(event);
    match event.action {
        Action::WidgetRequestRefused => {
            let times = if calls(event) == 1 { "A call was refused".to_owned() } else { format!("{} calls were refused", calls(event)) };
            format!("{times}: {}", because(event.reason.as_deref().unwrap_or_default()))
        }
        Action::WidgetRequestForged if calls(event) == 1 => "A forged token was presented".to_owned(),
        Action::WidgetRequestForged => format!("Forged tokens were presented {} times", calls(event)),
        Action::RequestDenied => {
            let asked = event.metadata.get("permission").and_then(Value::as_str).unwrap_or("do something");
            format!("{who} was not allowed to {asked}")
        }
        Action::RequestLimited => format!("{who} was slowed down by a limit"),
        Action::SignInFailed => "A sign-in failed".to_owned(),
        Action::EmbedRequestRefused if !matches!(event.reason.as_deref(), Some("embed_origin_not_allowed" | "invalid_embed_key")) => {
            format!("A page's customer was refused: {}", because(event.reason.as_deref().unwrap_or_default()))
        }
        Action::VerificationSecretRefused => {
            let why = event.metadata.get("why").and_then(Value::as_str).unwrap_or_default();
            format!("An identity token was refused: the verification secret is {why}")
        }
        Action::EmbedRequestRefused => {
            let from = event.metadata.get("origin").and_then(Value::as_str).unwrap_or("a page without an origin");
            match event.target.as_ref().map(|target| target.kind.as_str()) {
                Some("identity_token") => format!("An identity token was refused to {from}"),
                _ if event.reason.as_deref() == Some("invalid_embed_key") => {
                    format!("An embed key that works no more was carried by {from}")
                }
                _ => format!("An embed key was refused to {from}"),
            }
        }
        action => format!("{who} {}", did(action)),
    }
}

/// What a person, a key or the program did, in the past.
#[expect(clippy::too_many_lines, reason = "one line for each action, and nothing else")]
fn did(action: Action) -> &'static str {
    match action {
        Action::SetUpCompleted => "set Mintmark up",
        Action::TenantCreated => "made the tenant",
        Action::TenantUpdated => "changed the settings",
        Action::TenantEverythingRevoked => "revoked everything",
        Action::OrganizationCreated => "made an organization",
        Action::OrganizationUpdated => "changed an organization",
        Action::OrganizationDeleted => "deleted an organization",
        Action::OriginAdded => "allowed an origin",
        Action::OriginRemoved => "removed an origin",
        Action::TokenMinted => "minted a widget token",
        Action::TokenRevoked => "revoked a widget token",
        Action::TokensRevoked => "revoked widget tokens in bulk",
        Action::WidgetRequestRefused => "had calls refused",
        Action::WidgetRequestForged => "presented forged tokens",
        Action::RequestDenied => "was refused",
        Action::RequestLimited => "was slowed down",
        Action::KeyCreated => "made a signing key",
        Action::KeyPromoted => "promoted a signing key",
        Action::KeysRotated => "rotated the signing keys",
        Action::KeyRetired => "retired a signing key",
        Action::KeyRevoked => "revoked a signing key",
        Action::UserSignedIn => "signed in",
        Action::SignInFailed => "failed to sign in",
        Action::UserSignedOut => "signed out",
        Action::UserReauthenticated => "proved presence",
        Action::UserUpdated => "changed their name",
        Action::PasswordChanged => "changed their password",
        Action::ResetIssued => "issued a link to reset an account",
        Action::UserReset => "reset their account",
        Action::SecondFactorEnabled => "turned a second factor on",
        Action::SecondFactorDisabled => "turned the second factor off",
        Action::RecoveryCodeUsed => "used a recovery code",
        Action::RecoveryCodesCreated => "made new recovery codes",
        Action::SessionsEnded => "ended sessions",
        Action::MemberRoleChanged => "changed a member's role",
        Action::MemberRemoved => "removed a member",
        Action::MemberReleased => "let a held member in again",
        Action::InvitationCreated => "invited somebody",
        Action::InvitationAccepted => "accepted an invitation",
        Action::InvitationRevoked => "withdrew an invitation",
        Action::ApiKeyCreated => "made an API key",
        Action::ApiKeyRotated => "rotated an API key",
        Action::ApiKeyRevoked => "revoked an API key",
        Action::ApiKeyReleased => "let a held API key work again",
        Action::ProductCreated => "made a product",
        Action::ProductUpdated => "changed a product",
        Action::ProductDeleted => "deleted a product",
        Action::DomainAdded => "registered a domain",
        Action::DomainRemoved => "took a domain off",
        Action::EmbedKeyCreated => "made an embed key",
        Action::EmbedKeyUpdated => "changed an embed key",
        Action::EmbedKeyRotated => "rotated an embed key",
        Action::EmbedKeyDisabled => "disabled an embed key",
        Action::EmbedKeyEnabled => "enabled an embed key again",
        Action::EmbedRequestRefused => "carried an embed key elsewhere",
        Action::BridgeKeyCreated => "made a bridge key",
        Action::BridgeKeyPromoted => "promoted a bridge key",
        Action::BridgeKeyRetired => "retired a bridge key",
        Action::BridgeKeyRevoked => "revoked a bridge key",
        Action::BridgeKeyReleased => "let a bridge key work again",
        Action::VerificationSecretCreated => "made a verification secret",
        Action::VerificationSecretRotated => "rotated a verification secret",
        Action::VerificationSecretRevoked => "revoked a verification secret",
        Action::VerificationSecretReleased => "let a held verification secret work again",
        Action::VerificationSecretRefused => "asked for identity tokens in vain",
        Action::IdentityTokenIssued => "was vouched for",
        Action::IdentityTokensRevoked => "refused identity tokens",
        Action::CustomerCreated => "wrote a customer down",
        Action::CustomerUpdated => "changed a customer",
        Action::CustomerBanned => "banned a customer",
        Action::CustomerUnbanned => "let a customer in again",
        Action::CustomerDeleted => "erased a customer",
        Action::RoleCreated => "made a role",
        Action::RoleUpdated => "changed a role",
        Action::RoleDeleted => "deleted a role",
        Action::CustomerRoleSet => "gave a customer a role",
        Action::CustomerRoleTaken => "took a customer's role",
        Action::CustomerSignedUp => "signed up",
        Action::CustomerPasswordSet => "set a password",
        Action::CustomerPasswordRemoved => "removed a customer's password",
        Action::CustomerSignInRefused => "signed in with a password in vain",
        Action::TestCustomersPurged => "purged the test customers",
        Action::ConversationStarted => "began a conversation",
        Action::ConversationIdentified => "became known in a conversation",
        Action::ConversationAnswered => "answered in a conversation",
        Action::ConversationClosed => "closed a conversation",
        Action::ConversationReopened => "opened a conversation again",
        Action::ConversationErased => "erased a conversation",
        Action::CustomerSessionStarted => "began a session",
        Action::CustomerSessionRefreshed => "refreshed a session",
        Action::CustomerSessionReuseDetected => "refreshed a token twice, which ended the session",
        Action::CustomerSessionKept => "keeps a session across reloads",
        Action::CustomerSessionRestored => "restored a kept session",
        Action::CustomerSessionForgotten => "forgot a kept session",
        Action::CustomerSessionEnded => "ended a session",
        Action::CustomerSessionRevoked => "ended a customer's session",
        Action::CustomerSessionsRevoked => "ended all sessions of a customer",
        Action::OfferingCreated => "wrote an offering",
        Action::OfferingUpdated => "changed an offering",
        Action::OfferingPublished => "published an offering",
        Action::OfferingArchived => "archived an offering",
        Action::OfferingsReordered => "reordered the offerings",
        Action::MagicLinkSent => "asked for a sign-in link",
        Action::MagicLinkWithheld => "asked for a sign-in link in vain",
        Action::PasswordLinkSent => "asked for mail about a password",
        Action::PasswordLinkWithheld => "asked for mail about a password in vain",
        Action::MailTested => "sent a test mail",
        Action::MailShown => "read a mail in the outbox",
        Action::MailFailed => "gave a mail up",
        Action::AuditExported => "exported history",
        Action::AuditPurged => "purged history past its retention",
        Action::MasterKeyRotated => "rotated the master key",
        Action::ClockAccepted => "accepted the clock",
        Action::BackupTaken => "took a backup",
        Action::TenantRestored => "restored the tenant from a backup",
        Action::InstallationRestored => "restored the installation from a backup",
    }
}

/// As history names whoever acted.
pub fn who(event: &AuditEvent) -> String {
    event.actor.name.clone().unwrap_or_else(|| match event.actor.kind.as_str() {
        "command_line" => "The command line".to_owned(),
        "system" => "Mintmark".to_owned(),
        "anonymous" => "Somebody".to_owned(),
        "customer" => "A customer".to_owned(),
        other => words(other),
    })
}

/// For how many alike it stands: refusals are gathered by the minute.
pub fn calls(event: &AuditEvent) -> u64 {
    let gathered = event.outcome == Outcome::Refused;
    event.metadata.get("count").and_then(Value::as_u64).filter(|count| gathered && *count > 0).unwrap_or(1)
}

/// The code of a refusal, as the end of a sentence.
fn because(code: &str) -> String {
    match code {
        "widget_token_revoked" => "the token was revoked".to_owned(),
        "widget_token_expired" => "the token had expired".to_owned(),
        "widget_origin_mismatch" => "the page's origin is not one of the token's".to_owned(),
        "widget_scope_required" => "the token lacks the scope".to_owned(),
        "invalid_token" => "the token is not good".to_owned(),
        "bridge_token_replayed" => "the bridge token was used already".to_owned(),
        "customer_banned" => "the customer is banned".to_owned(),
        "missing_permission" => "the user's role lacks a permission".to_owned(),
        "widget_token_required" => "it was no widget token".to_owned(),
        other => words(other),
    }
}

/// What it meant.
pub fn tone(event: &AuditEvent) -> Tone {
    if event.outcome == Outcome::Refused {
        return Tone::Warn;
    }
    match event.action {
        Action::TenantEverythingRevoked
        | Action::TokenRevoked
        | Action::TokensRevoked
        | Action::KeyRevoked
        | Action::ApiKeyRevoked
        | Action::OrganizationDeleted
        | Action::OriginRemoved
        | Action::ProductDeleted
        | Action::EmbedKeyDisabled
        | Action::BridgeKeyRevoked
        | Action::VerificationSecretRevoked
        | Action::IdentityTokensRevoked
        | Action::CustomerBanned
        | Action::CustomerDeleted
        | Action::RoleDeleted
        | Action::ConversationErased
        | Action::CustomerSessionReuseDetected
        | Action::CustomerPasswordRemoved
        | Action::CustomerSessionRevoked
        | Action::CustomerSessionsRevoked
        | Action::MemberRemoved => Tone::Danger,
        Action::TokenMinted
        | Action::KeyCreated
        | Action::ApiKeyCreated
        | Action::OrganizationCreated
        | Action::OriginAdded
        | Action::ProductCreated
        | Action::EmbedKeyCreated
        | Action::BridgeKeyCreated
        | Action::VerificationSecretCreated
        | Action::IdentityTokenIssued
        | Action::CustomerSessionStarted
        | Action::CustomerSignedUp
        | Action::OfferingPublished
        | Action::RoleCreated
        | Action::InvitationAccepted
        | Action::TenantCreated
        | Action::SetUpCompleted => Tone::Good,
        _ => Tone::Info,
    }
}

/// The noun of an action in the plural, for the groups of the filter.
pub fn noun(noun: &str) -> String {
    match noun {
        "widget_request" => "Calls of widgets".to_owned(),
        "request" => "Other requests".to_owned(),
        "embed_request" => "Calls with embed keys".to_owned(),
        "user" => "Accounts and sign-ins".to_owned(),
        "set_up" => "Set-up".to_owned(),
        "tenant" => "Tenant".to_owned(),
        "api_key" => "API keys".to_owned(),
        "audit_log" => "History itself".to_owned(),
        other => capital(&format!("{}s", words(other))),
    }
}

/// An action as a choice: "Member role changed".
pub fn choice(action: Action) -> String {
    capital(&words(&action.as_str().replace('.', " ")))
}

/// `widget_token` as people read it.
pub fn words(text: &str) -> String {
    text.replace('_', " ").replace("api key", "API key").replace("ttl", "life")
}

/// With a capital letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A value of an event's metadata, as text.
pub fn value(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) if text.is_empty() => "empty".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(values) if values.iter().all(|value| !value.is_object() && !value.is_array()) => {
            values.iter().map(self::value).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(action: Action, outcome: Outcome, metadata: Value) -> AuditEvent {
        serde_json::from_value(serde_json::json!({
            "id": "aud_0123456789abcdef01234567", "at": "2026-05-23T22:00:00.000Z", "action": action,
            "actor": { "type": "anonymous", "id": null, "name": null }, "tenant": null, "organization": null, "target": null,
            "outcome": outcome, "reason": "widget_origin_mismatch", "ip": null, "user_agent": null, "request_id": null, "metadata": metadata,
        }))
        .expect("an event")
    }

    #[test]
    fn every_action_is_a_sentence_of_its_own() {
        let mut told: Vec<_> =
            Action::ALL.iter().map(|action| sentence(&event(*action, Outcome::Success, serde_json::json!({})))).collect();
        assert!(told.iter().all(|sentence| sentence.starts_with(char::is_uppercase) && !sentence.contains('_')), "{told:?}");
        told.sort();
        told.dedup();
        assert_eq!(told.len(), Action::ALL.len());
    }

    #[test]
    fn refusals_are_counted_and_changes_are_not() {
        let refused = event(Action::WidgetRequestRefused, Outcome::Refused, serde_json::json!({ "count": 3 }));
        assert_eq!(sentence(&refused), "3 calls were refused: the page's origin is not one of the token's");
        assert_eq!(calls(&event(Action::TokensRevoked, Outcome::Success, serde_json::json!({ "count": 12 }))), 1);
    }

    #[test]
    fn nouns_are_read_as_groups() {
        assert_eq!(["widget_token", "api_key", "member"].map(noun), ["Widget tokens", "API keys", "Members"]);
        assert_eq!(choice(Action::MemberRoleChanged), "Member role changed");
    }
}
