"""Where Mintmark keeps its data: a folder with SQLite, or a database of a PostgreSQL of our own."""

import os
import secrets
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path

from postgres import Cluster

scratch = []


def new_folder():
    """A folder that goes at the end of the run; below FAULTS_DIR if that is set."""
    folder = Path(tempfile.mkdtemp(prefix="mintmark-faults-", dir=os.environ.get("FAULTS_DIR")))
    scratch.append(folder)
    return folder


def clean_up():
    """Removes every folder that was made."""
    while scratch:
        shutil.rmtree(scratch.pop(), ignore_errors=True)


class Sqlite:
    """SQLite in a folder of its own."""

    name = "sqlite"

    def __init__(self, folder=None):
        self.folder = folder or new_folder()
        # Logs and the oracle lie elsewhere: what happens to the data must not happen to them.
        self.beside = new_folder()
        self.file = self.folder / "mintmark.db"

    def settings(self):
        """What Mintmark's environment says of it."""
        return {"MINTMARK_DATA_DIR": str(self.folder)}

    def query(self, sql):
        """Rows, as lists of text, of a connection of our own."""
        with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=10) as conn:
            return [["" if value is None else str(value) for value in row] for row in conn.execute(sql)]

    def execute(self, sql):
        """Changes something behind Mintmark's back."""
        conn = sqlite3.connect(self.file, timeout=30)
        conn.executescript(sql)
        conn.close()

    def damage(self):
        """What the engine itself finds wrong with its files."""
        said = [row[0] for row in self.query("pragma integrity_check")]
        return [] if said == ["ok"] else said

    def left_open(self):
        """Connections of Mintmark that sit in a transaction; SQLite's show as a lock that nobody gives up."""
        try:
            conn = sqlite3.connect(self.file, timeout=3, isolation_level=None)
            conn.execute("begin immediate")
            conn.execute("rollback")
            conn.close()
        except sqlite3.OperationalError as error:
            return [str(error)]
        return []


class Postgres:
    """A database of its own on the run's PostgreSQL, reached as `url` says: its socket, or a proxy before it."""

    name = "postgres"

    def __init__(self, cluster, database=None, through=None):
        self.cluster = cluster
        self.folder, self.beside = new_folder(), new_folder()
        self.database = database or cluster.new_database()
        self.through = through
        key = self.folder / "own.key"
        key.write_text(secrets.token_hex(32))
        key.chmod(0o600)

    def settings(self):
        """What Mintmark's environment says of it."""
        url = self.cluster.url(self.database)
        if self.through:
            url = f"postgres://postgres@127.0.0.1:{self.through}/{self.database}"
        return {"MINTMARK_DATA_DIR": str(self.folder), "MINTMARK_DATABASE_URL": url, "MINTMARK_MASTER_KEY_FILE": str(self.folder / "own.key")}

    def query(self, sql):
        """Rows, as lists of text."""
        return self.cluster.query(sql, self.database)

    def execute(self, sql):
        """Changes something behind Mintmark's back."""
        self.cluster.query(sql, self.database)

    def damage(self):
        """What amcheck finds wrong with the indexes."""
        self.query("create extension if not exists amcheck")
        try:
            self.query("select bt_index_check(c.oid, true) from pg_class c join pg_index i on i.indexrelid = c.oid join pg_am a on a.oid = c.relam "
                       "where a.amname = 'btree' and c.relnamespace = 'public'::regnamespace")
        except subprocess.CalledProcessError as error:
            return [error.stderr.strip()]
        return []

    def left_open(self):
        """Connections of Mintmark that sit in a transaction for longer than any of its own may last."""
        rows = self.query("select pid, now() - state_change, query from pg_stat_activity where application_name = 'mintmark' and datname = current_database() "
                          "and state like 'idle in transaction%' and state_change < now() - interval '3 seconds'")
        return [" ".join(row) for row in rows]


def place(engine):
    """A fresh, empty one."""
    return Sqlite() if engine == "sqlite" else Postgres(Cluster.of_this_run())
