"""E1 made exact: the process dies at the Nth of a kind of system call around one revocation, for every N that there is."""

import asyncio

from run import Run
from tracing import Tracer
from wire import Failed
from world import widget

# The calls that write, sync and answer. The built-in SQLite syncs with fdatasync, where it was compiled as `.cargo/config.toml` says, else with fsync. On PostgreSQL every message to it is a sendto or a write of its socket.
CALLS = {"sqlite": ["pwrite64", "fsync,fdatasync", "writev,sendto,write"], "postgres": ["sendto,write,writev"]}


async def die_at(run, server, calls, number):
    """Dies when that call is entered for the Nth time. Answers whether it came to that, and checks what is left."""
    minted = await server.wire.ask("POST", "/v1/widget-tokens", run.world.key, run.world.mint_body("instant"))
    said = minted.json()
    token = run.world.add(said["id"], said["token"])
    run.world.alive.remove(token)
    # A warm connection, so that what is counted begins with the revocation.
    await server.wire.ask("GET", "/widget/session", widget(token))
    tracer = await Tracer(server.process.pid, "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:signal=KILL:when={number}").attach()
    token.asked_at = 1.0
    try:
        answer = await server.wire.ask("DELETE", f"/v1/widget-tokens/{token.id}", run.world.key, timeout=20)
        if answer.status == 200:
            run.world.died(token)
            run.oracle.acknowledged("revoke", token.id, 200, token.asked_at, token.dead_at)
    except Failed:
        pass
    # Whatever runs beside the answer may reach the call a moment later.
    await asyncio.sleep(0.05)
    await tracer.detach()
    died = server.process.poll() is not None
    if died:
        server.kill()
        run.line.recovery.append(await server.start())
    await run.checker.after_fault(server)
    if token.dead_at is None:
        await run.checker.by_answers(server.wire, [{"id": token.id}])
    return died and token.dead_at is None


async def every_instant(size, engine):
    """For each kind of call, N = 1, 2, ... until the revocation is answered before the Nth."""
    run = Run("E1exact", engine)
    server = await run.server()
    for calls in CALLS[engine]:
        number = 1
        # Two in a row that survive, because threads count for themselves.
        survived = 0
        while survived < 2 and number <= size.times:
            survived = 0 if await die_at(run, server, calls, number) else survived + 1
            number += 1
            run.line.cycles += 1
        run.line.figures[calls.replace(",", "/")] = f"died at {number - 1 - survived}"
    return await run.finish()
