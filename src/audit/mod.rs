//! History: one immutable event for each change, in the transaction of the change.
//!
//! Longer than most because every action has its word here.

mod filter;
#[cfg(test)]
mod tests;

#[cfg(feature = "db")]
mod append;
#[cfg(feature = "db")]
mod csv;
#[cfg(feature = "db")]
mod event;
#[cfg(feature = "db")]
mod export;
#[cfg(feature = "db")]
mod list;
#[cfg(feature = "db")]
mod refusals;
#[cfg(feature = "db")]
mod sign;
#[cfg(feature = "db")]
mod store;
#[cfg(feature = "db")]
mod verify;

pub use filter::{ExportFormat, HistoryFilter, RefusalFilter, RefusedCalls};

#[cfg(feature = "db")]
pub(crate) use append::{Draft, NotTaken, append, take_heads};
#[cfg(feature = "db")]
pub use event::Event;
#[cfg(feature = "db")]
pub use export::Export;
#[cfg(feature = "db")]
pub(crate) use sign::{Checkpoint, HistoryKey};
#[cfg(feature = "db")]
pub use verify::{AuditReport, BadRow, ChainReport, Fault};

use crate::{EventId, OrganizationId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

crate::text_enum! {
    /// What was done, as `noun.verb` in the past.
    pub enum Action("an action") {
        /// The first owner came through the set-up link.
        SetUpCompleted = "set_up.completed",
        /// A tenant was made, with its signing keys and its first product.
        TenantCreated = "tenant.created",
        /// Name, lives or retention changed.
        TenantUpdated = "tenant.updated",
        /// `not_before` moved to now.
        TenantEverythingRevoked = "tenant.everything_revoked",
        /// An organization was made.
        OrganizationCreated = "organization.created",
        /// Its name, slug or development switch changed.
        OrganizationUpdated = "organization.updated",
        /// It was deleted, with all that was live in it.
        OrganizationDeleted = "organization.deleted",
        /// An origin joined the allowlist.
        OriginAdded = "origin.added",
        /// An origin left it.
        OriginRemoved = "origin.removed",
        /// A widget token was minted.
        TokenMinted = "widget_token.minted",
        /// One widget token was revoked.
        TokenRevoked = "widget_token.revoked",
        /// Several were, by filter.
        TokensRevoked = "widget_token.bulk_revoked",
        /// Calls on `/widget/*` were refused; `metadata.count` says how many since the last such event.
        WidgetRequestRefused = "widget_request.refused",
        /// Tokens that nobody here signed were presented.
        WidgetRequestForged = "widget_request.forged",
        /// An actor asked for something that its role does not hold.
        RequestDenied = "request.denied",
        /// A limiter refused requests.
        RequestLimited = "request.limited",
        /// A signing key was made.
        KeyCreated = "signing_key.created",
        /// `next` became `active`.
        KeyPromoted = "signing_key.promoted",
        /// The whole step: promoted, retiring, a new `next`.
        KeysRotated = "signing_key.rotated",
        /// A key left the JWKS.
        KeyRetired = "signing_key.retired",
        /// A key and all that it signed died at once.
        KeyRevoked = "signing_key.revoked",
        /// Somebody signed in.
        UserSignedIn = "user.signed_in",
        /// Somebody could not.
        SignInFailed = "user.sign_in_failed",
        /// Somebody signed out.
        UserSignedOut = "user.signed_out",
        /// Presence was proved again.
        UserReauthenticated = "user.reauthenticated",
        /// Name changed.
        UserUpdated = "user.updated",
        /// The password changed.
        PasswordChanged = "user.password_changed",
        /// A link to reset an account was issued.
        ResetIssued = "user.reset_issued",
        /// It was used: new password, second factor off.
        UserReset = "user.reset",
        /// The second factor is on.
        SecondFactorEnabled = "user.second_factor_enabled",
        /// The second factor is off.
        SecondFactorDisabled = "user.second_factor_disabled",
        /// A recovery code stood in for it.
        RecoveryCodeUsed = "user.recovery_code_used",
        /// Recovery codes were made anew.
        RecoveryCodesCreated = "user.recovery_codes_created",
        /// Sessions were ended from elsewhere.
        SessionsEnded = "dashboard_session.ended",
        /// A role changed.
        MemberRoleChanged = "member.role_changed",
        /// Somebody is no longer a member.
        MemberRemoved = "member.removed",
        /// An owner let somebody in again whom a restore held.
        MemberReleased = "member.released",
        /// Somebody was invited.
        InvitationCreated = "invitation.created",
        /// They came and are a member now, with a new account if they had none.
        InvitationAccepted = "invitation.accepted",
        /// The invitation was withdrawn.
        InvitationRevoked = "invitation.revoked",
        /// An API key was made.
        ApiKeyCreated = "api_key.created",
        /// It got a successor and a planned end.
        ApiKeyRotated = "api_key.rotated",
        /// It and its live tokens died at once.
        ApiKeyRevoked = "api_key.revoked",
        /// An owner let it work again after a restore held it.
        ApiKeyReleased = "api_key.released",
        /// A product was made.
        ProductCreated = "product.created",
        /// Its name or its looks changed.
        ProductUpdated = "product.updated",
        /// It was deleted, with all that came through it.
        ProductDeleted = "product.deleted",
        /// A domain of a product was registered.
        DomainAdded = "domain.added",
        /// It was taken off.
        DomainRemoved = "domain.removed",
        /// An embed key was made.
        EmbedKeyCreated = "embed_key.created",
        /// Its name, origins or development switch changed.
        EmbedKeyUpdated = "embed_key.updated",
        /// It got a successor and a planned end.
        EmbedKeyRotated = "embed_key.rotated",
        /// Pages that carry it are refused.
        EmbedKeyDisabled = "embed_key.disabled",
        /// They are let in again.
        EmbedKeyEnabled = "embed_key.enabled",
        /// Pages of other origins carried an embed key or a customer's token, or a token was not good; `metadata.count` says how many calls
        /// since the last such event.
        EmbedRequestRefused = "embed_request.refused",
        /// A bridge key was made, or its public half was brought.
        BridgeKeyCreated = "bridge_key.created",
        /// `next` became `active`.
        BridgeKeyPromoted = "bridge_key.promoted",
        /// It opens no new session.
        BridgeKeyRetired = "bridge_key.retired",
        /// It and the sessions that it vouched for died at once.
        BridgeKeyRevoked = "bridge_key.revoked",
        /// An owner let it work again after a restore held it.
        BridgeKeyReleased = "bridge_key.released",
        /// A verification secret was made.
        VerificationSecretCreated = "verification_secret.created",
        /// It got a successor and a planned end.
        VerificationSecretRotated = "verification_secret.rotated",
        /// It and the identity tokens that it bought died at once.
        VerificationSecretRevoked = "verification_secret.revoked",
        /// An owner let it work again after a restore held it.
        VerificationSecretReleased = "verification_secret.released",
        /// Somebody named a product with a secret that buys nothing; `metadata.count` says how often since the last such event.
        VerificationSecretRefused = "verification_secret.refused",
        /// An identity token was issued.
        IdentityTokenIssued = "identity_token.issued",
        /// Identity tokens were refused before their time; `metadata.count` says how many.
        IdentityTokensRevoked = "identity_token.revoked",
        /// A customer was written down.
        CustomerCreated = "customer.created",
        /// What is said of them changed; `metadata.fields` names what, never what it held.
        CustomerUpdated = "customer.updated",
        /// Their sessions ended, and no page lets them in.
        CustomerBanned = "customer.banned",
        /// Pages let them in again.
        CustomerUnbanned = "customer.unbanned",
        /// Their personal data was erased.
        CustomerDeleted = "customer.deleted",
        /// A role of customers was made.
        RoleCreated = "role.created",
        /// Its name or its permissions changed.
        RoleUpdated = "role.updated",
        /// It was deleted, and taken from `metadata.count` customers.
        RoleDeleted = "role.deleted",
        /// A customer was given a role in an organization.
        CustomerRoleSet = "customer.role_set",
        /// It was taken from them.
        CustomerRoleTaken = "customer.role_taken",
        /// Somebody became a customer: they proved their address and the password of their sign-up.
        CustomerSignedUp = "customer.signed_up",
        /// A customer set a password through a mailed link; `metadata.count` of their sessions ended.
        CustomerPasswordSet = "customer.password_set",
        /// Somebody took a customer's password away.
        CustomerPasswordRemoved = "customer.password_removed",
        /// A password did not let somebody in; `metadata.count` says how often since the last such event.
        CustomerSignInRefused = "customer.sign_in_refused",
        /// Test customers are gone, with their sessions.
        TestCustomersPurged = "customer.test_purged",
        /// A visitor wrote to a product for the first time.
        ConversationStarted = "conversation.started",
        /// An anonymous one got its customer.
        ConversationIdentified = "conversation.identified",
        /// A member or an API key answered.
        ConversationAnswered = "conversation.answered",
        /// Somebody is done with it.
        ConversationClosed = "conversation.closed",
        /// It goes on.
        ConversationReopened = "conversation.reopened",
        /// It was erased, with every message.
        ConversationErased = "conversation.erased",
        /// A customer's session began.
        CustomerSessionStarted = "customer_session.started",
        /// It goes on for another hour.
        CustomerSessionRefreshed = "customer_session.refreshed",
        /// A JWT of it was refreshed twice, so somebody has a copy: it ended.
        CustomerSessionReuseDetected = "customer_session.reuse_detected",
        /// The browser keeps it for its page, across reloads.
        CustomerSessionKept = "customer_session.kept",
        /// A kept one was opened anew after a reload.
        CustomerSessionRestored = "customer_session.restored",
        /// The browser keeps it no more; what is open lives on.
        CustomerSessionForgotten = "customer_session.forgotten",
        /// The page ended it.
        CustomerSessionEnded = "customer_session.ended",
        /// Somebody else ended it.
        CustomerSessionRevoked = "customer_session.revoked",
        /// Somebody ended all of a customer's, or the customer signed out everywhere.
        CustomerSessionsRevoked = "customer_session.bulk_revoked",
        /// An offering was written.
        OfferingCreated = "offering.created",
        /// It changed, or became a draft again.
        OfferingUpdated = "offering.updated",
        /// It is shown in pages.
        OfferingPublished = "offering.published",
        /// It is shown no more.
        OfferingArchived = "offering.archived",
        /// The order of a product's offerings changed.
        OfferingsReordered = "offering.reordered",
        /// A link that signs a customer in was mailed.
        MagicLinkSent = "magic_link.sent",
        /// Requests for a link were answered by silence; the reason says why, and `metadata.count` how many.
        MagicLinkWithheld = "magic_link.withheld",
        /// A link that verifies an address or sets a customer's password was mailed; `metadata.purpose` says which.
        PasswordLinkSent = "password_link.sent",
        /// Sign-ups and requests for a new password were answered by silence; the reason says why, and `metadata.count` how many.
        PasswordLinkWithheld = "password_link.withheld",
        /// Somebody tried whether mail arrives.
        MailTested = "mail.tested",
        /// Somebody read a mail where none is sent.
        MailShown = "mail.shown",
        /// A mail will not be sent any more; `metadata.said` is what the server said.
        MailFailed = "mail.failed",
        /// History was exported.
        AuditExported = "audit_log.exported",
        /// Rows past the retention were purged.
        AuditPurged = "audit_log.purged",
        /// Every sealed value was sealed again under a new master key.
        MasterKeyRotated = "master_key.rotated",
        /// The clock's present time was accepted by hand.
        ClockAccepted = "clock.accepted",
        /// A backup was taken; `metadata.sha256` names it.
        BackupTaken = "backup.taken",
        /// A tenant came back from a backup: what is older is dead or held.
        TenantRestored = "tenant.restored",
        /// The installation came back from a backup.
        InstallationRestored = "installation.restored",
    }
}

crate::text_enum! {
    /// How it ended.
    pub enum Outcome("an outcome") {
        /// It was done.
        Success = "success",
        /// It was refused.
        Refused = "refused",
    }
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct Target {
    /// The noun.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its id.
    pub id: String,
}

/// Who did it, as history names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct EventActor {
    /// `user`, `api_key`, `customer`, `command_line`, `system` or `anonymous`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The id, where there is one.
    pub id: Option<String>,
    /// The name at that time.
    pub name: Option<String>,
}

/// One event as a list shows it: the stored JSON text, and its place in the chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct AuditEvent {
    /// `aud_...`
    pub id: EventId,
    /// RFC 3339 with milliseconds.
    pub at: String,
    /// What was done.
    pub action: Action,
    /// By whom.
    pub actor: EventActor,
    /// In which tenant; none for the installation's own chain.
    pub tenant: Option<String>,
    /// In which organization.
    pub organization: Option<OrganizationId>,
    /// To what.
    pub target: Option<Target>,
    /// With what outcome.
    pub outcome: Outcome,
    /// Why, as the actor gave it or as the code of the refusal.
    pub reason: Option<String>,
    /// The client's address.
    pub ip: Option<String>,
    /// The client's software.
    pub user_agent: Option<String>,
    /// As in `x-request-id`.
    pub request_id: Option<String>,
    /// What else is worth knowing; `before` and `after` for changes.
    #[cfg_attr(feature = "db", schema(value_type = Object))]
    pub metadata: Map<String, Value>,
    /// The place in the chain, without gaps, from 1. Not part of the hashed text.
    #[serde(default)]
    pub seq: i64,
    /// `SHA-256(previous hash || seq || body)`, hex. Not part of the hashed text.
    #[serde(default)]
    pub hash: String,
}
