"""E9: two nodes behind a balancer, restarted one after the other under load without a failed request."""

import asyncio
import signal
import time

from balancer import Balancer
from load import Load
from run import Run
from wire import Wire

DRAIN = {"MINTMARK_DRAIN_DELAY": "1", "MINTMARK_DRAIN_TIMEOUT": "10"}


async def two(run):
    """Two nodes of one installation, and the balancer before them."""
    one = await run.server(DRAIN)
    other = await run.server(DRAIN, public=one.url)
    return await Balancer([one.port, other.port]).start()


async def restart(run, server, node, twice):
    """SIGTERM, wait for the end, start, wait until the balancer sees it; answers the seconds until it had ended."""
    node.forget()
    begun = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    if twice:
        await asyncio.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
    took = await server.stop()
    run.line.expect(server.process.returncode == 0, f"after SIGTERM a node ended with {server.process.returncode}")
    run.line.in_time(took <= 10, f"draining took {took:.1f} s")
    run.line.expect(node.said_no and not node.refused_first, "the listener closed before /readyz said 503")
    await server.start()
    while not node.ready:
        await asyncio.sleep(0.05)
    run.line.recovery.append((time.monotonic() - begun) * 1000)
    return took


async def roll(size, engine):
    """`size.cycles` restarts in turns, 5 % of the writes taking three seconds to send."""
    run = Run("E9", engine)
    balancer = await two(run)
    load = Load(run.world, run.oracle, [Wire(balancer.port)], size.rate, dawdle=0.05).start()
    await asyncio.sleep(1)
    drains = []
    for number in range(size.cycles):
        drains.append(await restart(run, run.servers[number % 2], balancer.nodes[number % 2], twice=number % 4 == 1))
        run.line.cycles += 1
    await asyncio.sleep(1)
    await load.stop()
    run.line.figures["longest drain s"] = f"{max(drains):.1f}"
    run.line.figures["requests"] = load.sent
    run.line.expect(load.errors() == 0, f"{load.broken} requests failed and {load.unavailable} were answered with 503: {load.why}")
    line = await run.finish(load)
    await balancer.stop()
    return line
