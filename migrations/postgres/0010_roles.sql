-- Roles that a tenant gives to its customers, out of what widgets may do; they have nothing to do with the roles of members.
create table customer_role (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    name text not null,
    -- A JSON list of widget permissions.
    permissions text not null,
    created_at bigint not null,
    updated_at bigint not null,
    -- Softly: whoever is given it at the same moment has a role that holds nothing.
    deleted_at bigint
);
create unique index customer_role_name_key on customer_role (tenant_id, name) where deleted_at is null;
create index customer_role_by_time on customer_role (tenant_id, created_at, id);

-- The role that a customer has in an organization; absent for who only belongs.
alter table customer_organization add column role_id text references customer_role (id);
create index customer_organization_by_role on customer_organization (role_id) where role_id is not null;

-- Every tenant starts with Admin, which holds all of them (K3).
insert into customer_role (id, tenant_id, name, permissions, created_at, updated_at)
select 'rol_' || substr(id, 5), id, 'Admin',
    '["widgets:users-table:manage","widgets:sso:manage","widgets:dsync:manage","widgets:domain-verification:manage","widgets:api-keys:manage","widgets:audit-log:read","widgets:pipes:manage"]',
    created_at, created_at
from tenant;
