//! Looking into the outbox, reading a mail where none is sent, and trying whether one arrives.

use super::{
    Mail, MailKind, Outbox, ShownMail,
    compose::{Brand, Letter, opened, queue},
    store,
};
use crate::{
    Code, Core, Error, Limit, MailId, Op, Permission, Reach, Result,
    audit::{Action, Event},
    key::Sealer,
    page::Cursor,
    writer::Write,
};

impl Op {
    /// Newest first.
    pub async fn outbox(&self, limit: Limit, cursor: Option<&str>) -> Result<Outbox> {
        let db = self.read(Permission::ReadOutbox, Reach::Tenant)?;
        let cursors = self.core().cursor("mail", self.tenant());
        let after = cursors.open(cursor)?;
        let rows = store::list(db, self.tenant(), after, limit.fetch()).await?;
        let mail = cursors.page(rows, limit, |row| Cursor { at: row.created_at, id: row.id.to_string() });
        Ok(Outbox { mail, sends: self.core().settings().sends_mail })
    }

    /// What is in a mail. Only where no mail is sent: elsewhere it is for its recipient alone. History tells who read it, and
    /// it is told before it is shown.
    pub async fn read_mail(&self, id: &MailId) -> Result<ShownMail> {
        let tx = self.begin(Permission::ManageOutbox, Reach::Tenant)?;
        if self.core().settings().sends_mail {
            return Err(Error::new(Code::Conflict, "Mail is sent here, so what is in it is for its recipient alone."));
        }
        let (mail, sealed) = store::with_body(self.core().db(), self.tenant(), id).await?.ok_or_else(|| Error::not_found("mail"))?;
        let late = mail.expires_at <= tx.now();
        let sealed = sealed.filter(|_| !late).ok_or_else(|| Error::new(Code::LinkExpired, "What was in this mail has been erased."))?;
        let text = opened(self.core(), id, &sealed)?.text;
        tx.commit(Event::new(Action::MailShown).target(id).with("kind", mail.kind.as_str())).await?;
        Ok(ShownMail { mail, text })
    }

    /// Queues a mail to whoever asks for it, and to nobody else.
    pub async fn send_test_mail(&self) -> Result<Mail> {
        let mut tx = self.begin(Permission::ManageOutbox, Reach::Tenant)?;
        let to = self.profile().await?.user.email;
        let tenant = self.tenant_record().await?.name;
        let letter = Letter {
            kind: MailKind::Test,
            to,
            subject: format!("Mail from {tenant} arrives"),
            heading: "Mail arrives".to_owned(),
            lines: vec![format!("This is a test from the outbox of {tenant}. Whoever reads it knows that mail gets through.")],
            button: None,
            note: "Somebody who manages this tenant asked for it.".to_owned(),
            brand: Brand { tenant, accent: None, logo: None },
        };
        let (id, write) = queue(self.core(), self.tenant(), &letter, tx.now())?;
        tx.write(write);
        tx.commit(Event::new(Action::MailTested).target(&id)).await?;
        let found = store::with_body(self.core().db(), self.tenant(), &id).await?;
        found.map(|(mail, _)| mail).ok_or_else(|| Error::not_found("mail"))
    }
}

/// Every body that is still there, sealed under another master key.
pub(crate) async fn reseal(core: &Core, new: &Sealer) -> Result<Vec<Write>> {
    let mut writes = Vec::new();
    for (id, sealed) in store::sealed(core.db()).await? {
        writes.push(store::reseal(&id, core.sealer().reseal(new, id.as_str(), &sealed)?));
    }
    Ok(writes)
}
