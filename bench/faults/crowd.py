"""A crowd that signs in, in a process of its own so that it does not stand in the way of whoever measures: crowd.py PORT COUNT.

Says `ready`, begins when a line comes, and ends with its statuses as JSON once everybody was told whether the password is right.
"""

import asyncio
import collections
import itertools
import json
import sys

from wire import Failed, Wire

# A kilobyte: as costly to hash as a short one, or it would be a way to make others wait.
PASSWORD = "nine purple otters " * 54


def attempt(number):
    """Headers and body of somebody's, from an address of their own."""
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return {"x-forwarded-for": address}, {"email": f"somebody-{number}@example.com", "password": PASSWORD}


async def somebody(wire, numbers, statuses):
    """Tries until there is room, a second after each refusal."""
    while True:
        try:
            status = (await wire.ask("POST", "/v1/sessions", *attempt(next(numbers)), timeout=60)).status
        except Failed as error:
            status = str(error)[:40]
        statuses[status] += 1
        if status != 503:
            return
        await asyncio.sleep(1)


async def crowd(port, count):
    """All of them at once."""
    wire, numbers, statuses = Wire(port), itertools.count(), collections.Counter()
    await asyncio.gather(*(somebody(wire, numbers, statuses) for _ in range(count)))
    return statuses


class Crowd:
    """The process, as the experiment sees it."""

    @classmethod
    async def gather(cls, port, count):
        """Starts it and waits until nothing of that is left to do."""
        self = cls()
        pipe = asyncio.subprocess.PIPE
        self.process = await asyncio.create_subprocess_exec(sys.executable, __file__, str(port), str(count), stdin=pipe, stdout=pipe)
        await self.process.stdout.readline()
        return self

    async def sign_in(self):
        """Lets it begin; its statuses."""
        said, _ = await self.process.communicate(b"go\n")
        return json.loads(said)


if __name__ == "__main__":
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(asyncio.run(crowd(int(sys.argv[1]), int(sys.argv[2])))))
