-- Identity: what a product's backend buys identity tokens with, and the tokens that it bought.

-- Of the text only its hash is kept.
create table verification_secret (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    product_id text not null references product (id),
    name text not null,
    -- SHA-256 of the whole text, hex.
    hash text not null constraint verification_secret_hash_key unique,
    last4 text not null,
    created_by text not null,
    created_by_name text not null,
    created_at integer not null,
    -- The planned end of a rotation.
    expires_at integer,
    -- The secret that replaces it.
    rotated_to text,
    -- Since a restore, until an owner lets it work again.
    held_at integer,
    revoked_at integer,
    revoke_reason text
) strict;
create index verification_secret_by_time on verification_secret (product_id, created_at, id);
create index verification_secret_by_tenant on verification_secret (tenant_id);

-- The row behind a kind=identity JWT, until its exp. Who it is, the customer's row says; nothing of them stands here.
create table identity_token (
    -- The JWT's jti.
    id text not null primary key,
    tenant_id text not null references tenant (id),
    product_id text not null references product (id),
    customer_id text not null references customer (id),
    verification_secret_id text not null references verification_secret (id),
    signing_key_id text not null references signing_key (id),
    created_at integer not null,
    expires_at integer not null,
    revoked_at integer,
    -- Fifteen minutes at most, here as well as in the core.
    constraint identity_token_fifteen_minutes check (expires_at <= created_at + 900000)
) strict;
create index identity_token_by_secret on identity_token (verification_secret_id, expires_at);
create index identity_token_by_customer on identity_token (customer_id, expires_at);
create index identity_token_by_tenant on identity_token (tenant_id, expires_at);
create index identity_token_by_signing_key on identity_token (signing_key_id, expires_at);
create index identity_token_by_end on identity_token (expires_at);

create trigger identity_token_stays_revoked before update of revoked_at on identity_token
when old.revoked_at is not null and new.revoked_at is not old.revoked_at
begin select raise(abort, 'a revoked token stays revoked'); end;
