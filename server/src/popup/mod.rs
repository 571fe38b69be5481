//! `/popup/*`: our own sign-in, for pages that have none. A page opens it as a window, somebody proves who they are in it, and it hands a
//! session to the page that opened it and to no other.
//!
//! What the window holds is in its memory, and only the window itself may be reached by who opened it (`headers::KeepsOpener`). Never a
//! cookie but the one of the hidden frame that keeps a sign-in for its page (`kept`), which nothing else reads.

mod html;
mod kept;
mod passwords;

use crate::{
    Context,
    client::{ClientIp, From, neighbourhood},
    error::{Failure, Result},
    extract::{Json, NoQuery, Query},
    headers::KeepsOpener,
};
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use mintmark::{
    Code, Error,
    customer_session::StartedSession,
    embed_key::EmbedCall,
    magic_link::{AcceptedRequest, NewSignInLink, SignInRedemption},
};
use serde::Deserialize;

/// The longest `state`, in characters.
const LONGEST_STATE: usize = 128;

/// What the page that opens the window, or makes the frame, says.
#[derive(Deserialize)]
struct Opening {
    key: String,
    origin: String,
    state: String,
}

/// For which page the window asks.
#[derive(Deserialize)]
struct Asked {
    key: String,
    origin: String,
}

impl Asked {
    /// The page's origin is said by a script of ours, in a window that was opened for it; it is judged anew all the same.
    fn call(&self, from: mintmark::Origination) -> EmbedCall<'_> {
        EmbedCall { key: &self.key, tenant: None, origin: Some(&self.origin), from }
    }
}

pub(crate) fn router() -> Router<Context> {
    Router::new()
        .route("/popup/sign-in", get(window))
        .route("/popup/link", get(link))
        .route("/popup/links", post(request))
        .route("/popup/redeem", post(redeem))
        .merge(passwords::router())
        .merge(kept::router())
}

/// The window. Whoever may not open it reads why, and is told nothing else.
async fn window(State(context): State<Context>, From(from): From, asked: Result<Query<Opening>>) -> Response {
    match open(&context, from, asked).await {
        Ok(response) => response,
        Err(Failure(error)) => html::refusal(&error),
    }
}

async fn open(context: &Context, from: mintmark::Origination, asked: Result<Query<Opening>>) -> Result<Response> {
    let Query(Opening { key, origin, state }) = asked?;
    if state.is_empty() || state.chars().count() > LONGEST_STATE {
        return Err(Error::invalid("state", "A state has 1 to 128 characters.").into());
    }
    let popup = context.core.sign_in_popup(Asked { key, origin }.call(from)).await?;
    let mut response = html::window(&popup, &state);
    response.extensions_mut().insert(KeepsOpener);
    Ok(response)
}

/// Where a link in a mail leads: it is the same page for everybody, reads what stands behind the hash, and uses nothing up.
async fn link(_: NoQuery) -> Response {
    html::link()
}

/// Mails a link, if the address is one to write to; the answer is always the same.
async fn request(
    State(context): State<Context>,
    From(from): From,
    ClientIp(ip): ClientIp,
    Query(asked): Query<Asked>,
    Json(wanted): Json<NewSignInLink>,
) -> Result<(StatusCode, Json<AcceptedRequest>)> {
    let accepted = context.core.request_sign_in_link(&wanted, &neighbourhood(ip).to_string(), asked.call(from)).await?;
    Ok((StatusCode::ACCEPTED, Json(accepted)))
}

/// Redeems it, for the window that asked.
async fn redeem(
    State(context): State<Context>,
    From(from): From,
    ClientIp(ip): ClientIp,
    Query(asked): Query<Asked>,
    Json(redemption): Json<SignInRedemption>,
) -> Result<Json<StartedSession>> {
    let redeemed = context.core.redeem_sign_in_link(&redemption, asked.call(from.clone())).await;
    // As with every link: guessing is hopeless, and limited all the same (ML4).
    if redeemed.as_ref().is_err_and(|error| error.code() == Code::InvalidToken) {
        context.limits.wrong_link.take(ip).inspect_err(|_| context.core.limited("magic_link", &from))?;
    }
    Ok(Json(redeemed?))
}
