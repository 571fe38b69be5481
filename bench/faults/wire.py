"""HTTP/1.1 as a client speaks it: kept connections to one address, one request at a time on each."""

import asyncio
import json
import socket
import struct
import time

# Seconds after which a kept connection is not used again.
IDLE = 10


class Failed(Exception):
    """No whole answer came: whether the operation happened is not known."""


class Answer:
    """What came back."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        """The body, which is empty where there was none."""
        return json.loads(self.body) if self.body else {}

    def code(self):
        """The error's code, if there is one."""
        try:
            return self.json().get("code")
        except (ValueError, AttributeError):
            return None


def head(method, path, headers, length):
    """The bytes of a request up to its body."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if length:
        lines.append("content-type: application/json")
    if length or method in ("POST", "PATCH"):
        lines.append(f"content-length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def read_answer(reader):
    """Reads one whole answer and says whether the connection may be used again."""
    first = await reader.readline()
    if not first.endswith(b"\n"):
        raise Failed("the server hung up")
    status, headers = int(first.split(b" ", 2)[1]), {}
    while (line := await reader.readline()) not in (b"\r\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int((await reader.readline()).strip() or b"0", 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
    else:
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Answer(status, headers, body), headers.get("connection", "").lower() != "close"


class Wire:
    """A client of one address."""

    def __init__(self, port, host="127.0.0.1"):
        self.host, self.port, self.idle = host, port, []

    async def connect(self):
        """A new connection."""
        return await asyncio.open_connection(self.host, self.port, limit=1 << 20)

    async def ask(self, method, path, headers=None, body=None, timeout=10.0, dawdle=0.0, fresh=False):
        """One request and its answer. `dawdle` is how many seconds to wait in the middle of the body."""
        data = b"" if body is None else json.dumps(body).encode()
        kept = None
        try:
            async with asyncio.timeout(timeout):
                kept = await self.connect() if fresh else self.take() or await self.connect()
                reader, writer = kept
                if dawdle:
                    writer.write(head(method, path, headers, len(data)) + data[:5])
                    await asyncio.sleep(dawdle)
                    writer.write(data[5:])
                else:
                    writer.write(head(method, path, headers, len(data)) + data)
                answer, again = await read_answer(reader)
        except (OSError, EOFError, ValueError, IndexError, TimeoutError, Failed) as error:
            if kept:
                kept[1].close()
            raise Failed(f"{type(error).__name__}: {error}") from error
        except asyncio.CancelledError:
            if kept:
                kept[1].transport.abort()
            raise
        if again and not fresh:
            self.idle.append((*kept, time.monotonic()))
        else:
            kept[1].close()
        return answer

    def take(self):
        """A kept connection that its server has not closed, and is not about to: idle ones live 15 seconds there."""
        while self.idle:
            reader, writer, since = self.idle.pop()
            if not reader.at_eof() and not writer.is_closing() and time.monotonic() - since < IDLE:
                return reader, writer
            writer.close()
        return None

    def forget(self):
        """Closes what is kept: its server is gone."""
        for _, writer, _ in self.idle:
            writer.close()
        self.idle.clear()


def hang_up(writer):
    """Ends a connection with a reset, as a crashing client does."""
    raw = writer.get_extra_info("socket")
    if raw is not None and raw.fileno() >= 0:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def free_port():
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
