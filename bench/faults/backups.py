"""E15: backups under load. Each restores into a fresh place and holds what was acknowledged before it began; what it brings back opens nothing."""

import asyncio
import shutil
import time

from checker import verdicts
from mix import MIX
from places import Postgres, Sqlite
from program import Mintmark
from report import calmly, percentile
from run import Run
from seed import seed


def empty_place(run):
    """Somewhere to restore to, with the master key in its place."""
    if run.place.name == "sqlite":
        place = Sqlite()
        key = "master.key"
    else:
        place = Postgres(run.place.cluster)
        key = "own.key"
    shutil.copy(run.place.folder / key, place.folder / key)
    return place


async def take(run, server, number):
    """One backup, and what had been acknowledged when it began."""
    file = run.place.folder / f"backup-{number}.tar"
    # Their number alone: to read them all back now would stand in the load's way, not in the server's.
    before = run.oracle.count
    begun = time.monotonic()
    await server.command("backup", str(file))
    return file, before, time.monotonic() - begun


async def prove(run, server, file, before):
    """Restores it, compares, serves it, and asks it about every token that was ever minted."""
    await server.command("restore", "--verify", str(file))
    place = empty_place(run)
    restored = Mintmark(place, public=server.url)
    begun = time.monotonic()
    await restored.command("restore", str(file))
    run.line.recovery.append((time.monotonic() - begun) * 1000)
    rows = {row[0] for row in place.query("select id from widget_token")}
    ended = {row[0] for row in place.query("select target_id from audit_event where action = 'widget_token.revoked'")}
    lost = [entry["id"] for entry in run.oracle.entries()[:before] if entry["id"] not in (rows if entry["kind"] == "mint" else ended)]
    run.line.lost += len(lost)
    run.line.violations += [f"{file.name} lacks {id}, acknowledged before it began" for id in lost]
    run.line.violations += [f"{file.name}: {found}" for found in place.damage()]
    await restored.command("audit", "verify")
    await restored.start()
    tokens = list(run.world.tokens.values())[-400:]
    alive = [token.id for token, said in await verdicts(restored.wire, tokens) if said == "alive"]
    run.line.stale += len(alive)
    run.line.violations += [f"{id} lives in a restored place" for id in alive]
    for who, credential in (("the API key", run.world.key), ("the session", run.world.owner)):
        answer = await restored.wire.ask("GET", f"/v1/widget-tokens?organization_id={run.world.organization}", credential)
        run.line.expect(answer.status in (401, 403), f"{who} of before is answered with {answer.status} in a restored place")
    await restored.stop()


async def under_load(size, engine):
    """`size.cycles` backups, `size.seconds` apart, of a database that has something in it; each is proved afterwards."""
    run = Run("E15", engine)
    server = await run.server()
    seed(run.place, run.world, size.tokens)
    mix = [row for row in MIX if row.name in ("verify", "mint", "revoke", "audit")]
    load = run.load(server, rate=size.rate, mix=mix)
    await asyncio.sleep(2 * size.seconds)
    quiet, during, took = list(load.latencies), [], []
    files = []
    for number in range(size.cycles):
        seen = len(load.latencies)
        file, before, seconds = await take(run, server, number)
        during += load.latencies[seen:]
        took.append(seconds)
        files.append((file, before))
        await asyncio.sleep(size.seconds)
    await load.stop()
    for file, before in files:
        await prove(run, server, file, before)
        run.line.cycles += 1
    run.line.figures["backup s"] = f"{percentile(took, 0.5):.2f}"
    calmly(run.line, "p99 during backup", percentile(quiet, 0.99), percentile(during, 0.99), 1.5)
    return await run.finish(load)
