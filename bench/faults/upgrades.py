"""E14: databases of every earlier schema, with many rows, are brought up to date: whoever starts, however often it dies, and nothing is lost."""

import asyncio
import hashlib
import random
import subprocess
import time

from places import place as fresh_place
from program import BINARY, ROOT, Mintmark, running
from report import Line

LEDGER = """create table _sqlx_migrations (version bigint primary key, description text not null, installed_on timestamp{zone} not null default current_timestamp,
success boolean not null, checksum {bytes} not null, execution_time bigint not null);"""
GROUND = """
insert into tenant (id, slug, name, created_at) values ('ten_{0}', 'acme', 'Acme', 1);
insert into organization (id, tenant_id, slug, name, created_at) values ('org_{0}', 'ten_{0}', 'one', 'One', 1);
insert into signing_key (id, tenant_id, algorithm, state, public_jwk, sealed_private, created_at) values ('key_{0}', 'ten_{0}', 'ES256', 'retired', '', '', 1);
""".format("0" * 24)
TOKENS = """
insert into widget_token (id, tenant_id, organization_id, signing_key_id, scope, origins, minted_by_type, minted_by, minted_by_name, created_at, expires_at)
select {id}, 'ten_{zero}', 'org_{zero}', 'key_{zero}', '[]', '[]', 'api_key', 'apik_{zero}', 'x', i, i + 1800000 from {numbers};
"""


def schemas(engine):
    """The migrations' files, oldest first."""
    return sorted((ROOT / "migrations" / engine).glob("*.sql"))


def quoted(digest, postgres):
    """Bytes as each engine writes them."""
    return f"'\\x{digest}'" if postgres else f"x'{digest}'"


def fixture(engine, last, rows):
    """A database as the program of that time left it."""
    place, zero = fresh_place(engine), "0" * 24
    postgres = engine == "postgres"
    sql = [LEDGER.format(zone="tz" if postgres else "", bytes="bytea" if postgres else "blob")]
    for file in schemas(engine)[:last]:
        number, _, name = file.stem.partition("_")
        digest = hashlib.sha384(file.read_bytes()).hexdigest()
        sql.append(file.read_text())
        sql.append(f"insert into _sqlx_migrations (version, description, success, checksum, execution_time) values "
                   f"({int(number)}, '{name.replace('_', ' ')}', true, {quoted(digest, postgres)}, 0);")
    sql.append(GROUND)
    numbers = f"generate_series(1::bigint, {rows}) i" if postgres else "n"
    id = "'wtok_' || lpad(to_hex(i), 24, '0')" if postgres else "printf('wtok_%024x', i)"
    tokens = TOKENS.format(id=id, zero=zero, numbers=numbers)
    sql.append(tokens if postgres else f"with recursive n(i) as (select 1 union all select i + 1 from n where i < {rows})" + tokens)
    if postgres:
        for part in sql:
            place.execute(part)
    else:
        place.execute("pragma journal_mode = wal;" + "\n".join(sql))
    return place


def held(place):
    """What must still be there: how many tokens, and a sum over them."""
    return place.query("select count(*), sum(expires_at), min(id), max(id) from widget_token")[0]


async def killed(line, node, chance, times):
    """Migrations that die after a moment."""
    for _ in range(times):
        process = subprocess.Popen([*node.before, str(BINARY), "migrate"], env=node.environment(), cwd=node.place.folder,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        running.add(process)
        await asyncio.sleep(chance.uniform(0, 0.15))
        process.kill()
        process.wait()
        running.discard(process)
        line.cycles += 1


async def upgrade(size, engine):
    """From each earlier schema: killed again and again, two at once, twice, and never back."""
    line, chance = Line("E14", engine), random.Random(14)
    for last in range(1, len(schemas(engine))):
        place = await asyncio.to_thread(fixture, engine, last, size.rows)
        before = held(place)
        nodes = [Mintmark(place, public="http://127.0.0.1:9") for _ in range(2)]
        await killed(line, nodes[0], chance, size.cycles)
        begun = time.monotonic()
        # Two at once: whoever is second waits and finds it done.
        done = await asyncio.gather(*(node.command("migrate", check=False) for node in nodes))
        took = time.monotonic() - begun
        line.recovery.append(took * 1000)
        again = await nodes[0].command("migrate", check=False)
        for one in (*done, again):
            line.expect(one.returncode == 0, f"from schema {last}: {one.stderr.strip()[-300:]}")
        line.expect(held(place) == before, f"from schema {last}: {before} became {held(place)}")
        versions = [row[0] for row in place.query("select version from _sqlx_migrations order by version")]
        line.expect(versions == [str(number + 1) for number in range(len(schemas(engine)))], f"from schema {last}: the ledger says {versions}")
        line.expect(took <= 30, f"from schema {last}: {took:.1f} s")
        line.violations += [f"from schema {last}: {found}" for found in place.damage()]
        line.figures[f"from schema {last}"] = f"{before[0]} tokens, {took:.1f} s"
        await refuses_newer(line, nodes[0], place)
    return line


async def refuses_newer(line, node, place):
    """A database of a later program is left alone."""
    digest = quoted("00", place.name == "postgres")
    place.execute(f"insert into _sqlx_migrations (version, description, success, checksum, execution_time) values (9999, 'later', true, {digest}, 0)")
    done = await node.command("migrate", check=False)
    line.expect(done.returncode != 0 and "newer" in done.stderr.lower(), f"a newer schema was not refused: {done.stderr.strip()[-200:]}")
