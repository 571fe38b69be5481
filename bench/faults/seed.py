"""Rows by the million, written past Mintmark: old tokens that nobody asks about and that every index holds."""

import time

SQLITE = """
with recursive n(i) as (select 1 union all select i + 1 from n where i < {rows})
insert into widget_token (id, tenant_id, organization_id, signing_key_id, scope, origins, label, minted_by_type, minted_by, minted_by_name, created_at, expires_at)
select printf('wtok_%012x%012x', {at} - {rows} + i, i), '{tenant}', '{organization}', '{key}', '["directory_sync"]', '["https://widgets.example"]', 'seed',
       'api_key', '{minter}', 'Faults', {at} - {rows} + i, {at} - {rows} + i + 1800000 from n;
"""
POSTGRES = """
insert into widget_token (id, tenant_id, organization_id, signing_key_id, scope, origins, label, minted_by_type, minted_by, minted_by_name, created_at, expires_at)
select 'wtok_' || lpad(to_hex({at} - {rows} + i), 12, '0') || lpad(to_hex(i), 12, '0'), '{tenant}', '{organization}', '{key}', '["directory_sync"]', '["https://widgets.example"]', 'seed',
       'api_key', '{minter}', 'Faults', {at} - {rows} + i, {at} - {rows} + i + 1800000 from generate_series(1::bigint, {rows}) i;
"""


def seed(place, world, rows):
    """Adds so many tokens that expired yesterday, a millisecond apart."""
    key = place.query("select id from signing_key where state = 'active'")[0][0]
    sql = SQLITE if place.name == "sqlite" else POSTGRES
    at = int(time.time() * 1000) - 86_400_000
    place.execute(sql.format(rows=rows, at=at, tenant=world.tenant, organization=world.organization, key=key, minter=world.key_id))
