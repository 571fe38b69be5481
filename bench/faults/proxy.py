"""A TCP proxy on loopback whose link can be made slow, silent, broken or thin."""

import asyncio

from wire import free_port, hang_up


class Proxy:
    """Passes bytes to a Unix socket; `mode` is 'open', 'late' (adds `delay` seconds), 'silent' (accepts, passes nothing), 'reset' or 'thin' (1 byte/s)."""

    def __init__(self, target, delay=0.2):
        self.target, self.delay, self.mode = target, delay, "open"
        self.port, self.server, self.links = free_port(), None, set()
        # Links that are older than this pass nothing any more.
        self.age = self.forgotten = 0
        self.stopped = asyncio.Event()
        # Set while bytes may pass.
        self.passing = asyncio.Event()
        self.passing.set()

    async def start(self):
        """Listens."""
        self.server = await asyncio.start_server(self.accept, "127.0.0.1", self.port)
        return self

    async def accept(self, reader, writer):
        """One connection, until it or the run ends."""
        try:
            await self.join(reader, writer)
        except asyncio.CancelledError:
            pass  # The run is over.

    async def join(self, reader, writer):
        """Both ways."""
        if self.mode == "reset":
            return hang_up(writer)
        await self.passing.wait()
        try:
            there = await asyncio.open_unix_connection(self.target)
        except OSError:
            return hang_up(writer)
        link = (writer, there[1])
        self.links.add(link)
        self.age += 1
        await asyncio.gather(self.pump(reader, there[1], self.age), self.pump(there[0], writer, self.age), return_exceptions=True)
        self.links.discard(link)
        for end in link:
            end.close()

    async def pump(self, reader, writer, age):
        """One way, until it ends."""
        while data := await reader.read(65_536):
            await self.passing.wait()
            if age <= self.forgotten:
                return await self.stopped.wait()
            if self.mode == "late":
                # As latency, not as bandwidth: what was read later waits no longer.
                asyncio.get_running_loop().call_later(self.delay, self.put, writer, data)
            elif self.mode == "thin":
                for at in range(len(data)):
                    if self.mode != "thin":
                        writer.write(data[at:])
                        break
                    writer.write(data[at:at + 1])
                    await asyncio.sleep(1)
            else:
                writer.write(data)
            await writer.drain()
        writer.close()

    @staticmethod
    def put(writer, data):
        """Writes unless the link has gone."""
        if not writer.is_closing():
            writer.write(data)

    def become(self, mode):
        """Changes the link, for connections that are open as well."""
        self.mode = mode
        if mode == "silent":
            self.passing.clear()
        else:
            self.passing.set()
        if mode == "reset":
            for writers in list(self.links):
                for writer in writers:
                    hang_up(writer)

    def forget_open(self):
        """Open connections stay silent for ever, as behind a firewall that lost them; new ones pass."""
        self.forgotten = self.age
        self.become("open")

    async def stop(self):
        """Ends it."""
        self.server.close()
        self.become("open")
        self.stopped.set()
        for writers in list(self.links):
            for writer in writers:
                hang_up(writer)
