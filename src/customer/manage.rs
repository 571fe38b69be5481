//! Writing customers down and changing them, by the tenant's backend or in the dashboard.
//!
//! History names which fields changed and never what they held: it cannot be erased, and a person's data must be.

use super::{
    Customer, CustomerChange, FirstSeenBy, LONGEST_EXTERNAL_ID, NewCustomer, checked_metadata,
    store::{self, Said},
};
use crate::{
    Code, CustomerId, Error, Op, OrganizationId, Permission, Reach, Result, Tx, Who,
    audit::{Action, Event},
    customer_session::store as sessions,
    embed_key::KeyMode,
    organization, text,
    user::email,
};

/// The most organizations of one customer.
const MOST_ORGANIZATIONS: usize = 50;

impl Op {
    /// Somebody new, who need not have been seen yet.
    pub async fn create_customer(&self, asked: NewCustomer) -> Result<Customer> {
        let mut tx = self.begin(Permission::ManageCustomers, Reach::Tenant)?;
        let said = Said {
            external_id: asked.external_id.as_deref().map(external_id).transpose()?,
            email: asked.email.as_deref().map(email::parse).transpose()?,
            email_verified: asked.email_verified,
            name: asked.name.as_deref().map(|name| text::name("name", name)).transpose()?,
            metadata: checked_metadata(asked.metadata)?,
        };
        findable(&said)?;
        let (id, mode) = (CustomerId::new(tx.now()), asked.mode.unwrap_or(KeyMode::Live));
        let way = if matches!(self.actor().who, Who::User { .. }) { FirstSeenBy::Dashboard } else { FirstSeenBy::Api };
        tx.write(store::insert(&id, self.tenant(), mode, &said, way, tx.now(), Code::AlreadyExists));
        self.belong(&mut tx, &id, &[], &asked.organization_ids).await?;
        tx.commit(Event::new(Action::CustomerCreated).target(&id).with("mode", mode.as_str())).await?;
        self.customer(&id).await
    }

    /// Changes what is said, bans, or takes a ban back.
    pub async fn update_customer(&self, id: &CustomerId, change: CustomerChange) -> Result<Customer> {
        let mut tx = self.begin(Permission::ManageCustomers, Reach::Tenant)?.urgently();
        let customer = self.customer(id).await?;
        let (before, reason) = (said_of(&customer), text::reason(change.reason.clone())?);
        let after = changed(&before, &change)?;
        findable(&after)?;
        let mut fields = Vec::new();
        if after != before {
            tx.write(store::update(id, &before, &after, tx.now()));
            fields = after.differences(&before);
        }
        if let Some(organizations) = &change.organization_ids
            && *organizations != customer.organization_ids.0
        {
            self.belong(&mut tx, id, &customer.organization_ids.0, organizations).await?;
            fields.push("organization_ids");
        }
        let action = match change.banned {
            Some(true) if customer.banned_at.is_none() => {
                tx.write(store::ban(id, tx.now(), reason.as_deref()));
                let by = self.actor().signature();
                let ending = sessions::Ending { at: tx.now(), by: &by, reason: Some("The customer was banned.") };
                tx.write_all(sessions::end_of_customer(self.tenant(), id, &ending));
                Action::CustomerBanned
            }
            Some(false) if customer.banned_at.is_some() => {
                tx.write(store::unban(id, tx.now()));
                Action::CustomerUnbanned
            }
            _ if fields.is_empty() => return Ok(customer),
            _ => Action::CustomerUpdated,
        };
        tx.commit(Event::new(action).target(id).reason(reason).with("fields", fields)).await?;
        self.customer(id).await
    }

    /// Writes where they belong; every organization must be the tenant's and alive.
    async fn belong(&self, tx: &mut Tx, id: &CustomerId, before: &[OrganizationId], after: &[OrganizationId]) -> Result<()> {
        if after.len() > MOST_ORGANIZATIONS {
            return Err(Error::invalid("organization_ids", "A customer belongs to 50 organizations at most."));
        }
        for organization in after.iter().filter(|organization| !before.contains(organization)) {
            let found = organization::store::find(self.core().db(), self.tenant(), organization).await?;
            found.ok_or_else(|| Error::invalid("organization_ids", "No such organization."))?;
            tx.write(store::join(self.tenant(), id, organization, tx.now()));
        }
        for organization in before.iter().filter(|organization| !after.contains(organization)) {
            tx.write(store::leave(id, organization));
        }
        Ok(())
    }
}

/// As it stands: nothing is trimmed, because it is compared byte for byte. 1 to 255 characters, none of them a control character.
pub(crate) fn external_id(text: &str) -> Result<String> {
    let fits = !text.trim().is_empty() && text.chars().count() <= LONGEST_EXTERNAL_ID && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(Error::invalid("external_id", "1 to 255 characters, without control characters.")) }
}

/// Whom neither an id nor a verified address finds could never come.
fn findable(said: &Said) -> Result<()> {
    if said.email_verified && said.email.is_none() {
        return Err(Error::invalid("email_verified", "There is no address to verify."));
    }
    if said.external_id.is_none() && !said.email_verified {
        return Err(Error::invalid("external_id", "Give an external id, or an address that you vouch for."));
    }
    Ok(())
}

fn said_of(customer: &Customer) -> Said {
    Said {
        external_id: customer.external_id.clone(),
        email: customer.email.clone(),
        email_verified: customer.email_verified,
        name: customer.name.clone(),
        metadata: customer.metadata.clone(),
    }
}

fn changed(before: &Said, change: &CustomerChange) -> Result<Said> {
    let mut after = before.clone();
    if let Some(id) = &change.external_id {
        after.external_id = id.as_deref().map(external_id).transpose()?;
    }
    if let Some(address) = &change.email {
        after.email = address.as_deref().map(email::parse).transpose()?;
        after.email_verified = before.email_verified && after.email == before.email;
    }
    after.email_verified = change.email_verified.unwrap_or(after.email_verified);
    if let Some(name) = &change.name {
        after.name = name.as_deref().map(|name| text::name("name", name)).transpose()?;
    }
    if let Some(metadata) = &change.metadata {
        after.metadata = checked_metadata(metadata.clone())?;
    }
    Ok(after)
}

impl Said {
    fn differences(&self, before: &Self) -> Vec<&'static str> {
        let differ = [
            ("external_id", self.external_id != before.external_id),
            ("email", self.email != before.email),
            ("email_verified", self.email_verified != before.email_verified),
            ("name", self.name != before.name),
            ("metadata", self.metadata != before.metadata),
        ];
        differ.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
    }
}
