//! Organizations on a real database of each engine.

use super::NewOrganization;
use crate::{Code, Role, on_each_engine};

on_each_engine! {
    /// RV5: what else ends with an organization; its tokens, invitations and API keys are tried where they are at home.
    async fn a_deleted_organization_takes_its_roles_along_and_keeps_its_slug(fresh) {
        let acme = fresh.tenant("acme").await;
        let clinic = acme.organization("clinic").await;
        let narrow = acme.organization_member(&clinic, Role::Admin).await;
        assert!(acme.actor(&narrow).await.is_ok());
        let owner = acme.owner().await;
        owner.delete_organization(&clinic).await.expect("deleted");
        assert_eq!(acme.actor(&narrow).await.err().map(|error| error.code()), Some(Code::NotFound), "nobody of this tenant any more");
        assert_eq!(owner.delete_organization(&clinic).await.err().map(|error| error.code()), Some(Code::NotFound));
        let asked = NewOrganization { name: "Clinic".into(), slug: Some("clinic".into()), ..NewOrganization::default() };
        assert_eq!(owner.create_organization(asked).await.err().map(|error| error.code()), Some(Code::AlreadyExists));
    }
}
