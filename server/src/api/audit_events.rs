//! `/v1/audit-events`: reading history, and taking it away as a file.

use crate::{
    bearer::Caller,
    error::Result,
    extract::{Json, Named, Paging, Split},
};
use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::stream::try_unfold;
use mintmark::{
    Page,
    audit::{AuditEvent, Export, ExportFormat, HistoryFilter},
};
use serde::Deserialize;
use utoipa::IntoParams;

/// Events of the organizations within reach, newest first. All but viewers.
#[utoipa::path(get, path = "/v1/audit-events", tag = "history", params(HistoryFilter, Paging), responses((status = 200, description = "A page", body = Page<AuditEvent>)))]
pub(super) async fn list(Caller(op): Caller, Split(paging, filter): Split<Paging, HistoryFilter>) -> Result<Json<Page<AuditEvent>>> {
    Ok(Json(op.history(&filter, paging.limit()?, paging.cursor()).await?))
}

/// The form of the file.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FileFormat {
    /// `jsonl` has each event exactly as it was hashed.
    #[param(inline)]
    pub(crate) format: ExportFormat,
}

impl Named for FileFormat {
    const NAMES: &'static [&'static str] = &["format"];
}

/// The same events as a file, oldest first, streamed. The export is itself an event. All but viewers.
#[utoipa::path(get, path = "/v1/audit-events/export", tag = "history", params(FileFormat, HistoryFilter), responses((status = 200, description = "The file; one that breaks off without its end is not whole", content((String = "text/csv"), (String = "application/jsonl")))))]
pub(super) async fn export(Caller(op): Caller, Split(file, filter): Split<FileFormat, HistoryFilter>) -> Result<Response> {
    Ok(attachment(op.export_history(&filter, file.format).await?))
}

/// An export as an answer: a page of rows at a time, cut off without its end when one cannot be read.
pub(crate) fn attachment(export: Export) -> Response {
    let (kind, named) = match export.format() {
        format @ ExportFormat::Csv => (format.content_type(), "attachment; filename=\"history.csv\""),
        format @ ExportFormat::Jsonl => (format.content_type(), "attachment; filename=\"history.jsonl\""),
    };
    let pieces = try_unfold(export, |mut export| async move {
        let piece = export.next().await.inspect_err(|error| tracing::error!(%error, "an export broke off"))?;
        Ok::<_, mintmark::Error>(piece.map(|piece| (piece, export)))
    });
    let head = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, named)];
    (head.map(|(name, value)| (name, HeaderValue::from_static(value))), Body::from_stream(pieces)).into_response()
}
