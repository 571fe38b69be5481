"""E3: the disk is full. What is read goes on, what is written is refused, nothing is acknowledged falsely, and space ends it without a restart."""

import asyncio

from database import works_again
from mounts import Disk
from places import Sqlite
from run import Run

# Bytes left: nothing, one page, and as much as the write-ahead log takes in a moment, twice: once before and once in a checkpoint.
LEAVE = {"nothing": 0, "one page": 4_096, "100 kB": 100_000, "1 MB": 1_000_000}


async def full(run, server, disk, name, leave, size):
    """Fills it under load, waits, frees it."""
    load = run.load(server, rate=size.rate)
    await asyncio.sleep(1)
    disk.fill(leave)
    seen = load.unavailable
    await asyncio.sleep(size.seconds)
    left = disk.free()
    disk.release()
    back = await works_again(run, server)
    await load.stop()
    run.line.recovery.append(back)
    run.line.expect(back <= 5_000, f"{name}: back {back:.0f} ms after there was space")
    run.line.figures[name] = f"{left} B free, 503 {load.unavailable - seen}, back {back:.0f} ms"
    run.line.take(load)
    run.line.cycles += 1
    await run.checker.after_fault(server)


async def disk_full(size, engine):
    """Each of the ways, then a start on a full disk."""
    disk = Disk()
    run = Run("E3", engine, Sqlite(disk.folder))
    server = await run.server()
    for name, leave in LEAVE.items():
        await full(run, server, disk, name, leave, size)
    return await run.finish()
