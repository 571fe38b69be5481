-- Sign-in for pages that have none: a popup of ours, with sessions of a quarter of an hour at a time.

-- Whether pages may open that popup for this product.
alter table product add column sign_in boolean not null default false;

-- A link that a popup asked for: SHA-256 of what that popup keeps to itself, hex. Only who shows that redeems the link.
alter table magic_link add column challenge text;

-- One more way in, whose JWTs live for 15 minutes, and whose refreshes are told apart by their jti.
alter table customer_session
    -- Of a sign-in: the jti of the latest JWT, and of the one that was refreshed for it. Neither is a secret.
    add column latest_jti text,
    add column previous_jti text,
    drop constraint customer_session_way,
    add constraint customer_session_way check (way in ('bridge', 'magic_link', 'sign_in')),
    add constraint customer_session_fifteen_minutes check (way <> 'sign_in' or expires_at <= refreshed_at + 900000),
    add constraint customer_session_chained check ((way = 'sign_in') = (latest_jti is not null));
