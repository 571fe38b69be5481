"""E10 and E12: clients that are slow, and more of them than there are file descriptors. Honest ones do not notice, and the slow ones go."""

import asyncio
import os
import resource
import socket
import time
from pathlib import Path

from report import percentile
from run import Run
from wire import Failed, Wire

KINDS = {"half a header": 17, "half a body": 33}


async def slow_client(kind, port, gone, refused):
    """Opens a connection, does half of what it should, and notes how long it was let be."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return refused.append(kind)
    begun = time.monotonic()
    try:
        if kind == "half a header":
            writer.write(b"GET /widget/session HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ")
        else:
            writer.write(b"POST /v1/sessions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 4000\r\n\r\n{\"email\"")
        while await asyncio.wait_for(reader.read(65_536), 60):
            pass
    except (OSError, TimeoutError):
        pass
    gone[kind].append(time.monotonic() - begun)
    writer.transport.abort()


async def no_reader(port):
    """Asks for more than the kernel takes for a client that reads nothing. It cannot see its end: the server's sockets tell."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    raw.setblocking(False)
    await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", port))
    await asyncio.get_running_loop().sock_sendall(raw, b"GET /openapi.json HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n" * 60)
    return raw


def sockets(pid):
    """How many a process has."""
    return sum(1 for fd in Path(f"/proc/{pid}/fd").iterdir() if os.path.islink(fd) and os.readlink(fd).startswith("socket:"))


async def slow_clients(size, engine):
    """So many sockets beside honest load."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(65_536, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    run = Run("E10", engine)
    server = await run.server({"MINTMARK_MAX_CONNECTIONS": "8192", "MINTMARK_MAX_CONNECTIONS_PER_CLIENT": "8000"})
    load = run.load(server, rate=size.rate)
    await asyncio.sleep(5)
    before = list(load.latencies)
    had = sockets(server.process.pid)
    gone, refused, deaf = {kind: [] for kind in KINDS}, [], []
    clients = []
    for number in range(size.times):
        if number % 20 == 0:
            deaf.append(await no_reader(server.port))
        else:
            kind = "half a header" if number % 2 else "half a body"
            clients.append(asyncio.create_task(slow_client(kind, server.port, gone, refused)))
        if number % 100 == 99:
            await asyncio.sleep(0.1)
    seen, opened = len(load.latencies), time.monotonic()
    await asyncio.gather(*clients)
    # Some more than before, for honest ones that came meanwhile.
    while sockets(server.process.pid) > had + 30 and time.monotonic() - opened < 60:
        await asyncio.sleep(0.25)
    took = time.monotonic() - opened
    run.line.figures["no reader"] = f"{len(deaf)} gone after {took:.0f} s"
    run.line.expect(took <= 40, f"{sockets(server.process.pid) - had} clients that do not read are still there after {took:.0f} s")
    for raw in deaf:
        raw.close()
    during = load.latencies[seen:]
    await load.stop()
    calm, busy = percentile(before, 0.99) * 1000, percentile(during, 0.99) * 1000
    run.line.cycles = size.times
    run.line.figures["p99 ms before/during"] = f"{calm:.1f}/{busy:.1f}"
    for kind, limit in KINDS.items():
        longest = max(gone[kind], default=0)
        run.line.figures[kind] = f"{len(gone[kind])} gone after {longest:.0f} s"
        run.line.expect(longest <= limit, f"{kind}: gone after {longest:.0f} s")
    run.line.figures["honest p99 within 2 x"] = "yes" if busy <= max(2 * calm, 5) else "no"
    run.line.expect(load.errors() == 0, f"{load.errors()} honest requests were not served: {load.why}")
    run.line.expect(not refused, f"{len(refused)} connections were refused")
    server.measure()
    run.line.expect(server.rss_max <= 256, f"{server.rss_max} MiB resident")
    return await run.finish(load)


def seconds_of_cpu(pid):
    """User and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def descriptors(size, engine):
    """A limit of 256 descriptors and 1,000 connections: no crash, no busy loop, and all is well two seconds after they go."""
    run = Run("E12", engine)
    server = await run.server(before=("prlimit", "--nofile=256"))
    kept = []
    for _ in range(size.times):
        try:
            kept.append(await asyncio.wait_for(asyncio.open_connection("127.0.0.1", server.port), 2))
        except (OSError, TimeoutError):
            pass
    used, begun = seconds_of_cpu(server.process.pid), time.monotonic()
    await asyncio.sleep(size.seconds)
    busy = (seconds_of_cpu(server.process.pid) - used) / (time.monotonic() - begun)
    run.line.figures["cpu while exhausted"] = f"{busy * 100:.0f} %"
    run.line.expect(busy <= 0.5, f"{busy * 100:.0f} % of a core while there are no descriptors")
    run.line.expect(server.process.poll() is None, f"the process ended: {server.last_words()}")
    for _, writer in kept:
        writer.transport.abort()
    begun = time.monotonic()
    fresh = Wire(server.port)
    while time.monotonic() - begun < 10:
        try:
            if (await fresh.ask("POST", "/v1/widget-tokens", run.world.key, run.world.mint_body("after"), timeout=2, fresh=True)).status == 201:
                break
        except Failed:
            await asyncio.sleep(0.02)
    back = time.monotonic() - begun
    run.line.recovery.append(back * 1000)
    run.line.cycles = 1
    run.line.expect(back <= 2, f"back {back:.1f} s after the connections went")
    return await run.finish()
