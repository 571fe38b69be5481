// Starts Caddy, nginx or HAProxy with the file that deploy/ ships, on ports of its own in front of a running Mintmark.
//
// Tests run it with `scripts/proxies`, which has the three installed.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connect as secure } from "node:tls";
import { freePort, root } from "./mintmark.mjs";
import { run } from "./run.mjs";

/** The host that the shipped files name. */
export const host = "mintmark.example.com";

/** What differs from the shipped file: ports, the certificate, how long a test would wait, and a log of the requests' ids. */
const proxies = {
  nginx: {
    file: "nginx.conf",
    changes: ({ folder, http, https, upstream }) => [
      ["server 127.0.0.1:3000", `server ${upstream}`],
      ["listen 80;", `listen 127.0.0.1:${http};`],
      ["listen 443 ssl", `listen 127.0.0.1:${https} ssl`],
      [/^ *listen \[::\].*\n/gm, ""],
      ["/etc/ssl/mintmark/fullchain.pem", join(folder, "cert.pem")],
      ["/etc/ssl/mintmark/privkey.pem", join(folder, "key.pem")],
      ["client_header_timeout 15s", "client_header_timeout 2s"],
      ["client_body_timeout 30s", "client_body_timeout 2s"],
      ["location / {", `access_log ${join(folder, "requests")} ids;\n    location / {`],
    ],
    around: (text, { folder }) => {
      const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((what) => `${what}_temp_path ${join(folder, what)};`);
      return `pid ${join(folder, "pid")};\nevents {}\nhttp {\nlog_format ids $http_x_request_id;\naccess_log off;\n${temporary.join("\n")}\n${text}\n}\n`;
    },
    command: (file) => ["nginx", ["-e", "stderr", "-g", "daemon off;", "-c", file]],
  },
  haproxy: {
    file: "haproxy.cfg",
    changes: ({ folder, http, https, upstream }) => [
      ["server one 127.0.0.1:3000", `server one ${upstream}`],
      ["bind :80", `bind 127.0.0.1:${http}`],
      ["bind :443", `bind 127.0.0.1:${https}`],
      ["/etc/haproxy/mintmark.pem", join(folder, "both.pem")],
      ["timeout http-request 15s", "timeout http-request 2s"],
      ["timeout client 30s", "timeout client 2s"],
      ["default_backend", "http-request capture req.hdr(x-request-id) len 64\n    log global\n    log-format %[capture.req.hdr(0)]\n    default_backend"],
    ],
    around: (text) => `global\n    log stdout format raw local0\n${text}`,
    command: (file) => ["haproxy", ["-db", "-f", file]],
  },
  caddy: {
    file: "Caddyfile",
    changes: ({ folder, http, https, upstream }) => [
      ["reverse_proxy 127.0.0.1:3000", `reverse_proxy ${upstream}`],
      [/^\{\n/gm, `{\n\tadmin off\n\thttp_port ${http}\n\thttps_port ${https}\n\tdefault_bind 127.0.0.1\n`],
      [`\n${host} {\n`, `\n${host} {\n\tlog\n\ttls ${join(folder, "cert.pem")} ${join(folder, "key.pem")}\n`],
      ["read_header 15s", "read_header 2s"],
      ["read_body 30s", "read_body 2s"],
    ],
    around: (text) => text,
    command: (file) => ["caddy", ["run", "--adapter", "caddyfile", "--config", file]],
  },
};

export const names = Object.keys(proxies);

/**
 * Answers `{ name, redirector, options(from), open(from, protocols), exchange(bytes, from), requests() }`, where `from` is the loopback
 * address of a client: what `https.request` wants, a TLS socket, all that comes back for some bytes until the other side
 * closes, and the ids of the requests that the proxy says it saw. `redirector` is the address without TLS.
 */
export async function proxy(t, name, server) {
  const { file, changes, around, command } = proxies[name];
  const folder = await mkdtemp(join(tmpdir(), `mintmark-${name}-`));
  const place = { folder, http: await freePort(), https: await freePort(), upstream: new URL(server.url).host };
  const ca = await certificate(folder);
  let text = await readFile(join(root, "deploy", file), "utf8");
  for (const [shipped, tested] of changes(place)) {
    const changed = text.replaceAll(shipped, tested);
    if (changed === text) throw new Error(`deploy/${file} does not say ${shipped}`);
    text = changed;
  }
  const config = join(folder, file);
  await writeFile(config, around(text, place));

  const [program, args] = command(config);
  const env = { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.on("error", (error) => (log += error.message));
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (said) => (log += said));
  t.after(async () => {
    if (child.exitCode === null && child.pid !== undefined) {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    }
    await rm(folder, { recursive: true, force: true });
  });

  const options = (from) => ({ host: "127.0.0.1", port: place.https, localAddress: from, servername: host, ca });
  const open = (from, protocols = ["http/1.1"]) => secure({ socket: connect(options(from)), servername: host, ca, ALPNProtocols: protocols });
  const proxied = {
    name,
    redirector: `http://127.0.0.1:${place.http}`,
    options,
    open,
    exchange: (bytes, from) => exchange(open(from), bytes),
    requests: async () => ids(log + (await readFile(join(folder, "requests"), "utf8").catch(() => ""))),
  };
  const deadline = Date.now() + 15_000;
  const hello = `GET /healthz HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`;
  while (!(await proxied.exchange(hello, "127.0.0.1")).startsWith("HTTP/1.1 200")) {
    if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) throw new Error(`${name} does not serve:\n${log}`);
    await pause(25);
  }
  return proxied;
}

/** The ids of requests that a log names. */
export const ids = (log) => new Set(log.match(/req_[0-9a-f]{24}/g));

/** Sends the bytes and answers what comes back, as latin1, until the other side closes or breaks the connection. */
export async function exchange(socket, bytes) {
  let said = "";
  socket.setEncoding("latin1").on("data", (text) => (said += text));
  socket.on("error", () => {}); // a refusal may come as a reset
  socket.write(bytes, "latin1");
  await new Promise((closed) => socket.on("close", closed));
  return said;
}

/** Made for this run, and believed by nobody else. */
async function certificate(folder) {
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(folder, name));
  const subject = ["-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`];
  await run("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", ...subject, "-keyout", key, "-out", cert]);
  const pem = await readFile(cert, "utf8");
  await writeFile(join(folder, "both.pem"), pem + (await readFile(key, "utf8")));
  return pem;
}
