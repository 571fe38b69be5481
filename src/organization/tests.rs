//! Organizations on a real database of each engine.

use super::{NewOrganization, OrganizationChange};
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

    /// RV5: a mint that read the switch as on comes too late once it is off, and no other change disturbs one.
    async fn a_mint_under_way_hears_of_the_development_switch_when_it_goes_off(fresh) {
        let acme = fresh.tenant("acme").await;
        let clinic = acme.organization("clinic").await;
        let owner = acme.owner().await;
        let switch = |on| OrganizationChange { allow_development_origins: Some(on), ..OrganizationChange::default() };
        let renamed = |name: &str| OrganizationChange { name: Some(name.into()), ..OrganizationChange::default() };
        let mut moved = Vec::new();
        for change in [renamed("First"), switch(true), renamed("Second"), switch(false)] {
            let revision = async || fresh.core.db().one::<(i64,)>("select revision from organization", vec![]).await.expect("a row").0;
            let before = revision().await;
            owner.update_organization(&clinic, change).await.expect("changed");
            moved.push(revision().await != before);
        }
        assert_eq!(moved, [false, false, false, true]);
    }
}
