"""What the harness knows: a tenant made by the command line, an organization, an API key, and every token that was acknowledged."""

import random
import time

PASSWORD = "nine purple otters juggle quietly"
ORIGIN = "https://widgets.example"
SCOPE = "directory_sync"


class Token:
    """A token whose mint was acknowledged."""

    __slots__ = ("id", "text", "born", "asked_at", "dead_at")

    def __init__(self, id, text):
        self.id, self.text, self.born = id, text, time.time()
        # When its revocation was sent, and when that was acknowledged.
        self.asked_at = self.dead_at = None


class World:
    """The tenant `acme`, and its tokens."""

    def __init__(self):
        self.tokens, self.alive, self.dead = {}, [], []
        self.session = self.owner = None
        self.operations = 0
        self.random = random.Random(20)

    async def found(self, mintmark):
        """Makes everything that minting wants, on an empty installation that runs."""
        made = await mintmark.json("owner", "create", "--tenant-name", "Acme", "--tenant-slug", "acme", "--email", "owner@acme.example",
                                   "--password-stdin", stdin=PASSWORD + "\n")
        self.tenant = made["tenant_id"]
        await self.sign_in(mintmark.wire)
        organization = await self.manage(mintmark.wire, "POST", "/v1/organizations", {"name": "Customer"})
        self.organization = organization["id"]
        await self.manage(mintmark.wire, "POST", f"/v1/organizations/{self.organization}/origins", {"origin": ORIGIN})
        key = await self.manage(mintmark.wire, "POST", "/v1/api-keys", {"name": "Faults", "role": "admin"})
        self.key = {"authorization": f"Bearer {key['key']}"}
        self.key_id = key["id"]
        return self

    async def sign_in(self, wire):
        """A dashboard JWT of the owner."""
        answer = await wire.ask("POST", "/v1/sessions", body={"email": "owner@acme.example", "password": PASSWORD}, timeout=30)
        if answer.status != 201:
            raise RuntimeError(f"sign-in was answered with {answer.status}: {answer.body[:300]}")
        self.session = answer.json()["token"]
        self.owner = {"authorization": f"Bearer {self.session}", "x-mintmark-tenant": self.tenant}

    async def manage(self, wire, method, path, body=None):
        """One call of the owner that has to succeed."""
        answer = await wire.ask(method, path, self.owner, body, timeout=30)
        if answer.status not in (200, 201):
            raise RuntimeError(f"{method} {path} was answered with {answer.status}: {answer.body[:300]}")
        return answer.json()

    def mint_body(self, label):
        """What to ask for; the label finds the row again."""
        return {"organization_id": self.organization, "scope": [SCOPE], "origins": [ORIGIN], "ttl_seconds": 3600, "label": label}

    def add(self, id, text):
        """A mint was acknowledged."""
        token = self.tokens[id] = Token(id, text)
        self.alive.append(token)
        return token

    def any_token(self):
        """Four times of five one that lives, as far as is known."""
        pool = self.dead if self.dead and self.random.random() < 0.2 else self.alive
        return self.random.choice(pool) if pool else None

    def take_alive(self):
        """One to revoke: nobody else will try to."""
        if len(self.alive) < 8:
            return None
        place = self.random.randrange(len(self.alive))
        self.alive[place], self.alive[-1] = self.alive[-1], self.alive[place]
        token = self.alive.pop()
        token.asked_at = time.time()
        return token

    def died(self, token):
        """A revocation was acknowledged."""
        token.dead_at = time.time()
        self.dead.append(token)

    def number(self):
        """Of the next operation."""
        self.operations += 1
        return self.operations


def widget(token):
    """The headers of a call from a page."""
    return {"authorization": f"Bearer {token.text}", "origin": ORIGIN}
