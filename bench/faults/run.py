"""One experiment's surroundings: a place, a server, a world, an oracle, a checker."""

from checker import Checker
from load import Load
from oracle import Oracle
from places import place
from program import Mintmark
from report import Line
from world import World


class Run:
    """Everything that one experiment on one engine needs."""

    def __init__(self, experiment, engine, where=None):
        self.line = Line(experiment, engine)
        self.place = where or place(engine)
        self.oracle, self.world = Oracle(self.place.beside), World()
        self.checker = Checker(self.world, self.oracle, self.place)
        self.servers = []

    async def server(self, settings=None, before=(), public=None):
        """A running process on the place; the first founds the world."""
        mintmark = Mintmark(self.place, settings, before, public=public)
        await mintmark.start()
        if not self.servers:
            await self.world.found(mintmark)
        self.servers.append(mintmark)
        return mintmark

    def load(self, *servers, rate=150, **more):
        """Load on these servers, begun."""
        return Load(self.world, self.oracle, [server.wire for server in servers or self.servers], rate, **more).start()

    async def finish(self, load=None, check=True):
        """The last and whole check, the processes' end, and the line."""
        if check:
            await self.checker.after_fault(self.servers[0], everything=True)
        self.line.take(load, self.checker, *self.servers)
        for server in self.servers:
            await server.stop()
        return self.line
