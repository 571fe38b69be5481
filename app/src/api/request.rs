//! What a server function knows of the request that it answers: who is signed in, from where, in which tenant.

use crate::{Answer, Failure, return_to::own_path};
use http::{HeaderMap, HeaderValue, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use mintmark::{
    Code, Core, Op, Origination, Secret, SessionId,
    session::Session,
    tenant::TenantSummary,
    user::{SignedIn, Visitor},
};
use std::sync::Arc;

/// The one key of the session layer's record: which row it belongs to.
pub const SESSION: &str = "session";

/// What the server tells of each request, through Leptos' context.
#[derive(Clone)]
pub struct Visit {
    /// From where it came.
    pub from: Origination,
    /// Whether the public URL is on TLS: cookies are then Secure and bound to the host.
    pub https: bool,
    /// Takes one of this client's attempts to sign in, or refuses.
    pub knock: Arc<dyn Fn() -> mintmark::Result<()> + Send + Sync>,
}

/// The person who is signed in, acting in the tenant with this slug: the first line of nearly every server function.
/// Session, roles and the tenant's `not_before` are read anew.
pub async fn acting(tenant: &str) -> Answer<Op> {
    let (core, session) = (core()?, signed_in().await?);
    let actor = core.actor_for_session(&session, tenant, visit()?.from).await?;
    Ok(core.act_as(actor))
}

/// The person who is signed in, for what has no tenant.
pub async fn signed_in() -> Answer<Session> {
    let refused = || mintmark::Error::new(Code::SignInRequired, "Sign in to go on.").into();
    maybe_signed_in().await?.ok_or_else(refused)
}

/// The same where one need not be.
pub(super) async fn maybe_signed_in() -> Answer<Option<Session>> {
    match cookie()?.id() {
        Some(id) => Ok(core()?.session(&id.to_string()).await?),
        None => Ok(None),
    }
}

/// The installation.
pub(super) fn core() -> Answer<Core> {
    use_context().ok_or_else(|| mintmark::Error::internal("no core in the context").into())
}

/// This request.
pub(super) fn visit() -> Answer<Visit> {
    use_context().ok_or_else(|| mintmark::Error::internal("no visit in the context").into())
}

fn parts() -> Answer<Parts> {
    use_context().ok_or_else(|| mintmark::Error::internal("no request in the context").into())
}

/// The session layer's view of this browser.
fn cookie() -> Answer<tower_sessions::Session> {
    parts()?.extensions.get().cloned().ok_or_else(|| mintmark::Error::internal("no session layer here").into())
}

/// This session goes on under a new cookie from here, whatever the browser brought (SE2).
pub(super) async fn renew_cookie(id: &SessionId) -> Answer<()> {
    let cookie = cookie()?;
    cookie.clear().await;
    cookie.cycle_id().await.map_err(mintmark::Error::internal)?;
    cookie.insert(SESSION, id).await.map_err(mintmark::Error::internal)?;
    Ok(())
}

/// The browser of somebody who has just signed in: a cookie, and the mark of a known device where it has none (SE8).
pub(super) async fn enter(signed_in: &SignedIn) -> Answer<()> {
    renew_cookie(&signed_in.session.id).await?;
    if let Some(device) = &signed_in.device {
        keep_cookie("device", device.reveal(), 400 * 86_400)?;
    }
    drop_cookie("ticket")
}

/// Ends the session that acts, here and in the browser.
pub(super) async fn leave() -> Answer<()> {
    if let Some(session) = maybe_signed_in().await? {
        core()?.sign_out(&session, visit()?.from).await?;
    }
    cookie()?.flush().await.map_err(mintmark::Error::internal)?;
    // Not "cookies": the device stays known, and the theme as it was chosen. The session's own cookie goes by itself.
    say_header(header::HeaderName::from_static("clear-site-data"), "\"cache\", \"storage\"");
    Ok(())
}

/// Somebody at the door; `device` is what [`device`] found.
pub(super) fn visitor(device: Option<&str>) -> Answer<Visitor<'_>> {
    Ok(Visitor { device, from: visit()?.from })
}

/// The mark of a known device, if this browser has one.
pub(super) fn device() -> Answer<Option<String>> {
    kept_cookie("device")
}

/// The name of one of our cookies. `__Host-` binds it to this host and path and to TLS; over plain HTTP, which is allowed
/// on loopback only, no browser would take that.
#[must_use]
pub fn cookie_name(https: bool, what: &str) -> String {
    let name = if https { "__Host-mintmark" } else { "mintmark" };
    if what.is_empty() { name.to_owned() } else { format!("{name}-{what}") }
}

/// A cookie of ours besides the session's.
pub(super) fn kept_cookie(what: &str) -> Answer<Option<String>> {
    let name = cookie_name(visit()?.https, what);
    Ok(find_cookie(&parts()?.headers, &name))
}

fn find_cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, value)| *key == name && !value.is_empty()).map(|(_, value)| value.to_owned())
}

/// Keeps it for so many seconds.
pub(super) fn keep_cookie(what: &str, value: &str, seconds: u32) -> Answer<()> {
    let https = visit()?.https;
    let secure = if https { "; Secure" } else { "" };
    let name = cookie_name(https, what);
    say_header(header::SET_COOKIE, &format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"));
    Ok(())
}

/// Forgets it, if it is there.
pub(super) fn drop_cookie(what: &str) -> Answer<()> {
    match kept_cookie(what)? {
        Some(_) => keep_cookie(what, "", 0),
        None => Ok(()),
    }
}

/// Has the browser ask for the page again after so many seconds, script or none.
pub(super) fn look_again(seconds: u32) {
    say_header(header::REFRESH, &seconds.to_string());
}

fn say_header(name: header::HeaderName, value: &str) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(value)) {
        response.append_header(name, value);
    }
}

/// Goes on to a page of ours; what is none leads to the start page.
pub(super) fn go_on(return_to: Option<&str>, or: &str) {
    leptos_axum::redirect(return_to.and_then(own_path).unwrap_or(or));
}

/// Where somebody starts: in the tenant that they used last.
pub(super) fn overview(tenants: &[TenantSummary]) -> String {
    tenants.first().map_or_else(|| "/".to_owned(), |tenant| format!("/t/{}", tenant.slug))
}

/// Refuses a client that guesses too often; every door at which something can be guessed asks.
pub(super) fn admitted() -> Answer<()> {
    (visit()?.knock)().map_err(Failure::from)
}

/// Remembers that the password was right, sealed by the core, for as long as the core takes it.
pub(super) fn keep_ticket(ticket: &Secret) -> Answer<()> {
    keep_cookie("ticket", ticket.reveal(), 300)
}

/// What [`keep_ticket`] kept.
pub(super) fn cookie_ticket() -> Answer<Secret> {
    let late = || mintmark::Error::new(Code::InvalidCredentials, "That took too long. Sign in from the start.").into();
    kept_cookie("ticket")?.map(Secret::new).ok_or_else(late)
}
