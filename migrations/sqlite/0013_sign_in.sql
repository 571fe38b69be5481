-- Sign-in for pages that have none: a popup of ours, with sessions of a quarter of an hour at a time.

-- Whether pages may open that popup for this product.
alter table product add column sign_in integer not null default 0 check (sign_in in (0, 1));

-- A link that a popup asked for: SHA-256 of what that popup keeps to itself, hex. Only who shows that redeems the link.
alter table magic_link add column challenge text;

-- The same table with one more way in, whose JWTs live for 15 minutes, and whose refreshes are told apart by their jti.
create table customer_session_with_popup (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    product_id text not null references product (id),
    customer_id text not null references customer (id),
    -- Its present allowlist decides from where the session is used.
    embed_key_id text not null references embed_key (id),
    mode text not null constraint customer_session_mode check (mode in ('live', 'test')),
    way text not null constraint customer_session_way check (way in ('bridge', 'magic_link', 'sign_in')),
    -- The bridge key that vouched; absent for the other ways.
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
    -- Of a sign-in: the jti of the latest JWT, and of the one that was refreshed for it. Neither is a secret.
    latest_jti text,
    previous_jti text,
    -- One hour a JWT and twelve a session at most, here as well as in the core.
    constraint customer_session_one_hour check (expires_at <= refreshed_at + 3600000 and expires_at <= ends_at),
    constraint customer_session_twelve_hours check (ends_at <= created_at + 43200000),
    constraint customer_session_vouched check ((way = 'bridge') = (bridge_key_id is not null)),
    constraint customer_session_fifteen_minutes check (way <> 'sign_in' or expires_at <= refreshed_at + 900000),
    constraint customer_session_chained check ((way = 'sign_in') = (latest_jti is not null))
) strict;
insert into customer_session_with_popup
    select id, tenant_id, product_id, customer_id, embed_key_id, mode, way, bridge_key_id, organization_id, signing_key_id, origin, created_at,
           refreshed_at, expires_at, ends_at, ip, user_agent, revoked_at, revoked_by, revoked_by_name, revoke_reason, null, null
    from customer_session;
drop table customer_session;
alter table customer_session_with_popup rename to customer_session;
create index customer_session_by_customer on customer_session (customer_id, created_at, id);
create index customer_session_by_embed_key on customer_session (embed_key_id, expires_at);
create index customer_session_by_tenant on customer_session (tenant_id, expires_at);
create index customer_session_by_end on customer_session (ends_at);
create index customer_session_by_signing_key on customer_session (signing_key_id, expires_at);

create trigger customer_session_stays_revoked before update of revoked_at on customer_session
when old.revoked_at is not null and new.revoked_at is not old.revoked_at
begin select raise(abort, 'a revoked session stays revoked'); end;
