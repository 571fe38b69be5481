-- Passwords of customers: a switch of the product, the hashes, requests for mail about them, and the links in that mail.

-- Whether customers may sign in with a password of their own.
alter table product add column passwords boolean not null default false;

-- Of a customer, in whichever of the tenant's products. It goes with their data.
create table customer_password (
    customer_id text not null primary key references customer (id),
    tenant_id text not null references tenant (id),
    -- Argon2id, as a PHC string.
    hash text not null,
    set_at bigint not null
);

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
    counts boolean not null,
    created_at bigint not null
);
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
    created_at bigint not null,
    expires_at bigint not null,
    consumed_at bigint,
    constraint password_link_token unique (token_hash),
    -- A day to verify an address, a quarter of an hour to set a new password.
    constraint password_link_life check (expires_at > created_at
        and expires_at <= created_at + case purpose when 'verify' then 86400000 else 900000 end),
    constraint password_link_whose check ((purpose = 'reset') = (customer_id is not null)),
    constraint password_link_bound check ((purpose = 'verify' and consumed_at is null) = (password_hash is not null))
);
create index password_link_by_end on password_link (expires_at);
create index password_link_by_address on password_link (tenant_id, email);
create index password_link_by_customer on password_link (customer_id);

-- Three more kinds of mail.
alter table mail drop constraint mail_kind;
alter table mail add constraint mail_kind check (kind in ('test', 'magic_link', 'sign_up', 'password_reset', 'password_changed'));
