-- Conversations: what visitors of a page wrote to its product, who they were at each message, and what they were answered.

-- How many days a conversation is kept after its last message.
alter table product add column conversation_days integer not null default 30 check (conversation_days in (1, 7, 30, 90));

create table conversation (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    product_id text not null references product (id),
    -- The embed key and the page with which it began.
    embed_key_id text not null references embed_key (id),
    origin text not null,
    mode text not null check (mode in ('live', 'test')),
    -- SHA-256 of the whole token, hex; the page alone has the token.
    token_hash text not null constraint conversation_token unique,
    -- The one customer who was known in it, if anybody was, and what they were called last.
    customer_id text,
    name text,
    status text not null check (status in ('open', 'closed')),
    -- How many there are; the last one's number.
    messages integer not null,
    last_from text not null,
    last_text text not null,
    created_at integer not null,
    last_message_at integer not null,
    -- From then on it is nobody's, and a chore erases it.
    ends_at integer not null
) strict;
create index conversation_by_time on conversation (product_id, last_message_at, id);
create index conversation_by_customer on conversation (customer_id);
create index conversation_by_tenant on conversation (tenant_id, mode);
create index conversation_by_end on conversation (ends_at);

create table conversation_message (
    id text not null primary key,
    conversation_id text not null references conversation (id),
    -- Its place, from 1 and without gaps: ids of one millisecond do not sort by arrival.
    seq integer not null,
    speaker text not null check (speaker in ('known', 'anonymous', 'expired', 'team')),
    -- Who it was, as of this message.
    customer_id text,
    name text,
    metadata text not null,
    -- The member or API key that answered.
    author_id text,
    text text not null,
    created_at integer not null,
    constraint conversation_message_place unique (conversation_id, seq),
    constraint conversation_message_speaker check ((speaker = 'known') = (customer_id is not null) and (speaker = 'team') = (author_id is not null))
) strict;
