"""Links for a crowd: of a hundred who redeem one at two nodes one is signed in (ML5), and no time tells who is known (ML2)."""

import asyncio
import re
import statistics

from mail import Asker, Sink, auc, until
from run import Run
from world import ORIGIN

TOKEN = re.compile(r"mintmark_magic_token=(magic_[0-9A-Za-z]{49})")


async def links(size, engine):
    """Rounds of parallel redemptions, then interleaved samples of known and unknown addresses."""
    run, sink = Run("links", engine), Sink()
    await sink.start()
    settings = {"MINTMARK_SMTP_URL": f"smtp://127.0.0.1:{sink.port}", "MINTMARK_MAIL_FROM": "no-reply@mint.example", "MINTMARK_TRUSTED_PROXIES": "127.0.0.1/32"}
    first = await run.server(settings)
    nodes = [first] if engine == "sqlite" else [first, await run.server(settings, public=first.url)]
    product = (await run.world.manage(first.wire, "GET", "/v1/products"))["data"][0]["id"]
    made = await run.world.manage(first.wire, "POST", f"/v1/products/{product}/embed-keys", {"name": "Page", "origins": [ORIGIN], "mode": "live"})
    asker = Asker(run, first, made["id"])

    async def customers(name, count):
        """So many, with verified addresses."""
        emails = [f"{name}-{number}@customer.example" for number in range(count)]
        for email in emails:
            await run.world.manage(first.wire, "POST", "/v1/customers", {"email": email, "email_verified": True})
        return emails

    async def redeem(place, token):
        """One of the crowd; answers status and code."""
        path = f"/embed/v1/magic-links/redeem?key={made['id']}"
        answer = await nodes[place % len(nodes)].wire.ask("POST", path, {"origin": ORIGIN}, {"token": token}, timeout=60)
        return f"{answer.status} {answer.json().get('code', '')}".strip()

    # Half of the rounds make somebody new.
    await run.world.manage(first.wire, "PATCH", f"/v1/products/{product}", {"anyone_may_sign_in": True})
    known = await customers("round", size.cycles // 2)
    for email in known + [f"new-{number}@customer.example" for number in range(size.cycles - len(known))]:
        await asker.ask(email)
    await until(lambda: len(sink.taken) == size.cycles, 120)
    run.line.expect(len(sink.taken) == size.cycles, f"{len(sink.taken)} of {size.cycles} links arrived")
    outcomes = {}
    for text in sink.texts:
        token = TOKEN.search(text)[1]
        answers = await asyncio.gather(*(redeem(place, token) for place in range(size.crowd)))
        for answer in answers:
            outcomes[answer] = outcomes.get(answer, 0) + 1
        run.line.expect(answers.count("200") == 1, f"{answers.count('200')} were signed in by one link")
        run.line.cycles += 1
    run.line.figures["answers"] = outcomes
    run.line.expect(set(outcomes) <= {"200", "410 link_consumed"}, f"somebody was answered otherwise: {outcomes}")
    run.line.expect(run.place.query("select count(*) from customer_session")[0][0] == str(size.cycles), "there are other sessions than links")

    await run.world.manage(first.wire, "PATCH", f"/v1/products/{product}", {"anyone_may_sign_in": False})
    known, times = await customers("timed", -(-size.times // 5)), {"known": [], "unknown": []}
    for number in range(size.times):
        pair = [("known", known[number // 5]), ("unknown", f"nobody-{number // 5}@customer.example")]
        for kind, email in pair if number % 2 else reversed(pair):
            times[kind].append(await asker.ask(email))
    apart = 0.5 + abs(auc(times["known"], times["unknown"]) - 0.5)
    medians = [statistics.median(times[kind]) * 1000 for kind in ("known", "unknown")]
    run.line.figures["known / unknown"] = f"{medians[0]:.2f} / {medians[1]:.2f} ms of {size.times} each, AUC {apart:.3f}"
    run.line.in_time(apart <= 0.55, f"known and unknown addresses are told apart: AUC {apart:.3f}")
    await until(lambda: len(sink.taken) == size.cycles + size.times, 300)
    run.line.expect(len(sink.taken) == size.cycles + size.times, f"{len(sink.taken) - size.cycles} of {size.times} mails arrived")
    run.line.acked += size.cycles * size.crowd + 2 * size.times
    await sink.leave()
    return await run.finish()
