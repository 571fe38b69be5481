"""What must be true after every fault, by what callers are told and by what lies in the database."""

import asyncio
import collections
import time

from wire import Failed
from world import widget

BURST = 32


async def verdict(wire, token):
    """What the guard says of a token: 'alive', 'dead', or an oddity. Asked again while the answer is 503."""
    for _ in range(20):
        try:
            answer = await wire.ask("GET", "/widget/session", widget(token))
        except Failed as error:
            said = str(error)
        else:
            said = {200: "alive", 401: "dead"}.get(answer.status, f"{answer.status} {answer.code()}")
            if answer.status != 503:
                return said
        await asyncio.sleep(0.1)
    return said


async def verdicts(wire, tokens):
    """Of many, a few at once."""
    room = asyncio.Semaphore(BURST)

    async def one(token):
        async with room:
            return token, await verdict(wire, token)

    return await asyncio.gather(*(one(token) for token in tokens))


class Checker:
    """Checks one installation, again and again; what it finds is kept as sentences."""

    def __init__(self, world, oracle, place):
        self.world, self.oracle, self.place = world, oracle, place
        self.lost, self.stale, self.wrong = [], [], []
        self.acked = 0

    async def after_fault(self, mintmark, everything=False):
        """The whole list, for what was acknowledged since the last time, or ever."""
        news = self.oracle.news()
        self.acked += len(news)
        entries = self.oracle.entries() if everything else news
        await self.by_answers(mintmark.wire, entries)
        self.by_rows(entries)
        done = await mintmark.command("audit", "verify", check=False)
        if done.returncode != 0:
            self.wrong.append(f"audit verify: {done.stderr.strip()[-300:]}")
        self.wrong += [f"damage: {found}" for found in self.place.damage()]
        self.wrong += [f"left in a transaction: {found}" for found in await asyncio.to_thread(self.place.left_open)]

    async def by_answers(self, wire, entries):
        """Every acknowledged revocation is refused, every acknowledged mint works, unless it is over."""
        tokens = [self.world.tokens[id] for id in dict.fromkeys(entry["id"] for entry in entries) if id in self.world.tokens]
        for token, said in await verdicts(wire, tokens):
            over = time.time() - token.born > 3_500
            if token.dead_at is not None:
                if said == "alive":
                    self.stale.append(f"{token.id} lives after its acknowledged revocation")
                elif said != "dead":
                    self.wrong.append(f"{token.id}, revoked, is answered with {said}")
            elif token.asked_at is not None:
                self.settle(token, said)
            elif said == "dead" and not over:
                self.lost.append(f"{token.id} is refused after its acknowledged mint")
            elif said != "alive" and not over:
                self.wrong.append(f"{token.id}, alive, is answered with {said}")

    def settle(self, token, said):
        """A revocation without an answer either happened or did not; from now on it is known which."""
        if said == "dead":
            self.world.died(token)
        elif said == "alive":
            token.asked_at = None
            self.world.alive.append(token)
        else:
            self.wrong.append(f"{token.id}, perhaps revoked, is answered with {said}")

    def by_rows(self, entries):
        """Each row has exactly one event that says so, each event its row, and nothing acknowledged is missing. Who ended with others names an event as well."""
        found = self.place.query(
            "select w.id, w.revoked_at, e.action from widget_token w left join audit_event e on e.id = w.revocation_event where coalesce(w.label, '') <> 'seed'"
        )
        rows, by = {id: revoked for id, revoked, _ in found}, {id: action for id, _, action in found}
        self.wrong += [f"{id} was revoked by no event" for id, revoked in rows.items() if revoked and not by[id]]
        events = {"widget_token.minted": collections.Counter(), "widget_token.revoked": collections.Counter()}
        for action, target in self.place.query("select action, target_id from audit_event where action in ('widget_token.minted', 'widget_token.revoked')"):
            events[action][target] += 1
        for action, ids in (("widget_token.minted", set(rows)), ("widget_token.revoked", {id for id, revoked in rows.items() if revoked and by[id] == "widget_token.revoked"})):
            told = events[action]
            self.wrong += [f"{id} has {told[id]} events {action}" for id in ids if told[id] != 1]
            self.wrong += [f"{action} names {id}, which it did not happen to" for id in told if id not in ids]
        for entry in entries:
            if entry["kind"] == "mint" and entry["id"] not in rows:
                self.lost.append(f"the acknowledged mint of {entry['id']} left no row")
            if entry["kind"] == "revoke" and not rows.get(entry["id"]):
                self.lost.append(f"the acknowledged revocation of {entry['id']} left no mark")
