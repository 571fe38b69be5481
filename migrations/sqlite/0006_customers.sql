-- Customers: the end users of a tenant's pages, how their backend vouches for them, and their sessions.

-- A key with which the tenant's own backend signs bridge tokens: a shared secret of ours, or a public key.
create table bridge_key (
    -- The bridge token's kid.
    id text not null primary key,
    tenant_id text not null references tenant (id),
    product_id text not null references product (id),
    algorithm text not null constraint bridge_key_algorithm check (algorithm in ('HS256', 'ES256', 'EdDSA', 'RS256')),
    state text not null constraint bridge_key_state check (state in ('next', 'active', 'retiring', 'retired', 'revoked')),
    -- Whether we made the pair; a secret is always ours.
    made_here integer not null check (made_here in (0, 1)),
    -- The public half as a JWK without kid; absent for a shared secret.
    public_jwk text,
    -- The shared secret, sealed; the tenant and the id are its associated data (KY1). A private half is kept nowhere.
    sealed_secret text,
    created_by text not null,
    created_by_name text not null,
    created_at integer not null,
    activated_at integer,
    retiring_at integer,
    retired_at integer,
    revoked_at integer,
    revoke_reason text,
    -- Since a restore, until an owner lets it work again.
    held_at integer,
    constraint bridge_key_one_half check ((algorithm = 'HS256') = (public_jwk is null))
) strict;
create unique index bridge_key_one_active on bridge_key (product_id) where state = 'active';
create index bridge_key_by_time on bridge_key (product_id, created_at, id);
create index bridge_key_by_tenant on bridge_key (tenant_id);

-- Live and test customers are two worlds: nobody is found, merged or purged across.
create table customer (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    mode text not null constraint customer_mode check (mode in ('live', 'test')),
    -- As the tenant's own backend names them, byte for byte.
    external_id text,
    -- Trimmed, ASCII lower case.
    email text,
    -- Only a verified address finds anybody.
    email_verified integer not null default 0 check (email_verified in (0, 1)),
    name text,
    -- A JSON object of the tenant's own.
    metadata text not null default '{}',
    -- How they came first.
    first_seen_by text not null constraint customer_first_seen_by check (first_seen_by in ('bridge', 'magic_link', 'api', 'dashboard')),
    created_at integer not null,
    updated_at integer not null,
    banned_at integer,
    ban_reason text,
    -- Their personal data is erased; the row stays, so that history and an id keep their meaning.
    deleted_at integer
) strict;
create unique index customer_external_id_key on customer (tenant_id, mode, external_id) where external_id is not null;
create unique index customer_email_key on customer (tenant_id, mode, email) where email_verified;
create index customer_by_time on customer (tenant_id, mode, created_at, id);

-- Where a customer belongs.
create table customer_organization (
    customer_id text not null references customer (id),
    organization_id text not null references organization (id),
    created_at integer not null,
    primary key (customer_id, organization_id)
) strict;
create index customer_organization_by_organization on customer_organization (organization_id, customer_id);

-- The row behind a kind=session JWT: its claim sid. Each refresh signs a new JWT for the same row.
create table customer_session (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    product_id text not null references product (id),
    customer_id text not null references customer (id),
    -- Its present allowlist decides from where the session is used.
    embed_key_id text not null references embed_key (id),
    mode text not null constraint customer_session_mode check (mode in ('live', 'test')),
    way text not null constraint customer_session_way check (way in ('bridge', 'magic_link')),
    -- The bridge key that vouched; absent for a magic link.
    bridge_key_id text references bridge_key (id),
    organization_id text references organization (id),
    -- The key that signed the latest JWT.
    signing_key_id text not null references signing_key (id),
    -- The page where it began.
    origin text not null,
    created_at integer not null,
    refreshed_at integer not null,
    -- Of the latest JWT.
    expires_at integer not null,
    -- No refresh goes past it.
    ends_at integer not null,
    ip text,
    user_agent text,
    revoked_at integer,
    revoked_by text,
    revoked_by_name text,
    revoke_reason text,
    -- One hour a JWT and twelve a session at most, here as well as in the core.
    constraint customer_session_one_hour check (expires_at <= refreshed_at + 3600000 and expires_at <= ends_at),
    constraint customer_session_twelve_hours check (ends_at <= created_at + 43200000),
    constraint customer_session_vouched check ((way = 'bridge') = (bridge_key_id is not null))
) strict;
create index customer_session_by_customer on customer_session (customer_id, created_at, id);
create index customer_session_by_embed_key on customer_session (embed_key_id, expires_at);
create index customer_session_by_tenant on customer_session (tenant_id, expires_at);
create index customer_session_by_end on customer_session (ends_at);
create index customer_session_by_signing_key on customer_session (signing_key_id, expires_at);

create trigger customer_session_stays_revoked before update of revoked_at on customer_session
when old.revoked_at is not null and new.revoked_at is not old.revoked_at
begin select raise(abort, 'a revoked session stays revoked'); end;

-- A bridge token opens once: a row lives until nobody could accept the token any more.
create table bridge_token_use (
    product_id text not null,
    -- SHA-256 of the jti, hex.
    jti_hash text not null,
    -- The token's exp and a minute.
    forget_at integer not null,
    constraint bridge_token_use_once primary key (product_id, jti_hash)
) strict;
create index bridge_token_use_by_end on bridge_token_use (forget_at);
