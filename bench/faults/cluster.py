"""`make cluster`: two nodes on one throw-away PostgreSQL behind a balancer, until a signal comes. A node that ends is started again."""

import asyncio
import os
import signal

import places
import program
from balancer import Balancer
from places import Postgres
from postgres import Cluster
from program import Mintmark
from rolling import DRAIN


async def serve(port):
    """Starts everything, says where it is, and keeps it up."""
    place, url = Postgres(Cluster.of_this_run()), f"http://127.0.0.1:{port}"
    nodes = [Mintmark(place, DRAIN, public=url) for _ in range(2)]
    for node in nodes:
        await node.start()
    balancer = await Balancer([node.port for node in nodes], port).start()
    print(nodes[-1].log.read_text(errors="replace").split("\n{")[0])
    print(f"It stands before {' and '.join(f'{node.url} (process {node.process.pid})' for node in nodes)}.")
    print(f"Their database is {place.settings()['MINTMARK_DATABASE_URL']}, their logs are {place.beside}/log-*.")
    print("kill -TERM one of the processes: it drains, ends and is started again. Control-C ends everything.", flush=True)
    try:
        while True:
            for node in nodes:
                if node.process.poll() is not None:
                    await node.start()
                    print(f"{node.url} is process {node.process.pid} now", flush=True)
            await asyncio.sleep(0.1)
    finally:
        await balancer.stop()


def ended(*_):
    """A signal ends it as Control-C does."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, ended)
    try:
        asyncio.run(serve(int(os.environ.get("PORT", "3000"))))
    except KeyboardInterrupt:
        pass
    finally:
        program.end_all()
        Cluster.end()
        places.clean_up()
