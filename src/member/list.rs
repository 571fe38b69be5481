//! The members of a tenant or of one organization, as far as the actor's reach goes.

use super::{Member, OrganizationRole, store};
use crate::{Error, Limit, Op, OrganizationId, Page, Permission, Result, UserId, page::Cursor};

impl Op {
    /// Newest first. With an organization: those who hold a role of that organization. Without: everybody of the tenant, or,
    /// for an actor without a role of the tenant, of its own organizations.
    pub async fn members(&self, organization: Option<&OrganizationId>, limit: Limit, cursor: Option<&str>) -> Result<Page<Member>> {
        let (db, narrowed) = match organization {
            Some(id) => {
                self.read(Permission::ReadMembers, id)?;
                crate::organization::store::find(self.core().db(), self.tenant(), id)
                    .await?
                    .ok_or_else(|| Error::not_found("organization"))?;
                (self.core().db(), Some(vec![id.to_string()]))
            }
            None => self.read_somewhere(Permission::ReadMembers)?,
        };
        let cursors = self.core().cursor("members", self.tenant());
        let after = cursors.open(cursor)?;
        let only = match &narrowed {
            Some(organizations) => Some(store::people_of(db, self.tenant(), organizations.clone()).await?),
            None => None,
        };
        let people = store::people(db, self.tenant(), only, after, limit.fetch()).await?;
        let page = cursors.page(people, limit, |row| Cursor { at: row.joined_at, id: row.user.id.to_string() });
        let sight = if organization.is_some() { self.sight() } else { narrowed };
        Ok(Page { data: self.with_roles(page.data, sight).await?, next_cursor: page.next_cursor })
    }

    /// One member.
    pub async fn member(&self, user: &UserId) -> Result<Member> {
        let (db, narrowed) = self.read_somewhere(Permission::ReadMembers)?;
        if let Some(organizations) = &narrowed
            && !store::people_of(db, self.tenant(), organizations.clone()).await?.iter().any(|id| id == user.as_str())
        {
            return Err(Error::not_found("member"));
        }
        let people = store::people(db, self.tenant(), Some(vec![user.to_string()]), None, 1).await?;
        self.with_roles(people, narrowed).await?.pop().ok_or_else(|| Error::not_found("member"))
    }

    /// The organizations whose roles the actor sees; none: all, and the tenant's own.
    fn sight(&self) -> Option<Vec<String>> {
        self.actor().roles.narrowed_to().map(|ids| ids.into_iter().map(ToString::to_string).collect())
    }

    async fn with_roles(&self, people: Vec<store::PersonRow>, sight: Option<Vec<String>>) -> Result<Vec<Member>> {
        let ids = people.iter().map(|row| row.user.id.to_string()).collect();
        let mut roles = store::roles(self.core().db(), self.tenant(), ids, sight).await?;
        let members = people.into_iter().map(|row| {
            let (own, others) = roles.drain(..).partition(|held| held.user_id == row.user.id);
            roles = others;
            let own: Vec<store::RoleRow> = own;
            let role = own.iter().find(|held| held.organization_id.is_none()).map(|held| held.role);
            let organizations = own.into_iter().filter_map(|held| {
                Some(OrganizationRole {
                    organization_id: held.organization_id?,
                    name: held.organization_name.unwrap_or_default(),
                    role: held.role,
                })
            });
            Member {
                user: row.user,
                role,
                organizations: organizations.collect(),
                second_factor: row.second_factor,
                joined_at: row.joined_at,
                last_seen_at: row.last_seen_at,
                held_at: row.held_at,
            }
        });
        Ok(members.collect())
    }
}
