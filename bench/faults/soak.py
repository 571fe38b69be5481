"""E18: an hour of load, with churn. Memory and descriptors stay flat, and the database grows as its retention says."""

import asyncio
import time
from pathlib import Path

from run import Run


def slope(samples):
    """Of a straight line through (seconds, value), per ten minutes."""
    count = len(samples)
    mean_x, mean_y = sum(x for x, _ in samples) / count, sum(y for _, y in samples) / count
    spread = sum((x - mean_x) ** 2 for x, _ in samples)
    return 600 * sum((x - mean_x) * (y - mean_y) for x, y in samples) / spread if spread else 0.0


async def soak(size, engine):
    """`size.minutes` of load; the first quarter warms up. Shorter than 20 minutes the slopes are told and not judged."""
    run = Run("E18", engine)
    server = await run.server()
    load = run.load(server, rate=size.rate)
    begun, rss, fds, course = time.monotonic(), [], [], []
    while (passed := time.monotonic() - begun) < size.minutes * 60:
        await asyncio.sleep(min(10, size.minutes * 3))
        now = server.status("VmRSS") / 1024
        if passed >= size.minutes * 6 * len(course):
            course.append(f"{now:.0f}")
        if passed > size.minutes * 15:
            rss.append((passed, now))
            fds.append((passed, len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))))
        # A sign-in now and then: sessions and limiter keys churn as well.
        try:
            await run.world.sign_in(server.wire)
        except RuntimeError as error:
            run.line.violations.append(str(error))
    await load.stop()
    await run.checker.after_fault(server)
    run.line.cycles = 1
    run.line.figures["RSS MiB per 10 min"] = f"{slope(rss):.2f}"
    run.line.figures["RSS MiB at each tenth"] = " ".join(course)
    run.line.figures["descriptors"] = f"{fds[0][1]} to {fds[-1][1]}"
    tokens, events = (int(run.place.query(f"select count(*) from {table}")[0][0]) for table in ("widget_token", "audit_event"))
    run.line.figures["rows"] = f"{tokens} tokens, {events} events"
    run.line.expect(load.errors() == 0, f"{load.errors()} requests were not served: {load.why}")
    run.line.expect(size.minutes < 20 or slope(rss) <= 1, f"memory grows by {slope(rss):.2f} MiB in ten minutes")
    run.line.expect(size.minutes < 20 or abs(slope(fds)) <= 20, f"descriptors change by {slope(fds):.0f} in ten minutes")
    return await run.finish(load)
