-- Keeping customers signed in across reloads, in a cookie that a hidden frame of ours holds for one page.

-- Whether pages of this product may; off at first.
alter table product add column keep_signed_in integer not null default 0 check (keep_signed_in in (0, 1));

-- A sign-in that one browser keeps for the pages of one origin: its cookie holds the secret, a reload opens a session anew with it.
create table kept_sign_in (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    customer_id text not null references customer (id),
    -- Its present allowlist and its product's switch decide whether anything is restored.
    embed_key_id text not null references embed_key (id),
    -- Whoever comes with a bridge token exchanges another.
    way text not null constraint kept_sign_in_way check (way in ('magic_link', 'sign_in')),
    origin text not null,
    -- SHA-256 of what the cookie holds, hex; and of what it held before the latest restore.
    secret_hash text not null,
    previous_hash text,
    rotated_at integer not null,
    created_at integer not null,
    -- The end of the session that it began with: nothing restored goes past it.
    ends_at integer not null,
    ended_at integer,
    ended_by text,
    ended_by_name text,
    end_reason text,
    constraint kept_sign_in_secret unique (secret_hash),
    constraint kept_sign_in_twelve_hours check (ends_at > created_at and ends_at <= created_at + 43200000)
) strict;
create index kept_sign_in_by_previous on kept_sign_in (previous_hash);
create index kept_sign_in_by_customer on kept_sign_in (customer_id);
create index kept_sign_in_by_embed_key on kept_sign_in (embed_key_id);
create index kept_sign_in_by_end on kept_sign_in (ends_at);

-- Of one that is kept, and of each that was restored from it.
alter table customer_session add column kept_id text references kept_sign_in (id);
create index customer_session_by_kept on customer_session (kept_id);

create trigger kept_sign_in_stays_ended before update of ended_at on kept_sign_in
when old.ended_at is not null and new.ended_at is not old.ended_at
begin select raise(abort, 'a kept sign-in that ended stays ended'); end;
