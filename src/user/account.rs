//! A person's row as signing in needs it, and a new one.

use super::{User, store};
use crate::{Core, Result, Secret, TenantId, Time, UserId, text, writer::Write};

/// A person with what proves them; never leaves the core.
#[derive(Clone, sqlx::FromRow)]
pub(crate) struct Account {
    #[sqlx(flatten)]
    pub(crate) user: User,
    pub(crate) password_hash: String,
    /// Sealed; counts only once confirmed.
    pub(crate) totp_secret: Option<String>,
    pub(crate) totp_confirmed_at: Option<Time>,
    pub(crate) totp_last_step: i64,
    pub(crate) last_tenant_id: Option<TenantId>,
}

impl Account {
    /// Whether a second factor is on.
    pub(crate) fn second_factor(&self) -> bool {
        self.totp_confirmed_at.is_some()
    }
}

/// A person about to be written.
pub(crate) struct NewUser {
    pub(crate) user: User,
    pub(crate) write: Write,
}

impl NewUser {
    /// Checks name and password; the write joins whatever makes this person somebody.
    pub(crate) async fn prepare(
        core: &Core,
        at: Time,
        email: String,
        name: &str,
        password: &Secret,
        tenant: &TenantId,
        tenant_name: &str,
    ) -> Result<Self> {
        let name = text::name("name", name)?;
        super::judge(core, "password", password, false, &[&email, &name, tenant_name]).await?;
        let hash = core.hash_password(password).await?;
        let user = User { id: UserId::new(at), email, name };
        let write = store::insert(&user, &hash, tenant, at);
        Ok(Self { user, write })
    }
}
