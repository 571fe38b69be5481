"""The portal's backend in Python 3.10, with the standard library alone: who is signed in here, and tokens for Mintmark's elements."""

import base64
import hashlib
import hmac
import json
import os
import pathlib
import re
import secrets
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

env = os.environ
mintmark, origin = env["MINTMARK_URL"], env["PORTAL_ORIGIN"]
portal = pathlib.Path(__file__).resolve().parent.parent / "portal"
people = json.loads((portal / "people.json").read_text(encoding="utf-8"))
sessions = {}  # the cookie's value -> whose it is; yours are in your database

pages = {"/": "pricing.html", "/account": "account.html", "/support": "support.html", "/sign-in": "sign-in.html"}
files = {f"/{name}": name for name in ["portal.css", "portal.js", "pricing.js", "account.js", "support.js", "sign-in.js", "icon.svg"]}
types = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# What Mintmark's elements need of a strict policy, and nothing else.
policy = (
    f"default-src 'none'; script-src 'self' {mintmark}; connect-src 'self' {mintmark}; frame-src {mintmark}; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


def bridge_token(person):
    """Says to Mintmark who is signed in here: the page exchanges it for a session, once."""
    now = int(time.time())
    claims = {name: person[name] for name in ("external_customer_id", "name", "email")}
    claims |= {"email_verified": True, "metadata": {"plan": person["plan"]}, "aud": env["MINTMARK_TENANT"]}
    claims |= {"iat": now, "exp": now + 300, "jti": secrets.token_hex(16)}

    def part(content):
        return base64.urlsafe_b64encode(content).rstrip(b"=")

    header = {"alg": "HS256", "typ": "JWT", "kid": env["MINTMARK_BRIDGE_KEY"]}
    signed = part(json.dumps(header).encode()) + b"." + part(json.dumps(claims).encode())
    signature = hmac.digest(env["MINTMARK_BRIDGE_SECRET"].encode(), signed, hashlib.sha256)
    return {"token": (signed + b"." + part(signature)).decode()}


def ask(path, body, headers):
    """Asks Mintmark, as this backend."""
    request = urllib.request.Request(mintmark + path, json.dumps(body).encode(), {"content-type": "application/json", **headers})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return {"token": json.load(answer)["token"]}


def identity_token(person):
    asked = {"product_id": env["MINTMARK_PRODUCT"], "verification_secret": env["MINTMARK_VERIFICATION_SECRET"]}
    asked |= {"user_id": person["external_customer_id"], "name": person["name"], "metadata": {"plan": person["plan"]}}
    return ask("/v1/auth/user-token", asked, {})


def widget_token(_person):
    asked = {"organization_id": env["MINTMARK_ORGANIZATION"], "scope": ["directory_sync"], "origins": [origin]}
    asked |= {"ttl_seconds": 600, "label": "Demo portal"}
    return ask("/v1/widget-tokens", asked, {"authorization": f"Bearer {env['MINTMARK_API_KEY']}"})


tokens = {"/tokens/bridge": bridge_token, "/tokens/identity": identity_token, "/tokens/widget": widget_token}


class Portal(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def send(self, status, body="", **headers):
        body = body.encode()
        self.send_response(status)
        always = {"cache_control": "no-store", "x_content_type_options": "nosniff", "content_length": str(len(body))}
        for name, value in {**always, **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def cookie(self):
        found = SimpleCookie(self.headers.get("cookie", "")).get("demo_portal")
        return found.value if found else ""

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        who = sessions.get(self.cookie(), "")
        if path in tokens:
            try:
                said = tokens[path](people[who]) if who else {"token": None}
            except urllib.error.HTTPError as error:
                print(path, error.read().decode(), file=sys.stderr)  # for your log, not for the page
                return self.send(500)
            return self.send(200, json.dumps(said), content_type="application/json")
        file = pages.get(path) or files.get(path)
        if not file:
            return self.send(404, "There is no such page.")
        values = {"mintmark": mintmark, "embed_key": env["MINTMARK_EMBED_KEY"], "who": who, "path": path}
        text = re.sub(r"\{\{(\w+)\}\}", lambda found: values[found[1]], (portal / file).read_text(encoding="utf-8"))
        end = pathlib.Path(file).suffix
        more = {"content_security_policy": policy, "referrer_policy": "strict-origin-when-cross-origin"} if end == ".html" else {}
        return self.send(200, text, content_type=f"{types[end]}; charset=utf-8", **more)

    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        form = urllib.parse.parse_qs(self.rfile.read(length).decode() if length <= 1000 else "")
        if urllib.parse.urlsplit(self.path).path != "/person" or self.headers.get("origin") != origin:
            return self.send(403, "Another site may not do that.", connection="close")
        person, back = form.get("person", [""])[0], form.get("back", ["/"])[0]
        sessions.pop(self.cookie(), None)
        session = secrets.token_hex(16)
        if person in people:
            sessions[session] = person
        cookie = f"demo_portal={session}; HttpOnly; SameSite=Lax; Path=/"
        return self.send(303, location=back if back in pages else "/", set_cookie=cookie)

    def log_message(self, *_):
        pass


try:
    server = ThreadingHTTPServer(("localhost", urllib.parse.urlsplit(origin).port), Portal)
except OSError as error:
    sys.exit(f"{origin} is taken: end what listens there, or set DEMO_PORT to another port. ({error.strerror})")
print(f"The demo's portal (Python): {origin}/", flush=True)
try:
    server.serve_forever()
except KeyboardInterrupt:
    pass
