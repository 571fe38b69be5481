-- A database of two tenants, acme and globex, as the last program before products wrote it (schema 3); made by `owner create`.
BEGIN TRANSACTION;
CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
INSERT INTO "_sqlx_migrations" VALUES(1,'first','2026-11-21 18:14:45',1,X'76B86AFEDA783C06E0A37A1291FE2D740D33C5CA7BF9C93218B20403BAB4795F40AE7B195BB79F2DA5888A41D6C6C06B',16046412);
INSERT INTO "_sqlx_migrations" VALUES(2,'refusals by hour','2026-11-21 18:14:45',1,X'C8F8F6E11F9F87E88544BDD3F597C6FF264E4B78799D1A15ACB61B08DA02C1E4B1945DC4913D2DB8056FA0A43AC7619A',688102);
INSERT INTO "_sqlx_migrations" VALUES(3,'held','2026-11-21 18:14:45',1,X'714C08C261C03FE8E6371FE14BC1D32FAF25F84697D31FF2FC03C0557A05723FAC74B53E1DE000C24F958869B926BE28',4481913);
CREATE TABLE api_key (
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
, held_at integer, valid_since integer not null default 0) strict;
CREATE TABLE audit_checkpoint (
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
CREATE TABLE audit_event (
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
INSERT INTO "audit_event" VALUES('ten_01a1ff5161947ab915ca4960',1,'aud_01a1ff51624b743781b43a50',1795284886091,'tenant.created',NULL,NULL,'ten_01a1ff5161947ab915ca4960','success','{"id":"aud_01a1ff51624b743781b43a50","at":"2026-11-21T18:14:46.091Z","action":"tenant.created","actor":{"type":"command_line","id":null,"name":null},"tenant":"ten_01a1ff5161947ab915ca4960","organization":null,"target":{"type":"tenant","id":"ten_01a1ff5161947ab915ca4960"},"outcome":"success","reason":null,"ip":null,"user_agent":null,"request_id":null,"metadata":{"name":"Acme","owner":"usr_01a1ff516194f6d95d7009c5","slug":"acme"}}','724bd978afe36aea78b7bcf2cd7c1b1a6f008f1080228c963168877f2cb1c1c6');
INSERT INTO "audit_event" VALUES('ten_01a1ff5162979131bd751319',1,'aud_01a1ff51633c75f26f2c65a0',1795284886332,'tenant.created',NULL,NULL,'ten_01a1ff5162979131bd751319','success','{"id":"aud_01a1ff51633c75f26f2c65a0","at":"2026-11-21T18:14:46.332Z","action":"tenant.created","actor":{"type":"command_line","id":null,"name":null},"tenant":"ten_01a1ff5162979131bd751319","organization":null,"target":{"type":"tenant","id":"ten_01a1ff5162979131bd751319"},"outcome":"success","reason":null,"ip":null,"user_agent":null,"request_id":null,"metadata":{"name":"Globex","owner":"usr_01a1ff51629735621051a906","slug":"globex"}}','55613954c192691ac214ba1fc67fd839be14c34ecd99348a5388c4004e28975f');
CREATE TABLE audit_head (
    -- A tenant's id, or 'installation'.
    chain text not null primary key,
    seq integer not null,
    hash text not null,
    -- HMAC-SHA-256 under history_key, hex: whoever writes here without that key cannot move the end of a chain (AU2).
    mac text not null
) strict;
INSERT INTO "audit_head" VALUES('ten_01a1ff5161947ab915ca4960',1,'724bd978afe36aea78b7bcf2cd7c1b1a6f008f1080228c963168877f2cb1c1c6','684a25400a51a70f12ef698449fff2ee7b8518d186ef71e78f91284091d9bbd8');
INSERT INTO "audit_head" VALUES('ten_01a1ff5162979131bd751319',1,'55613954c192691ac214ba1fc67fd839be14c34ecd99348a5388c4004e28975f','ba49cc58e8a474a036d298bba03983e225579e90f4791549eda86a7568c10d47');
CREATE TABLE credential_use (
    id text not null primary key,
    last_used_at integer not null
) strict;
CREATE TABLE dashboard_session (
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
CREATE TABLE dashboard_user (
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
INSERT INTO "dashboard_user" VALUES('usr_01a1ff516194f6d95d7009c5','olive@acme.example','olive','$argon2id$v=19$m=19456,t=2,p=1$CN6DiZB3DPUeHQvX8s2xjw$dl56rSbA8FNZpAZUDRAxf3UgtW1rd6FyN6jYwOOxmlU',0,NULL,NULL,0,'ten_01a1ff5161947ab915ca4960',1795284885908,NULL);
INSERT INTO "dashboard_user" VALUES('usr_01a1ff51629735621051a906','olive@globex.example','olive','$argon2id$v=19$m=19456,t=2,p=1$DTAWA8AuF/Ajd5qF1v3ADg$kJ46M4dpfNzRNwh8MV+TZmITA0B078fLv+vWWNjy140',0,NULL,NULL,0,'ten_01a1ff5162979131bd751319',1795284886167,NULL);
CREATE TABLE idempotency (
    caller text not null,
    key_hash text not null,
    body_hash text not null,
    token_id text not null,
    created_at integer not null,
    constraint idempotency_key primary key (caller, key_hash)
) strict;
CREATE TABLE installation (
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
INSERT INTO "installation" VALUES(1,'b73e298a40096a0886f7172ba951cb37','v1.VypF_LMxCUcG5T6vs_fLyAJE-TOtnDR3LH3XnwfApcME-9gE2NYog89WeLCU4MeVKaRy47iH707GHIjW',1795284886332,0,1795284886091);
CREATE TABLE invitation (
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
CREATE TABLE known_device (
    user_id text not null references dashboard_user (id),
    device_hash text not null,
    seen_at integer not null,
    primary key (user_id, device_hash)
) strict;
CREATE TABLE membership (
    user_id text not null references dashboard_user (id),
    tenant_id text not null references tenant (id),
    -- Absent: the role covers every organization of the tenant.
    organization_id text references organization (id),
    role text not null constraint membership_role check (role in ('owner', 'admin', 'member', 'viewer')),
    created_at integer not null
, held_at integer) strict;
INSERT INTO "membership" VALUES('usr_01a1ff516194f6d95d7009c5','ten_01a1ff5161947ab915ca4960',NULL,'owner',1795284886091,NULL);
INSERT INTO "membership" VALUES('usr_01a1ff51629735621051a906','ten_01a1ff5162979131bd751319',NULL,'owner',1795284886332,NULL);
CREATE TABLE one_time_link (
    token_hash text not null primary key,
    purpose text not null constraint one_time_link_purpose check (purpose in ('set_up', 'reset')),
    user_id text references dashboard_user (id),
    -- The tenant whose owner issued a reset; absent for the command line's. Such a link is void for a person of other tenants too.
    tenant_id text references tenant (id),
    created_at integer not null,
    expires_at integer not null,
    consumed_at integer
) strict;
CREATE TABLE organization (
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
CREATE TABLE organization_origin (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    organization_id text not null references organization (id),
    origin text not null,
    created_at integer not null,
    constraint organization_origin_key unique (organization_id, origin)
) strict;
CREATE TABLE recovery_code (
    user_id text not null references dashboard_user (id),
    -- SHA-256, hex.
    code_hash text not null,
    used_at integer,
    primary key (user_id, code_hash)
) strict;
CREATE TABLE sign_in_failure (
    account text not null primary key,
    failures integer not null,
    last_at integer not null,
    -- Before this moment nothing is tried at all.
    retry_at integer not null
) strict;
CREATE TABLE signing_key (
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
INSERT INTO "signing_key" VALUES('key_01a1ff51624bd74e6197256a','ten_01a1ff5161947ab915ca4960','ES256','active','{"crv":"P-256","kty":"EC","x":"5Gzllx9op2Vjz_kPbLoIqz1hn0h4quvkdzCYnSIew6I","y":"qHRzj9RI5_0QsrTWGpkXyUjGJun_mLmnNsegFIYrbwQ"}','v1.EePCdQWnxH-FCRW7YWZaskMLi-NyevEC8npOvhpJHUsuFwRzIVqIrBwosUppoB9_lB7Ft8-FkIuK21CCmPxNJGV62Mq8xEGT-G-_aqoAp4qbosdZJSAIKh_hzJKbxyj266zzUo1A-2_IOQ39ODDhPcpQ-yrm1GkRxhnRs9-pSU6LKA_-ZMxwFIZUpfo26G524Osr68O8tr3axzEdC-u3EgPYx1EiBw',1795284886091,1795284886091,NULL,NULL,NULL,NULL);
INSERT INTO "signing_key" VALUES('key_01a1ff51624b9a0426a431b5','ten_01a1ff5161947ab915ca4960','ES256','next','{"crv":"P-256","kty":"EC","x":"JOJ4HxJneRNgO04cek75VCePLTXYr50CbKMC8t2gNr8","y":"4QLA2ZEmOQEpYKFvuZYLeXtPZLckBM6_MZvDz9V6iFc"}','v1.x3MtSvdssxmJ4ws6bHyrv_zh58rCfi0363WPtDkkTrOpA15L3cSkZ6Zh4s6T_BrWmcpZ_nX0TYnEPzmzGf5DTEG9x4A0MZ-7A7WjhWClc7eNcMmCgPYoaQdpZ4QOierdOdyAJG8SeChMSUxHYFVGQpLFR2mLJ8sim44Fn_ABJIRVo21gcjGWA5usQia3yHt88NwFHNW-dVB88XVWa7VaK_KV3avBLQ',1795284886091,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "signing_key" VALUES('key_01a1ff51633cfac1b653a6f7','ten_01a1ff5162979131bd751319','ES256','active','{"crv":"P-256","kty":"EC","x":"V6Qv7x3G-NOb8YANx_D96PGaJhHEHy59m8ExhscmZjE","y":"lPQ_5fuRyCb_584BBkipHT4icm64D0FJpp1uLWwQwFo"}','v1.0xI6BnqZL6tU9PEdSKTfQWOJnshhj1s9qhgUbGGt6bLmXKYwJphqQJr44yifkCjDTwLRbZNutbMJRimeYu1Mfw-1k0AYtgwEwAht1gTZAWzuUH8fbDOYy9JqNTAYrx_AAxT6f4RDnVnbO3pnC0lA3i0RShHvCVgj16X3J__lF5IH4AvMSnycziYJFlJSKsfdhub1h2NJWJlCtZVut5DW-FqjjlfavQ',1795284886332,1795284886332,NULL,NULL,NULL,NULL);
INSERT INTO "signing_key" VALUES('key_01a1ff51633ccd74e08391a2','ten_01a1ff5162979131bd751319','ES256','next','{"crv":"P-256","kty":"EC","x":"XGuoY7kWEUkkFUc4bA8YMto4NK1q2K7eRq_J5cr1f_M","y":"jIcjhu3K2LS_nSwYID_qVREWT_QAqPvUCq2IAoMIr5g"}','v1.na0XKJNQXLzR-xyNdc0gklyxWhmNtHlhn_B5BPTZh9oYb0-DaWgAvJ6ZsN9_PcJDuYNDuTglh9zDaprAJFXZqlUuNoo0kuG13e0tKWbIPAupgujQjb4iI1Uj4T9tfbOy2LKhxsqSUD36uZxKR0IJMf-w7kCA1XNsVs5r4g9aIMD7BXjl3VF0pDtoUbfHn4ogiOCnCgnP6LclI97JiJpwFK3CiBOxdw',1795284886332,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE tenant (
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
INSERT INTO "tenant" VALUES('ten_01a1ff5161947ab915ca4960','acme','Acme',0,1800,3600,400,1795284886091,NULL,NULL);
INSERT INTO "tenant" VALUES('ten_01a1ff5162979131bd751319','globex','Globex',0,1800,3600,400,1795284886332,NULL,NULL);
CREATE TABLE widget_token (
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
CREATE TABLE widget_token_use (
    token_id text not null primary key,
    last_used_at integer not null,
    last_used_origin text
) strict;
CREATE INDEX organization_by_time on organization (tenant_id, created_at, id);
CREATE UNIQUE INDEX membership_of_tenant on membership (user_id, tenant_id) where organization_id is null;
CREATE UNIQUE INDEX membership_of_organization on membership (user_id, organization_id) where organization_id is not null;
CREATE INDEX membership_by_tenant on membership (tenant_id, organization_id);
CREATE INDEX invitation_by_time on invitation (tenant_id, created_at, id);
CREATE UNIQUE INDEX signing_key_one_active on signing_key (tenant_id) where state = 'active';
CREATE UNIQUE INDEX signing_key_one_next on signing_key (tenant_id) where state = 'next';
CREATE INDEX signing_key_by_tenant on signing_key (tenant_id, created_at, id);
CREATE INDEX dashboard_session_by_user on dashboard_session (user_id, created_at);
CREATE INDEX widget_token_by_tenant on widget_token (tenant_id, created_at, id);
CREATE INDEX widget_token_by_organization on widget_token (organization_id, created_at, id);
CREATE INDEX widget_token_by_end on widget_token (organization_id, expires_at);
CREATE INDEX widget_token_by_key on widget_token (signing_key_id, expires_at);
CREATE INDEX widget_token_by_minter on widget_token (minted_by, expires_at);
CREATE TRIGGER widget_token_stays_revoked before update of revoked_at on widget_token
when old.revoked_at is not null and new.revoked_at is not old.revoked_at
begin select raise(abort, 'a revoked token stays revoked'); end;
CREATE TRIGGER widget_token_is_retained before delete on widget_token
when old.expires_at >= (select pruned_before from installation)
begin select raise(abort, 'a token row is retained'); end;
CREATE INDEX api_key_by_time on api_key (tenant_id, created_at, id);
CREATE INDEX audit_event_by_time on audit_event (chain, at, seq);
CREATE INDEX audit_event_by_action on audit_event (chain, action, seq);
CREATE INDEX audit_event_by_actor on audit_event (chain, actor_id, seq);
CREATE INDEX audit_event_by_target on audit_event (chain, target_id, seq);
CREATE INDEX audit_event_by_organization on audit_event (chain, organization_id, seq);
CREATE INDEX audit_event_by_outcome on audit_event (chain, outcome, seq);
CREATE TRIGGER audit_event_is_immutable before update on audit_event
begin select raise(abort, 'history is append-only'); end;
CREATE TRIGGER audit_event_is_retained before delete on audit_event
when old.at >= (select pruned_before from installation)
begin select raise(abort, 'history is retained'); end;
CREATE TRIGGER installation_only_advances before update of pruned_before on installation
when new.pruned_before < old.pruned_before
begin select raise(abort, 'the retention mark only advances'); end;
CREATE INDEX audit_event_refused_calls on audit_event (chain, at)
where action in ('widget_request.refused', 'widget_request.forged');
CREATE VIEW refused_calls as
select chain, at, organization_id, coalesce(cast(json_extract(body, '$.metadata.count') as integer), 1) as calls
from audit_event
where action in ('widget_request.refused', 'widget_request.forged');
COMMIT;
