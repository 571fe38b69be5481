"""strace around a running process: inject a death, an error or a silence into its system calls, or write them down."""

import asyncio
import shutil
import signal
import subprocess
from pathlib import Path

from postgres import Missing
from program import running


class Tracer:
    """strace, attached to a process and all its threads."""

    def __init__(self, pid, *arguments, pipe=None):
        if shutil.which("strace") is None:
            raise Missing("no strace: install Debian's package strace")
        self.pid, self.arguments, self.pipe = pid, list(arguments), pipe
        self.process = None

    async def attach(self):
        """Begins; returns once every thread is held."""
        command = ["strace", "-f", "-p", str(self.pid), *self.arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                        pass_fds=[self.pipe] if self.pipe else [])
        running.add(self.process)
        said = b""
        while b"attached" not in said:
            line = await asyncio.to_thread(self.process.stderr.readline)
            said += line
            if not line or b"not permitted" in line:
                raise Missing(f"strace may not trace here: {said.decode().strip()[-200:]}")
        self.drain = asyncio.create_task(asyncio.to_thread(self.process.stderr.read))
        while not all_traced(self.pid):
            await asyncio.sleep(0.01)
        return self

    async def detach(self):
        """Ends, and lets the process go on."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        await asyncio.to_thread(self.process.wait)
        await self.drain
        running.discard(self.process)


def all_traced(pid):
    """Whether each thread of the process has a tracer; true as well when it is gone."""
    try:
        for status in Path(f"/proc/{pid}/task").glob("*/status"):
            if "TracerPid:\t0" in status.read_text():
                return False
    except OSError:
        pass
    return True
