//! The written policy of every HTTP route: who gets which status (contract, sections 3 and 4).

use super::{
    Row,
    targets::{Target, number},
};
use crate::house::{House, PAGE};
use mintmark::testing::PASSWORD;
use serde_json::{Value, json};

/// A row: route, target, and the statuses of stranger, viewer, member, admin, owner, organization's admin, other tenant's owner, widget
/// token, API key.
macro_rules! rows {
    ($($route:literal $target:ident $([$query:literal])? $(($body:expr))? => $cells:tt;)+) => {
        &[$(Row {
            route: $route,
            target: Target::$target,
            query: concat!($($query)?),
            body: { fn body(_house: &House) -> Option<Value> { rows!(@body _house $($body)?) } body },
            cells: $cells,
        },)+]
    };
    (@body $house:ident) => { None };
    (@body $house:ident $body:expr) => { { let body: fn(&House) -> Value = $body; Some(body($house)) } };
}

#[rustfmt::skip]
pub const ROWS: &[Row] = rows! {
    "POST /v1/sessions" None (|house| json!({ "email": house.acme.owner.email, "password": PASSWORD }))  => [201, 201, 201, 201, 201, 201, 201, 403, 201];
    "DELETE /v1/sessions/current" None                                                                   => [401, 200, 200, 200, 200, 200, 200, 403, 403];
    "GET /v1/me" None                                                                                    => [401, 200, 200, 200, 200, 200, 200, 403, 200];

    "GET /v1/tenant" None                                                                                => [401, 200, 200, 200, 200, 403, 200, 403, 200];
    "PATCH /v1/tenant" None (|_| json!({ "retention_days": 400 }))                                       => [401, 403, 403, 200, 200, 403, 200, 403, 200];
    // Whoever may is told that the name is not typed right; with the right one nobody after them would be let in.
    "POST /v1/tenant/revoke-everything" None (|_| json!({ "confirm": "not its name" }))                  => [401, 403, 403, 403, 422, 403, 422, 403, 403];

    "GET /v1/organizations" None                                                                         => [401, 200, 200, 200, 200, 200, 200, 403, 200];
    "POST /v1/organizations" None (|_| json!({ "name": format!("New {}", number()) }))                   => [401, 403, 403, 201, 201, 403, 201, 403, 201];
    "GET /v1/organizations/{id}" Own                                                                     => [401, 200, 200, 200, 200, 200, 404, 403, 200];
    "GET /v1/organizations/{id}" Sibling                                                                 => [401, 200, 200, 200, 200, 404, 404, 403, 200];
    "PATCH /v1/organizations/{id}" Own (|_| json!({ "name": format!("Renamed {}", number()) }))          => [401, 403, 403, 200, 200, 200, 404, 403, 200];
    "PATCH /v1/organizations/{id}" Sibling (|_| json!({ "name": format!("Renamed {}", number()) }))      => [401, 403, 403, 200, 200, 404, 404, 403, 200];
    "DELETE /v1/organizations/{id}" NewOrganization                                                      => [401, 403, 403, 200, 200, 404, 404, 403, 200];

    "GET /v1/organizations/{id}/origins" Own                                                             => [401, 200, 200, 200, 200, 200, 404, 403, 200];
    "GET /v1/organizations/{id}/origins" Sibling                                                         => [401, 200, 200, 200, 200, 404, 404, 403, 200];
    "POST /v1/organizations/{id}/origins" Own (|_| json!({ "origin": format!("https://n{}.example", number()) })) => [401, 403, 403, 201, 201, 201, 404, 403, 201];
    "POST /v1/organizations/{id}/origins" Sibling (|_| json!({ "origin": format!("https://n{}.example", number()) })) => [401, 403, 403, 201, 201, 404, 404, 403, 201];
    "DELETE /v1/organizations/{id}/origins/{origin_id}" Origin                                           => [401, 403, 403, 200, 200, 200, 404, 403, 200];

    "POST /v1/widget-tokens" None (House::mint_body)                                                     => [401, 403, 403, 201, 201, 201, 404, 403, 201];
    "POST /v1/widget-tokens" None (|house| mint_in(house.sibling.as_str()))                              => [401, 403, 403, 201, 201, 404, 404, 403, 201];
    // Who may not mint anywhere is told so, whether or not there is such an organization.
    "POST /v1/widget-tokens" None (|house| mint_in(house.foreign.as_str()))                              => [401, 403, 403, 404, 404, 404, 201, 403, 404];
    "GET /v1/widget-tokens" ListOwn                                                                      => [401, 200, 200, 200, 200, 200, 404, 403, 200];
    "GET /v1/widget-tokens" ListSibling                                                                  => [401, 200, 200, 200, 200, 404, 404, 403, 200];
    "GET /v1/widget-tokens/{id}" Token                                                                   => [401, 200, 200, 200, 200, 200, 404, 403, 200];
    "GET /v1/widget-tokens/{id}" SiblingToken                                                            => [401, 200, 200, 200, 200, 404, 404, 403, 200];
    "DELETE /v1/widget-tokens/{id}" Token                                                                => [401, 403, 403, 200, 200, 200, 404, 403, 200];
    "DELETE /v1/widget-tokens/{id}" SiblingToken                                                         => [401, 403, 403, 200, 200, 404, 404, 403, 200];
    "POST /v1/widget-tokens/revoke" None (|house| json!({ "organization_id": house.organization }))      => [401, 403, 403, 200, 200, 200, 404, 403, 200];
    "POST /v1/widget-tokens/revoke" None (|house| json!({ "organization_id": house.sibling }))           => [401, 403, 403, 200, 200, 404, 404, 403, 200];
    "POST /v1/widget-tokens/revoke" None (|_| json!({ "origin": PAGE }))                                 => [401, 403, 403, 200, 200, 403, 200, 403, 200];

    "GET /v1/signing-keys" None                                                                          => [401, 200, 200, 200, 200, 403, 200, 403, 200];
    "POST /v1/signing-keys" None (|_| json!({ "algorithm": "EdDSA" }))                                   => [401, 403, 403, 201, 201, 403, 201, 403, 201];
    "POST /v1/signing-keys/rotate" None (|_| json!({ "force": true, "reason": "test" }))                 => [401, 403, 403, 200, 200, 403, 200, 403, 200];
    "GET /v1/signing-keys/{id}" NextKey                                                                  => [401, 200, 200, 200, 200, 403, 404, 403, 200];
    "POST /v1/signing-keys/{id}/promote" NextKey (|_| json!({ "force": true, "reason": "test" }))        => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "POST /v1/signing-keys/{id}/retire" NextKey                                                          => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "POST /v1/signing-keys/{id}/revoke" NextKey (|_| json!({ "reason": "test" }))                        => [401, 403, 403, 200, 200, 403, 404, 403, 200];

    "GET /v1/audit-events" None                                                                          => [401, 403, 200, 200, 200, 200, 200, 403, 200];
    "GET /v1/audit-events/export" None ["?format=jsonl"]                                                 => [401, 403, 200, 200, 200, 200, 200, 403, 200];

    "GET /v1/members" None                                                                               => [401, 200, 200, 200, 200, 200, 200, 403, 200];
    "GET /v1/members/{id}" Member                                                                        => [401, 200, 200, 200, 200, 404, 404, 403, 200];
    "GET /v1/members/{id}" OrganizationMember                                                            => [401, 200, 200, 200, 200, 200, 404, 403, 200];
    "PATCH /v1/members/{id}" Member (|_| json!({ "role": "member" }))                                    => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "PATCH /v1/members/{id}" OrganizationMember (|house| json!({ "role": "member", "organization_id": house.organization })) => [401, 403, 403, 200, 200, 200, 404, 403, 200];
    // Nobody but an owner makes an owner.
    "PATCH /v1/members/{id}" Member (|_| json!({ "role": "owner" }))                                     => [401, 403, 403, 403, 200, 403, 404, 403, 403];
    "POST /v1/members/{id}/release" Member                                                               => [401, 403, 403, 403, 409, 403, 404, 403, 403];
    "DELETE /v1/members/{id}" Member                                                                     => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "DELETE /v1/members/{id}" OrganizationMember                                                         => [401, 403, 403, 200, 200, 403, 404, 403, 200];

    "GET /v1/invitations" None                                                                           => [401, 200, 200, 200, 200, 200, 200, 403, 200];
    "POST /v1/invitations" None (|_| json!({ "email": format!("n{}@acme.example", number()), "role": "viewer" })) => [401, 403, 403, 201, 201, 403, 201, 403, 201];
    "POST /v1/invitations" None (|house| json!({ "email": format!("n{}@acme.example", number()), "role": "admin", "organization_id": house.organization })) => [401, 403, 403, 201, 201, 201, 404, 403, 201];
    "POST /v1/invitations" None (|_| json!({ "email": format!("n{}@acme.example", number()), "role": "owner" })) => [401, 403, 403, 403, 201, 403, 201, 403, 403];
    "GET /v1/invitations/{id}" Invitation                                                                => [401, 200, 200, 200, 200, 404, 404, 403, 200];
    "GET /v1/invitations/{id}" OrganizationInvitation                                                    => [401, 200, 200, 200, 200, 200, 404, 403, 200];
    "POST /v1/invitations/{id}/resend" Invitation                                                        => [401, 403, 403, 200, 200, 404, 404, 403, 200];
    "POST /v1/invitations/{id}/resend" OrganizationInvitation                                            => [401, 403, 403, 200, 200, 200, 404, 403, 200];
    "DELETE /v1/invitations/{id}" Invitation                                                             => [401, 403, 403, 200, 200, 404, 404, 403, 200];
    "DELETE /v1/invitations/{id}" OrganizationInvitation                                                 => [401, 403, 403, 200, 200, 200, 404, 403, 200];

    "GET /v1/api-keys" None                                                                              => [401, 200, 200, 200, 200, 403, 200, 403, 200];
    "POST /v1/api-keys" None (|_| json!({ "name": "backend", "role": "admin" }))                         => [401, 403, 403, 201, 201, 403, 201, 403, 201];
    "POST /v1/api-keys" None (|house| json!({ "name": "backend", "role": "admin", "organization_id": house.organization })) => [401, 403, 403, 201, 201, 403, 404, 403, 201];
    "GET /v1/api-keys/{id}" ApiKey                                                                       => [401, 200, 200, 200, 200, 403, 404, 403, 200];
    "POST /v1/api-keys/{id}/rotate" ApiKey (|_| json!({ "overlap_seconds": 60 }))                        => [401, 403, 403, 201, 201, 403, 404, 403, 201];
    // Whoever may is told that nothing holds it.
    "POST /v1/api-keys/{id}/release" ApiKey                                                              => [401, 403, 403, 403, 409, 403, 404, 403, 403];
    "DELETE /v1/api-keys/{id}" ApiKey                                                                    => [401, 403, 403, 200, 200, 403, 404, 403, 200];

    "GET /v1/products" None                                                                              => [401, 200, 200, 200, 200, 403, 200, 403, 200];
    "POST /v1/products" None (|_| json!({ "name": format!("New {}", number()) }))                        => [401, 403, 403, 201, 201, 403, 201, 403, 201];
    "GET /v1/products/{id}" Product                                                                      => [401, 200, 200, 200, 200, 403, 404, 403, 200];
    "PATCH /v1/products/{id}" Product (|_| json!({ "name": "Renamed" }))                                 => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "DELETE /v1/products/{id}" Product                                                                   => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "GET /v1/products/{id}/domains" Product                                                              => [401, 200, 200, 200, 200, 403, 404, 403, 200];
    "POST /v1/products/{id}/domains" Product (|_| json!({ "origin": PAGE }))                             => [401, 403, 403, 201, 201, 403, 404, 403, 201];
    "DELETE /v1/products/{id}/domains/{domain_id}" Domain                                                => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "GET /v1/products/{id}/embed-keys" Product                                                           => [401, 200, 200, 200, 200, 403, 404, 403, 200];
    "POST /v1/products/{id}/embed-keys" Product (|_| json!({ "name": "Website", "origins": [PAGE], "mode": "live" })) => [401, 403, 403, 201, 201, 403, 404, 403, 201];
    "GET /v1/products/{id}/embed-keys/{key_id}" EmbedKey                                                 => [401, 200, 200, 200, 200, 403, 404, 403, 200];
    "PATCH /v1/products/{id}/embed-keys/{key_id}" EmbedKey (|_| json!({ "name": "Blog" }))               => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "DELETE /v1/products/{id}/embed-keys/{key_id}" EmbedKey                                              => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "POST /v1/products/{id}/embed-keys/{key_id}/enable" DisabledEmbedKey                                 => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "POST /v1/products/{id}/embed-keys/{key_id}/rotate" EmbedKey (|_| json!({ "overlap_seconds": 60 }))  => [401, 403, 403, 201, 201, 403, 404, 403, 201];
    "GET /v1/products/{id}/offerings" Product                                                            => [401, 200, 200, 200, 200, 403, 404, 403, 200];
    "POST /v1/products/{id}/offerings" Product (|_| offering())                                          => [401, 403, 403, 201, 201, 403, 404, 403, 201];
    "POST /v1/products/{id}/offerings/order" Product (|_| json!({ "ids": [] }))                          => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "GET /v1/products/{id}/offerings/{offering_id}" Offering                                             => [401, 200, 200, 200, 200, 403, 404, 403, 200];
    "PATCH /v1/products/{id}/offerings/{offering_id}" Offering (|_| json!({ "status": "PUBLISHED" }))    => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "DELETE /v1/products/{id}/offerings/{offering_id}" Offering                                          => [401, 403, 403, 200, 200, 403, 404, 403, 200];

    "GET /v1/products/{id}/bridge-keys" Product                                                          => [401, 200, 200, 200, 200, 403, 404, 403, 200];
    "POST /v1/products/{id}/bridge-keys" Product (|_| json!({ "algorithm": "HS256" }))                   => [401, 403, 403, 201, 201, 403, 404, 403, 201];
    "GET /v1/products/{id}/bridge-keys/{key_id}" NextBridgeKey                                           => [401, 200, 200, 200, 200, 403, 404, 403, 200];
    "POST /v1/products/{id}/bridge-keys/{key_id}/promote" NextBridgeKey                                  => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "POST /v1/products/{id}/bridge-keys/{key_id}/retire" NextBridgeKey                                   => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "POST /v1/products/{id}/bridge-keys/{key_id}/revoke" NextBridgeKey (|_| json!({ "reason": "test" })) => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    // Whoever may is told that nothing holds it.
    "POST /v1/products/{id}/bridge-keys/{key_id}/release" NextBridgeKey                                  => [401, 403, 403, 403, 409, 403, 404, 403, 403];

    "GET /v1/products/{id}/verification-secrets" Product                                                 => [401, 200, 200, 200, 200, 403, 404, 403, 200];
    "POST /v1/products/{id}/verification-secrets" Product (|_| json!({ "name": "Web" }))                 => [401, 403, 403, 201, 201, 403, 404, 403, 201];
    "GET /v1/products/{id}/verification-secrets/{secret_id}" VerificationSecret                          => [401, 200, 200, 200, 200, 403, 404, 403, 200];
    "POST /v1/products/{id}/verification-secrets/{secret_id}/rotate" VerificationSecret (|_| json!({ "overlap_seconds": 60 })) => [401, 403, 403, 201, 201, 403, 404, 403, 201];
    // Whoever may is told that nothing holds it.
    "POST /v1/products/{id}/verification-secrets/{secret_id}/release" VerificationSecret                 => [401, 403, 403, 403, 409, 403, 404, 403, 403];
    "DELETE /v1/products/{id}/verification-secrets/{secret_id}" VerificationSecret                       => [401, 403, 403, 200, 200, 403, 404, 403, 200];

    // What visitors wrote is not for viewers.
    "GET /v1/products/{id}/conversations" Product                                                        => [401, 403, 200, 200, 200, 403, 404, 403, 200];
    "GET /v1/products/{id}/conversations/{conversation_id}" Conversation                                 => [401, 403, 200, 200, 200, 403, 404, 403, 200];
    "POST /v1/products/{id}/conversations/{conversation_id}/messages" Conversation (|_| json!({ "text": "Hi" })) => [401, 403, 403, 201, 201, 403, 404, 403, 201];
    "PATCH /v1/products/{id}/conversations/{conversation_id}" Conversation (|_| json!({ "status": "closed" })) => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "DELETE /v1/products/{id}/conversations/{conversation_id}" Conversation                              => [401, 403, 403, 200, 200, 403, 404, 403, 200];

    // The secret in the body is the credential, whoever else asks; this one is nobody's.
    "POST /v1/auth/user-token" None (|_| json!({ "product_id": "prod_0123456789abcdef01234567", "verification_secret": "vs_x", "user_id": "u" })) => [401, 401, 401, 401, 401, 401, 401, 403, 401];
    // Whatever bears is judged, and none of these is an end user's.
    "GET /v1/auth/token/verify" None                                                                     => [401, 200, 200, 200, 200, 200, 200, 403, 200];
    // For backends alone.
    "POST /v1/introspect" None (|_| json!({ "token": "x" }))                                             => [401, 403, 403, 403, 403, 403, 403, 403, 200];
    "POST /v1/introspect/batch" None (|_| json!({ "tokens": ["x"] }))                                    => [401, 403, 403, 403, 403, 403, 403, 403, 200];
    "POST /v1/revoke" None (|_| json!({ "token": "x" }))                                                 => [401, 403, 403, 403, 403, 403, 403, 403, 200];

    "GET /v1/customers" None                                                                             => [401, 200, 200, 200, 200, 403, 200, 403, 200];
    "POST /v1/customers" None (|_| json!({ "external_id": format!("u{}", number()) }))                   => [401, 403, 403, 201, 201, 403, 201, 403, 201];
    "POST /v1/customers/purge-test" None                                                                 => [401, 403, 403, 200, 200, 403, 200, 403, 200];
    "GET /v1/customers/{id}" Customer                                                                    => [401, 200, 200, 200, 200, 403, 404, 403, 200];
    "PATCH /v1/customers/{id}" Customer (|_| json!({ "name": "Renamed" }))                               => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "DELETE /v1/customers/{id}" Customer                                                                 => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "DELETE /v1/customers/{id}/password" Customer                                                        => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "GET /v1/customers/{id}/sessions" Customer                                                           => [401, 200, 200, 200, 200, 403, 404, 403, 200];
    "DELETE /v1/customers/{id}/sessions" Customer                                                        => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "GET /v1/customers/{id}/sessions/{session_id}" CustomerSession                                       => [401, 200, 200, 200, 200, 403, 404, 403, 200];
    "DELETE /v1/customers/{id}/sessions/{session_id}" CustomerSession                                    => [401, 403, 403, 200, 200, 403, 404, 403, 200];

    "GET /v1/roles" None                                                                                 => [401, 200, 200, 200, 200, 403, 200, 403, 200];
    "POST /v1/roles" None (|_| json!({ "name": format!("New {}", number()), "permissions": ["widgets:sso:manage"] })) => [401, 403, 403, 201, 201, 403, 201, 403, 201];
    "GET /v1/roles/{id}" Role                                                                            => [401, 200, 200, 200, 200, 403, 404, 403, 200];
    "PATCH /v1/roles/{id}" Role (|_| json!({ "permissions": [] }))                                       => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "DELETE /v1/roles/{id}" Role                                                                         => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "GET /v1/customers/{id}/organizations" Customer                                                      => [401, 200, 200, 200, 200, 403, 404, 403, 200];
    // Whoever may is told that there is no such role.
    "PUT /v1/customers/{id}/organizations/{organization_id}" CustomerPlace (|_| json!({ "role_id": "rol_000000000000000000000000" })) => [401, 403, 403, 422, 422, 403, 404, 403, 422];
    "DELETE /v1/customers/{id}/organizations/{organization_id}" CustomerPlace                            => [401, 403, 403, 200, 200, 403, 404, 403, 200];
    "POST /v1/widgets/token" None (|house| json!({ "organization_id": house.organization, "scopes": ["sso_connection"] })) => [401, 403, 403, 403, 403, 403, 403, 403, 201];
    "POST /v1/widgets/token" None (|house| json!({ "organization_id": house.sibling, "scopes": ["sso_connection"] })) => [401, 403, 403, 403, 403, 403, 403, 403, 201];

    // The key in the page is the credential, whoever else calls; a widget token is refused even there.
    "GET /embed/v1/config" EmbedConfig                                                                   => [200, 200, 200, 200, 200, 200, 200, 403, 200];

    // A bridge token that nobody signed lets nobody in, whoever else brings it; the rest wants a customer's session and nothing else.
    "POST /embed/v1/sessions/exchange" EmbedConfig (|_| json!({ "bridge_token": "e30.e30.e30" }))        => [401, 401, 401, 401, 401, 401, 401, 403, 401];
    "POST /embed/v1/sessions/refresh" None                                                               => [401, 401, 401, 401, 401, 401, 401, 403, 401];
    "DELETE /embed/v1/sessions" None                                                                     => [401, 401, 401, 401, 401, 401, 401, 403, 401];
    "DELETE /embed/v1/sessions/current" None                                                             => [401, 401, 401, 401, 401, 401, 401, 403, 401];
    "GET /embed/v1/me" None                                                                              => [401, 401, 401, 401, 401, 401, 401, 403, 401];

    // Whoever asks is heard, and no answer tells more; a token that is no link lets nobody in.
    "POST /embed/v1/magic-links" EmbedConfig (|_| json!({ "email": "a@customer.example", "return_url": format!("{PAGE}/") })) => [202, 202, 202, 202, 202, 202, 202, 403, 202];
    "POST /embed/v1/magic-links/redeem" EmbedConfig (|_| json!({ "token": "magic_x" }))                  => [401, 401, 401, 401, 401, 401, 401, 403, 401];

    // Anybody writes without a name, and a credential of another kind is not overlooked; only a conversation's own token reads it.
    "POST /embed/v1/messages" EmbedConfig (|_| json!({ "text": "Hello" }))                               => [201, 401, 401, 401, 401, 401, 401, 403, 401];
    "GET /embed/v1/messages" EmbedConfig                                                                 => [401, 401, 401, 401, 401, 401, 401, 403, 401];

    // The guard knows no role: a dashboard JWT is another kind, an API key no JWT at all.
    "GET /widget/session" None                                                                           => [401, 403, 403, 403, 403, 403, 403, 200, 401];
    "GET /widget/organization" None                                                                      => [401, 403, 403, 403, 403, 403, 403, 200, 401];

    // For everybody; a widget token is refused even there.
    "GET /.well-known/jwks.json" None                                                                    => [200, 200, 200, 200, 200, 200, 200, 403, 200];
    "GET /.well-known/openid-configuration" None                                                         => [200, 200, 200, 200, 200, 200, 200, 403, 200];
    "GET /t/{slug}/.well-known/jwks.json" Slug                                                           => [200, 200, 200, 200, 200, 200, 200, 403, 200];
    "GET /t/{slug}/.well-known/openid-configuration" Slug                                                => [200, 200, 200, 200, 200, 200, 200, 403, 200];
    "GET /openapi.json" None                                                                             => [200, 200, 200, 200, 200, 200, 200, 403, 200];
    "GET /healthz" None                                                                                  => [200, 200, 200, 200, 200, 200, 200, 403, 200];
    "GET /readyz" None                                                                                   => [200, 200, 200, 200, 200, 200, 200, 403, 200];
};

fn offering() -> Value {
    json!({ "name": "Basic", "price": { "amount": 1900, "currency": "EUR", "interval": "month" }, "features": ["Everything"], "status": "DRAFT" })
}

fn mint_in(organization: &str) -> Value {
    json!({ "organization_id": organization, "scope": ["sso_connection"], "origins": [PAGE] })
}
