"""One line a run, a table of all lines at the end, and the same as JSON."""

import json
from datetime import datetime, timezone


def percentile(values, share):
    """The value that `share` of all do not exceed; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


# Whether limits of time are judged: not in `make test`, which runs on machines that do other things as well.
TIMED = True


class Line:
    """What one experiment found on one engine."""

    def __init__(self, experiment, engine="-", not_run=None):
        self.experiment, self.engine, self.not_run = experiment, engine, not_run
        self.cycles = self.acked = self.errors = self.rss_max = 0
        self.recovery, self.violations, self.figures = [], [], {}
        self.lost = self.stale = 0

    def take(self, load=None, checker=None, *servers):
        """Adds what a load, a checker and servers have seen."""
        if load:
            self.errors += load.errors()
            self.lost += len(load.lost)
            self.stale += len(load.stale)
            self.violations += load.lost + load.stale + [f"a request was answered with {odd}" for odd in load.odd]
        if checker:
            self.acked += checker.acked
            self.lost += len(checker.lost)
            self.stale += len(checker.stale)
            self.violations += checker.lost + checker.stale + checker.wrong
        for server in servers:
            server.measure()
            self.rss_max = max(self.rss_max, server.rss_max)
        return self

    def expect(self, truth, sentence):
        """Something that has to hold."""
        if not truth:
            self.violations.append(sentence)

    def in_time(self, truth, sentence):
        """Something that has to be quick: said in any case, judged where the machine is ours alone."""
        if not truth:
            self.figures["late"] = "; ".join(filter(None, [self.figures.get("late"), sentence]))
            if TIMED:
                self.violations.append(sentence)

    def passed(self):
        """Ran, and found nothing."""
        return self.not_run is None and not self.violations

    def text(self):
        """The line."""
        if self.not_run:
            return f"{self.experiment}, {self.engine}, not run: {self.not_run}"
        recovery = "/".join("-" if value is None else f"{value:.0f}" for value in (percentile(self.recovery, 0.5), percentile(self.recovery, 0.99)))
        parts = [self.experiment, self.engine, f"cycles {self.cycles}", f"acked {self.acked}", f"lost {self.lost}", f"stale_accepts {self.stale}",
                 f"recovery_ms {recovery}", f"errors {self.errors}", f"rss_max {self.rss_max} MiB"]
        parts += [f"{name} {value}" for name, value in self.figures.items()]
        return ", ".join(parts + ["ok" if self.passed() else f"VIOLATED {len(self.violations)}"])

    def record(self):
        """The same for machines."""
        return {"experiment": self.experiment, "engine": self.engine, "passed": self.passed(), "not_run": self.not_run, "cycles": self.cycles, "acked": self.acked,
                "lost": self.lost, "stale_accepts": self.stale, "recovery_ms": {"p50": percentile(self.recovery, 0.5), "p99": percentile(self.recovery, 0.99)},
                "errors": self.errors, "rss_max_mib": self.rss_max, "figures": self.figures, "violations": self.violations[:50]}


# A p99 up to here, in seconds, is not judged by how many times the calm one it is: two ticks of the scheduler (4 ms each) are the least that two
# busy processes on two cores cost whoever waits for a third, and the harness is one of them.
FLOOR = 0.008


def calmly(line, what, calm, busy, times):
    """Judges a p99 (seconds) by the one without the disturbance."""
    if calm is None or busy is None:
        return line.expect(False, f"{what}: nothing was measured")
    line.figures[what] = f"{busy * 1000:.1f} ms, without {calm * 1000:.1f} ms ({busy / calm:.1f} x)"
    line.in_time(busy <= max(times * calm, FLOOR), f"{what} is {busy * 1000:.1f} ms, and without {calm * 1000:.1f} ms: more than {times} x")


def table(lines):
    """Markdown, as bench/README.md carries it."""
    rows = ["| experiment | engine | cycles | acked | lost | stale accepts | recovery ms p50 / p99 | errors | RSS MiB | more | |", "|" + "---|" * 11]
    for line in lines:
        if line.not_run:
            rows.append(f"| {line.experiment} | {line.engine} | | | | | | | | not run: {line.not_run} | not passed |")
            continue
        recovery = " / ".join("-" if value is None else f"{value:.0f}" for value in (percentile(line.recovery, 0.5), percentile(line.recovery, 0.99)))
        more = "; ".join(f"{name} {value}" for name, value in line.figures.items())
        cells = [line.experiment, line.engine, line.cycles, line.acked, line.lost, line.stale, recovery, line.errors, line.rss_max, more, "ok" if line.passed() else "VIOLATED"]
        rows.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(rows)


def write(lines, path):
    """The whole run as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"at": datetime.now(timezone.utc).isoformat(timespec="seconds"), "lines": [line.record() for line in lines]}, indent=1) + "\n")
