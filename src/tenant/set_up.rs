//! The first run: a one-time link while there is no owner, and the form behind it (SE9).

use super::{OneTimeLink, SetUp, create::write_tenant, slug, store};
use crate::{
    Code, Core, Error, Result, Role, TenantId, Time,
    audit::{Action, Event},
    secret::{Digest, generate_secret, looks_like_secret},
    session::{Opening, open},
    tenant::TenantSummary,
    text,
    time::MINUTE,
    user::{Device, NewUser, SignedIn, Visitor, email},
};

/// What the secret of a set-up link starts with.
const PREFIX: &str = "setup_";
/// For how long it works.
const LASTS: i64 = 30 * MINUTE;

impl Core {
    /// A link for the console to print; none once there is, or was, an owner. Older links work on until they are late.
    pub async fn issue_set_up_link(&self) -> Result<Option<OneTimeLink>> {
        if store::is_set_up(self.db()).await? {
            return Ok(None);
        }
        let token = generate_secret(PREFIX);
        let (at, until): (Time, Time) = (self.now(), self.now().plus(LASTS));
        self.keep(vec![store::insert_set_up_link(&Digest::of(token.reveal().as_bytes()).to_hex(), at, until)]).await?;
        Ok(Some(self.one_time_link("set-up", token, until)))
    }

    /// Whether there is, or was, an owner.
    pub async fn is_set_up(&self) -> Result<bool> {
        store::is_set_up(self.db()).await
    }

    /// Whether a set-up link may be used now, for its page: 404 unknown, 410 used or late.
    pub async fn set_up_link(&self, token: &str) -> Result<()> {
        if !looks_like_secret(PREFIX, token) {
            return Err(Error::not_found("link"));
        }
        let link = store::set_up_link(self.db(), &Digest::of(token.as_bytes()).to_hex()).await?;
        let (expires_at, consumed_at) = link.ok_or_else(|| Error::not_found("link"))?;
        if consumed_at.is_some() || store::is_set_up(self.db()).await? {
            return Err(Error::new(Code::LinkConsumed, "Mintmark is set up already. Sign in instead."));
        }
        if expires_at <= self.now() {
            return Err(Error::new(Code::LinkExpired, "This link is no longer valid. Restart Mintmark to get a new one."));
        }
        Ok(())
    }

    /// The first tenant and its owner, who is signed in with it. Of parallel set-ups one wins; the others get 410.
    pub async fn set_up(&self, asked: &SetUp, visitor: &Visitor<'_>) -> Result<SignedIn> {
        self.set_up_link(asked.token.reveal()).await?;
        let at = self.now();
        let tenant = TenantId::new(at);
        let name = text::name("tenant_name", &asked.tenant_name)?;
        let tenant_slug = match asked.tenant_slug.as_deref().filter(|text| !text.trim().is_empty()) {
            Some(text) => slug(text)?,
            None => slug(&text::slug_from(&name, "home")).unwrap_or_else(|_| "home".to_owned()),
        };
        let new = NewUser::prepare(self, at, email::parse(&asked.email)?, &asked.name, &asked.password, &tenant, &name).await?;
        let user = new.user;
        let Opening { session, write, who } = open(&user, at, &visitor.from);
        let device = Device::of(visitor);
        let mut tx = self.begin(who, Some(tenant.clone()), visitor.from.clone());
        tx.write(store::consume_set_up_link(&Digest::of(asked.token.reveal().as_bytes()).to_hex(), tx.now()));
        tx.write(store::win_set_up(tx.now()));
        tx.write(new.write);
        write_tenant(self, &mut tx, &tenant, &tenant_slug, &name, &user.id).await?;
        tx.write(write);
        tx.write(device.note(&user, tx.now()));
        let event = Event::new(Action::SetUpCompleted).target(&tenant).with("slug", tenant_slug.as_str()).with("name", name.as_str());
        tx.commit(event.with("owner", user.id.as_str())).await?;
        let tenants = vec![TenantSummary { id: tenant, slug: tenant_slug, name, role: Role::Owner }];
        Ok(SignedIn { user, session, device: device.fresh, tenants })
    }
}
