-- Magic links: requests, which are answered off the request's path, and the links that some of them become.

-- Whether a product takes in people whom nobody vouched for: reading a mail is then proof enough.
alter table product add column anyone_may_sign_in boolean not null default false;

-- One row that every request locks first, so that of several processes each counts what the others have committed.
create table magic_link_gate (
    id bigint not null primary key check (id = 1),
    turns bigint not null
);
insert into magic_link_gate (id, turns) values (1, 0);

create table magic_link_request (
    -- The link's id, if it becomes one.
    id text not null primary key,
    tenant_id text not null references tenant (id),
    product_id text not null references product (id),
    embed_key_id text not null references embed_key (id),
    -- Keyed hashes, so that limits are counted without an address or a client being kept.
    address_hash text not null,
    client_hash text not null,
    -- Address and return URL, sealed; the id is their associated data. Nothing is left of them once it was answered.
    asked text,
    -- Whether it was within the address's limit, and so counts for it.
    counts boolean not null,
    created_at bigint not null
);
create index magic_link_request_by_address on magic_link_request (address_hash, created_at);
create index magic_link_request_by_client on magic_link_request (client_hash, created_at);
create index magic_link_request_waiting on magic_link_request (created_at, id) where asked is not null;
create index magic_link_request_by_time on magic_link_request (created_at);

create table magic_link (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    product_id text not null references product (id),
    embed_key_id text not null references embed_key (id),
    -- The customer whose verified address it was; none for somebody who is not one yet.
    customer_id text,
    email text not null,
    -- SHA-256 of the token, hex; the token is in the mail only.
    token_hash text not null,
    created_at bigint not null,
    expires_at bigint not null,
    consumed_at bigint,
    constraint magic_link_token unique (token_hash),
    constraint magic_link_life check (expires_at > created_at and expires_at <= created_at + 900000)
);
create index magic_link_by_end on magic_link (expires_at);
create index magic_link_by_customer on magic_link (customer_id);
