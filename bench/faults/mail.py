"""E17: a mail server that refuses, hangs, hangs up and is away. Whoever asks for a link notices nothing; a link arrives once or not at all."""

import asyncio
import re
import statistics
import time

from run import Run
from world import ORIGIN

# What the mail server does, and whether a mail that met it may still arrive later.
MANNERS = {
    "takes": True,
    "later": True,
    "later, at the end": True,
    "never": False,
    "hangs": True,
    "hangs at the end": False,
    "hangs up at the end": False,
    "slow": True,
    "away": True,
}
ANSWERS = {"later": "451 later", "later, at the end": "452 full", "never": "550 nobody here"}


class Sink:
    """A mail server on loopback. `heard` holds every message that came whole, `taken` those that it said yes to, by recipient;
    `texts` their text, soft line ends taken out; `met` what each recipient's mail was treated by."""

    def __init__(self):
        self.manner, self.heard, self.taken, self.texts, self.met, self.held = "takes", [], [], [], {}, set()
        self.server = self.over = None

    async def start(self, port=0):
        """Listens, on the port that it had before if there was one."""
        self.over = asyncio.Event()
        self.server = await asyncio.start_server(self.converse, "127.0.0.1", port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def leave(self):
        """Is away: nobody listens, and whoever was connected is not any more."""
        self.server.close()
        self.over.set()
        for writer in list(self.held):
            writer.transport.abort()

    async def converse(self, reader, writer):
        """One client."""
        self.held.add(writer)
        try:
            await self.answer(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.held.discard(writer)
            writer.transport.abort()

    async def answer(self, reader, writer):
        """SMTP, as far as a client needs it."""
        writer.write(b"220 sink\r\n")
        recipient, manner = None, self.manner
        while line := await reader.readline():
            word = line.split()[0].upper() if line.split() else b""
            said = "250 fine"
            if word == b"MAIL":
                manner = self.manner
                if manner == "hangs":
                    return await self.over.wait()
                if manner == "slow":
                    await asyncio.sleep(1)
            elif word == b"RCPT":
                recipient = re.search(rb"<(.*)>", line)[1].decode()
                self.met.setdefault(recipient, set()).add(manner)
                if manner in ("later", "never"):
                    said = ANSWERS[manner]
            elif word == b"DATA":
                writer.write(b"354 go on\r\n")
                message = await reader.readuntil(b"\r\n.\r\n")
                self.heard.append((recipient, manner, time.monotonic()))
                if manner == "hangs at the end":
                    return await self.over.wait()
                if manner == "hangs up at the end":
                    return
                if manner in ANSWERS:
                    said = ANSWERS[manner]
                else:
                    self.taken.append(recipient)
                    self.texts.append(message.decode().replace("=\r\n", "").replace("=3D", "="))
            elif word == b"QUIT":
                return
            writer.write(f"{said}\r\n".encode())
            await writer.drain()


class Asker:
    """A page's visitors: each with an address of the network of its own, so that no limit is met."""

    def __init__(self, run, server, key):
        self.run, self.server, self.path, self.number = run, server, f"/embed/v1/magic-links?key={key}", 0

    async def ask(self, email):
        """One request; answers its seconds."""
        self.number += 1
        client = f"10.{self.number >> 16 & 255}.{self.number >> 8 & 255}.{self.number & 255}"
        begun = time.monotonic()
        answer = await self.server.wire.ask("POST", self.path, {"origin": ORIGIN, "x-forwarded-for": client}, {"email": email, "return_url": f"{ORIGIN}/"}, timeout=30)
        took = time.monotonic() - begun
        self.run.line.expect(answer.status == 202 and answer.body == b'{"status":"accepted"}', f"a request was answered with {answer.status} {answer.body[:80]}")
        return took


def auc(one, other):
    """The share of pairs in which the first is longer: a stranger who sees only times cannot tell the two apart at 0.5."""
    ranks = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    total = sum(place + 1 for place, (_, whose) in enumerate(ranks) if whose == 0)
    return (total - len(one) * (len(one) + 1) / 2) / (len(one) * len(other))


async def until(truth, seconds):
    """Waits for something, so many seconds at most."""
    begun = time.monotonic()
    while not truth() and time.monotonic() - begun < seconds:
        await asyncio.sleep(0.2)


async def mail_failure(size, engine):
    """Each manner in turn; a restart with mail in the queue; and a queue that waited too long."""
    run, sink = Run("E17", engine), Sink()
    await sink.start()
    settings = {"MINTMARK_SMTP_URL": f"smtp://127.0.0.1:{sink.port}", "MINTMARK_MAIL_FROM": "no-reply@mint.example", "MINTMARK_TRUSTED_PROXIES": "127.0.0.1/32"}
    server = await run.server(settings)
    product = (await run.world.manage(server.wire, "GET", "/v1/products"))["data"][0]["id"]
    made = await run.world.manage(server.wire, "POST", f"/v1/products/{product}/embed-keys", {"name": "Page", "origins": [ORIGIN], "mode": "live"})
    asker, known = Asker(run, server, made["id"]), 0

    async def customer():
        """Somebody whose address is verified."""
        nonlocal known
        known += 1
        email = f"known-{known}@customer.example"
        await run.world.manage(server.wire, "POST", "/v1/customers", {"email": email, "email_verified": True})
        return email

    def waiting():
        """Mails that have not ended, and requests that have no answer."""
        return sum(int(rows[0][0]) for rows in map(run.place.query, ("select count(*) from mail where ended_at is null",
                                                                     "select count(*) from magic_link_request where asked is not null")))

    asked, told = {}, []
    for manner in MANNERS:
        if manner == "away":
            await sink.leave()
        sink.manner = manner
        times = {"known": [], "unknown": []}
        for number in range(size.times):
            email = await customer()
            asked[email] = manner
            # Interleaved, and each kind first as often as the other.
            pair = [("known", email), ("unknown", f"unknown-{manner}-{number}@customer.example".replace(" ", "-").replace(",", ""))]
            for kind, address in pair if number % 2 else reversed(pair):
                times[kind].append(await asker.ask(address))
        await asyncio.sleep(2)
        told.append(auc(times["known"], times["unknown"]))
        run.line.figures[manner] = f"{statistics.median(times['known'] + times['unknown']) * 1000:.1f} ms, AUC {told[-1]:.2f}"
        run.line.acked += 2 * size.times
        run.line.cycles += 1
    apart = 0.5 + abs(statistics.mean(told) - 0.5)
    run.line.figures["AUC of all"] = f"{apart:.3f}"

    # It dies with mail in the queue, and so does what it had begun; another one takes over.
    server.kill()
    await sink.start(sink.port)
    sink.manner = "takes"
    await server.start()
    # What nobody could be sure of is given up when the dead process's lease ends, after two minutes; the rest is tried by then.
    await until(lambda: waiting() == 0, 400)
    run.line.expect(waiting() == 0, f"{waiting()} mails still wait")
    for email, manner in asked.items():
        arrived, heard = sink.taken.count(email), [how for to, how, _ in sink.heard if to == email]
        sure = [how for how in heard if how not in ("later, at the end",)]
        run.line.expect(arrived <= 1 and len(sure) <= 1, f"{email} ({manner}) was sent {len(sure)} times, of which {arrived} were taken")
        # What was refused for now and met a final no, or silence, at its next try is as dead as what met that first.
        if all(MANNERS[how] for how in sink.met.get(email, {manner})):
            run.line.expect(arrived == 1, f"{email} ({manner}) never arrived")
    run.line.figures["arrived"] = f"{len(sink.taken)} of {len(asked)}"
    run.line.expect(not [to for to in sink.taken if to.startswith("unknown")], "somebody unknown was written to")

    # Mail that waited for longer than it may: nothing of it leaves when the server is well again.
    sink.manner = "later"
    late = [await customer() for _ in range(size.times)]
    for email in late:
        await asker.ask(email)
    await until(lambda: int(run.place.query("select count(*) from mail where attempts > 0 and ended_at is null")[0][0]) == len(late), 60)
    server.kill()
    run.place.execute("update mail set created_at = created_at - 900000, expires_at = expires_at - 900000, next_attempt_at = 0 where ended_at is null")
    sink.manner = "takes"
    await server.start()
    await until(lambda: waiting() == 0, 60)
    run.line.expect(not set(late) & set(sink.taken), "a link left after its time")
    run.line.expect(int(run.place.query("select count(*) from mail where body is not null")[0][0]) == 0, "what was in a mail that ended is still there")
    run.line.in_time(apart <= 0.55, f"known and unknown addresses are told apart: {apart:.3f}")
    await sink.leave()
    return await run.finish()
