"""Open-loop load: requests begin when they are due, whatever became of those before."""

import asyncio
import time

from mix import MIX
from wire import Failed

# More than this under way at once, and a request that is due is counted as failed instead of sent.
MOST = 2_000


class Load:
    """`rate` operations a second of the mix, on any of `wires`, from `start` to `stop`."""

    def __init__(self, world, oracle, wires, rate=150, mix=None, dawdle=0.0):
        self.world, self.oracle, self.wires, self.rate = world, oracle, wires, rate
        self.mix = mix or MIX
        # The share of writes that take three seconds to send.
        self.dawdle = dawdle
        self.sent = self.unavailable = self.broken = 0
        self.stale, self.lost, self.odd, self.why = [], [], [], {}
        # Seconds from when each was due.
        self.latencies, self.longest = [], 0.0
        self.tasks, self.runner = set(), None

    async def ask(self, method, path, headers, body=None):
        """One request; raises Failed when no whole answer comes."""
        wire = self.world.random.choice(self.wires)
        slow = 3.0 if body and self.dawdle and self.world.random.random() < self.dawdle else 0.0
        begun = time.monotonic()
        try:
            return await wire.ask(method, path, headers, body, dawdle=slow)
        finally:
            self.longest = max(self.longest, time.monotonic() - begun - slow)

    def refused(self, answer):
        """No success; only 503 may happen to a request that is right."""
        if answer.status == 503:
            self.unavailable += 1
        else:
            self.odd.append(f"{answer.status} {answer.code()}")

    async def one(self, row, due):
        try:
            await row.run(self)
            self.latencies.append(time.monotonic() - due)
        except Failed as error:
            self.broken += 1
            self.why[str(error)] = self.why.get(str(error), 0) + 1

    async def run(self):
        """Until it is cancelled."""
        rows = [row for row in self.mix for _ in range(row.percent)]
        self.world.random.shuffle(rows)
        begun, number = time.monotonic(), 0
        while True:
            due = begun + number / self.rate
            if (wait := due - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            if len(self.tasks) < MOST:
                task = asyncio.create_task(self.one(rows[number % len(rows)], due))
                self.tasks.add(task)
                task.add_done_callback(self.tasks.discard)
                self.sent += 1
            else:
                self.broken += 1
            number += 1

    def start(self):
        """Begins."""
        self.runner = asyncio.create_task(self.run())
        return self

    async def stop(self):
        """Sends no more, and waits for the answers that are still to come."""
        self.runner.cancel()
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=15)

    def errors(self):
        """How many requests were not served."""
        return self.unavailable + self.broken
