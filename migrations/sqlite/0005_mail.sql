-- The outbox. A mail commits with what wants it sent; whichever process comes first takes it from here.
create table mail (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    kind text not null constraint mail_kind check (kind in ('test', 'magic_link')),
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
create index mail_by_time on mail (tenant_id, created_at, id);
create index mail_to_send on mail (next_attempt_at, id) where ended_at is null;
create index mail_by_end on mail (ended_at) where ended_at is not null;
