"""`python3 bench/faults [--small] [experiment...]`: runs experiments, prints a line each and a table, exits with 1 unless all passed."""

import argparse
import asyncio
import signal
import sys
import traceback
from pathlib import Path

import mounts
import places
import program
import report
from experiments import EXPERIMENTS, sizes
from postgres import Cluster, Missing

RESULTS = Path(__file__).resolve().parents[1] / "results" / "faults.json"


def arguments():
    """What to run."""
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("experiments", nargs="*", metavar="experiment", help=", ".join(EXPERIMENTS))
    parser.add_argument("--small", action="store_true", help="the sizes of make test")
    parser.add_argument("--engine", choices=["sqlite", "postgres"], help="on this engine alone")
    chosen = parser.parse_args()
    for name in chosen.experiments:
        if name not in EXPERIMENTS:
            parser.error(f"no experiment {name}: there are {', '.join(EXPERIMENTS)}")
    return chosen


async def perform(name, engine, size):
    """One experiment on one engine; whatever goes wrong is a line."""
    try:
        return await EXPERIMENTS[name].run(size, engine)
    except Missing as missing:
        return report.Line(name, engine, not_run=str(missing))
    except Exception as error:  # The harness goes on with the next, and this one has not passed.
        traceback.print_exc()
        line = report.Line(name, engine)
        line.violations.append(f"the experiment broke: {error}")
        return line
    finally:
        program.end_all()


async def main():
    """Everything that was asked for."""
    chosen = arguments()
    report.TIMED = not chosen.small
    if not program.BINARY.exists():
        sys.exit(f"{program.BINARY} is not there: run 'make build', or name another with MINTMARK_BINARY.")
    lines = []
    for name in chosen.experiments or [name for name, experiment in EXPERIMENTS.items() if not chosen.small or experiment.small]:
        for engine in EXPERIMENTS[name].engines:
            if chosen.engine not in (None, engine):
                continue
            line = await perform(name, engine, sizes(name, chosen.small))
            lines.append(line)
            print(line.text(), flush=True)
            for violation in line.violations[:10]:
                print(f"    {violation}", flush=True)
    print("\n" + report.table(lines))
    report.write(lines, RESULTS)
    return 0 if all(line.passed() for line in lines) else 1


def ended(*_):
    """A signal ends the run as an exception does, so that everything is cleaned up."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, ended)
    code = 130
    try:
        code = asyncio.run(main())
    except KeyboardInterrupt:
        pass
    finally:
        program.end_all()
        Cluster.end()
        mounts.unmount_all()
        places.clean_up()
    sys.exit(code)
