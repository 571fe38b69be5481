"""E2's control: a server of a few lines that writes a token to SQLite and answers, on a port, with this `synchronous`, in a folder."""

import http.server
import os
import secrets
import sqlite3
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    """Every POST is a mint."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        """Commits one row, then answers in one write."""
        self.rfile.read(int(self.headers["content-length"]))
        token = "wtok_" + secrets.token_hex(12)
        with database:
            database.execute("insert into token (id) values (?)", [token])
        body = f'{{"id":"{token}"}}'
        self.wfile.write(f"HTTP/1.1 201 Created\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n{body}".encode())
        self.close_connection = True

    def log_message(self, *_):
        """Says nothing."""


database = sqlite3.connect(os.path.join(sys.argv[3], "control.db"))
database.execute("pragma journal_mode = wal")
database.execute(f"pragma synchronous = {sys.argv[2]}")
database.execute("create table token (id text primary key)")
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
