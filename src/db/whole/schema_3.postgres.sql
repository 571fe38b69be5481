-- A database of two tenants, acme and globex, as the last program before products wrote it (schema 3); made by `owner create`.
SET check_function_bodies = false;

CREATE FUNCTION audit_event_is_immutable() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception 'history is append-only';
end $$;

CREATE FUNCTION audit_event_is_retained() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if old.at >= (select pruned_before from installation) then
        raise exception 'history is retained';
    end if;
    return old;
end $$;

CREATE FUNCTION history_is_not_truncated() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception 'history is append-only';
end $$;

CREATE FUNCTION installation_only_advances() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if new.pruned_before < old.pruned_before then
        raise exception 'the retention mark only advances';
    end if;
    return new;
end $$;

CREATE FUNCTION widget_token_is_retained() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if old.expires_at >= (select pruned_before from installation) then
        raise exception 'a token row is retained';
    end if;
    return old;
end $$;

CREATE FUNCTION widget_token_stays_revoked() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if old.revoked_at is not null and new.revoked_at is distinct from old.revoked_at then
        raise exception 'a revoked token stays revoked';
    end if;
    return new;
end $$;

CREATE TABLE _sqlx_migrations (
    version bigint NOT NULL,
    description text NOT NULL,
    installed_on timestamp with time zone DEFAULT now() NOT NULL,
    success boolean NOT NULL,
    checksum bytea NOT NULL,
    execution_time bigint NOT NULL
);

CREATE TABLE api_key (
    id text NOT NULL,
    tenant_id text NOT NULL,
    organization_id text,
    name text NOT NULL,
    role text NOT NULL,
    hash text NOT NULL,
    last4 text NOT NULL,
    created_by text NOT NULL,
    created_by_name text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    rotated_to text,
    revoked_at bigint,
    revoke_reason text,
    held_at bigint,
    valid_since bigint DEFAULT 0 NOT NULL,
    CONSTRAINT api_key_role CHECK ((role = ANY (ARRAY['admin'::text, 'member'::text, 'viewer'::text])))
);

CREATE TABLE audit_checkpoint (
    chain text NOT NULL,
    seq bigint NOT NULL,
    hash text NOT NULL,
    at bigint NOT NULL,
    pruned boolean NOT NULL,
    mac text NOT NULL
);

CREATE TABLE audit_event (
    chain text NOT NULL,
    seq bigint NOT NULL,
    id text NOT NULL,
    at bigint NOT NULL,
    action text NOT NULL,
    actor_id text,
    organization_id text,
    target_id text,
    outcome text NOT NULL,
    body text NOT NULL,
    hash text NOT NULL
);

CREATE TABLE audit_head (
    chain text NOT NULL,
    seq bigint NOT NULL,
    hash text NOT NULL,
    mac text NOT NULL
);

CREATE TABLE credential_use (
    id text NOT NULL,
    last_used_at bigint NOT NULL
);

CREATE TABLE dashboard_session (
    id text NOT NULL,
    cookie_hash text,
    user_id text NOT NULL,
    tenant_id text,
    signing_key_id text,
    data text DEFAULT '{}'::text NOT NULL,
    created_at bigint NOT NULL,
    valid_since bigint NOT NULL,
    seen_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    proved_at bigint NOT NULL,
    ip text,
    user_agent text,
    ended_at bigint
);

CREATE TABLE dashboard_user (
    id text NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    password_hash text NOT NULL,
    short_password boolean DEFAULT false NOT NULL,
    totp_secret text,
    totp_confirmed_at bigint,
    totp_last_step bigint DEFAULT 0 NOT NULL,
    last_tenant_id text,
    created_at bigint NOT NULL,
    disabled_at bigint
);

CREATE TABLE idempotency (
    caller text NOT NULL,
    key_hash text NOT NULL,
    body_hash text NOT NULL,
    token_id text NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE installation (
    id bigint NOT NULL,
    master_key_fingerprint text,
    history_key text,
    clock_mark bigint DEFAULT 0 NOT NULL,
    pruned_before bigint DEFAULT 0 NOT NULL,
    set_up_at bigint,
    CONSTRAINT installation_id_check CHECK ((id = 1))
);

CREATE TABLE invitation (
    id text NOT NULL,
    tenant_id text NOT NULL,
    organization_id text,
    email text NOT NULL,
    role text NOT NULL,
    token_hash text NOT NULL,
    invited_by text NOT NULL,
    invited_by_name text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    accepted_at bigint,
    revoked_at bigint,
    CONSTRAINT invitation_role CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text, 'viewer'::text])))
);

CREATE TABLE known_device (
    user_id text NOT NULL,
    device_hash text NOT NULL,
    seen_at bigint NOT NULL
);

CREATE TABLE membership (
    user_id text NOT NULL,
    tenant_id text NOT NULL,
    organization_id text,
    role text NOT NULL,
    created_at bigint NOT NULL,
    held_at bigint,
    CONSTRAINT membership_role CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text, 'viewer'::text])))
);

CREATE TABLE one_time_link (
    token_hash text NOT NULL,
    purpose text NOT NULL,
    user_id text,
    tenant_id text,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    consumed_at bigint,
    CONSTRAINT one_time_link_purpose CHECK ((purpose = ANY (ARRAY['set_up'::text, 'reset'::text])))
);

CREATE TABLE organization (
    id text NOT NULL,
    tenant_id text NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    allow_development_origins boolean DEFAULT false NOT NULL,
    revision bigint DEFAULT 0 NOT NULL,
    created_at bigint NOT NULL,
    deleted_at bigint
);

CREATE TABLE organization_origin (
    id text NOT NULL,
    tenant_id text NOT NULL,
    organization_id text NOT NULL,
    origin text NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE recovery_code (
    user_id text NOT NULL,
    code_hash text NOT NULL,
    used_at bigint
);

CREATE VIEW refused_calls AS
 SELECT audit_event.chain,
    audit_event.at,
    audit_event.organization_id,
    COALESCE((((audit_event.body)::json #>> '{metadata,count}'::text[]))::bigint, (1)::bigint) AS calls
   FROM audit_event
  WHERE (audit_event.action = ANY (ARRAY['widget_request.refused'::text, 'widget_request.forged'::text]));

CREATE TABLE sign_in_failure (
    account text NOT NULL,
    failures bigint NOT NULL,
    last_at bigint NOT NULL,
    retry_at bigint NOT NULL
);

CREATE TABLE signing_key (
    id text NOT NULL,
    tenant_id text NOT NULL,
    algorithm text NOT NULL,
    state text NOT NULL,
    public_jwk text NOT NULL,
    sealed_private text NOT NULL,
    created_at bigint NOT NULL,
    activated_at bigint,
    retiring_at bigint,
    retired_at bigint,
    revoked_at bigint,
    revoke_reason text,
    CONSTRAINT signing_key_algorithm CHECK ((algorithm = ANY (ARRAY['ES256'::text, 'EdDSA'::text, 'RS256'::text]))),
    CONSTRAINT signing_key_state CHECK ((state = ANY (ARRAY['next'::text, 'active'::text, 'retiring'::text, 'retired'::text, 'revoked'::text])))
);

CREATE TABLE tenant (
    id text NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    not_before bigint DEFAULT 0 NOT NULL,
    default_ttl_seconds bigint DEFAULT 1800 NOT NULL,
    max_ttl_seconds bigint DEFAULT 3600 NOT NULL,
    retention_days bigint DEFAULT 400 NOT NULL,
    created_at bigint NOT NULL,
    suspended_at bigint,
    checklist_hidden_at bigint,
    CONSTRAINT tenant_default_ttl CHECK (((default_ttl_seconds >= 60) AND (default_ttl_seconds <= 3600))),
    CONSTRAINT tenant_max_ttl CHECK (((max_ttl_seconds >= 60) AND (max_ttl_seconds <= 3600))),
    CONSTRAINT tenant_retention CHECK ((retention_days >= 30))
);

CREATE TABLE widget_token (
    id text NOT NULL,
    tenant_id text NOT NULL,
    organization_id text NOT NULL,
    signing_key_id text NOT NULL,
    scope text NOT NULL,
    origins text NOT NULL,
    label text,
    customer_id text,
    minted_by_type text NOT NULL,
    minted_by text NOT NULL,
    minted_by_name text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    revoked_at bigint,
    revoked_by text,
    revoked_by_name text,
    revoke_reason text,
    revocation_event text,
    CONSTRAINT widget_token_one_hour CHECK ((expires_at <= (created_at + 3600000)))
);

CREATE TABLE widget_token_use (
    token_id text NOT NULL,
    last_used_at bigint NOT NULL,
    last_used_origin text
);

INSERT INTO _sqlx_migrations VALUES (1, 'first', '2026-11-21 18:15:00.728177+00', true, '\x86ae3f4774a5fd28cf2712e7a80de4fb972c5bda3bd54b79408987f06a913a46ae44b4f35c3fdc48a777bf76d81f141d', 327400662);
INSERT INTO _sqlx_migrations VALUES (2, 'refusals by hour', '2026-11-21 18:15:01.063625+00', true, '\xa7fb7cca02241e5eaad7c090917fdc63fdbb9a1a2e27d4f6fa7c2f37099ea9fd25b58a2ac7708667b041be91eaedcd92', 23977853);
INSERT INTO _sqlx_migrations VALUES (3, 'held', '2026-11-21 18:15:01.09561+00', true, '\x268f3d69a7747219b5bb5a7b749efca46822ecae3462fd49c130d46e9ce8fc70f1a104acfbd182996114d6bee77cc921', 7963230);

INSERT INTO audit_event VALUES ('ten_01a1ff519db96b9d274a92d4', 1, 'aud_01a1ff519e5925afe0a1275d', 1795284901465, 'tenant.created', NULL, NULL, 'ten_01a1ff519db96b9d274a92d4', 'success', '{"id":"aud_01a1ff519e5925afe0a1275d","at":"2026-11-21T18:15:01.465Z","action":"tenant.created","actor":{"type":"command_line","id":null,"name":null},"tenant":"ten_01a1ff519db96b9d274a92d4","organization":null,"target":{"type":"tenant","id":"ten_01a1ff519db96b9d274a92d4"},"outcome":"success","reason":null,"ip":null,"user_agent":null,"request_id":null,"metadata":{"name":"Acme","owner":"usr_01a1ff519db9409156564ff5","slug":"acme"}}', 'ba334fef1e6660bd067bb20262d085265a217a10adfe7c237ff9b5db31db37c1');
INSERT INTO audit_event VALUES ('ten_01a1ff519f04bf6e694129e4', 1, 'aud_01a1ff51a00bb197c713a5d5', 1795284901899, 'tenant.created', NULL, NULL, 'ten_01a1ff519f04bf6e694129e4', 'success', '{"id":"aud_01a1ff51a00bb197c713a5d5","at":"2026-11-21T18:15:01.899Z","action":"tenant.created","actor":{"type":"command_line","id":null,"name":null},"tenant":"ten_01a1ff519f04bf6e694129e4","organization":null,"target":{"type":"tenant","id":"ten_01a1ff519f04bf6e694129e4"},"outcome":"success","reason":null,"ip":null,"user_agent":null,"request_id":null,"metadata":{"name":"Globex","owner":"usr_01a1ff519f04ae048acae530","slug":"globex"}}', 'c75bf68a813515a2b5ac8e2277725f78cdea0a7fb66c5cc2773c684694f41e21');

INSERT INTO audit_head VALUES ('ten_01a1ff519db96b9d274a92d4', 1, 'ba334fef1e6660bd067bb20262d085265a217a10adfe7c237ff9b5db31db37c1', '0fe816ecd3b4d79735ea5148c36f19c2b78487e3451242bfc0d7968067f18b27');
INSERT INTO audit_head VALUES ('ten_01a1ff519f04bf6e694129e4', 1, 'c75bf68a813515a2b5ac8e2277725f78cdea0a7fb66c5cc2773c684694f41e21', '2e4868402225db439c35d9e478af695bbe640f66cf356066633743cf05952ba8');

INSERT INTO dashboard_user VALUES ('usr_01a1ff519db9409156564ff5', 'olive@acme.example', 'olive', '$argon2id$v=19$m=19456,t=2,p=1$4AGmg5OzVP04ciKZHuS/sg$p2o0ahlTJwVj2PzUSCvlROP4bP0CfdFaHJ7SXnSHMC8', false, NULL, NULL, 0, 'ten_01a1ff519db96b9d274a92d4', 1795284901305, NULL);
INSERT INTO dashboard_user VALUES ('usr_01a1ff519f04ae048acae530', 'olive@globex.example', 'olive', '$argon2id$v=19$m=19456,t=2,p=1$nWHqVxkO/VKYvk1hnzCnmg$D06Izz21Z0B8k3EUT3zQnABGb4dph7ZJ4lRDPtwkCmg', false, NULL, NULL, 0, 'ten_01a1ff519f04bf6e694129e4', 1795284901636, NULL);

INSERT INTO installation VALUES (1, 'b73e298a40096a0886f7172ba951cb37', 'v1.yGxklP5irj8SYN8y5HenNgGAZ--DP8iFKcHFgSJDHvq6ON6tmM7tF8AsHSQTTZ-7jwPqVE5YHJCyuVc8', 1795284901899, 0, 1795284901465);

INSERT INTO membership VALUES ('usr_01a1ff519db9409156564ff5', 'ten_01a1ff519db96b9d274a92d4', NULL, 'owner', 1795284901465, NULL);
INSERT INTO membership VALUES ('usr_01a1ff519f04ae048acae530', 'ten_01a1ff519f04bf6e694129e4', NULL, 'owner', 1795284901899, NULL);

INSERT INTO signing_key VALUES ('key_01a1ff519e59de150684dae6', 'ten_01a1ff519db96b9d274a92d4', 'ES256', 'active', '{"crv":"P-256","kty":"EC","x":"u7A5I4_DP1SXVLo2Yp8oC0BZIaFB1bdfs3S_bU09vjU","y":"98-zxIUX95-dhAwxGZ6kzCeUX3IPBi3brJxd40tzUks"}', 'v1.w9k9QuZMzLx_vMjMTvUx7IL2C7Fga8HZfC5BkErXINCXg0zTEZEHOrVS1k1cg7mOQkaUcHQ5oCVK73Ofc2fvRidZAKK4Qzb4oSbQCD0wA9PRCdUPWFJD6CXKiyMacc2QbgyaFL2agzciGrZpvUKGSf3VWM6fwRkvhF0F5HIYmS0O0aG7rwBc2yZKBgnFoXF33EeAdb4qpktUozCaJAXFn4S7MW2EhQ', 1795284901465, 1795284901465, NULL, NULL, NULL, NULL);
INSERT INTO signing_key VALUES ('key_01a1ff519e590ae8af79c79a', 'ten_01a1ff519db96b9d274a92d4', 'ES256', 'next', '{"crv":"P-256","kty":"EC","x":"OUvoCTLpTcXx8sYPMNG-_uALk_6lr-YFtpF5fnXWvIo","y":"3D9lJgFxWfF_Bm6sBBnkqzxNPYbiAtc0mCEnkNs6T_8"}', 'v1.tjphBVCundlmZGE8OoNR2moIS7eOYrMQ7U1TCbFUNq0ZS4SLJ81o0z3pa8pBwxoV2301hq-ygdrQyk-xlXgNhZernO_JbhK35EDevWAeVONZztAgZXQUnYWVYxhGc1IxKP3mb-TZOeO09-kPnKi0jHvMiSUh41lOg8EHh4vmloz5GXAuUch5sPl7lzN9DxFpGnhkvU2gayj3Rx4BQbhHfZ0TJ1JPng', 1795284901465, NULL, NULL, NULL, NULL, NULL);
INSERT INTO signing_key VALUES ('key_01a1ff51a00bd21d6e9d36a8', 'ten_01a1ff519f04bf6e694129e4', 'ES256', 'active', '{"crv":"P-256","kty":"EC","x":"0_NhIORtYVAGDis3qpD0Tq2Ixd5G2fSn0Sta1ZUQy2U","y":"mKj7tRGp2gl10ARkgJg9W-gsKg2iFq_DLEjOALx-2FI"}', 'v1.go56VNBhvHEsUOhIO2QooK8sgtvhk248lIZ27lbkWI7dDXNkqAO-8UacB61gxstXJRXEdiurLkB2h-MaKhYTenRjNuQrwcQcLE3vjKrGgYHDIPkHTmblTjg_hKKbE1Ew1DkEkNIcOyJzf1o6TorxsC3Kcex07eTQiHtuGeqCy6UhGaKWS7fWX8UCUGHwqP8yySBZXy88EjRDJLdQRisSYdyYG8vlmA', 1795284901899, 1795284901899, NULL, NULL, NULL, NULL);
INSERT INTO signing_key VALUES ('key_01a1ff51a00b5829630a7027', 'ten_01a1ff519f04bf6e694129e4', 'ES256', 'next', '{"crv":"P-256","kty":"EC","x":"dzoTT5cLEnhsL9-MFMZrX6zAUl4OYmhEsPKmVhF5mW4","y":"rdFCa73OGyr2nStpMlXTnRWbVzeSB2FR2yUM_7Z_WfM"}', 'v1.YK7ijR8wVViXR26ScLF9bhjV2SH2HTm0oY-HJLjWNjnPY8gVcKzgcwr-iUDF-3LnEYmJEyV9RBMbrKYQIRpsOyDdFyXpoCSg5N-iOKh_FLu01INrW70nRHRkuahKb_-KHas8L9OqPtn8uVb0y6eyquVGwvy-yeU3XObsJAd5rUoP9YX_kKTFrcW4cuAus7AVHG8s3ZTf0BqukjygGlAUCuy49iXhtA', 1795284901899, NULL, NULL, NULL, NULL, NULL);

INSERT INTO tenant VALUES ('ten_01a1ff519db96b9d274a92d4', 'acme', 'Acme', 0, 1800, 3600, 400, 1795284901465, NULL, NULL);
INSERT INTO tenant VALUES ('ten_01a1ff519f04bf6e694129e4', 'globex', 'Globex', 0, 1800, 3600, 400, 1795284901899, NULL, NULL);

ALTER TABLE ONLY _sqlx_migrations
    ADD CONSTRAINT _sqlx_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY api_key
    ADD CONSTRAINT api_key_hash_key UNIQUE (hash);

ALTER TABLE ONLY api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY audit_checkpoint
    ADD CONSTRAINT audit_checkpoint_pkey PRIMARY KEY (chain, seq, pruned);

ALTER TABLE ONLY audit_event
    ADD CONSTRAINT audit_event_id_key UNIQUE (id);

ALTER TABLE ONLY audit_event
    ADD CONSTRAINT audit_event_pkey PRIMARY KEY (chain, seq);

ALTER TABLE ONLY audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (chain);

ALTER TABLE ONLY credential_use
    ADD CONSTRAINT credential_use_pkey PRIMARY KEY (id);

ALTER TABLE ONLY dashboard_session
    ADD CONSTRAINT dashboard_session_cookie_key UNIQUE (cookie_hash);

ALTER TABLE ONLY dashboard_session
    ADD CONSTRAINT dashboard_session_pkey PRIMARY KEY (id);

ALTER TABLE ONLY dashboard_user
    ADD CONSTRAINT dashboard_user_email_key UNIQUE (email);

ALTER TABLE ONLY dashboard_user
    ADD CONSTRAINT dashboard_user_pkey PRIMARY KEY (id);

ALTER TABLE ONLY idempotency
    ADD CONSTRAINT idempotency_key PRIMARY KEY (caller, key_hash);

ALTER TABLE ONLY installation
    ADD CONSTRAINT installation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY invitation
    ADD CONSTRAINT invitation_token_key UNIQUE (token_hash);

ALTER TABLE ONLY known_device
    ADD CONSTRAINT known_device_pkey PRIMARY KEY (user_id, device_hash);

ALTER TABLE ONLY one_time_link
    ADD CONSTRAINT one_time_link_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY organization_origin
    ADD CONSTRAINT organization_origin_key UNIQUE (organization_id, origin);

ALTER TABLE ONLY organization_origin
    ADD CONSTRAINT organization_origin_pkey PRIMARY KEY (id);

ALTER TABLE ONLY organization
    ADD CONSTRAINT organization_pkey PRIMARY KEY (id);

ALTER TABLE ONLY organization
    ADD CONSTRAINT organization_slug_key UNIQUE (tenant_id, slug);

ALTER TABLE ONLY recovery_code
    ADD CONSTRAINT recovery_code_pkey PRIMARY KEY (user_id, code_hash);

ALTER TABLE ONLY sign_in_failure
    ADD CONSTRAINT sign_in_failure_pkey PRIMARY KEY (account);

ALTER TABLE ONLY signing_key
    ADD CONSTRAINT signing_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tenant
    ADD CONSTRAINT tenant_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tenant
    ADD CONSTRAINT tenant_slug_key UNIQUE (slug);

ALTER TABLE ONLY widget_token
    ADD CONSTRAINT widget_token_pkey PRIMARY KEY (id);

ALTER TABLE ONLY widget_token_use
    ADD CONSTRAINT widget_token_use_pkey PRIMARY KEY (token_id);

CREATE INDEX api_key_by_time ON api_key USING btree (tenant_id, created_at, id);

CREATE INDEX audit_event_by_action ON audit_event USING btree (chain, action, seq);

CREATE INDEX audit_event_by_actor ON audit_event USING btree (chain, actor_id, seq);

CREATE INDEX audit_event_by_organization ON audit_event USING btree (chain, organization_id, seq);

CREATE INDEX audit_event_by_outcome ON audit_event USING btree (chain, outcome, seq);

CREATE INDEX audit_event_by_target ON audit_event USING btree (chain, target_id, seq);

CREATE INDEX audit_event_by_time ON audit_event USING btree (chain, at, seq);

CREATE INDEX audit_event_refused_calls ON audit_event USING btree (chain, at) WHERE (action = ANY (ARRAY['widget_request.refused'::text, 'widget_request.forged'::text]));

CREATE INDEX dashboard_session_by_user ON dashboard_session USING btree (user_id, created_at);

CREATE INDEX invitation_by_time ON invitation USING btree (tenant_id, created_at, id);

CREATE INDEX membership_by_tenant ON membership USING btree (tenant_id, organization_id);

CREATE UNIQUE INDEX membership_of_organization ON membership USING btree (user_id, organization_id) WHERE (organization_id IS NOT NULL);

CREATE UNIQUE INDEX membership_of_tenant ON membership USING btree (user_id, tenant_id) WHERE (organization_id IS NULL);

CREATE INDEX organization_by_time ON organization USING btree (tenant_id, created_at, id);

CREATE INDEX signing_key_by_tenant ON signing_key USING btree (tenant_id, created_at, id);

CREATE UNIQUE INDEX signing_key_one_active ON signing_key USING btree (tenant_id) WHERE (state = 'active'::text);

CREATE UNIQUE INDEX signing_key_one_next ON signing_key USING btree (tenant_id) WHERE (state = 'next'::text);

CREATE INDEX widget_token_by_end ON widget_token USING btree (organization_id, expires_at);

CREATE INDEX widget_token_by_key ON widget_token USING btree (signing_key_id, expires_at);

CREATE INDEX widget_token_by_minter ON widget_token USING btree (minted_by, expires_at);

CREATE INDEX widget_token_by_organization ON widget_token USING btree (organization_id, created_at, id);

CREATE INDEX widget_token_by_tenant ON widget_token USING btree (tenant_id, created_at, id);

CREATE TRIGGER audit_event_is_immutable BEFORE UPDATE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_event_is_immutable();

CREATE TRIGGER audit_event_is_not_truncated BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION history_is_not_truncated();

CREATE TRIGGER audit_event_is_retained BEFORE DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_event_is_retained();

CREATE TRIGGER installation_only_advances BEFORE UPDATE OF pruned_before ON installation FOR EACH ROW EXECUTE FUNCTION installation_only_advances();

CREATE TRIGGER widget_token_is_not_truncated BEFORE TRUNCATE ON widget_token FOR EACH STATEMENT EXECUTE FUNCTION history_is_not_truncated();

CREATE TRIGGER widget_token_is_retained BEFORE DELETE ON widget_token FOR EACH ROW EXECUTE FUNCTION widget_token_is_retained();

CREATE TRIGGER widget_token_stays_revoked BEFORE UPDATE OF revoked_at ON widget_token FOR EACH ROW EXECUTE FUNCTION widget_token_stays_revoked();

ALTER TABLE ONLY api_key
    ADD CONSTRAINT api_key_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);

ALTER TABLE ONLY api_key
    ADD CONSTRAINT api_key_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);

ALTER TABLE ONLY dashboard_session
    ADD CONSTRAINT dashboard_session_signing_key_id_fkey FOREIGN KEY (signing_key_id) REFERENCES signing_key(id);

ALTER TABLE ONLY dashboard_session
    ADD CONSTRAINT dashboard_session_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);

ALTER TABLE ONLY dashboard_session
    ADD CONSTRAINT dashboard_session_user_id_fkey FOREIGN KEY (user_id) REFERENCES dashboard_user(id);

ALTER TABLE ONLY invitation
    ADD CONSTRAINT invitation_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);

ALTER TABLE ONLY invitation
    ADD CONSTRAINT invitation_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);

ALTER TABLE ONLY known_device
    ADD CONSTRAINT known_device_user_id_fkey FOREIGN KEY (user_id) REFERENCES dashboard_user(id);

ALTER TABLE ONLY membership
    ADD CONSTRAINT membership_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);

ALTER TABLE ONLY membership
    ADD CONSTRAINT membership_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);

ALTER TABLE ONLY membership
    ADD CONSTRAINT membership_user_id_fkey FOREIGN KEY (user_id) REFERENCES dashboard_user(id);

ALTER TABLE ONLY one_time_link
    ADD CONSTRAINT one_time_link_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);

ALTER TABLE ONLY one_time_link
    ADD CONSTRAINT one_time_link_user_id_fkey FOREIGN KEY (user_id) REFERENCES dashboard_user(id);

ALTER TABLE ONLY organization_origin
    ADD CONSTRAINT organization_origin_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);

ALTER TABLE ONLY organization_origin
    ADD CONSTRAINT organization_origin_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);

ALTER TABLE ONLY organization
    ADD CONSTRAINT organization_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);

ALTER TABLE ONLY recovery_code
    ADD CONSTRAINT recovery_code_user_id_fkey FOREIGN KEY (user_id) REFERENCES dashboard_user(id);

ALTER TABLE ONLY signing_key
    ADD CONSTRAINT signing_key_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);

ALTER TABLE ONLY widget_token
    ADD CONSTRAINT widget_token_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);

ALTER TABLE ONLY widget_token
    ADD CONSTRAINT widget_token_signing_key_id_fkey FOREIGN KEY (signing_key_id) REFERENCES signing_key(id);

ALTER TABLE ONLY widget_token
    ADD CONSTRAINT widget_token_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
