//! `/popup/frame` and what it calls: the hidden frame that keeps a sign-in for the page around it, where the product's switch is on (OR11).
//!
//! A page of a listed origin makes an `<iframe hidden>` of `/popup/frame?key=&origin=&state=`: its embed key, its own origin, and a random
//! text of at most 128 characters. Both speak by `postMessage` with the other's exact origin, and hear nobody else. Each question carries
//! a fresh `state` of that kind, and its answer repeats it; questions are answered one after another.
//!
//! | the page says | the frame answers |
//! |---|---|
//! | | `{type: "mintmark:frame-ready", state}` once it listens, with the `state` of the address |
//! | `{type: "mintmark:keep", state, token}`, once, within five minutes of a sign-in by mail or in our window | `{type: "mintmark:kept", state, ends_at}`: until when |
//! | `{type: "mintmark:restore", state}`, after a reload | `{type: "mintmark:restored", state, session}`: what redeeming answers, or null |
//! | `{type: "mintmark:forget", state}`, after signing out | `{type: "mintmark:forgotten", state}` |
//! | any of them | `{type: "mintmark:frame-failed", state, code, retryAfter}`: a code of ours, or `network`; seconds, or null |
//!
//! `conflict` for `keep` says that the session is kept already or is too old for it; nothing is to be tried again then. A frame that may not
//! be there says nothing at all: a page that hears no `frame-ready` for a few seconds goes on without. The frame holds nothing, so it can be
//! removed after an answer and made again.
//!
//! The cookie is bound to this host, out of reach of scripts, and partitioned by the site around the frame: another site's pages have
//! another one, or none. These routes read it, and no other cookie; nothing else reads it.

use super::{Asked, LONGEST_STATE, html};
use crate::{
    Context,
    client::{ClientIp, From},
    error::Result,
    extract::{Json, Nothing, Query},
};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
    routing::{get, post},
};
use mintmark::{
    Error, Origination, Secret, Time, customer_session::StartedSession, kept_sign_in::NewKeptSignIn, secret::Digest, time::SECOND,
};
use serde::Serialize;
use std::net::IpAddr;

pub(super) fn router() -> Router<Context> {
    Router::new()
        .route("/popup/frame", get(frame))
        .route("/popup/keep", post(keep))
        .route("/popup/restore", post(restore))
        .route("/popup/forget", post(forget))
}

/// Until when a reload brings the session back.
#[derive(Serialize)]
struct Kept {
    ends_at: Time,
}

/// Nobody, or somebody: a page asks at each of its loads, so that having nothing is no error.
#[derive(Serialize)]
struct Restored {
    session: Option<StartedSession>,
}

#[derive(Serialize)]
struct Forgotten {}

/// What goes along with an answer.
type Cookie = Option<[(HeaderName, HeaderValue); 1]>;

async fn frame(State(context): State<Context>, From(from): From, Query(asked): Query<super::Opening>) -> Result<Response> {
    let super::Opening { key, origin, state } = asked;
    if state.is_empty() || state.chars().count() > LONGEST_STATE {
        return Err(Error::invalid("state", "A state has 1 to 128 characters.").into());
    }
    let frame = context.core.keep_frame(Asked { key, origin }.call(from)).await?;
    Ok(html::frame(&frame, &state, context.core.settings().preview.as_deref()))
}

/// Each load of a page asks once: far more than a crowd behind one address needs.
fn limit(context: &Context, ip: IpAddr, from: &Origination) -> Result<()> {
    Ok(context.limits.kept_sign_in.take(ip).inspect_err(|_| context.core.limited("kept_sign_in", from))?)
}

async fn keep(
    State(context): State<Context>,
    From(from): From,
    ClientIp(ip): ClientIp,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
    Json(new): Json<NewKeptSignIn>,
) -> Result<(Cookie, Json<Kept>)> {
    limit(&context, ip, &from)?;
    let name = name(&asked);
    let kept = context.core.keep_sign_in(&new, shown(&headers, &name).as_ref(), asked.call(from)).await?;
    let cookie = kept.secret.map(|secret| cookie(&name, &secret, kept.ends_at.since(context.core.now()) / SECOND)).transpose()?;
    Ok((cookie, Json(Kept { ends_at: kept.ends_at })))
}

async fn restore(
    State(context): State<Context>,
    From(from): From,
    ClientIp(ip): ClientIp,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<(Cookie, Json<Restored>)> {
    limit(&context, ip, &from)?;
    let name = name(&asked);
    let shown = shown(&headers, &name);
    let restored = context.core.restore_sign_in(shown.as_ref(), asked.call(from)).await?;
    let cookie = match &restored {
        Some(restored) => Some(cookie(&name, &restored.secret, restored.ends_at.since(context.core.now()) / SECOND)?),
        None => gone(&headers, &name)?,
    };
    Ok((cookie, Json(Restored { session: restored.map(|restored| restored.session) })))
}

/// Whatever became of key and product: nobody is kept from signing out.
async fn forget(
    State(context): State<Context>,
    From(from): From,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<(Cookie, Json<Forgotten>)> {
    let name = name(&asked);
    if let Some(secret) = shown(&headers, &name) {
        context.core.forget_sign_in(&secret, &from).await?;
    }
    Ok((gone(&headers, &name)?, Json(Forgotten {})))
}

/// One for each key and origin: pages of one site share the cookies of a frame. Browsers take the prefix on loopback without TLS as well,
/// and without TLS we are nowhere else.
fn name(asked: &Asked) -> String {
    let whose = Digest::of(format!("{} {}", asked.key, asked.origin).as_bytes()).to_hex();
    format!("__Host-mintmark-kept-{}", &whose[..16])
}

/// What the cookies of this name hold, as they were sent.
fn held<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter_map(move |(key, value)| (key == name).then_some(value))
}

/// Said twice is not said.
fn shown(headers: &HeaderMap, name: &str) -> Option<Secret> {
    let mut held = held(headers, name);
    match (held.next(), held.next()) {
        (Some(value), None) if !value.is_empty() => Some(Secret::new(value.to_owned())),
        _ => None,
    }
}

/// Takes it back, if there is one.
fn gone(headers: &HeaderMap, name: &str) -> Result<Cookie> {
    let is_there = held(headers, name).next().is_some();
    Ok(is_there.then(|| cookie(name, &Secret::new(String::new()), 0)).transpose()?)
}

fn cookie(name: &str, secret: &Secret, seconds: i64) -> mintmark::Result<[(HeaderName, HeaderValue); 1]> {
    let text = format!("{name}={}; Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age={}", secret.reveal(), seconds.max(0));
    let mut value = HeaderValue::try_from(text).map_err(|error| Error::internal("a cookie could not be said").because(error))?;
    value.set_sensitive(true);
    Ok([(header::SET_COOKIE, value)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(lines: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, line.parse().expect("a value"));
        }
        shown(&headers, "__Host-mintmark-kept-0").map(|secret| secret.reveal().to_owned())
    }

    #[test]
    fn the_cookie_of_that_name_is_read_and_no_other() {
        for (lines, held) in [
            (&[][..], None),
            (&["__Host-mintmark-kept-0=a"], Some("a")),
            (&["mintmark=x; __Host-mintmark-kept-0=a;__Host-mintmark=y"], Some("a")),
            (&["mintmark=x", "__Host-mintmark-kept-0=a=b"], Some("a=b")),
            (&["__Host-mintmark-kept-1=a; mintmark-kept-0=b; __host-mintmark-kept-0=c"], None),
            (&["__Host-mintmark-kept-0="], None),
            (&["__Host-mintmark-kept-0=a; __Host-mintmark-kept-0=b"], None),
            (&["__Host-mintmark-kept-0=a", "__Host-mintmark-kept-0=a"], None),
        ] {
            assert_eq!(said(lines).as_deref(), held, "{lines:?}");
        }
    }

    #[test]
    fn each_key_and_origin_has_a_name_of_its_own() {
        let of = |key: &str, origin: &str| name(&Asked { key: key.to_owned(), origin: origin.to_owned() });
        let names = [of("pk_live_1", "https://a.example"), of("pk_live_2", "https://a.example"), of("pk_live_1", "https://b.example")];
        assert!(names[0] != names[1] && names[0] != names[2] && names[1] != names[2], "{names:?}");
        assert_eq!(names[0].len(), "__Host-mintmark-kept-".len() + 16);
    }
}
