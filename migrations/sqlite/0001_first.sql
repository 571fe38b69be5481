-- The first schema. Times are milliseconds since the epoch, lists are JSON text, states are words.
-- The file for the other engine has the same name and says the same things.

-- One row: what the installation knows of itself.
create table installation (
    id integer not null primary key check (id = 1),
    -- SHA-256 of the master key, so that a wrong key is named and never used (KY4).
    master_key_fingerprint text,
    -- Signs the ends of the audit chains; sealed under the master key, and sealed again when that one is rotated.
    history_key text,
    -- The highest time this database has seen; expiry is judged at the later of it and the clock.
    clock_mark integer not null default 0,
    -- Deletes of token and audit rows newer than this are refused by trigger; only the purge advances it.
    pruned_before integer not null default 0,
    -- When the first owner came; until then a set-up link works, afterwards none (SE9).
    set_up_at integer
) strict;
insert into installation (id) values (1);

create table tenant (
    id text not null primary key,
    -- Part of every issuer, so it never changes.
    slug text not null constraint tenant_slug_key unique,
    name text not null,
    -- Nothing issued before this moment is accepted.
    not_before integer not null default 0,
    default_ttl_seconds integer not null default 1800 constraint tenant_default_ttl check (default_ttl_seconds between 60 and 3600),
    max_ttl_seconds integer not null default 3600 constraint tenant_max_ttl check (max_ttl_seconds between 60 and 3600),
    retention_days integer not null default 400 constraint tenant_retention check (retention_days >= 30),
    created_at integer not null,
    suspended_at integer,
    -- The checklist on the overview was put away.
    checklist_hidden_at integer
) strict;

create table organization (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    slug text not null,
    name text not null,
    allow_development_origins integer not null default 0 check (allow_development_origins in (0, 1)),
    -- Goes up when the allowlist or the switch narrows, so that a mint that read the wider one fails.
    revision integer not null default 0,
    created_at integer not null,
    -- Soft: ids and slugs are never used again.
    deleted_at integer,
    constraint organization_slug_key unique (tenant_id, slug)
) strict;
create index organization_by_time on organization (tenant_id, created_at, id);

create table organization_origin (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    organization_id text not null references organization (id),
    origin text not null,
    created_at integer not null,
    constraint organization_origin_key unique (organization_id, origin)
) strict;

create table dashboard_user (
    id text not null primary key,
    -- Trimmed, ASCII lower case.
    email text not null constraint dashboard_user_email_key unique,
    name text not null,
    -- Argon2id, PHC string.
    password_hash text not null,
    -- Shorter than a password may be without a second factor, so that factor stays on (SE5).
    short_password integer not null default 0 check (short_password in (0, 1)),
    -- Sealed under the master key; counts only once confirmed.
    totp_secret text,
    totp_confirmed_at integer,
    -- The last time step that was accepted, so that a code works once.
    totp_last_step integer not null default 0,
    -- Where the next session starts.
    last_tenant_id text,
    created_at integer not null,
    disabled_at integer
) strict;

create table recovery_code (
    user_id text not null references dashboard_user (id),
    -- SHA-256, hex.
    code_hash text not null,
    used_at integer,
    primary key (user_id, code_hash)
) strict;

-- A device that signed in before does not feel the delay that guesses of strangers cause (SE8).
create table known_device (
    user_id text not null references dashboard_user (id),
    device_hash text not null,
    seen_at integer not null,
    primary key (user_id, device_hash)
) strict;

-- Failed sign-ins per account, known or not, so that unknown ones look the same (SE7). The key is a keyed hash of the e-mail.
create table sign_in_failure (
    account text not null primary key,
    failures integer not null,
    last_at integer not null,
    -- Before this moment nothing is tried at all.
    retry_at integer not null
) strict;

create table membership (
    user_id text not null references dashboard_user (id),
    tenant_id text not null references tenant (id),
    -- Absent: the role covers every organization of the tenant.
    organization_id text references organization (id),
    role text not null constraint membership_role check (role in ('owner', 'admin', 'member', 'viewer')),
    created_at integer not null
) strict;
create unique index membership_of_tenant on membership (user_id, tenant_id) where organization_id is null;
create unique index membership_of_organization on membership (user_id, organization_id) where organization_id is not null;
create index membership_by_tenant on membership (tenant_id, organization_id);

create table invitation (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    organization_id text references organization (id),
    email text not null,
    role text not null constraint invitation_role check (role in ('owner', 'admin', 'member', 'viewer')),
    token_hash text not null constraint invitation_token_key unique,
    invited_by text not null,
    invited_by_name text not null,
    created_at integer not null,
    expires_at integer not null,
    accepted_at integer,
    revoked_at integer
) strict;
create index invitation_by_time on invitation (tenant_id, created_at, id);

-- Set-up and account-reset links: one use, bounded life, stored hashed.
create table one_time_link (
    token_hash text not null primary key,
    purpose text not null constraint one_time_link_purpose check (purpose in ('set_up', 'reset')),
    user_id text references dashboard_user (id),
    -- The tenant whose owner issued a reset; absent for the command line's. Such a link is void for a person of other tenants too.
    tenant_id text references tenant (id),
    created_at integer not null,
    expires_at integer not null,
    consumed_at integer
) strict;

create table signing_key (
    -- The JWT's kid.
    id text not null primary key,
    tenant_id text not null references tenant (id),
    algorithm text not null constraint signing_key_algorithm check (algorithm in ('ES256', 'EdDSA', 'RS256')),
    state text not null constraint signing_key_state check (state in ('next', 'active', 'retiring', 'retired', 'revoked')),
    -- The public half as a JWK without kid.
    public_jwk text not null,
    -- The private half, PKCS#8, sealed with AES-256-GCM; the tenant and the id are its associated data (KY1).
    sealed_private text not null,
    created_at integer not null,
    activated_at integer,
    retiring_at integer,
    retired_at integer,
    revoked_at integer,
    revoke_reason text
) strict;
create unique index signing_key_one_active on signing_key (tenant_id) where state = 'active';
create unique index signing_key_one_next on signing_key (tenant_id) where state = 'next';
create index signing_key_by_tenant on signing_key (tenant_id, created_at, id);

create table dashboard_session (
    id text not null primary key,
    -- SHA-256 of the cookie's id (X5); absent for a dashboard JWT, whose jti is the row's id.
    cookie_hash text constraint dashboard_session_cookie_key unique,
    user_id text not null references dashboard_user (id),
    -- A dashboard JWT is for one tenant; a cookie only remembers the last one.
    tenant_id text references tenant (id),
    -- The key that signed the JWT: revoking it ends the session.
    signing_key_id text references signing_key (id),
    -- The session layer's own record, JSON.
    data text not null default '{}',
    created_at integer not null,
    -- What a tenant's not_before is compared with; later than created_at only for a session that pressed "Revoke everything".
    valid_since integer not null,
    seen_at integer not null,
    -- Absolute: 24 h for a cookie, 1 h for a JWT.
    expires_at integer not null,
    -- When presence was last proved (SE10).
    proved_at integer not null,
    ip text,
    user_agent text,
    ended_at integer
) strict;
create index dashboard_session_by_user on dashboard_session (user_id, created_at);

create table widget_token (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    organization_id text not null references organization (id),
    signing_key_id text not null references signing_key (id),
    scope text not null,
    origins text not null,
    label text,
    customer_id text,
    minted_by_type text not null,
    minted_by text not null,
    minted_by_name text not null,
    created_at integer not null,
    expires_at integer not null,
    revoked_at integer,
    revoked_by text,
    revoked_by_name text,
    revoke_reason text,
    -- The audit event that says why, shared by all rows of a bulk revocation.
    revocation_event text,
    -- One hour at most (A6), here as well as in the core.
    constraint widget_token_one_hour check (expires_at <= created_at + 3600000)
) strict;
create index widget_token_by_tenant on widget_token (tenant_id, created_at, id);
create index widget_token_by_organization on widget_token (organization_id, created_at, id);
create index widget_token_by_end on widget_token (organization_id, expires_at);
create index widget_token_by_key on widget_token (signing_key_id, expires_at);
create index widget_token_by_minter on widget_token (minted_by, expires_at);

create trigger widget_token_stays_revoked before update of revoked_at on widget_token
when old.revoked_at is not null and new.revoked_at is not old.revoked_at
begin select raise(abort, 'a revoked token stays revoked'); end;

create trigger widget_token_is_retained before delete on widget_token
when old.expires_at >= (select pruned_before from installation)
begin select raise(abort, 'a token row is retained'); end;

-- Written in batches, off the request's path; may lose ten seconds in a crash and decides nothing.
create table widget_token_use (
    token_id text not null primary key,
    last_used_at integer not null,
    last_used_origin text
) strict;

-- The same for API keys and signing keys.
create table credential_use (
    id text not null primary key,
    last_used_at integer not null
) strict;

create table api_key (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    organization_id text references organization (id),
    name text not null,
    role text not null constraint api_key_role check (role in ('admin', 'member', 'viewer')),
    -- SHA-256 of the secret, hex.
    hash text not null constraint api_key_hash_key unique,
    last4 text not null,
    created_by text not null,
    created_by_name text not null,
    created_at integer not null,
    -- A planned end, also that of a rotation; tokens minted before it live on.
    expires_at integer,
    -- The key that replaces it.
    rotated_to text,
    revoked_at integer,
    revoke_reason text
) strict;
create index api_key_by_time on api_key (tenant_id, created_at, id);

-- Who minted what under which Idempotency-Key; no JWT is kept.
create table idempotency (
    caller text not null,
    key_hash text not null,
    body_hash text not null,
    token_id text not null,
    created_at integer not null,
    constraint idempotency_key primary key (caller, key_hash)
) strict;

-- The end of each chain; locked in the order of its key by whoever appends.
create table audit_head (
    -- A tenant's id, or 'installation'.
    chain text not null primary key,
    seq integer not null,
    hash text not null,
    -- HMAC-SHA-256 under history_key, hex: whoever writes here without that key cannot move the end of a chain (AU2).
    mac text not null
) strict;

create table audit_event (
    chain text not null,
    seq integer not null,
    id text not null constraint audit_event_id_key unique,
    at integer not null,
    action text not null,
    actor_id text,
    organization_id text,
    target_id text,
    outcome text not null,
    -- The event's JSON text exactly as hashed and exported.
    body text not null,
    -- SHA-256(previous hash || seq || body), hex.
    hash text not null,
    primary key (chain, seq)
) strict;
create index audit_event_by_time on audit_event (chain, at, seq);
create index audit_event_by_action on audit_event (chain, action, seq);
create index audit_event_by_actor on audit_event (chain, actor_id, seq);
create index audit_event_by_target on audit_event (chain, target_id, seq);
create index audit_event_by_organization on audit_event (chain, organization_id, seq);
create index audit_event_by_outcome on audit_event (chain, outcome, seq);

create trigger audit_event_is_immutable before update on audit_event
begin select raise(abort, 'history is append-only'); end;

create trigger audit_event_is_retained before delete on audit_event
when old.at >= (select pruned_before from installation)
begin select raise(abort, 'history is retained'); end;

-- What is left of a purged stretch, and what tells that a chain was cut: seq and hash, signed with a key that is not in here (AU2).
create table audit_checkpoint (
    chain text not null,
    seq integer not null,
    hash text not null,
    at integer not null,
    -- Whether rows up to here were purged.
    pruned integer not null check (pruned in (0, 1)),
    -- HMAC-SHA-256 under history_key, hex.
    mac text not null,
    primary key (chain, seq, pruned)
) strict;

create trigger installation_only_advances before update of pruned_before on installation
when new.pruned_before < old.pruned_before
begin select raise(abort, 'the retention mark only advances'); end;
