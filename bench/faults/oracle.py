"""The log of what was acknowledged: appended, fsynced, and the only thing that the checker believes."""

import json
import os
import queue
import threading


class Oracle:
    """An append-only file with one operation a line: {seq, kind, id, status, t_send, t_ack}, times in seconds."""

    def __init__(self, folder):
        self.path = folder / "oracle.jsonl"
        self.file = open(self.path, "ab", buffering=0)
        self.waiting = queue.Queue()
        self.count, self.read_to = 0, 0
        threading.Thread(target=self.write, daemon=True).start()

    def write(self):
        """Writes what waits and syncs once for all of it, off the load's path."""
        while True:
            lines = [self.waiting.get()]
            while not self.waiting.empty():
                lines.append(self.waiting.get())
            self.file.write(b"".join(lines))
            os.fsync(self.file.fileno())
            for _ in lines:
                self.waiting.task_done()

    def acknowledged(self, kind, id, status, t_send, t_ack):
        """One operation was answered with 2xx."""
        self.count += 1
        entry = {"seq": self.count, "kind": kind, "id": id, "status": status, "t_send": round(t_send, 6), "t_ack": round(t_ack, 6)}
        self.waiting.put(json.dumps(entry).encode() + b"\n")

    def entries(self):
        """Everything, read back from the disk."""
        self.waiting.join()
        with open(self.path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def news(self):
        """What was added since the last call."""
        self.waiting.join()
        with open(self.path, "rb") as file:
            file.seek(self.read_to)
            data = file.read()
            self.read_to = file.tell()
        return [json.loads(line) for line in data.splitlines()]
