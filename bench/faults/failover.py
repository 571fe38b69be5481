"""E6: the primary dies, its standby takes over. With a synchronous standby nothing is lost; without, the loss is told."""

import asyncio
import os
import signal

from database import works_again
from places import Postgres
from postgres import Cluster
from proxy import Proxy
from run import Run


def standby_of(primary, name):
    """A copy of the primary that follows it."""
    copy = Cluster()
    conninfo = f"host={primary.home} port={primary.port} user=postgres application_name={name}"
    copy.run("pg_basebackup", "-d", conninfo, "-D", str(copy.data), "-R", "-c", "fast", "-X", "stream")
    copy.configure(f"unix_socket_directories = '{copy.home}'", "synchronous_standby_names = ''", f"primary_conninfo = '{conninfo}'")
    copy.start()
    return copy


async def follow(primary, synchronous):
    """Makes a standby and waits until it streams; from then on, if asked for, commits wait for it."""
    standby = await asyncio.to_thread(standby_of, primary, "standby")
    while not primary.query("select 1 from pg_stat_replication where state = 'streaming'"):
        await asyncio.sleep(0.1)
    primary.query(f"alter system set synchronous_standby_names = '{'*' if synchronous else ''}'")
    primary.query("select pg_reload_conf()")
    while synchronous and not primary.query("select 1 from pg_stat_replication where sync_state = 'sync'"):
        await asyncio.sleep(0.1)
    return standby


async def fail_over(run, server, proxy, primary, standby):
    """kill -9 of the primary, promotion, and the proxy moves."""
    os.kill(primary.pid(), signal.SIGKILL)
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
            standby = await follow(place.cluster, synchronous)
            clusters.append(standby)
            load = run.load(server, rate=size.rate)
            await asyncio.sleep(size.seconds)
            await fail_over(run, server, proxy, place.cluster, standby)
            place.cluster = standby
            await asyncio.sleep(0.5)
            await load.stop()
            run.line.take(load)
            run.line.cycles += 1
            if synchronous:
                await run.checker.after_fault(server)
        rows = {row[0] for row in place.query("select id from widget_token")}
        news = run.oracle.news()
        run.line.figures["lost without synchronous_standby_names"] = f"{sum(entry['kind'] == 'mint' and entry['id'] not in rows for entry in news)} of {len(news)}"
        line = await run.finish(check=False)
        await proxy.stop()
        return line
    finally:
        for cluster in clusters:
            cluster.remove()
