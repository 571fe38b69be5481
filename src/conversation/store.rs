//! All SQL of conversations and their messages. Longer than most because what ends one stands beside what writes it.

use super::{
    Conversation, ConversationFilter, ConversationStatus, MOST, MOST_A_MINUTE, Message, Speaker, TOGETHER, VisitorMessage, speaker::Voice,
};
use crate::{
    Code, ConversationId, ConversationMessageId, CustomerId, EmbedKeyId, ProductId, Result, TenantId, Time,
    crowd::on_the_way,
    customer::Metadata,
    db::{Arg, Db, Select, args, inlined},
    embed_key::KeyMode,
    page::Cursor,
    time::{DAY, MINUTE},
    writer::Write,
};

/// Characters of the last message that a list shows.
const EXCERPT: usize = 200;

/// A conversation whose secret a page has.
#[derive(sqlx::FromRow)]
pub(super) struct Found {
    pub(super) id: ConversationId,
    pub(super) customer_id: Option<CustomerId>,
    #[sqlx(try_from = "String")]
    pub(super) status: ConversationStatus,
    pub(super) messages: i64,
    /// When the visitor's twentieth message from the end was written.
    pub(super) twentieth_at: Option<Time>,
}

inlined!(Found: id, customer_id, status, messages, twentieth_at);

impl Found {
    pub(super) fn is_closed(&self) -> bool {
        self.status == ConversationStatus::Closed
    }
}

/// Secrets are ours and die with everything else that was issued when a tenant revokes it all.
pub(super) async fn by_token(
    db: &Db,
    tenant: &TenantId,
    product: &ProductId,
    mode: KeyMode,
    hash: &str,
    now: Time,
) -> Result<Option<Found>> {
    db.point(
        "select c.id, c.customer_id, c.status, c.messages,
                (select m.created_at from conversation_message m where m.conversation_id = c.id and m.speaker <> 'team'
                 order by m.seq desc limit 1 offset $6) as twentieth_at
         from conversation c join tenant t on t.id = c.tenant_id
         where c.token_hash = $1 and c.tenant_id = $2 and c.product_id = $3 and c.mode = $4 and c.ends_at > $5
           and c.created_at >= t.not_before",
        args![hash, tenant, product, &mode, now, MOST_A_MINUTE - 1],
    )
    .await
}

/// What is written of a message.
pub(super) struct NewMessage<'a> {
    id: &'a ConversationMessageId,
    speaker: Speaker,
    customer: Option<&'a CustomerId>,
    name: Option<&'a str>,
    metadata: &'a Metadata,
    author: Option<&'a str>,
    text: &'a str,
    at: Time,
}

impl<'a> NewMessage<'a> {
    /// A visitor's.
    pub(super) fn of(id: &'a ConversationMessageId, voice: &'a Voice, text: &'a str, at: Time) -> Self {
        let Voice { speaker, customer, name, metadata } = voice;
        Self { id, speaker: *speaker, customer: customer.as_ref(), name: name.as_deref(), metadata, author: None, text, at }
    }

    /// On one line, for the list.
    fn excerpt(&self) -> String {
        self.text.chars().take(EXCERPT).map(|c| if c.is_control() { ' ' } else { c }).collect()
    }
}

impl<'a> From<&'a Message> for NewMessage<'a> {
    fn from(message: &'a Message) -> Self {
        let Message { id, speaker, customer_id, name, metadata, author_id, text, created_at } = message;
        let (customer, name, author) = (customer_id.as_ref(), name.as_deref(), author_id.as_deref());
        Self { id, speaker: *speaker, customer, name, metadata, author, text, at: *created_at }
    }
}

pub(super) struct NewConversation<'a> {
    pub(super) id: &'a ConversationId,
    pub(super) tenant: &'a TenantId,
    pub(super) product: &'a ProductId,
    pub(super) embed_key: &'a EmbedKeyId,
    pub(super) origin: &'a str,
    pub(super) mode: KeyMode,
    pub(super) token_hash: String,
    pub(super) message: NewMessage<'a>,
}

/// Only if everything that it comes through is still alive: what ended a moment ago would miss it.
pub(super) fn insert(new: &NewConversation<'_>) -> Write {
    Write::one(
        "insert into conversation (id, tenant_id, product_id, embed_key_id, origin, mode, token_hash, customer_id, name, status, messages,
            last_from, last_text, created_at, last_message_at, ends_at)
         select $1, $2, p.id, k.id, $5, $6, $7, $8, $9, 'open', 1, $10, $11, $12, $12, $12 + p.conversation_days * $13
         from product p join embed_key k on k.id = $4 and k.product_id = p.id
         where p.id = $3 and p.tenant_id = $2 and p.deleted_at is null and k.disabled_at is null
           and ($8 is null or exists (select 1 from customer x where x.id = $8 and x.banned_at is null and x.deleted_at is null))",
        args![
            new.id,
            new.tenant,
            new.product,
            new.embed_key,
            new.origin,
            &new.mode,
            &new.token_hash,
            new.message.customer,
            new.message.name,
            &new.message.speaker,
            new.message.excerpt(),
            new.message.at,
            DAY
        ],
        Code::Conflict,
        "Something that this conversation comes through ended a moment ago. Try again.",
    )
}

const CHANGED: &str = "Somebody else wrote to this conversation a moment ago. Try again.";

/// A visitor's next message, if all that was judged still holds; it opens what was closed.
pub(super) fn go_on(id: &ConversationId, message: &NewMessage<'_>) -> Write {
    Write::one(
        "update conversation set messages = messages + 1, last_from = $2, last_text = $3, last_message_at = $4, status = 'open',
            customer_id = coalesce(customer_id, $5), name = coalesce($6, name),
            ends_at = $4 + (select p.conversation_days from product p where p.id = conversation.product_id) * $7
         where id = $1 and ends_at > $4 and messages < $8
           and exists (select 1 from product p where p.id = conversation.product_id and p.deleted_at is null)
           and ($5 is null or customer_id is null or customer_id = $5)
           and ($5 is null or exists (select 1 from customer x where x.id = $5 and x.banned_at is null and x.deleted_at is null))
           and coalesce((select m.created_at from conversation_message m where m.conversation_id = $1 and m.speaker <> 'team'
                order by m.seq desc limit 1 offset $9), 0) <= $10",
        args![
            id,
            &message.speaker,
            message.excerpt(),
            message.at,
            message.customer,
            message.name,
            DAY,
            MOST,
            MOST_A_MINUTE - 1,
            message.at.plus(-MINUTE)
        ],
        Code::Conflict,
        CHANGED,
    )
}

/// An answer; it opens what was closed.
pub(super) fn answer(tenant: &TenantId, product: &ProductId, id: &ConversationId, message: &NewMessage<'_>) -> Write {
    Write::one(
        "update conversation set messages = messages + 1, last_from = $4, last_text = $5, last_message_at = $6, status = 'open',
            ends_at = $6 + (select p.conversation_days from product p where p.id = conversation.product_id) * $7
         where tenant_id = $1 and product_id = $2 and id = $3 and ends_at > $6 and messages < $8
           and exists (select 1 from product p where p.id = $2 and p.deleted_at is null)",
        args![tenant, product, id, &message.speaker, message.excerpt(), message.at, DAY, MOST],
        Code::Conflict,
        CHANGED,
    )
}

/// After the conversation counted it, which gives it its place.
pub(super) fn insert_message(conversation: &ConversationId, message: &NewMessage<'_>) -> Write {
    Write::one(
        "insert into conversation_message (id, conversation_id, seq, speaker, customer_id, name, metadata, author_id, text, created_at)
         select $1, c.id, c.messages, $3, $4, $5, $6, $7, $8, $9 from conversation c where c.id = $2",
        args![
            message.id,
            conversation,
            &message.speaker,
            message.customer,
            message.name,
            message.metadata.to_json(),
            message.author,
            message.text,
            message.at
        ],
        Code::Conflict,
        CHANGED,
    )
}

/// One more than an answer holds.
pub(super) async fn after(db: &Db, conversation: &ConversationId, id: Option<&ConversationMessageId>) -> Result<Vec<VisitorMessage>> {
    db.all(
        "select m.id, m.speaker, case when m.speaker = 'team' then null else m.name end as name, m.text, m.created_at
         from conversation_message m
         where m.conversation_id = $1 and m.seq > coalesce((select a.seq from conversation_message a where a.conversation_id = $1 and a.id = $2), 0)
         order by m.seq limit $3",
        args![conversation, id, TOGETHER + 1],
    )
    .await
}

/// The newest first, and one more than an answer holds.
pub(super) async fn before(db: &Db, conversation: &ConversationId, id: Option<&ConversationMessageId>) -> Result<Vec<Message>> {
    db.all(
        "select m.id, m.speaker, m.customer_id, m.name, m.metadata, m.author_id, m.text, m.created_at from conversation_message m
         where m.conversation_id = $1 and m.seq < coalesce((select a.seq from conversation_message a where a.conversation_id = $1 and a.id = $2), $3)
         order by m.seq desc limit $4",
        args![conversation, id, MOST + 1, TOGETHER + 1],
    )
    .await
}

const RECORD: &str = "select c.id, c.product_id, c.mode, c.origin, c.customer_id, c.name, c.status, c.messages, c.last_from, c.last_text,
        c.created_at, c.last_message_at, c.ends_at
     from conversation c join product p on p.id = c.product_id and p.deleted_at is null
     where c.tenant_id = $1 and c.product_id = $2 and c.ends_at > $3";

pub(super) async fn list(
    db: &Db,
    tenant: &TenantId,
    product: &ProductId,
    filter: &ConversationFilter,
    now: Time,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Conversation>> {
    let mut select = Select::new(RECORD, args![tenant, product, now]);
    select = select.and_if("c.status = ?", filter.status.as_ref());
    select = select.and_if("c.mode = ?", filter.mode.as_ref());
    select = select.and_if("c.customer_id = ?", filter.customer_id.as_ref());
    if let Some(Cursor { at, id }) = after {
        select = select.and("(c.last_message_at, c.id) < (?, ?)", args![at, id]);
    }
    db.select(select.order("c.last_message_at desc, c.id desc", limit)).await
}

pub(super) async fn find(db: &Db, tenant: &TenantId, product: &ProductId, id: &ConversationId, now: Time) -> Result<Option<Conversation>> {
    Ok(db.select(Select::new(RECORD, args![tenant, product, now]).and("c.id = ?", args![id])).await?.pop())
}

pub(super) fn set_status(tenant: &TenantId, product: &ProductId, id: &ConversationId, status: ConversationStatus) -> Write {
    Write::one(
        "update conversation set status = $4 where tenant_id = $1 and product_id = $2 and id = $3 and status <> $4
           and exists (select 1 from product p where p.id = $2 and p.deleted_at is null)",
        args![tenant, product, id, &status],
        Code::Conflict,
        CHANGED,
    )
}

/// With all its messages.
pub(super) fn erase(tenant: &TenantId, product: &ProductId, id: &ConversationId) -> [Write; 2] {
    [
        Write::any(
            "delete from conversation_message where conversation_id in
                (select c.id from conversation c where c.tenant_id = $1 and c.product_id = $2 and c.id = $3)",
            args![tenant, product, id],
        ),
        Write::one(
            "delete from conversation where tenant_id = $1 and product_id = $2 and id = $3",
            args![tenant, product, id],
            Code::NotFound,
            "No such conversation.",
        ),
    ]
}

/// Every conversation in which this customer was known: nobody else was, and what was said to them is about them.
pub(crate) fn forget_customer(tenant: &TenantId, customer: &CustomerId) -> [Write; 2] {
    [
        Write::any(
            "delete from conversation_message where conversation_id in
                (select c.id from conversation c where c.tenant_id = $1 and c.customer_id = $2)",
            args![tenant, customer],
        ),
        Write::any("delete from conversation where tenant_id = $1 and customer_id = $2", args![tenant, customer]),
    ]
}

/// Those whose end is not yet so long after their last message; what has ended stays so.
macro_rules! otherwise {
    () => {
        on_the_way!("tenant_id = $1 and ends_at > $3 and ends_at <> last_message_at + $4")
    };
}

pub(super) const NEXT: &str = concat!(
    "select last_message_at from conversation where product_id = $2 and last_message_at >= $5 and ",
    otherwise!(),
    " order by last_message_at limit 1000"
);
/// Only while that is the product's choice: another one may have been made since.
pub(super) const STRETCH: &str = concat!(
    "update conversation set ends_at = last_message_at + $4 where product_id = $2 and last_message_at >= $5 and last_message_at <= $6
       and exists (select 1 from product p where p.id = $2 and p.conversation_days * $7 = $4) and ",
    otherwise!()
);

/// Selects where the next thousand of a product lie that are to be kept for another time, in their order.
pub(super) fn next_of(tenant: &TenantId, product: &ProductId, days: i64, from: Time, at: Time) -> (&'static str, Vec<Arg>) {
    (NEXT, args![tenant, product, at, days * DAY, from])
}

/// Keeps those between two places for so many days after their last message.
pub(super) fn keep_for(tenant: &TenantId, product: &ProductId, days: i64, at: Time, first: Time, last: Time) -> Write {
    Write::any(STRETCH, args![tenant, product, at, days * DAY, first, last, DAY])
}

/// Those of test pages end now, a thousand at a time, and the chore erases them.
pub(crate) fn end_tests(tenant: &TenantId, at: Time) -> Write {
    Write::any(
        "update conversation set ends_at = $2 where id in
            (select id from conversation where tenant_id = $1 and mode = 'test' and ends_at > $2 limit 1000)",
        args![tenant, at],
    )
}

/// Those of deleted products end, which nobody finds any more; then messages of conversations that have ended, and those that have
/// none left; a thousand of each.
pub(crate) fn leftovers(now: Time, deleted: &[ProductId]) -> Vec<Write> {
    let of_deleted = deleted.iter().map(|product| {
        Write::any(
            "update conversation set ends_at = $2 where id in
                (select id from conversation where product_id = $1 and ends_at > $2 order by last_message_at limit 1000)",
            args![product, now],
        )
    });
    of_deleted
        .chain([
            Write::any(
                "delete from conversation_message where id in
                    (select m.id from conversation c join conversation_message m on m.conversation_id = c.id where c.ends_at <= $1 limit 1000)",
                args![now],
            ),
            Write::any(
                "delete from conversation where id in
                    (select c.id from conversation c where c.ends_at <= $1
                     and not exists (select 1 from conversation_message m where m.conversation_id = c.id) limit 1000)",
                args![now],
            ),
        ])
        .collect()
}
