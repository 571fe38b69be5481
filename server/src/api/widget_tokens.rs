//! `/v1/widget-tokens`: minting, listing, showing and revoking.

use crate::{
    Context,
    bearer::Caller,
    error::Result,
    extract::{Created, Json, NoQuery, Paging, Path, Split},
};
use axum::{extract::State, http::HeaderMap};
use mintmark::{
    Code, Error, Limit, Page, Permission, Problem, TokenId,
    audit::AuditEvent,
    token::{BulkRevocation, IdempotencyKey, Mint, MintedToken, Revocation, Revoked, TokenFilter, WidgetToken, WidgetsToken},
};
use serde::Serialize;
use utoipa::ToSchema;

/// Mints a widget token. Owners and admins of the organization.
///
/// With an `Idempotency-Key`, the same caller and body get the same token again within ten minutes.
#[utoipa::path(
    post, path = "/v1/widget-tokens", tag = "widget tokens", request_body = Mint,
    params(("idempotency-key" = Option<String>, Header, description = "1 to 255 printable ASCII characters")),
    responses(
        (status = 201, description = "The token, shown once", body = MintedToken),
        (status = 403, description = "`missing_permission`, naming what the customer lacks; `customer_banned`; `insufficient_role`, `widget_token_not_allowed_here`", body = Problem),
        (status = 409, description = "`idempotency_key_reused` with another body, or `idempotency_key_spent` when its token is dead", body = Problem),
        (status = 422, description = "`invalid_origin`, `origin_not_allowed`, `unknown_scope`; `unknown_field`, `missing_field`, `invalid_field`", body = Problem),
    )
)]
pub(super) async fn mint(
    State(context): State<Context>,
    Caller(op): Caller,
    _: NoQuery,
    headers: HeaderMap,
    Json(asked): Json<Mint>,
) -> Result<Created<MintedToken>> {
    if let Ok(organization) = asked.organization_id.parse() {
        context.count_organization(&organization, &op.actor().from)?;
    }
    Ok(Created(op.mint_token(asked, idempotency_key(&headers)?).await?))
}

/// Mints a widget token as a page is rendered: for all of the organization's origins, for as long as the tenant allows, and for a
/// customer exactly what was asked or nothing. For API keys of admins of the organization.
#[utoipa::path(
    post, path = "/v1/widgets/token", tag = "widget tokens", request_body = WidgetsToken,
    responses(
        (status = 201, description = "The token, shown once", body = MintedToken),
        (status = 403, description = "`missing_permission`, naming what the customer lacks; `customer_banned`; `insufficient_role`, `widget_token_not_allowed_here`", body = Problem),
        (status = 422, description = "`origin_not_allowed`, `unknown_scope`; `unknown_field`, `missing_field`, `invalid_field`", body = Problem),
    )
)]
pub(super) async fn mint_for_widgets(
    State(context): State<Context>,
    Caller(op): Caller,
    _: NoQuery,
    Json(asked): Json<WidgetsToken>,
) -> Result<Created<MintedToken>> {
    if let Some(Ok(organization)) = asked.organization_id.as_deref().map(str::parse) {
        context.count_organization(&organization, &op.actor().from)?;
    }
    Ok(Created(op.mint_widgets_token(asked).await?))
}

fn idempotency_key(headers: &HeaderMap) -> mintmark::Result<Option<IdempotencyKey>> {
    let mut said = headers.get_all("idempotency-key").iter();
    match (said.next(), said.next()) {
        (None, _) => Ok(None),
        (Some(one), None) => IdempotencyKey::parse(one.to_str().unwrap_or_default()).map(Some),
        _ => Err(Error::invalid("idempotency-key", "Send one idempotency key.")),
    }
}

/// The tokens of one organization, newest first: what is alive, unless asked for more.
#[utoipa::path(get, path = "/v1/widget-tokens", tag = "widget tokens", params(TokenFilter, Paging), responses((status = 200, description = "A page", body = Page<WidgetToken>)))]
pub(super) async fn list(Caller(op): Caller, Split(paging, filter): Split<Paging, TokenFilter>) -> Result<Json<Page<WidgetToken>>> {
    if filter.organization_id.is_none() {
        return Err(Error::new(Code::MissingField, "Name the organization whose tokens you want.").field("organization_id").into());
    }
    Ok(Json(op.tokens(&filter, paging.limit()?, paging.cursor()).await?))
}

/// A token with its own history.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenWithHistory {
    #[serde(flatten)]
    token: WidgetToken,
    /// What happened to it, newest first, 200 events at most; null for those who may not read history.
    events: Option<Vec<AuditEvent>>,
}

/// One token, never its text, and what happened to it.
#[utoipa::path(get, path = "/v1/widget-tokens/{id}", tag = "widget tokens", params(("id" = String, Path, description = "`wtok_...`")), responses((status = 200, description = "The row and its history", body = TokenWithHistory)))]
pub(super) async fn show(Caller(op): Caller, Path(id): Path<TokenId>, _: NoQuery) -> Result<Json<TokenWithHistory>> {
    let token = op.token(&id).await?;
    let may_read = op.actor().roles.hold(Permission::ReadAudit, (&token.organization_id).into());
    let events = if may_read { Some(op.history_of(id.as_str(), Limit::MOST, None).await?.data) } else { None };
    Ok(Json(TokenWithHistory { token, events }))
}

/// Revokes a token; its next call is refused. Again: the first revocation stands. Owners and admins of the organization.
#[utoipa::path(delete, path = "/v1/widget-tokens/{id}", tag = "widget tokens", params(("id" = String, Path, description = "`wtok_...`")), request_body = Option<Revocation>, responses((status = 200, description = "The row, with `revoked_at`", body = WidgetToken)))]
pub(super) async fn revoke(
    Caller(op): Caller,
    Path(id): Path<TokenId>,
    _: NoQuery,
    why: Option<Json<Revocation>>,
) -> Result<Json<WidgetToken>> {
    Ok(Json(op.revoke_token(&id, why.map(|Json(why)| why).unwrap_or_default()).await?))
}

/// Revokes every live token that all the given filters fit. Owners and admins of the organization, or, without one, of the tenant.
#[utoipa::path(post, path = "/v1/widget-tokens/revoke", tag = "widget tokens", request_body = BulkRevocation, responses((status = 200, description = "How many died", body = Revoked), (status = 422, description = "`empty_filter`; `invalid_origin`; `unknown_field`, `invalid_field`", body = Problem)))]
pub(super) async fn revoke_many(Caller(op): Caller, _: NoQuery, Json(filter): Json<BulkRevocation>) -> Result<Json<Revoked>> {
    Ok(Json(op.revoke_tokens(filter).await?))
}
