//! The way in for whatever does more than look: the embed key's row, read on every call.

use super::{EmbedCall, KeyMode, store};
use crate::{
    Code, Core, EmbedKeyId, Error, KeyId, Listed, ProductId, Result, TenantId, Time, Who,
    audit::{Action, Event},
    origin::{Origin, names},
    product::IntegrationStep,
    use_log::Refusal,
};

/// An embed key that works, with its product and tenant, at the moment of the call.
#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Entrance {
    pub(crate) tenant_id: TenantId,
    pub(crate) slug: String,
    pub(crate) not_before: Time,
    pub(crate) product_id: ProductId,
    #[sqlx(try_from = "String")]
    pub(crate) mode: KeyMode,
    #[sqlx(try_from = "String")]
    pub(crate) origins: Listed<Origin>,
    /// Whether the product's pages may open our sign-in.
    pub(crate) sign_in: bool,
    /// Whether its customers may have passwords for it.
    pub(crate) passwords: bool,
    /// Whether its pages may keep who signed in across reloads.
    pub(crate) keep_signed_in: bool,
    /// Whether somebody whom nobody vouched for may become a customer.
    pub(crate) anyone_may_sign_in: bool,
    /// The tenant's active key.
    pub(crate) signing_key_id: Option<KeyId>,
    pub(crate) clock_mark: Time,
}

crate::db::inlined!(Entrance: tenant_id, slug, not_before, product_id, mode, origins, sign_in, passwords, keep_signed_in, anyone_may_sign_in,
    signing_key_id, clock_mark);

impl Entrance {
    /// Refuses where the product's own switch is off.
    pub(crate) fn has_sign_in(&self) -> Result<()> {
        if self.sign_in { Ok(()) } else { Err(Error::new(Code::SignInOff, "This product has no sign-in here. Its switch is off.")) }
    }

    /// Refuses where the product keeps nobody signed in.
    pub(crate) fn keeps_signed_in(&self) -> Result<()> {
        let off = || Error::new(Code::KeepSignedInOff, "This product keeps nobody signed in across reloads. Its switch is off.");
        self.keep_signed_in.then_some(()).ok_or_else(off)
    }

    /// Likewise, and where customers have no passwords.
    pub(crate) fn has_passwords(&self) -> Result<()> {
        self.has_sign_in()?;
        if self.passwords {
            Ok(())
        } else {
            Err(Error::new(Code::SignInOff, "This product has no sign-in by password. Its switch is off."))
        }
    }
}

/// Whether a working key's list lets a page in: one rule for what looks, what does more, and what only asks.
pub(crate) fn admit(origins: &[Origin], page: Option<&str>) -> Result<()> {
    if names(origins, page) {
        return Ok(());
    }
    Err(Error::new(Code::EmbedOriginNotAllowed, "This embed key does not list the page's origin."))
}

/// One answer, whatever is wrong with a key (OR5).
pub(super) fn dead() -> Error {
    Error::new(Code::InvalidEmbedKey, "This embed key opens nothing here.")
}

impl Core {
    /// Lets a page of a listed origin in. What is wrong with a key is never told apart (OR5); a foreign origin is told to history.
    pub(crate) async fn enter(&self, call: &EmbedCall<'_>) -> Result<(EmbedKeyId, Entrance)> {
        let key: EmbedKeyId = call.key.parse().map_err(|_| dead())?;
        let Some(entrance) = store::entrance(self.db(), &key, self.now()).await? else {
            let tenant = store::tenant_of(self.db(), &key).await?;
            return Err(self.refuse_dead_key(&key, tenant.as_ref(), call));
        };
        self.saw_mark(entrance.clock_mark);
        if call.tenant.is_some_and(|slug| slug != entrance.slug) {
            return Err(self.refuse_dead_key(&key, Some(&entrance.tenant_id), call));
        }
        admit(&entrance.origins.0, call.origin)
            .inspect_err(|error| self.refuse_entrance(&key, &entrance.tenant_id, call, error, call.origin))?;
        self.saw_page(&entrance.product_id, call.origin);
        Ok((key, entrance))
    }

    /// A page of the tenant's was let in. Our own preview is none: it works before any page does.
    pub(super) fn saw_page(&self, product: &ProductId, origin: Option<&str>) {
        if origin != self.settings().preview.as_deref() {
            self.uses().integration_seen(product, IntegrationStep::PageLetIn, self.now());
        }
    }

    /// Of a key that works no more, its tenant's own history is told, with the page that still carries it; whoever sent it learns
    /// nothing.
    pub(super) fn refuse_dead_key(&self, key: &EmbedKeyId, tenant: Option<&TenantId>, call: &EmbedCall<'_>) -> Error {
        let error = dead();
        if let Some(tenant) = tenant {
            self.refuse_entrance(key, tenant, call, &error, call.origin);
        }
        error
    }

    /// Tells history of a refusal, once a minute, key and reason: the first thing to look at when a widget stays empty.
    pub(crate) fn refuse_entrance(&self, key: &EmbedKeyId, tenant: &TenantId, call: &EmbedCall<'_>, error: &Error, origin: Option<&str>) {
        let code = error.code();
        if matches!(code, Code::Unavailable | Code::Internal) {
            return;
        }
        let mut event = Event::new(Action::EmbedRequestRefused).refused().reason(Some(code.as_str())).target(key);
        if matches!(code, Code::EmbedOriginNotAllowed | Code::InvalidEmbedKey) {
            event = event.with("origin", origin.map(|origin| origin.chars().take(255).collect::<String>()));
        } else if let Some(claim) = error.problem().field {
            event = event.with("claim", claim);
        }
        let refusal = Refusal { tenant: Some(tenant.clone()), who: Who::Anonymous, from: call.from.clone(), event };
        self.uses().refused(format!("embed/{key}/{code}"), refusal, self.now());
    }
}
