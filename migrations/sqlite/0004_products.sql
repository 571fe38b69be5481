-- Products: what a tenant embeds. Each owns its registered domains, embed keys and offerings.
create table product (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    name text not null,
    -- A JSON object: how its widgets look.
    appearance text not null default '{}',
    created_at integer not null,
    -- Soft: an id in a page never means another product.
    deleted_at integer
) strict;
create index product_by_time on product (tenant_id, created_at, id);

-- A tenant starts with one. An id is its prefix and 24 digits, and a tenant's digits are nobody else's.
insert into product (id, tenant_id, name, created_at)
select 'prod_' || substr(id, 5), id, name, created_at from tenant;

create table product_domain (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    product_id text not null references product (id),
    origin text not null,
    created_at integer not null,
    constraint product_domain_key unique (product_id, origin)
) strict;

-- Public: whoever reads a page has it, so nothing of it is a secret, and a backup brings it back as it was.
create table embed_key (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    product_id text not null references product (id),
    name text not null,
    mode text not null constraint embed_key_mode check (mode in ('live', 'test')),
    -- A JSON list; a page of any other origin is refused.
    origins text not null,
    allow_development_origins integer not null check (allow_development_origins in (0, 1)),
    created_by text not null,
    created_by_name text not null,
    created_at integer not null,
    -- The planned end of a rotation.
    expires_at integer,
    -- The key that replaces it.
    rotated_to text,
    disabled_at integer,
    disable_reason text
) strict;
create index embed_key_by_time on embed_key (product_id, created_at, id);

create table offering (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    product_id text not null references product (id),
    name text not null,
    description text,
    -- In the currency's minor unit.
    amount integer not null constraint offering_amount check (amount >= 0),
    -- ISO 4217.
    currency text not null,
    interval text not null constraint offering_interval check (interval in ('once', 'day', 'week', 'month', 'year')),
    -- A JSON list of texts.
    features text not null,
    -- Its place among the product's.
    position integer not null,
    cta_url text,
    status text not null constraint offering_status check (status in ('DRAFT', 'PUBLISHED', 'ARCHIVED')),
    created_at integer not null,
    updated_at integer not null
) strict;
create index offering_by_position on offering (product_id, position, id);
