-- Passwords of customers: a switch of the product, the hashes, requests for mail about them, and the links in that mail.

-- Whether customers may sign in with a password of their own.
alter table product add column passwords integer not null default 0 check (passwords in (0, 1));

-- Of a customer, in whichever of the tenant's products. It goes with their data.
create table customer_password (
    customer_id text not null primary key references customer (id),
    tenant_id text not null references tenant (id),
    -- Argon2id, as a PHC string.
    hash text not null,
    set_at integer not null
) strict;

-- Answered off the request's path, like requests for magic links, and behind the same gate.
create table password_request (
    -- The link's id, if it becomes one.
    id text not null primary key,
    tenant_id text not null references tenant (id),
    product_id text not null references product (id),
    embed_key_id text not null references embed_key (id),
    -- Keyed hashes, so that limits are counted without an address or a client being kept.
    address_hash text not null,
    client_hash text not null,
    -- What is wanted, the address and the hash of a password, sealed; the id is their associated data. Nothing is left once it was answered.
    asked text,
    -- Whether it was within the address's limit, and so counts for it.
    counts integer not null check (counts in (0, 1)),
    created_at integer not null
) strict;
create index password_request_by_address on password_request (address_hash, created_at);
create index password_request_by_client on password_request (client_hash, created_at);
create index password_request_waiting on password_request (created_at, id) where asked is not null;
create index password_request_by_time on password_request (created_at);

create table password_link (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    product_id text not null references product (id),
    embed_key_id text not null references embed_key (id),
    mode text not null constraint password_link_mode check (mode in ('live', 'test')),
    purpose text not null constraint password_link_purpose check (purpose in ('verify', 'reset')),
    -- Whose password it sets anew; none for somebody who signs up.
    customer_id text,
    email text not null,
    -- The password that this sign-up was begun with, and no other: whoever redeems the link has to know it too.
    password_hash text,
    -- SHA-256 of the token, hex; the token is in the mail only.
    token_hash text not null,
    created_at integer not null,
    expires_at integer not null,
    consumed_at integer,
    constraint password_link_token unique (token_hash),
    -- A day to verify an address, a quarter of an hour to set a new password.
    constraint password_link_life check (expires_at > created_at
        and expires_at <= created_at + case purpose when 'verify' then 86400000 else 900000 end),
    constraint password_link_whose check ((purpose = 'reset') = (customer_id is not null)),
    constraint password_link_bound check ((purpose = 'verify' and consumed_at is null) = (password_hash is not null))
) strict;
create index password_link_by_end on password_link (expires_at);
create index password_link_by_address on password_link (tenant_id, email);
create index password_link_by_customer on password_link (customer_id);

-- Three more kinds of mail.
create table mail_anew (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    kind text not null constraint mail_kind check (kind in ('test', 'magic_link', 'sign_up', 'password_reset', 'password_changed')),
    recipient text not null,
    subject text not null,
    -- Text and HTML, sealed; the id is their associated data (KY1). Nothing is left of them once the mail has ended.
    body text,
    state text not null constraint mail_state check (state in ('waiting', 'sending', 'sent', 'failed', 'expired', 'withdrawn')),
    attempts integer not null default 0,
    next_attempt_at integer not null,
    -- Which sender has it, and until when that counts.
    lease text,
    leased_until integer not null default 0,
    last_error text,
    created_at integer not null,
    expires_at integer not null,
    ended_at integer,
    constraint mail_life check (expires_at > created_at and expires_at <= created_at + 900000),
    constraint mail_body check ((body is not null) = (state in ('waiting', 'sending'))),
    constraint mail_end check ((ended_at is null) = (state in ('waiting', 'sending')))
) strict;
insert into mail_anew (id, tenant_id, kind, recipient, subject, body, state, attempts, next_attempt_at, lease, leased_until, last_error, created_at, expires_at, ended_at)
select id, tenant_id, kind, recipient, subject, body, state, attempts, next_attempt_at, lease, leased_until, last_error, created_at, expires_at, ended_at from mail;
drop table mail;
alter table mail_anew rename to mail;
create index mail_by_time on mail (tenant_id, created_at, id);
create index mail_to_send on mail (next_attempt_at, id) where ended_at is null;
create index mail_by_end on mail (ended_at) where ended_at is not null;
