"""E6: the primary dies, its standby takes over. With a synchronous standby nothing is lost; without, doctor warns and the loss is told."""

import asyncio
import json
import os
import signal

from database import works_again
from places import Postgres
from postgres import Cluster
from proxy import Proxy
from run import Run


# How far the standby that no commit waits for is behind, in seconds: on loopback it would be too close to lose anything.
BEHIND = 0.5


def standby_of(primary, host, port):
    """A copy of the primary that follows it, by way of that address."""
    copy = Cluster()
    conninfo = f"host={host} port={port} user=postgres application_name=standby"
    copy.run("pg_basebackup", "-d", conninfo, "-D", str(copy.data), "-R", "-c", "fast", "-X", "stream")
    copy.configure(f"unix_socket_directories = '{copy.home}'", "synchronous_standby_names = ''", f"primary_conninfo = '{conninfo}'")
    copy.start()
    return copy


async def follow(primary, synchronous):
    """Makes a standby and waits until it streams; from then on commits wait for it, or it stays behind. Answers its link as well, if it has one."""
    link = None if synchronous else await Proxy(primary.socket(), delay=BEHIND).start()
    there = ("127.0.0.1", link.port) if link else (primary.home, primary.port)
    standby = await asyncio.to_thread(standby_of, primary, *there)
    while not primary.query("select 1 from pg_stat_replication where state = 'streaming'"):
        await asyncio.sleep(0.1)
    if link:
        link.become("late")
    primary.query(f"alter system set synchronous_standby_names = '{'*' if synchronous else ''}'")
    primary.query("select pg_reload_conf()")
    while synchronous and not primary.query("select 1 from pg_stat_replication where sync_state = 'sync'"):
        await asyncio.sleep(0.1)
    return standby, link


async def doctor(run, server, synchronous):
    """It says that commits wait for the standby, or warns that none does."""
    said = json.loads((await server.command("--json", "doctor", check=False)).stdout)
    standbys = next((finding for finding in said if finding["check"] == "standbys"), {"level": "nothing", "message": ""})
    run.line.expect(standbys["level"] == ("ok" if synchronous else "warning"), f"doctor says of the standby, synchronous or not ({synchronous}): {standbys}")


def count_lost(run, place):
    """Acknowledged since the last check, and gone: mints without a row, revocations without a mark."""
    rows = {row[0]: row[1] for row in place.query("select id, revoked_at from widget_token")}
    news = run.oracle.news()
    lost = [entry for entry in news if entry["id"] not in rows or (entry["kind"] == "revoke" and not rows[entry["id"]])]
    run.line.figures[f"lost with a standby {BEHIND} s behind that no commit waits for"] = f"{len(lost)} of {len(news)}"
    run.line.expect(lost, f"a standby {BEHIND} s behind lost nothing: this rig would not notice a loss")


async def fail_over(run, server, proxy, primary, standby, link):
    """kill -9 of the primary, which takes along what was on its way; promotion, and the proxy moves."""
    os.kill(primary.pid(), signal.SIGKILL)
    if link:
        link.become("reset")
    await asyncio.to_thread(standby.run, "pg_ctl", "-D", str(standby.data), "-w", "promote")
    proxy.target = standby.socket()
    proxy.become("reset")
    proxy.become("open")
    back = await works_again(run, server)
    run.line.recovery.append(back)
    run.line.expect(back <= 5_000, f"back {back:.0f} ms after the promotion")


async def cycles(size, engine):
    """Synchronous ones, then one that is not, whose loss is a figure."""
    primary = Cluster()
    primary.create()
    clusters = [primary]
    try:
        proxy = await Proxy(primary.socket()).start()
        place = Postgres(primary, through=proxy.port)
        run = Run("E6", engine, place)
        server = await run.server()
        for number in range(size.cycles + 1):
            synchronous = number < size.cycles
            standby, link = await follow(place.cluster, synchronous)
            clusters.append(standby)
            await doctor(run, server, synchronous)
            load = run.load(server, rate=size.rate)
            await asyncio.sleep(size.seconds)
            await fail_over(run, server, proxy, place.cluster, standby, link)
            place.cluster = standby
            await asyncio.sleep(0.5)
            await load.stop()
            run.line.cycles += 1
            if synchronous:
                run.line.take(load)
                await run.checker.after_fault(server)
                continue
            # What it lost is the figure, so the load's word for the same is no violation.
            run.line.errors += load.errors()
            count_lost(run, place)
            await link.stop()
        line = await run.finish(check=False)
        await proxy.stop()
        return line
    finally:
        for cluster in clusters:
            cluster.remove()
