//! `/v1/invitations`: links that make somebody a member, once.

use crate::{
    bearer::Caller,
    error::Result,
    extract::{Created, Json, Named, NoQuery, Nothing, Paging, Path, Split},
};
use mintmark::{
    InvitationId, Page, Problem,
    invitation::{CreatedInvitation, Invitation, NewInvitation},
};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Also those that were accepted or withdrawn.
    #[serde(default)]
    include_closed: bool,
}

impl Named for Which {
    const NAMES: &'static [&'static str] = &["include_closed"];
}

/// The invitations within reach, newest first.
#[utoipa::path(get, path = "/v1/invitations", tag = "invitations", params(Which, Paging), responses((status = 200, description = "A page", body = Page<Invitation>)))]
pub(super) async fn list(Caller(op): Caller, Split(which, paging): Split<Which, Paging>) -> Result<Json<Page<Invitation>>> {
    Ok(Json(op.invitations(which.include_closed, paging.limit()?, paging.cursor()).await?))
}

/// Invites somebody; `url` works once, for seven days. Owners and admins, for roles up to their own.
#[utoipa::path(post, path = "/v1/invitations", tag = "invitations", request_body = NewInvitation, responses((status = 201, description = "The invitation and its link, shown once", body = CreatedInvitation), (status = 409, description = "`already_exists`: they are a member already", body = Problem)))]
pub(super) async fn create(Caller(op): Caller, _: NoQuery, Json(asked): Json<NewInvitation>) -> Result<Created<CreatedInvitation>> {
    Ok(Created(op.create_invitation(asked).await?))
}

/// One invitation, without its link.
#[utoipa::path(get, path = "/v1/invitations/{id}", tag = "invitations", params(("id" = String, Path, description = "`inv_...`")), responses((status = 200, description = "The invitation", body = Invitation)))]
pub(super) async fn show(Caller(op): Caller, Path(id): Path<InvitationId>, _: NoQuery) -> Result<Json<Invitation>> {
    Ok(Json(op.invitation(&id).await?))
}

/// The same invitation under a new link for another seven days; the old link stops working. Owners and admins, for roles up to their own.
#[utoipa::path(post, path = "/v1/invitations/{id}/resend", tag = "invitations", params(("id" = String, Path, description = "`inv_...`")), request_body = Option<Nothing>, responses((status = 200, description = "The invitation and its new link, shown once", body = CreatedInvitation), (status = 409, description = "`conflict`: it waits no more", body = Problem)))]
pub(super) async fn resend(
    Caller(op): Caller,
    Path(id): Path<InvitationId>,
    _: NoQuery,
    _: Option<Json<Nothing>>,
) -> Result<Json<CreatedInvitation>> {
    Ok(Json(op.resend_invitation(&id).await?))
}

/// Takes an invitation back. Owners and admins, for roles up to their own.
#[utoipa::path(delete, path = "/v1/invitations/{id}", tag = "invitations", params(("id" = String, Path, description = "`inv_...`")), responses((status = 200, description = "The invitation, with `revoked_at`", body = Invitation), (status = 409, description = "`conflict`: it was accepted", body = Problem)))]
pub(super) async fn revoke(Caller(op): Caller, Path(id): Path<InvitationId>, _: NoQuery) -> Result<Json<Invitation>> {
    Ok(Json(op.revoke_invitation(&id).await?))
}
