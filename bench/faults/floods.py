"""E11: memory. A limit of 512 MB, a flood of password hashes, of names for the limiters, of forged tokens and of lists."""

import asyncio
import base64
import json
import os
import time
from pathlib import Path

from crowd import Crowd
from mix import MIX
from postgres import Missing
from report import calmly, percentile
from run import Run
from wire import Failed
from world import widget

LIMIT = 512 << 20


class Cage:
    """A cgroup with a limit of memory, version 1 or 2."""

    def __init__(self):
        root = Path("/sys/fs/cgroup")
        one = root / "memory"
        self.folder = (one if one.is_dir() else root) / f"mintmark-faults-{os.getpid()}"
        try:
            self.folder.mkdir()
            (self.folder / ("memory.limit_in_bytes" if one.is_dir() else "memory.max")).write_text(str(LIMIT))
        except OSError as error:
            raise Missing(f"no memory limit can be set here: {error}") from error

    def take(self, pid):
        """Puts a process into it."""
        (self.folder / "cgroup.procs").write_text(str(pid))

    def remove(self):
        """Once the process is gone."""
        try:
            self.folder.rmdir()
        except OSError:
            pass


async def many(count, at_once, ask):
    """That many requests, so many at once; their statuses."""
    statuses, left = {}, iter(range(count))

    async def client():
        for number in left:
            try:
                status = (await ask(number)).status
            except Failed as error:
                status = str(error)[:40]
            statuses[status] = statuses.get(status, 0) + 1

    await asyncio.gather(*(client() for _ in range(at_once)))
    return statuses


def forged(token, number):
    """A token of ours with another signature; every thousandth names a key that never was."""
    head, payload, _ = token.text.split(".")
    if number % 1000 == 0:
        said = {"alg": "ES256", "typ": "widget+jwt", "kid": f"key_{number:024x}"}
        head = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    signature = base64.urlsafe_b64encode(number.to_bytes(64)).decode().rstrip("=")
    return f"{head}.{payload}.{signature}"


async def floods(size, engine):
    """One after the other, honest calls beside each."""
    run = Run("E11", engine)
    cage = Cage()
    try:
        # The harness is a trusted proxy, so that it may come from many addresses.
        server = await run.server({"MINTMARK_TRUSTED_PROXIES": "127.0.0.1/32"})
        cage.take(server.process.pid)
        await all_floods(run, server, size)
        line = await run.finish()
    finally:
        cage.remove()
    return line


async def beside(run, server, name, work, rate=20):
    """A flood, with honest calls of pages beside it; their p99 in seconds."""
    load = run.load(server, rate=rate, mix=[row for row in MIX if row.name == "verify"])
    begun = time.monotonic()
    statuses = await work
    took = time.monotonic() - begun
    await load.stop()
    server.measure()
    p99 = percentile(load.latencies, 0.99)
    run.line.figures[name] = f"{took:.0f} s, page's p99 {(p99 or 0) * 1000:.0f} ms, RSS {server.status('VmRSS') // 1024} MiB, {statuses}"
    run.line.expect(server.process.poll() is None, f"{name}: the process ended: {server.last_words()}")
    run.line.expect(server.rss_max <= 256, f"{name}: {server.rss_max} MiB resident")
    run.line.expect(load.errors() == 0, f"{name}: {load.errors()} honest calls were not served: {load.why}")
    run.line.take(load)
    run.line.cycles += 1
    return p99


async def all_floods(run, server, size):
    """Hashes, addresses, forgeries, lists."""
    wire, world = server.wire, run.world
    for _ in range(20):
        answer = await wire.ask("POST", "/v1/widget-tokens", world.key, world.mint_body("flood"))
        world.add(answer.json()["id"], answer.json()["token"])
    token = world.alive[0]

    crowd = await Crowd.gather(server.port, size.hashes)
    calm = await beside(run, server, "nothing", asyncio.sleep(6, {}), rate=100)
    hashing = await beside(run, server, "sign-ins", crowd.sign_in(), rate=100)
    calmly(run.line, "a page's p99 in the hash flood", calm, hashing, 3)
    await beside(run, server, "addresses", many(size.names, 64, lambda number: wire.ask(
        "POST", "/v1/sessions", {"x-forwarded-for": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}, {"email": f"name-{number}@example.com", "password": "x" * 200}, timeout=60)))
    await beside(run, server, "forgeries", many(size.forgeries, 32, lambda number: wire.ask(
        "GET", "/widget/session", {**widget(token), "authorization": f"Bearer {forged(token, number)}"})))
    await beside(run, server, "lists", many(size.lists, 32, lambda number: wire.ask("GET", "/v1/audit-events?limit=200", world.key)))
