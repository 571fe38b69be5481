"""The table of experiments: what each is called, where it runs, and how large it is in `make faults` and in `make test`."""

import os
from types import SimpleNamespace
from typing import Any, Awaitable, Callable, NamedTuple

import aborting
import backups
import broken_disk
import clocks
import damaged
import database
import failover
import floods
import fullness
import instants
import keys
import killed
import links
import mail
import nodes
import order
import rolling
import slow
import soak
import upgrades

BOTH = ("sqlite", "postgres")


class Experiment(NamedTuple):
    """One row."""

    run: Callable[..., Awaitable[Any]]
    engines: tuple
    full: dict
    # The sizes in make test; None when it runs in make faults alone.
    small: dict | None = None


EXPERIMENTS = {
    "E1": Experiment(killed.kill, BOTH, {"cycles": 200, "rows": 1_000_000, "seconds": (2, 5), "rate": 200}, {"cycles": 5, "rows": 0, "seconds": (0.5, 1.5), "rate": 150}),
    "E1exact": Experiment(instants.every_instant, BOTH, {"times": 200}),
    "E2": Experiment(order.power_loss, ("sqlite",), {"times": 12_000}),
    "E3": Experiment(fullness.disk_full, ("sqlite",), {"seconds": 5, "rate": 100}),
    "E4": Experiment(broken_disk.injected, ("sqlite",), {"seconds": 4, "rate": 60}),
    "E5": Experiment(database.fail_database, ("postgres",), {"cycles": 20, "seconds": 5, "locked": 10, "rate": 150}, {"cycles": 2, "seconds": 3, "locked": 3, "rate": 60}),
    "E6": Experiment(failover.cycles, ("postgres",), {"cycles": 20, "seconds": 3, "rate": 100}),
    "E7": Experiment(clocks.jumps, BOTH, {}),
    "E8": Experiment(nodes.two_nodes, ("postgres",), {"times": 10_000, "rate": 100}, {"times": 800, "rate": 40}),
    "E9": Experiment(rolling.roll, ("postgres",), {"cycles": 20, "rate": 300}, {"cycles": 2, "rate": 60}),
    "E10": Experiment(slow.slow_clients, ("sqlite",), {"times": 5_000, "rate": 200}),
    "E11": Experiment(floods.floods, BOTH, {"hashes": 500, "names": 100_000, "forgeries": 1_000_000, "lists": 2_000}),
    "E12": Experiment(slow.descriptors, BOTH, {"times": 1_000, "seconds": 10}),
    "E13": Experiment(keys.rotations, BOTH, {"cycles": 30, "seconds": 10, "max_age": 5, "rate": 100}, {"cycles": 2, "seconds": 2, "max_age": 1, "rate": 30}),
    "E14": Experiment(upgrades.upgrade, BOTH, {"rows": 100_000, "cycles": 10}),
    "E15": Experiment(backups.under_load, BOTH, {"cycles": 20, "seconds": 5, "rate": 300, "tokens": 100_000}),
    "E16": Experiment(damaged.damage, ("sqlite",), {"cycles": 30}),
    "E17": Experiment(mail.mail_failure, BOTH, {"times": 100}),
    "E18": Experiment(soak.soak, BOTH, {"minutes": float(os.environ.get("FAULTS_MINUTES", "60")), "rate": 300}),
    "links": Experiment(links.links, BOTH, {"cycles": 200, "crowd": 100, "times": 2_000}),
    "aborts": Experiment(aborting.hang_ups, BOTH, {"times": 20_000, "pace": 200, "crowd": 3_000, "rate": 50}, {"times": 1_500, "pace": 100, "crowd": 1_200, "rate": 20}),
}


# What FAULTS_SHARE scales; seconds, rates and what is needed at once stay.
COUNTS = ("cycles", "times", "rows", "names", "forgeries", "lists", "minutes")


def sizes(name, small):
    """Its sizes; FAULTS_SHARE, such as 0.1, makes a full run so much smaller."""
    experiment = EXPERIMENTS[name]
    size = dict(experiment.small if small and experiment.small is not None else experiment.full)
    share = 1.0 if small else float(os.environ.get("FAULTS_SHARE", "1"))
    for count in COUNTS:
        if count in size and share != 1.0:
            size[count] = size[count] * share if count == "minutes" else max(1, round(size[count] * share))
    return SimpleNamespace(**size)
