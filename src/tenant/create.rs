//! Making a tenant, with its signing keys and its first owner, in one commit.

use super::{CreatedOwner, NewOwner, slug, store};
use crate::{
    Core, Error, Origination, Result, TenantId, Tx, UserId, Who,
    audit::{Action, Event},
    key, product, role, text,
    user::{self, NewUser, email},
};

impl Core {
    /// From the command line: a tenant and its owner. A known person keeps their password and gets a further tenant.
    pub async fn create_owner(&self, asked: NewOwner) -> Result<CreatedOwner> {
        let at = self.now();
        let tenant = TenantId::new(at);
        let tenant_name = text::name("tenant_name", &asked.tenant_name)?;
        let tenant_slug = slug(&asked.tenant_slug)?;
        let address = email::parse(&asked.email)?;
        let known = user::store::by_email(self.db(), &address).await?;
        let new = match (&known, &asked.password) {
            (Some(_), _) => None,
            (None, None) => return Err(Error::new(crate::Code::MissingField, "A new owner needs a password.").field("password")),
            (None, Some(password)) => {
                let name = asked.name.clone().unwrap_or_else(|| address.split('@').next().unwrap_or_default().to_owned());
                Some(NewUser::prepare(self, at, address, &name, password, &tenant, &tenant_name).await?)
            }
        };
        let mut tx = self.begin(Who::CommandLine, Some(tenant.clone()), Origination::default());
        let user_id = match (new, known) {
            (Some(new), _) => {
                tx.write(new.write);
                new.user.id
            }
            (None, Some(known)) => known.user.id,
            (None, None) => return Err(Error::internal("an owner without an account")),
        };
        write_tenant(self, &mut tx, &tenant, &tenant_slug, &tenant_name, &user_id).await?;
        tx.write(store::mark_set_up(tx.now()));
        let event = Event::new(Action::TenantCreated).target(&tenant).with("slug", tenant_slug).with("name", tenant_name);
        tx.commit(event.with("owner", user_id.as_str())).await?;
        Ok(CreatedOwner { tenant_id: tenant, user_id })
    }
}

/// The rows of a tenant: itself, two signing keys, its first product and role, the owner's membership. The owner must be written before.
pub(super) async fn write_tenant(core: &Core, tx: &mut Tx, tenant: &TenantId, slug: &str, name: &str, owner: &UserId) -> Result<()> {
    let keys = key::first_keys(core, tenant, tx.now()).await?;
    tx.write(store::insert(tenant, slug, name, tx.now()));
    tx.write_all(keys);
    tx.write(product::first(tenant, name, tx.now()));
    tx.write(role::first(tenant, tx.now()));
    tx.write(store::insert_owner(tenant, owner, tx.now()));
    Ok(())
}
