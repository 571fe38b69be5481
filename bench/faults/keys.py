"""E13: signing keys rotate under traffic. Verifiers that cache the published keys reject no valid token; a revoked key opens nothing."""

import asyncio
import json
import re
import time

from p256 import decode, verifies
from run import Run
from world import widget


class Verifier:
    """Judges tokens by itself: keeps the keys for as long as it is told, and asks once more for a key that it does not know."""

    def __init__(self, wire):
        self.wire, self.keys, self.until, self.fetched = wire, {}, 0.0, 0

    async def fetch(self):
        """Reads the published keys."""
        answer = await self.wire.ask("GET", "/t/acme/.well-known/jwks.json", fresh=True)
        self.keys = {key["kid"]: key for key in answer.json()["keys"]}
        self.until = time.monotonic() + int(re.search(r"max-age=(\d+)", answer.headers["cache-control"])[1])
        self.fetched += 1

    async def accepts(self, text):
        """Whether the token's signature and time are right."""
        head, payload, signature = text.split(".")
        kid = json.loads(decode(head))["kid"]
        if time.monotonic() > self.until:
            await self.fetch()
        if kid not in self.keys:
            await self.fetch()
        if kid not in self.keys:
            return False
        signed = f"{head}.{payload}".encode()
        return await asyncio.to_thread(verifies, self.keys[kid], signed, decode(signature)) and json.loads(decode(payload))["exp"] > time.time()


def signed_by(token):
    """The key that a token names."""
    return json.loads(decode(token.text.split(".")[0]))["kid"]


async def judge(run, verifiers, server, stop):
    """Takes tokens that live, old and new, and asks everybody."""
    judged = 0
    while not stop.is_set():
        token = run.world.random.choice(run.world.alive) if run.world.alive else None
        if token:
            for verifier in verifiers:
                accepted = await verifier.accepts(token.text)
                run.line.expect(accepted or token.asked_at, f"a verifier rejected {token.id}, which lives")
                judged += 1
        await asyncio.sleep(0.05)
    return judged


async def rotate(run, server):
    """One rotation, by an owner who proved presence."""
    if time.monotonic() - run.signed_in > 200:
        await run.world.sign_in(server.wire)
        run.signed_in = time.monotonic()
    await run.world.manage(server.wire, "POST", "/v1/signing-keys/rotate", {})


async def rotations(size, engine):
    """`size.cycles` rotations, then an emergency revocation."""
    run = Run("E13", engine)
    server = await run.server({"MINTMARK_JWKS_MAX_AGE": str(size.max_age)})
    run.signed_in = time.monotonic()
    verifiers, stop = [Verifier(server.wire) for _ in range(3)], asyncio.Event()
    load = run.load(server, rate=size.rate)
    judging = asyncio.create_task(judge(run, verifiers, server, stop))
    for _ in range(size.cycles):
        await asyncio.sleep(size.seconds)
        await rotate(run, server)
        run.line.cycles += 1
    await asyncio.sleep(size.seconds)
    stop.set()
    run.line.figures["judged by verifiers"] = await judging
    run.line.figures["keys fetched"] = sum(verifier.fetched for verifier in verifiers)
    await load.stop()
    await run.checker.after_fault(server)
    await emergency(run, server, verifiers, size.max_age)
    return await run.finish(load, check=False)


async def emergency(run, server, verifiers, max_age):
    """The active key leaked: its tokens are dead here at once, and at a verifier once it has read the keys again."""
    keys = (await run.world.manage(server.wire, "GET", "/v1/signing-keys"))["data"]
    active = next(key["id"] for key in keys if key["state"] == "active")
    live = [token for token in run.world.alive if token.asked_at is None]
    theirs, others = [token for token in live if signed_by(token) == active], [token for token in live if signed_by(token) != active]
    run.line.expect(theirs and others, "the rig is broken: tokens of one key only")
    await run.world.manage(server.wire, "POST", f"/v1/signing-keys/{active}/revoke", {"reason": "leaked"})
    answers = await asyncio.gather(*(server.wire.ask("GET", "/widget/session", widget(token)) for token in theirs[:50]))
    accepted = sum(answer.status == 200 for answer in answers)
    run.line.stale += accepted
    run.line.expect(accepted == 0, f"{accepted} tokens of the revoked key were let in after the answer")
    kept = [await server.wire.ask("GET", "/widget/session", widget(token)) for token in others[:20]]
    run.line.expect(all(answer.status == 200 for answer in kept), "tokens of another key were refused")
    await asyncio.sleep(max_age + 0.5)
    for verifier in verifiers:
        run.line.expect(not await verifier.accepts(theirs[0].text), "a verifier accepted a token of the revoked key after max-age")
        run.line.expect(await verifier.accepts(others[0].text), "a verifier rejected a token of another key")
