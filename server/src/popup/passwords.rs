//! The window's ways with a password, and the pages that mails about one lead to. What uses a link up is a POST, and never the page.

use super::{Asked, html};
use crate::{
    Context,
    client::{ClientIp, From, neighbourhood},
    error::Result,
    extract::{Json, NoQuery, Query},
};
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use mintmark::{
    Origination,
    customer_password::{ForgottenPassword, PasswordProof, PasswordRedemption, PasswordSet, Purpose},
    customer_session::StartedSession,
    magic_link::AcceptedRequest,
};
use std::net::IpAddr;

pub(super) fn router() -> Router<Context> {
    Router::new()
        .route("/popup/password", post(sign_in))
        .route("/popup/sign-up", post(sign_up))
        .route("/popup/forgot", post(forgot))
        .route("/popup/verify", get(verify_page).post(verify))
        .route("/popup/reset", get(reset_page).post(reset))
}

/// Before anything costs a hash: so many a minute and client, whoever they say they are.
fn limit(context: &Context, ip: IpAddr, from: &Origination) -> Result<()> {
    Ok(context.limits.customer_password.take(ip).inspect_err(|_| context.core.limited("customer_password", from))?)
}

async fn sign_in(
    State(context): State<Context>,
    From(from): From,
    ClientIp(ip): ClientIp,
    Query(asked): Query<Asked>,
    Json(proof): Json<PasswordProof>,
) -> Result<Json<StartedSession>> {
    limit(&context, ip, &from)?;
    Ok(Json(context.core.sign_in_with_password(&proof, asked.call(from)).await?))
}

/// The answer is the same whoever it is.
async fn sign_up(
    State(context): State<Context>,
    From(from): From,
    ClientIp(ip): ClientIp,
    Query(asked): Query<Asked>,
    Json(proof): Json<PasswordProof>,
) -> Result<(StatusCode, Json<AcceptedRequest>)> {
    limit(&context, ip, &from)?;
    let accepted = context.core.sign_up_with_password(&proof, &neighbourhood(ip).to_string(), asked.call(from)).await?;
    Ok((StatusCode::ACCEPTED, Json(accepted)))
}

/// Likewise; what is asked too often is answered by silence.
async fn forgot(
    State(context): State<Context>,
    From(from): From,
    ClientIp(ip): ClientIp,
    Query(asked): Query<Asked>,
    Json(forgotten): Json<ForgottenPassword>,
) -> Result<(StatusCode, Json<AcceptedRequest>)> {
    let accepted = context.core.forgot_password(&forgotten, &neighbourhood(ip).to_string(), asked.call(from)).await?;
    Ok((StatusCode::ACCEPTED, Json(accepted)))
}

async fn verify_page(_: NoQuery) -> Response {
    html::password_link(Purpose::Verify)
}

async fn reset_page(_: NoQuery) -> Response {
    html::password_link(Purpose::Reset)
}

async fn verify(
    State(context): State<Context>,
    From(from): From,
    ClientIp(ip): ClientIp,
    _: NoQuery,
    Json(redemption): Json<PasswordRedemption>,
) -> Result<Json<PasswordSet>> {
    limit(&context, ip, &from)?;
    Ok(Json(context.core.verify_sign_up(&redemption, &from).await?))
}

async fn reset(
    State(context): State<Context>,
    From(from): From,
    ClientIp(ip): ClientIp,
    _: NoQuery,
    Json(redemption): Json<PasswordRedemption>,
) -> Result<Json<PasswordSet>> {
    limit(&context, ip, &from)?;
    Ok(Json(context.core.reset_customer_password(&redemption, &from).await?))
}
