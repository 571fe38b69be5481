"""A PostgreSQL of our own that may be stopped, killed and started: in a temporary folder, on a socket only."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path


class Missing(Exception):
    """This machine lacks something that an experiment needs."""


def programs():
    """The newest PostgreSQL's folder of programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if path := shutil.which("initdb"):
        return Path(path).parent
    raise Missing("no PostgreSQL programs: install Debian's package postgresql")


class Cluster:
    """A server."""

    current = None

    @classmethod
    def of_this_run(cls):
        """The one that experiments share, started when first asked for."""
        if cls.current is None:
            cls.current = cls()
            cls.current.create()
        return cls.current

    @classmethod
    def end(cls):
        """Stops and removes it."""
        if cls.current:
            cls.current.remove()
            cls.current = None

    def __init__(self, port=5432):
        self.bin, self.port = programs(), port
        # Short, because the path of a socket may not be long, and enterable by the user that PostgreSQL runs as.
        self.home = Path(tempfile.mkdtemp(prefix="mmpg-", dir="/var/tmp"))
        self.data, self.log = self.home / "data", self.home / "log"
        self.as_user = []
        if os.getuid() == 0:
            user = "postgres" if any(entry.pw_name == "postgres" for entry in pwd.getpwall()) else "nobody"
            shutil.chown(self.home, user)
            self.as_user = ["runuser", "-u", user, "--"]

    def run(self, program, *args):
        """One of PostgreSQL's programs, as the user that may run it."""
        subprocess.run([*self.as_user, str(self.bin / program), *args], check=True, cwd="/", stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def create(self, *settings):
        """Makes its data and starts it. Durable, because Mintmark asserts that."""
        self.run("initdb", "-D", str(self.data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync")
        self.configure("listen_addresses = ''", f"unix_socket_directories = '{self.home}'", f"port = {self.port}", "max_connections = 200", *settings)
        self.start()

    def configure(self, *lines):
        """Adds settings."""
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def start(self):
        """Until it answers."""
        self.run("pg_ctl", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "60", "start")

    def stop(self, mode="fast"):
        """`immediate` is a crash."""
        self.run("pg_ctl", "-D", str(self.data), "-m", mode, "-w", "stop")

    def pid(self):
        """Of the process that all its others hang on."""
        return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])

    def remove(self):
        """Stops it and removes its data."""
        try:
            self.stop("immediate")
        except subprocess.CalledProcessError:
            pass  # It was down already.
        shutil.rmtree(self.home, ignore_errors=True)

    def url(self, database="postgres"):
        """How Mintmark and psql reach it."""
        return f"postgres:///{database}?host={self.home}&port={self.port}&user=postgres"

    def socket(self):
        """The file that it listens on."""
        return f"{self.home}/.s.PGSQL.{self.port}"

    def query(self, sql, database="postgres"):
        """Rows, as lists of text."""
        command = [str(self.bin / "psql"), "-qAtX", "-v", "ON_ERROR_STOP=1", "-F", "\t", self.url(database), "-c", sql]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd="/")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def new_database(self):
        """An empty one's name."""
        name = "t_" + secrets.token_hex(6)
        self.query(f"create database {name}")
        return name
