"""E4: the disk refuses. No write is acknowledged that is not there afterwards, and whoever asks is told 503 or the truth."""

import asyncio

from database import works_again
from mounts import Disk
from places import Sqlite
from run import Run
from tracing import Tracer

# What strace lets the kernel say, to which calls.
INJECTED = {
    "fsync EIO": ("fsync,fdatasync", "error=EIO"),
    "fsync EIO once": ("fsync,fdatasync", "error=EIO:when=3"),
    "pwrite64 ENOSPC": ("pwrite64", "error=ENOSPC"),
    "pwrite64 EIO at times": ("pwrite64", "error=EIO:when=5+7"),
    "openat EMFILE": ("openat", "error=EMFILE"),
}


async def under(run, server, name, harm, mend, size):
    """Load, harm, mend; then a crash, so that only what the disk holds counts, and the checker."""
    load = run.load(server, rate=size.rate)
    await asyncio.sleep(1)
    await harm()
    acked = run.oracle.count
    await asyncio.sleep(size.seconds)
    acked = run.oracle.count - acked
    await mend()
    back = await works_again(run, server)
    await load.stop()
    run.line.recovery.append(back)
    run.line.figures[name] = f"{acked} acked, 503 {load.unavailable}, back {back:.0f} ms"
    run.line.take(load)
    run.line.cycles += 1
    server.kill()
    await server.start()
    await run.checker.after_fault(server)


async def injected(size, engine):
    """Errors of single calls."""
    run = Run("E4", engine)
    server = await run.server()
    for name, (calls, what) in INJECTED.items():
        tracer = None

        async def harm():
            nonlocal tracer
            tracer = await Tracer(server.process.pid, "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:{what}").attach()

        async def mend():
            await tracer.detach()

        await under(run, server, name, harm, mend, size)
    await read_only(run, size)
    return await run.finish()


async def read_only(outer, size):
    """A file system that the kernel turns read-only after an error, as ext4 does; a restart on a mended one brings all back."""
    disk = Disk()
    run = Run("E4", "sqlite", Sqlite(disk.folder))
    server = await run.server()
    load = run.load(server, rate=size.rate)
    await asyncio.sleep(1.5)
    run.line.expect(disk.remount("ro") or disk.remount("abort"), "the rig is broken: it cannot be made read-only")
    await asyncio.sleep(size.seconds)
    outer.line.figures["read-only"] = f"503 {load.unavailable}"
    await load.stop()
    server.kill()
    disk.unmount()
    disk.mount()
    await server.start()
    await run.checker.after_fault(server, everything=True)
    outer.line.take(load, run.checker)
    outer.line.violations += run.line.violations
    await server.stop()
