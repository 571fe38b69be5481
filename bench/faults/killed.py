"""E1: kill -9 under load. What was acknowledged is there afterwards, and nothing is there by half."""

import asyncio

from run import Run
from seed import seed


async def kill(size, engine):
    """`size.cycles` times: load for a random while, kill -9, start, wait for `/readyz`, check."""
    run = Run("E1", engine)
    server = await run.server()
    if size.rows:
        await asyncio.to_thread(seed, run.place, run.world, size.rows)
        run.line.figures["rows"] = size.rows
    for _ in range(size.cycles):
        load = run.load(rate=size.rate)
        await asyncio.sleep(run.world.random.uniform(*size.seconds))
        server.kill()
        # Left running: who asks while nobody listens is refused at once, and must not disturb the start.
        run.line.recovery.append(await server.start())
        await load.stop()
        run.line.take(load)
        run.line.cycles += 1
        await run.checker.after_fault(server)
    return await run.finish()
