"""The release binary as a process: started, asked, killed; none outlives the run."""

import asyncio
import json
import os
import signal
import subprocess
import time
from pathlib import Path

from wire import Failed, Wire, free_port

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("MINTMARK_BINARY") or ROOT / "target/release/mintmark").resolve()
running = set()


def end_all():
    """Ends every process that was started here, by its id."""
    for process in list(running):
        if process.poll() is None:
            process.kill()
        process.wait()
        running.discard(process)


def plain_environment():
    """The environment without settings of whoever runs this."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MINTMARK_") and name != "RUST_LOG"}


class Mintmark:
    """One process on a place. `before` is what its command line begins with, such as strace."""

    def __init__(self, place, settings=None, before=(), port=None, public=None):
        self.place, self.before = place, list(before)
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        # The harness is one address with many connections.
        self.settings = {"MINTMARK_LISTEN": f"127.0.0.1:{self.port}", "MINTMARK_PUBLIC_URL": public or self.url,
                         "MINTMARK_MAX_CONNECTIONS_PER_CLIENT": "4000", **place.settings(), **(settings or {})}
        self.wire = Wire(self.port)
        self.process, self.rss_max, self.log = None, 0, place.beside / f"log-{self.port}"

    def environment(self):
        """What it and its commands see."""
        return {**plain_environment(), **self.settings}

    def launch(self):
        """Starts it, and does not wait."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*self.before, str(BINARY), "serve"], env=self.environment(), cwd=self.place.folder,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        running.add(self.process)

    async def start(self, within=60.0):
        """Starts it and answers after how many milliseconds it was ready."""
        begun = time.monotonic()
        self.launch()
        await self.ready(within)
        return (time.monotonic() - begun) * 1000

    async def ready(self, within=30.0):
        """Waits until `/readyz` says 200; answers the milliseconds."""
        begun = time.monotonic()
        while time.monotonic() - begun < within:
            if self.process.poll() is not None:
                raise RuntimeError(f"mintmark ended with {self.process.returncode}: {self.last_words()}")
            try:
                if (await self.wire.ask("GET", "/readyz", timeout=3, fresh=True)).status == 200:
                    return (time.monotonic() - begun) * 1000
            except Failed:
                pass
            await asyncio.sleep(0.005)
        raise RuntimeError(f"mintmark was not ready within {within} s: {self.last_words()}")

    def last_words(self):
        """The end of its log."""
        return self.log.read_text(errors="replace")[-1500:]

    def status(self, field):
        """A number of /proc/PID/status, such as VmHWM in KiB."""
        try:
            text = Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return 0
        return next((int(line.split()[1]) for line in text.splitlines() if line.startswith(field + ":")), 0)

    def measure(self):
        """Keeps the largest resident set, in MiB."""
        if self.process:
            self.rss_max = max(self.rss_max, self.status("VmHWM") // 1024)

    def kill(self):
        """kill -9."""
        self.measure()
        self.process.kill()
        self.process.wait()
        running.discard(self.process)
        self.wire.forget()

    async def stop(self, within=40.0):
        """SIGTERM; answers the seconds it took."""
        self.measure()
        begun = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        while self.process.poll() is None and time.monotonic() - begun < within:
            await asyncio.sleep(0.01)
        late = self.process.poll() is None
        self.kill()
        if late:
            raise RuntimeError(f"mintmark did not end within {within} s of SIGTERM")
        return time.monotonic() - begun

    async def command(self, *args, stdin="", check=True, settings=None):
        """A verb of the same binary on the same place."""
        command = [str(BINARY), *args]
        done = await asyncio.to_thread(subprocess.run, command, env={**self.environment(), **(settings or {})}, input=stdin,
                                       capture_output=True, text=True, cwd=self.place.folder, timeout=300)
        if check and done.returncode != 0:
            raise RuntimeError(f"mintmark {' '.join(args)} ended with {done.returncode}: {done.stderr.strip()[-600:]}")
        return done

    async def json(self, *args, stdin=""):
        """The object that a verb prints."""
        return json.loads((await self.command("--json", *args, stdin=stdin)).stdout)
