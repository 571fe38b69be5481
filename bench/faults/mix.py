"""The load's mix, a table: a new kind of operation is its function and its row."""

import time
from typing import Awaitable, Callable, NamedTuple

from world import widget


async def verify(load):
    """A page asks what its token may do."""
    token = load.world.any_token()
    if token is None:
        return await mint(load)
    was_dead, was_asked = token.dead_at is not None, token.asked_at is not None
    answer = await load.ask("GET", "/widget/session", widget(token))
    if answer.status == 200 and was_dead:
        load.stale.append(f"{token.id} was let in although its revocation had been acknowledged")
    elif answer.status == 401 and not was_asked and token.asked_at is None and time.time() - token.born < 3_500:
        load.lost.append(f"{token.id} was refused ({answer.code()}) although it was minted and nobody revoked it")
    elif answer.status not in (200, 401):
        load.refused(answer)


async def mint(load):
    """A backend mints."""
    sent = time.time()
    answer = await load.ask("POST", "/v1/widget-tokens", load.world.key, load.world.mint_body(f"op-{load.world.number()}"))
    if answer.status == 201:
        said = answer.json()
        load.world.add(said["id"], said["token"])
        load.oracle.acknowledged("mint", said["id"], 201, sent, time.time())
    else:
        load.refused(answer)


async def revoke(load):
    """A backend revokes a token that lives."""
    token = load.world.take_alive()
    if token is None:
        return await mint(load)
    sent = time.time()
    answer = await load.ask("DELETE", f"/v1/widget-tokens/{token.id}", load.world.key)
    if answer.status == 200:
        load.world.died(token)
        load.oracle.acknowledged("revoke", token.id, 200, sent, time.time())
    else:
        load.refused(answer)


async def audit(load):
    """Somebody reads history."""
    answer = await load.ask("GET", "/v1/audit-events?limit=20", load.world.key)
    if answer.status != 200:
        load.refused(answer)


class Row(NamedTuple):
    """One kind of operation."""

    percent: int
    name: str
    run: Callable[..., Awaitable[None]]


MIX = [
    Row(70, "verify", verify),
    Row(15, "mint", mint),
    Row(10, "revoke", revoke),
    Row(5, "audit", audit),
]
