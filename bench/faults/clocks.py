"""E7: the wall clock jumps, stands still, leaps ahead and comes back. What was dead stays dead, nothing panics."""

import asyncio
import subprocess
import time

from checker import verdicts
from postgres import Missing
from program import ROOT
from run import Run
from wire import Failed

# Each after the other, as libfaketime writes it. The monotonic clock is never faked.
JUMPS = ["+2h", "-2h", "-1d", "+0", "@2038-01-19 03:14:05", "+0", "@2106-02-07 06:28:14", "+0"]


def library():
    """libfaketime."""
    done = subprocess.run([str(ROOT / "scripts/faketime")], capture_output=True, text=True)
    if done.returncode != 0:
        raise Missing(done.stderr.strip()[-200:])
    return done.stdout.strip()


async def mint(run, server, count):
    """Tokens, where minting is possible now."""
    made = []
    for _ in range(count):
        try:
            answer = await server.wire.ask("POST", "/v1/widget-tokens", run.world.key, run.world.mint_body("clock"), fresh=True)
        except Failed as error:
            run.line.expect(False, f"a mint broke: {error}")
            continue
        if answer.status == 201:
            made.append(run.world.add(answer.json()["id"], answer.json()["token"]))
        else:
            run.line.expect(answer.status in (401, 503), f"a mint was answered with {answer.status} {answer.code()}")
    return made


async def jump(run, server, clock, to):
    """Sets the clock, and compares what lives with what lived."""
    tokens = list(run.world.tokens.values())
    before = dict((token.id, said) for token, said in await verdicts(server.wire, tokens))
    clock.write_text(to)
    await asyncio.sleep(0.3)
    after = dict((token.id, said) for token, said in await verdicts(server.wire, tokens))
    risen = [id for id, said in after.items() if said == "alive" and before[id] == "dead"]
    run.line.violations += [f"{to}: {id} was dead and lives" for id in risen]
    run.line.stale += len(risen)
    odd = {said for said in after.values()} - {"alive", "dead"}
    run.line.expect(not odd, f"{to}: tokens were answered with {odd}")
    made = await mint(run, server, 4)
    ended = await server.wire.ask("DELETE", f"/v1/widget-tokens/{made[0].id}", run.world.key) if made else None
    if ended and ended.status == 200:
        run.world.alive.remove(made[0])
        run.world.died(made[0])
    log = server.log.read_text(errors="replace")
    run.line.expect("panicked" not in log and server.process.poll() is None, f"{to}: the process panicked or ended: {server.last_words()}")
    run.line.figures[to] = f"{sum(said == 'alive' for said in after.values())} of {len(after)} live, {len(made)} minted"
    run.line.cycles += 1


async def jumps(size, engine):
    """Through all jumps, then a standing clock, then a start with the clock behind."""
    run = Run("E7", engine)
    clock = run.place.folder / ".clock"
    clock.write_text("+0")
    server = await run.server({"LD_PRELOAD": library(), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"})
    await mint(run, server, 20)
    for to in JUMPS:
        await jump(run, server, clock, to)
    # Without an offset or an @ it stands still.
    await jump(run, server, clock, time.strftime("%Y-%m-%d %H:%M:%S"))
    dead = list(run.world.tokens.values())
    said = dict((token.id, verdict) for token, verdict in await verdicts(server.wire, dead))
    await server.stop()
    clock.write_text("-1d")
    try:
        await server.start(within=8)
        run.line.expect(False, "with the clock a day behind the database, /readyz said 200")
    except RuntimeError:
        run.line.expect(server.process.poll() is None, f"with the clock behind it did not start at all: {server.last_words()}")
    risen = [token.id for token, verdict in await verdicts(server.wire, dead) if verdict == "alive" and said[token.id] == "dead"]
    run.line.violations += [f"after a restart with the clock behind, {id} lives again" for id in risen]
    run.line.stale += len(risen)
    clock.write_text("+0")
    done = await server.command("audit", "verify", check=False)
    run.line.expect(done.returncode == 0, f"audit verify: {done.stderr.strip()[-300:]}")
    return await run.finish(check=False)
