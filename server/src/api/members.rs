//! `/v1/members`: who holds which role.

use crate::{
    bearer::Caller,
    error::Result,
    extract::{Json, Named, NoQuery, Paging, Path, Query, Split},
};
use mintmark::{
    OrganizationId, Page, Problem, UserId,
    member::{Member, Removal, Removed, RoleChange},
};
use serde::Deserialize;
use utoipa::IntoParams;

/// Of whom.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Of {
    /// Only those who hold a role of this organization.
    organization_id: Option<OrganizationId>,
}

impl Named for Of {
    const NAMES: &'static [&'static str] = &["organization_id"];
}

/// The members within reach, newest first.
#[utoipa::path(get, path = "/v1/members", tag = "members", params(Of, Paging), responses((status = 200, description = "A page", body = Page<Member>)))]
pub(super) async fn list(Caller(op): Caller, Split(of, paging): Split<Of, Paging>) -> Result<Json<Page<Member>>> {
    Ok(Json(op.members(of.organization_id.as_ref(), paging.limit()?, paging.cursor()).await?))
}

/// One member, with their roles as far as the caller's own reach goes.
#[utoipa::path(get, path = "/v1/members/{id}", tag = "members", params(("id" = String, Path, description = "`usr_...`")), responses((status = 200, description = "The member", body = Member)))]
pub(super) async fn show(Caller(op): Caller, Path(id): Path<UserId>, _: NoQuery) -> Result<Json<Member>> {
    Ok(Json(op.member(&id).await?))
}

/// Changes a role at one level. Owners and admins; where an owner is concerned, owners.
#[utoipa::path(patch, path = "/v1/members/{id}", tag = "members", params(("id" = String, Path, description = "`usr_...`")), request_body = RoleChange, responses((status = 200, description = "The member as they are now", body = Member), (status = 409, description = "`last_owner`; `conflict`: somebody else changed them meanwhile", body = Problem)))]
pub(super) async fn change(Caller(op): Caller, Path(id): Path<UserId>, _: NoQuery, Json(change): Json<RoleChange>) -> Result<Json<Member>> {
    Ok(Json(op.change_role(&id, change).await?))
}

/// What a removal takes and spares.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Extent {
    /// Out of this organization only; by default out of the tenant and all its organizations.
    organization_id: Option<OrganizationId>,
    /// Leave the live tokens that they minted alive; by default those that they could mint no more die with it.
    #[serde(default)]
    keep_tokens: bool,
}

/// Removes a member. Owners and admins; where an owner is concerned, owners; anybody may leave but the last owner.
#[utoipa::path(delete, path = "/v1/members/{id}", tag = "members", params(("id" = String, Path, description = "`usr_...`"), Extent), responses((status = 200, description = "Who left, and how many tokens died", body = Removed), (status = 409, description = "`last_owner`; `conflict`: somebody else changed them meanwhile", body = Problem)))]
pub(super) async fn remove(Caller(op): Caller, Path(id): Path<UserId>, Query(extent): Query<Extent>) -> Result<Json<Removed>> {
    let removal = Removal { organization_id: extent.organization_id, revoke_minted: !extent.keep_tokens };
    Ok(Json(op.remove_member(&id, removal).await?))
}

/// Lets a member in again whom a restore held. Owners only.
#[utoipa::path(post, path = "/v1/members/{id}/release", tag = "members", params(("id" = String, Path, description = "`usr_...`")), responses((status = 200, description = "The member, no longer held", body = Member), (status = 409, description = "`conflict`: nobody holds them", body = Problem)))]
pub(super) async fn release(Caller(op): Caller, Path(id): Path<UserId>, _: NoQuery) -> Result<Json<Member>> {
    Ok(Json(op.release_member(&id).await?))
}
