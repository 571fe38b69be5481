//! History as a file from the dashboard: the page's own form posts its filter, and a refusal comes back as that page.
//!
//! A route and no server function, because it answers a stream; a POST, because the export is itself an event.

use crate::{
    Context,
    api::audit_events::{FileFormat, attachment},
    client::From,
    error::status,
    extract::{Split, split},
    pages::page_of,
};
use axum::{
    body::{Body, to_bytes},
    extract::{Path, Request, State},
    http::{Method, Uri, uri::PathAndQuery},
    response::{Redirect, Response},
};
use mintmark::{Code, Core, Error, Origination, Result, audit::HistoryFilter};
use tower_sessions::Session;

/// Below the page that it belongs to.
pub(crate) const PATH: &str = "/t/{tenant}/history/export";

/// The gate has bounded bodies already; a filter is far shorter.
const LONGEST: usize = 64 * 1_024;

/// The filtered history; whoever may not have it sees the page say so.
pub(crate) async fn export(
    State(context): State<Context>,
    Path(tenant): Path<String>,
    session: Session,
    From(from): From,
    request: Request,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let form = to_bytes(body, LONGEST).await.ok().and_then(|bytes| String::from_utf8(bytes.into()).ok()).unwrap_or_default();
    let error = match begin(&context.core, &tenant, &session, from, &form).await {
        Ok(file) => return file,
        Err(error) => error,
    };
    if error.code().status() >= 500 {
        tracing::error!(%error, "an export did not begin");
    }
    (parts.method, parts.uri) = (Method::GET, page(&parts.uri, &form, error.code()));
    let mut response = page_of(State(context), Request::from_parts(parts, Body::empty())).await;
    if response.status().is_success() {
        *response.status_mut() = status(error.code());
    }
    response
}

/// Whoever loads that address anew is on their way to the page.
pub(crate) async fn back(uri: Uri) -> Redirect {
    Redirect::to(uri.path().trim_end_matches("/export"))
}

async fn begin(core: &Core, tenant: &str, session: &Session, from: Origination, form: &str) -> Result<Response> {
    let Split(file, filter) = split::<FileFormat, HistoryFilter>(form)?;
    let session = match session.id() {
        Some(id) => core.session(&id.to_string()).await?,
        None => None,
    };
    let session = session.ok_or_else(|| Error::new(Code::SignInRequired, "Sign in to go on."))?;
    let op = core.act_as(core.actor_for_session(&session, tenant, from).await?);
    Ok(attachment(op.export_history(&filter, file.format).await?))
}

/// The page with the same filter, told what went wrong.
fn page(export: &Uri, form: &str, code: Code) -> Uri {
    let path = export.path().trim_end_matches("/export");
    let filter = form.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("format=")).collect::<Vec<_>>().join("&");
    let said = format!("{path}?{filter}&export_error={code}").replace("?&", "?");
    let plain = format!("{path}?export_error={code}");
    PathAndQuery::try_from(said).or_else(|_| PathAndQuery::try_from(plain)).map(Uri::from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_leads_to_the_page_with_the_same_filter() {
        let export = Uri::from_static("/t/acme/history/export");
        for (form, path) in [
            ("action=origin.added&format=csv", "/t/acme/history?action=origin.added&export_error=unavailable"),
            ("format=csv", "/t/acme/history?export_error=unavailable"),
            ("action=a b\u{1}", "/t/acme/history?export_error=unavailable"),
        ] {
            assert_eq!(page(&export, form, Code::Unavailable).to_string(), path);
        }
    }
}
