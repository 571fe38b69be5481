"""A load balancer as small as can be: asks `/readyz`, sends each request to a node that is ready, and never sends one twice."""

import asyncio
import time

from wire import Failed, Wire, free_port


class Node:
    """Somebody to send requests to."""

    def __init__(self, port):
        self.port, self.wire, self.ready = port, Wire(port), False
        # Whether it was seen unready before its listener was gone, since the last `forget`.
        self.said_no = self.refused_first = False

    def forget(self):
        """Before it is told to stop."""
        self.said_no = self.refused_first = False

    async def watch(self):
        """Asks for its health, ten times a second."""
        while True:
            try:
                self.ready = (await self.wire.ask("GET", "/readyz", timeout=2, fresh=True)).status == 200
                self.said_no |= not self.ready
            except Failed:
                self.ready = False
                self.refused_first |= not self.said_no
            await asyncio.sleep(0.1)


class Balancer:
    """Listens on loopback, in front of nodes."""

    def __init__(self, ports, port=None):
        self.nodes = [Node(port) for port in ports]
        self.port, self.turn = port or free_port(), 0
        self.failed = 0

    async def start(self):
        """Listens and watches; returns when all are ready."""
        self.watches = [asyncio.create_task(node.watch()) for node in self.nodes]
        self.server = await asyncio.start_server(self.client, "127.0.0.1", self.port, limit=1 << 20)
        begun = time.monotonic()
        while not all(node.ready for node in self.nodes) and time.monotonic() - begun < 30:
            await asyncio.sleep(0.05)
        return self

    async def stop(self):
        """Ends."""
        for watch in self.watches:
            watch.cancel()
        self.server.close()

    async def client(self, reader, writer):
        """One client's connection: request after request."""
        try:
            while await self.request(reader, writer):
                pass
        except (OSError, EOFError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def node(self):
        """A connection to a node that is ready; the next one if it does not take connections any more."""
        for _ in range(20):
            for _ in self.nodes:
                self.turn += 1
                node = self.nodes[self.turn % len(self.nodes)]
                if node.ready:
                    try:
                        return await asyncio.open_connection("127.0.0.1", node.port, limit=1 << 20)
                    except OSError:
                        node.ready = False
            await asyncio.sleep(0.05)
        return None

    async def request(self, reader, writer):
        """Passes one request on and its answer back, both as they come."""
        head = await reader.readuntil(b"\r\n\r\n")
        there = await self.node()
        if there is None:
            self.failed += 1
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            await writer.drain()
            return False
        try:
            there[1].write(head)
            length = content_length(head)
            while length > 0:
                data = await reader.read(min(length, 65_536))
                if not data:
                    return False
                there[1].write(data)
                length -= len(data)
            answer = await there[0].readuntil(b"\r\n\r\n")
            writer.write(answer)
            if b"transfer-encoding: chunked" in answer.lower():
                await chunks(there[0], writer)
            else:
                writer.write(await there[0].readexactly(content_length(answer)))
            await writer.drain()
            return True
        except EOFError:
            self.failed += 1
            return False
        finally:
            there[1].close()


def content_length(head):
    """What the header says, else nothing."""
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


async def chunks(reader, writer):
    """Passes a chunked body on."""
    while True:
        size = await reader.readline()
        data = await reader.readexactly(int(size.strip(), 16) + 2)
        writer.write(size + data)
        if len(data) == 2:
            return
