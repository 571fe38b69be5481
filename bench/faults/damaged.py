"""E16: damaged, foreign and missing files. Mintmark refuses to start or serves what is true; it never begins anew in silence."""

import asyncio
import shutil

from checker import verdicts
from places import Sqlite
from program import Mintmark
from run import Run
from wire import Failed


async def prepare(run):
    """An installation with a write-ahead log beside it, as a crash leaves it, and tokens of both kinds."""
    server = await run.server()
    load = run.load(server, rate=100)
    await asyncio.sleep(2)
    await load.stop()
    server.kill()
    return server


def flip(random, path, times=100):
    """Flips that many random bits."""
    data = bytearray(path.read_bytes())
    for _ in range(times):
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    path.write_bytes(data)


def cut(random, path):
    """Ends it somewhere."""
    data = path.read_bytes()
    path.write_bytes(data[:random.randrange(len(data))])


def harms(random):
    """What can happen to a folder, by name."""
    def on(name, what):
        return lambda folder: what(random, folder / name)
    return {
        "bits of the database": on("mintmark.db", flip),
        "bits of the log": on("mintmark.db-wal", flip),
        "bits of the key": on("master.key", lambda random, path: flip(random, path, 3)),
        "end of the database": on("mintmark.db", cut),
        "end of the log": on("mintmark.db-wal", cut),
        "end of the key": on("master.key", cut),
        "database of noise": lambda folder: (folder / "mintmark.db").write_bytes(random.randbytes(65_536)),
        "empty database": lambda folder: ((folder / "mintmark.db").write_bytes(b""), (folder / "mintmark.db-wal").unlink(missing_ok=True)),
        "no database": lambda folder: [path.unlink() for path in folder.glob("mintmark.db*")],
        "no key": lambda folder: (folder / "master.key").unlink(),
        "empty key": lambda folder: (folder / "master.key").write_bytes(b""),
        "another's key": lambda folder: (folder / "master.key").write_text("ab" * 32),
        "open key": lambda folder: (folder / "master.key").chmod(0o644),
        "newer schema": lambda folder: Sqlite(folder).execute(
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time) values (9999, 'later', 1, x'00', 0)"),
    }


MUST_REFUSE = {"no key", "empty key", "another's key", "end of the key", "bits of the key", "open key", "newer schema", "database of noise", "empty database", "no database"}


async def judge(run, name, folder):
    """Starts on the harmed folder: 'refused', 'served', or what is wrong."""
    server = Mintmark(Sqlite(folder), public=run.servers[0].url)
    try:
        await server.start(within=20)
    except RuntimeError as error:
        ended = server.process.poll()
        server.kill()
        if ended is None:
            return f"neither served nor ended: {error}"
        if ended < 0 or "panicked" in server.last_words():
            return f"crashed with {ended}: {error}"
        return "refused"
    try:
        if name in MUST_REFUSE:
            return "served"
        return await truth(run, server)
    finally:
        server.measure()
        server.kill()


async def truth(run, server):
    """Nothing that is answered may be false: no revoked token lives, and the installation is the one it was."""
    tokens = list(run.world.tokens.values())
    for token, said in await verdicts(server.wire, run.world.random.sample(tokens, min(60, len(tokens)))):
        if said == "alive" and token.dead_at:
            return f"{token.id}, revoked, lives"
    try:
        answer = await server.wire.ask("GET", "/v1/audit-events?limit=1", run.world.key)
        if answer.status == 200 and not answer.json()["data"]:
            return "history is empty"
    except Failed as error:
        return f"no answer: {error}"
    return "served"


async def damage(size, engine):
    """Each harm `size.cycles` times, each on a copy of its own."""
    run = Run("E16", engine)
    server = await prepare(run)
    outcomes = {}
    for name, harm in harms(run.world.random).items():
        for _ in range(size.cycles if "of the" in name else 1):
            copy = Sqlite()
            shutil.copytree(server.place.folder, copy.folder, dirs_exist_ok=True)
            harm(copy.folder)
            said = await judge(run, name, copy.folder)
            run.line.cycles += 1
            outcomes.setdefault(name, []).append(said)
            bad = said not in ("refused", "served") or (name in MUST_REFUSE and said != "refused")
            run.line.expect(not bad, f"{name}: {said}")
    for name, said in outcomes.items():
        run.line.figures[name] = f"{said.count('refused')} refused, {said.count('served')} served"
    run.line.take(None, run.checker, server)
    return run.line
