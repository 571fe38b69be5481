"""Clients that hang up at random moments (X1): nothing acknowledged is lost, nothing is left open, and too much at once is refused, never kept waiting."""

import asyncio
import json
import re
import sqlite3
import time

from run import Run
from wire import Failed, hang_up, head, read_answer
from world import widget

# Two seconds for the answer, and what a busy machine needs to tell it.
LONGEST = 2.7


def request(run, random):
    """Something to ask: a mint, a revocation or a page's call, and what to do if it is acknowledged."""
    world = run.world
    kind = random.choices(["mint", "revoke", "verify"], [50, 30, 20])[0]
    token = world.take_alive() if kind == "revoke" else world.any_token() if kind == "verify" else None
    if kind == "revoke" and token:
        return kind, token, head("DELETE", f"/v1/widget-tokens/{token.id}", world.key, 0)
    if kind == "verify" and token:
        return kind, token, head("GET", "/widget/session", widget(token), 0)
    body = json.dumps(world.mint_body(f"op-{world.number()}")).encode()
    return "mint", None, head("POST", "/v1/widget-tokens", world.key, len(body)) + body


async def one(run, server):
    """One client: sends all or a part, waits a moment, hangs up unless the answer was quicker."""
    random = run.world.random
    kind, token, data = request(run, random)
    cut = random.randrange(len(data)) if random.random() < 0.25 else len(data)
    patience = random.expovariate(1 / 0.02) if cut == len(data) else random.uniform(0, 0.01)
    sent = time.time()
    try:
        reader, writer = await server.wire.connect()
    except OSError:
        return 0
    try:
        writer.write(data[:cut])
        async with asyncio.timeout(patience):
            answer, _ = await read_answer(reader)
    except (TimeoutError, OSError, EOFError, ValueError, Failed):
        hang_up(writer)
        return 1
    writer.close()
    if kind == "mint" and answer.status == 201:
        said = answer.json()
        run.world.add(said["id"], said["token"])
        run.oracle.acknowledged("mint", said["id"], 201, sent, time.time())
    elif kind == "revoke" and answer.status == 200:
        run.world.died(token)
        run.oracle.acknowledged("revoke", token.id, 200, sent, time.time())
    return 0


async def hang_ups(size, engine):
    """So many clients, `size.pace` a second, beside an honest load."""
    run = Run("aborts", engine)
    server = await run.server()
    load = run.load(server, rate=size.rate)
    await asyncio.sleep(1)
    begun, clients = time.monotonic(), []
    for number in range(size.times):
        if (wait := begun + number / size.pace - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        clients.append(asyncio.create_task(one(run, server)))
    aborted = sum(await asyncio.gather(*clients))
    await load.stop()
    run.line.cycles = size.times
    run.line.figures["hung up"] = aborted
    run.line.expect(aborted > size.times // 4, f"only {aborted} clients hung up: the rig is broken")
    run.line.expect(load.errors() == 0, f"{load.errors()} honest requests were not served beside them: {load.why}")
    await run.checker.after_fault(server)
    run.line.take(load)
    await too_much(run, server, size.crowd)
    return await run.finish()


async def too_much(run, server, crowd):
    """The database is held while a crowd writes: each is answered in time, most of them with 503, and it is over when the hold is."""
    let_go, held = asyncio.Event(), asyncio.Event()
    log_ends = server.log.stat().st_size
    holding = asyncio.create_task(hold(run.place, held, let_go))
    await held.wait()
    answers = []

    async def write(number):
        try:
            answer = await server.wire.ask("POST", "/v1/widget-tokens", run.world.key, run.world.mint_body(f"crowd-{number}"), fresh=True)
            answers.append(str(answer.status))
        except Failed as error:
            answers.append(str(error))

    await asyncio.gather(*(write(number) for number in range(crowd)))
    let_go.set()
    await holding
    begun = time.monotonic()
    while (await server.wire.ask("POST", "/v1/widget-tokens", run.world.key, run.world.mint_body("after"))).status != 201:
        await asyncio.sleep(0.02)
    back = time.monotonic() - begun
    others = set(answers) - {"503"}
    # As the server's log says: a crowd's own time to connect and to read is not the server's.
    longest = max(int(found) for found in re.findall(rb'"us":(\d+)', server.log.read_bytes()[log_ends:])) / 1e6
    run.line.recovery.append(back * 1000)
    run.line.figures["crowd"] = f"{crowd} answered within {longest:.2f} s"
    run.line.expect(not others, f"while the database was held, writes were answered with {others}")
    run.line.in_time(longest < LONGEST, f"while the database was held, a write took {longest:.1f} s")
    run.line.in_time(back < 2, f"writes went on {back:.1f} s after the database was let go")


async def hold(place, held, let_go):
    """Keeps others from writing until it is told to stop."""
    if place.name == "sqlite":
        conn = sqlite3.connect(place.file, timeout=30, isolation_level=None)
        conn.execute("begin immediate")
        held.set()
        await let_go.wait()
        conn.execute("rollback")
        conn.close()
        return
    process = await asyncio.create_subprocess_exec(
        str(place.cluster.bin / "psql"), "-qAtX", place.cluster.url(place.database), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd="/")
    process.stdin.write(b"begin; lock table audit_head in access exclusive mode; select 'held';\n")
    await process.stdout.readline()
    held.set()
    await let_go.wait()
    process.stdin.close()
    await process.wait()
