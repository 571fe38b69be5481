//! `POST /v1/auth/user-token`: a product's backend buys an identity token for one of its users. The secret in the body is the credential.

use crate::{
    Context,
    client::From,
    error::Result,
    extract::{Json, NoQuery},
};
use axum::{
    extract::State,
    http::{HeaderMap, header},
};
use mintmark::{
    Code, Error, Problem,
    identity::{IssuedIdentity, NewIdentity},
};

/// An identity token of fifteen minutes. The whole answer may be handed to the page of the user that it names.
///
/// Call it from your backend alone: a browser must never hold the verification secret, so a request with an `Origin` is refused.
#[utoipa::path(post, path = "/v1/auth/user-token", tag = "identity", security(()), request_body = NewIdentity, responses((status = 200, description = "The token", body = IssuedIdentity), (status = 401, description = "`invalid_credentials`: product and secret do not fit together, whatever of them is wrong", body = Problem), (status = 403, description = "`cross_site`: a browser calls; `customer_banned`; `widget_token_not_allowed_here`", body = Problem), (status = 429, description = "`rate_limited`: too many wrong secrets for this product, or too many tokens for this secret", body = Problem)))]
pub(super) async fn issue(
    State(context): State<Context>,
    From(from): From,
    headers: HeaderMap,
    _: NoQuery,
    Json(asked): Json<NewIdentity>,
) -> Result<Json<IssuedIdentity>> {
    if headers.contains_key(header::ORIGIN) {
        return Err(Error::new(Code::CrossSite, "Ask from your backend: a page must never hold the verification secret.").into());
    }
    let buyer = context.core.buyer(&asked, from.clone()).await.map_err(|refused| match refused.code() {
        Code::InvalidCredentials => context.limits.wrong_secret.take(&asked.product_id).err().unwrap_or(refused),
        _ => refused,
    })?;
    context.limits.identity.take(buyer.secret().as_str()).inspect_err(|_| context.core.limited("user_token", &from))?;
    Ok(Json(buyer.issue().await?))
}
