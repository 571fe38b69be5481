"""E5: PostgreSQL crashes, drops its clients, is slow, silent or locked. Every request ends in time, nothing is lost, and work goes on."""

import asyncio
import time
from functools import partial

from places import Postgres
from postgres import Cluster
from proxy import Proxy
from run import Run
from wire import Failed

# Two seconds for the answer, and what a busy machine needs to tell it.
LONGEST = 2.7
# From when the database can be reached; a link that was forgotten is given up after two seconds, and only then is it tried anew.
BACK = {"forgotten": 3.0}


async def works_again(run, server, within=20.0):
    """Milliseconds until a mint succeeds."""
    begun = time.monotonic()
    while time.monotonic() - begun < within:
        try:
            answer = await server.wire.ask("POST", "/v1/widget-tokens", run.world.key, run.world.mint_body("again"), timeout=5)
            if answer.status == 201:
                return (time.monotonic() - begun) * 1000
        except Failed:
            pass
        await asyncio.sleep(0.02)
    raise RuntimeError(f"no mint succeeded within {within} s: {server.last_words()}")


async def fault(run, server, worst, name, harm, mend, size, seconds=None):
    """Load, harm, wait, mend, and how long until a write succeeds; then the checker."""
    load = run.load(server, rate=size.rate)
    await asyncio.sleep(1)
    harmed = asyncio.ensure_future(harm())
    await asyncio.sleep(size.seconds if seconds is None else seconds)
    await harmed
    await mend()
    back = await works_again(run, server)
    run.line.recovery.append(back)
    await asyncio.sleep(0.5)
    await load.stop()
    run.line.in_time(load.longest <= LONGEST, f"{name}: a request took {load.longest:.2f} s")
    run.line.in_time(back <= BACK.get(name, 2.0) * 1000, f"{name}: back after {back:.0f} ms")
    longest, late, unavailable, broken = worst.get(name, (0, 0, 0, 0))
    worst[name] = longest, late, unavailable, broken = max(longest, load.longest), max(late, back), unavailable + load.unavailable, broken + load.broken
    run.line.figures[name] = f"longest {longest:.2f} s, back {late:.0f} ms, 503 {unavailable}, broken {broken}"
    run.line.take(load)
    run.line.cycles += 1
    await run.checker.after_fault(server)


async def nothing():
    """Where the harm mends itself."""


async def fail_database(size, engine):
    """Restarts, then each of the others once."""
    cluster = Cluster.of_this_run()
    proxy = await Proxy(cluster.socket()).start()
    run = Run("E5", engine, Postgres(cluster, through=proxy.port))
    server = await run.server()

    async def restart():
        await asyncio.to_thread(cluster.stop, "immediate")
        await asyncio.to_thread(cluster.start)

    async def terminate():
        await asyncio.to_thread(cluster.query, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'mintmark'")

    async def lock():
        sql = f"begin; lock table widget_token in access exclusive mode; select pg_sleep({size.locked}); commit"
        await asyncio.to_thread(cluster.query, sql, run.place.database)

    def link(mode):
        async def harm():
            proxy.become(mode)
        return harm

    async def opened():
        proxy.become("open")

    async def forgotten():
        proxy.forget_open()

    # The worst of each kind, in the line's figures.
    break_it = partial(fault, run, server, {})
    for _ in range(size.cycles):
        await break_it("restart", restart, nothing, size, 0)
    await break_it("terminate", terminate, nothing, size, 0)
    await break_it("silent", link("silent"), opened, size)
    await break_it("forgotten", link("silent"), forgotten, size)
    await break_it("reset", link("reset"), opened, size)
    await break_it("late", link("late"), opened, size)
    await break_it("thin", link("thin"), opened, size)
    await break_it("lock", lock, nothing, size, 0)
    line = await run.finish()
    await proxy.stop()
    return line
