//! Making, changing and deleting products.

use super::{Appearance, NewProduct, Product, ProductChange, ProductSummary, store};
use crate::{
    Error, Op, Permission, ProductId, Reach, Result, TenantId, Time,
    audit::{Action, Event},
    conversation::{KEPT_DAYS, KEPT_DAYS_AT_FIRST},
    customer_session::Shared,
    page::{Cursor, Limit, Page},
    text,
    writer::Write,
};
use serde_json::json;

/// What a new tenant starts with, named like it.
pub(crate) fn first(tenant: &TenantId, name: &str, at: Time) -> Write {
    let product = Product {
        id: ProductId::new(at),
        name: name.to_owned(),
        appearance: Appearance::default(),
        anyone_may_sign_in: false,
        sign_in: false,
        conversation_days: KEPT_DAYS_AT_FIRST,
        passwords: false,
        keep_signed_in: false,
        created_at: at,
        deleted_at: None,
    };
    store::insert(tenant, &product)
}

/// Why its sessions ended.
const WITH_THE_PRODUCT: &str = "The product was deleted.";

impl Op {
    /// The tenant's products, newest first.
    pub async fn products(&self, limit: Limit, cursor: Option<&str>) -> Result<Page<ProductSummary>> {
        let db = self.read(Permission::ReadProducts, Reach::Tenant)?;
        let cursors = self.core().cursor("products", self.tenant());
        let after = cursors.open(cursor)?;
        let rows = store::list(db, self.tenant(), self.core().now(), after, limit.fetch()).await?;
        Ok(cursors.page(rows, limit, |row| Cursor { at: row.product.created_at, id: row.product.id.to_string() }))
    }

    /// One of them.
    pub async fn product(&self, id: &ProductId) -> Result<Product> {
        let db = self.read(Permission::ReadProducts, Reach::Tenant)?;
        store::find(db, self.tenant(), id).await?.ok_or_else(|| Error::not_found("product"))
    }

    /// Makes one.
    pub async fn create_product(&self, asked: NewProduct) -> Result<Product> {
        let mut tx = self.begin(Permission::ManageProducts, Reach::Tenant)?;
        let (name, appearance) = (text::name("name", &asked.name)?, asked.appearance.checked()?);
        let product = Product {
            id: ProductId::new(tx.now()),
            name,
            appearance,
            anyone_may_sign_in: asked.anyone_may_sign_in,
            sign_in: asked.sign_in,
            conversation_days: KEPT_DAYS_AT_FIRST,
            passwords: asked.passwords,
            keep_signed_in: asked.keep_signed_in,
            created_at: tx.now(),
            deleted_at: None,
        };
        tx.write(store::insert(self.tenant(), &product));
        tx.commit(Event::new(Action::ProductCreated).target(&product.id).with("name", product.name.as_str())).await?;
        Ok(product)
    }

    /// Changes its name or its looks; history shows before and after.
    pub async fn update_product(&self, id: &ProductId, change: ProductChange) -> Result<Product> {
        let mut tx = self.begin(Permission::ManageProducts, Reach::Tenant)?;
        let before = self.product(id).await?;
        let mut after = before.clone();
        if let Some(name) = change.name {
            after.name = text::name("name", &name)?;
        }
        if let Some(appearance) = change.appearance {
            after.appearance = appearance.checked()?;
        }
        after.anyone_may_sign_in = change.anyone_may_sign_in.unwrap_or(after.anyone_may_sign_in);
        after.sign_in = change.sign_in.unwrap_or(after.sign_in);
        if let Some(days) = change.conversation_days {
            if !KEPT_DAYS.contains(&days) {
                return Err(Error::invalid("conversation_days", "1, 7, 30 or 90 days."));
            }
            after.conversation_days = days;
        }
        after.passwords = change.passwords.unwrap_or(after.passwords);
        after.keep_signed_in = change.keep_signed_in.unwrap_or(after.keep_signed_in);
        if after == before {
            if change.conversation_days.is_some() {
                // A process may have died before all of a crowd were changed.
                self.keep_conversations(id, after.conversation_days).await?;
            }
            return Ok(after);
        }
        tx.write(store::update(self.tenant(), &before, &after, tx.now()));
        let days = after.conversation_days;
        let crowd = days != before.conversation_days && self.is_crowd_of_conversations(id, days).await?;
        if days != before.conversation_days && !crowd {
            self.keep_conversations_with(&mut tx, id, days);
        }
        let event = Event::new(Action::ProductUpdated)
            .target(id)
            .changed("name", &before.name, &after.name)
            .changed("anyone_may_sign_in", &before.anyone_may_sign_in, &after.anyone_may_sign_in)
            .changed("sign_in", &before.sign_in, &after.sign_in)
            .changed("conversation_days", &before.conversation_days, &after.conversation_days)
            .changed("passwords", &before.passwords, &after.passwords)
            .changed("keep_signed_in", &before.keep_signed_in, &after.keep_signed_in)
            .changed("appearance", &json!(before.appearance), &json!(after.appearance));
        tx.commit(event).await?;
        if crowd {
            self.keep_conversations(id, days).await?;
        }
        Ok(after)
    }

    /// Deletes it, softly: its embed keys and bridge keys open nothing from the next call on, its sessions end, and a chore erases its conversations.
    pub async fn delete_product(&self, id: &ProductId) -> Result<Product> {
        let mut tx = self.begin(Permission::ManageProducts, Reach::Tenant)?.urgently();
        let mut product = self.product(id).await?;
        let crowd = self.is_crowd_of_sessions(Shared::Product(id)).await?;
        tx.write(store::delete(self.tenant(), id, tx.now()));
        if !crowd {
            self.end_sessions_with(&mut tx, Shared::Product(id), WITH_THE_PRODUCT);
        }
        product.deleted_at = Some(tx.now());
        tx.commit(Event::new(Action::ProductDeleted).target(id).with("name", product.name.as_str())).await?;
        if crowd {
            self.end_sessions(Shared::Product(id), WITH_THE_PRODUCT).await?;
        }
        Ok(product)
    }
}
