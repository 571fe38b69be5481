"""E8: two processes on one PostgreSQL. What one acknowledged as revoked the other refuses at its next call, and mints nothing with it."""

import asyncio
import time

from mix import MIX
from places import Postgres
from postgres import Cluster
from proxy import Proxy
from report import percentile
from run import Run
from wire import Failed
from world import Token, widget


async def revoke_and_ask(run, here, there, times):
    """Revokes on one, asks the other the moment the answer is there; answers the stale accepts."""
    stale = 0
    for number in range(times):
        minted = await here.wire.ask("POST", "/v1/widget-tokens", run.world.key, run.world.mint_body(f"node-{number}"))
        if minted.status != 201:
            run.unavailable += 1
            run.line.expect(minted.status == 503, f"a mint was answered with {minted.status} {minted.code()}")
            continue
        said = minted.json()
        token = run.world.add(said["id"], said["token"])
        run.world.alive.remove(token)
        sent = time.time()
        alive = await there.wire.ask("GET", "/widget/session", widget(token))
        run.line.expect(alive.status == 200, f"the other node answered a live token with {alive.status} {alive.code()}")
        token.asked_at = time.time()
        ended = await here.wire.ask("DELETE", f"/v1/widget-tokens/{token.id}", run.world.key)
        if ended.status == 200:
            run.world.died(token)
            run.oracle.acknowledged("revoke", token.id, 200, sent, time.time())
        begun = time.monotonic()
        asked = await there.wire.ask("GET", "/widget/session", widget(token))
        if ended.status != 200:
            run.unavailable += 1
            continue
        run.first_refusals.append((time.monotonic() - begun) * 1000)
        if asked.status == 200:
            stale += 1
            run.line.violations.append(f"{token.id} was let in by the other node after its acknowledged revocation")
        run.line.cycles += 1
        here, there = there, here
    return stale


async def several(run, one, other, times, at_once=8):
    """That many, some at once, so that revocations share commits."""
    share = max(1, times // at_once)
    counts = await asyncio.gather(*(revoke_and_ask(run, *((one, other) if at % 2 else (other, one)), share) for at in range(at_once)))
    run.line.stale += sum(counts)


async def mint_until_refused(run, there, key, minted):
    """Mints with this API key for as long as it may."""
    while True:
        answer = await there.wire.ask("POST", "/v1/widget-tokens", key, run.world.mint_body("orphan"))
        if answer.status != 201:
            run.line.expect(answer.status in (401, 409), f"a mint by a key that ends was answered with {answer.status} {answer.code()}")
            return
        minted.append(Token(answer.json()["id"], answer.json()["token"]))


async def revoke_the_minter(run, here, there, rounds, at_once=8):
    """An API key is revoked on one node while the other mints with it: nothing of it is alive after the answer."""
    for number in range(rounds):
        made = await run.world.manage(here.wire, "POST", "/v1/api-keys", {"name": f"Orphans {number}", "role": "admin"})
        key, minted = {"authorization": f"Bearer {made['key']}"}, []
        mints = [asyncio.create_task(mint_until_refused(run, there, key, minted)) for _ in range(at_once)]
        while len(minted) < at_once and not all(mint.done() for mint in mints):
            await asyncio.sleep(0.001)
        await run.world.manage(here.wire, "DELETE", f"/v1/api-keys/{made['id']}")
        await asyncio.gather(*mints)
        answers = await asyncio.gather(*(there.wire.ask("GET", "/widget/session", widget(token)) for token in minted))
        alive = sum(answer.status == 200 for answer in answers)
        run.line.stale += alive
        run.line.expect(alive == 0, f"{alive} of {len(minted)} tokens outlived the API key that minted them")
        run.orphans += len(minted)
        here, there = there, here


async def two_nodes(size, engine):
    """Side by side, then with 50 ms on one node's link to the database, then with that link dead."""
    cluster = Cluster.of_this_run()
    proxy = await Proxy(cluster.socket(), delay=0.05).start()
    where = Postgres(cluster)
    run = Run("E8", engine, where)
    run.first_refusals, run.unavailable, run.orphans = [], 0, 0
    one = await run.server()
    where.through = proxy.port
    other = await run.server(public=one.url)
    load = run.load(one, other, rate=size.rate, mix=[row for row in MIX if row.name != "revoke"])
    await several(run, one, other, size.times)
    run.line.figures["first refusal p50/p99 ms"] = "/".join(f"{percentile(run.first_refusals, share):.1f}" for share in (0.5, 0.99))
    run.line.expect(run.unavailable == 0, f"{run.unavailable} writes were answered with 503 although nothing was wrong")
    await revoke_the_minter(run, one, other, max(20, size.times // 100))
    run.line.figures["tokens of keys that ended"] = run.orphans
    proxy.become("late")
    await several(run, one, other, max(16, size.times // 100))
    run.line.figures["503 with 50 ms each way"] = run.unavailable
    await load.stop()

    # A node that cannot ask says so, and never guesses; 2.7 s is its deadline and a busy machine.
    proxy.become("silent")
    token = next(token for token in run.world.alive if token.asked_at is None)
    begun = time.monotonic()
    try:
        status = (await other.wire.ask("GET", "/widget/session", widget(token))).status
    except Failed as error:
        status = str(error)
    took = time.monotonic() - begun
    run.line.expect(status == 503, f"a node without its database answered with {status}")
    run.line.in_time(took < 2.7, f"a node without its database answered after {took:.1f} s")
    proxy.forget_open()
    await other.ready()
    line = await run.finish(load)
    await proxy.stop()
    return line
