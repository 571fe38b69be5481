"""E2, power loss, proved by order: no 2xx of a write leaves the process before the WAL's frame that holds it was synced.

What is traced: writes and syncs of the WAL, and what is sent. An answer names its token; the WAL's pages hold the id (a mint) or the
reason (a revocation) as text. Each answer's last frame must have been followed by a sync that began after it was written and ended before
the answer was sent. A server of a few lines with `synchronous=NORMAL` has to fail by the same rule, else the rig proves nothing.
"""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

from places import new_folder
from program import running
from run import Run
from tracing import Tracer
from wire import Failed, Wire, free_port

CALLS = "pwrite64,fsync,fdatasync,sendto,writev,write"
LINE = re.compile(rb"^(?:\[pid +)?(\d+)\]? +(?:<\.\.\. (\w+) resumed>|(\w+)\()")
MARK = re.compile(rb"(wtok_[0-9a-f]{24}|e2-revoke-\d+)")


class Order:
    """Follows a trace, line by line."""

    def __init__(self):
        # What lies in the WAL and is not known to be synced; what began to be synced, by thread; what is safe.
        self.unsynced, self.syncing, self.safe = set(), {}, set()
        self.under_way = {}
        self.answers, self.violations, self.syncs = 0, [], 0

    def line(self, line):
        """One line of strace -f -y."""
        found = LINE.match(line)
        if not found:
            return
        pid, resumed, call = found[1], found[2], found[3] or found[2]
        ended = b"<unfinished ...>" not in line
        if call == b"pwrite64" and b"-wal>" in (line if not resumed else self.under_way.get(pid, b"")):
            # From its begin on, so that a sync that is under way does not cover it. Later commits write the same pages
            # again; what was safe stays so.
            self.unsynced |= set(MARK.findall(line)) - self.safe
        elif call in (b"fsync", b"fdatasync"):
            self.sync(pid, line, resumed, ended)
        elif not resumed and b"HTTP/1.1 20" in line:
            self.answer(line)
        if not ended:
            self.under_way[pid] = line
        elif resumed:
            self.under_way.pop(pid, None)

    def sync(self, pid, line, resumed, ended):
        """A sync covers what was written when it began, once it has ended well."""
        if not resumed:
            if b"-wal>" not in line:
                return
            self.syncing[pid] = set(self.unsynced)
        if ended and pid in self.syncing:
            covered = self.syncing.pop(pid)
            if b"= 0" in line and b"INJECTED" not in line:
                self.syncs += 1
                self.safe |= covered
                self.unsynced -= covered

    def answer(self, line):
        """A 2xx that names what was written."""
        body = line.split(b"\\r\\n\\r\\n")[-1]
        marks = {mark for mark in MARK.findall(body) if mark.startswith(b"e2-")} or set(MARK.findall(body)[:1])
        for mark in marks:
            self.answers += 1
            if mark not in self.safe:
                self.violations.append(f"{mark.decode()} was answered before its frame was synced")


async def follow(order, read_end):
    """Reads the trace as it comes, on a thread of its own."""
    def read():
        with os.fdopen(read_end, "rb", buffering=1 << 20) as lines:
            for line in lines:
                order.line(line)
    await asyncio.to_thread(read)


async def traced(pid, work):
    """What the order of this work's calls was."""
    order = Order()
    read_end, write_end = os.pipe()
    following = asyncio.create_task(follow(order, read_end))
    tracer = await Tracer(pid, "-y", "-s", "8192", "-o", f"/dev/fd/{write_end}", "-e", f"trace={CALLS}", "-e", "signal=none", pipe=write_end).attach()
    os.close(write_end)
    try:
        await work()
    finally:
        await tracer.detach()
        await following
    return order


async def mints_and_revocations(run, server, writes):
    """That many writes, eight at a time; every third is a revocation with a reason of its own."""
    left = writes

    async def client():
        nonlocal left
        while left > 0:
            left -= 3
            kept = []
            for _ in range(2):
                answer = await server.wire.ask("POST", "/v1/widget-tokens", run.world.key, run.world.mint_body("e2"), timeout=30)
                if answer.status == 201:
                    kept.append(run.world.add(answer.json()["id"], answer.json()["token"]))
                    run.oracle.acknowledged("mint", kept[-1].id, 201, 0, 0)
            if kept:
                token = kept[0]
                run.world.alive.remove(token)
                token.asked_at = 1.0
                answer = await server.wire.ask("DELETE", f"/v1/widget-tokens/{token.id}", run.world.key, {"reason": f"e2-revoke-{run.world.number()}"}, timeout=30)
                if answer.status == 200:
                    run.world.died(token)
                    run.oracle.acknowledged("revoke", token.id, 200, 0, 0)

    await asyncio.gather(*(client() for _ in range(8)))


async def control(level, writes):
    """The same trace over a server of a few lines with this `synchronous`."""
    port = free_port()
    process = subprocess.Popen([sys.executable, str(Path(__file__).with_name("control.py")), str(port), level, str(new_folder())], stdin=subprocess.DEVNULL)
    running.add(process)
    wire = Wire(port)

    async def work():
        for _ in range(writes):
            await wire.ask("POST", "/", body={}, fresh=True)

    for _ in range(200):
        try:
            await wire.ask("POST", "/", body={}, fresh=True)
            break
        except Failed:
            await asyncio.sleep(0.05)
    order = await traced(process.pid, work)
    process.kill()
    process.wait()
    running.discard(process)
    return order


async def power_loss(size, engine):
    """Ours, then the control with FULL, which passes, and with NORMAL, which must not."""
    run = Run("E2", engine)
    server = await run.server()
    order = await traced(server.process.pid, lambda: mints_and_revocations(run, server, size.times))
    run.line.cycles = order.answers
    run.line.violations += order.violations
    run.line.expect(order.answers >= size.times * 0.9, f"only {order.answers} answers of {size.times} writes were seen in the trace")
    run.line.figures["answers"], run.line.figures["syncs"] = order.answers, order.syncs
    for level, breaks in (("FULL", False), ("NORMAL", True)):
        judged = await control(level, 200)
        run.line.figures[f"control {level}"] = f"{len(judged.violations)} of {judged.answers}"
        run.line.expect(judged.answers >= 190 and bool(judged.violations) == breaks, f"the rig is broken: the control with {level} had {len(judged.violations)} violations of {judged.answers}")
    return await run.finish()
