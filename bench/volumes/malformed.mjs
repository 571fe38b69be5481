// JW11: what is no token is refused at once, never a fault, and leaves nothing behind.

import { connect } from "node:net";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { install, origin } from "../ours.mjs";

const encode = (value) => Buffer.from(value).toString("base64url");
const deep = (depth) => "[".repeat(depth) + "]".repeat(depth);

/** Each makes of a good token's parts what is none. */
const shapes = {
  "a member twice in the header": ([, payload, signature], header) => [encode(header.replace("{", '{"alg":"ES256",')), payload, signature],
  "a member twice in the payload": ([header, , signature], _, payload) => [header, encode(payload.replace("{", '{"sub":"x",')), signature],
  "something after the object": ([header, , signature], _, payload) => [header, encode(`${payload} x`), signature],
  "a byte order mark": ([, payload, signature], header) => [encode(`\ufeff${header}`), payload, signature],
  "UTF-16": ([, payload, signature], header) => [encode(Buffer.from(header, "utf16le")), payload, signature],
  "invalid UTF-8": ([header, , signature]) => [header, encode(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])), signature],
  "a lone surrogate": ([header, , signature]) => [header, encode('{"sub":"\\ud800"}'), signature],
  "JSON 1,000 deep": ([, payload, signature]) => [encode(deep(1_000)), payload, signature],
  "JSON 10,000 deep": ([, payload, signature]) => [encode(deep(10_000)), payload, signature],
  "a space": ([header, payload, signature]) => [header, ` ${payload}`, signature],
  "padding": ([header, payload, signature]) => [`${header}=`, payload, signature],
  "the other alphabet": ([header, payload, signature]) => [header, payload, `+/${signature.slice(2)}`],
  "a fourth part": (parts) => [...parts, "x"],
  "two parts": (parts) => parts.slice(0, 2),
  "empty parts": () => ["", "", ""],
  "the JSON serialization": () => ['{"protected":"e30","payload":"e30","signature":"e30"}'],
  "16 KiB": ([header, payload]) => [header, payload, "A".repeat(16_384)],
  "1 MiB": ([header, payload]) => [header, payload, "A".repeat(2 ** 20)],
};

export async function* malformed({ folder, servers, many }) {
  const it = await install("sqlite", folder, 100, () => {});
  const server = await it.start();
  servers.push(server);
  const parts = (await readFile(it.tokens, "utf8")).split("\n")[0].split("\t")[1].split(".");
  const [header, payload] = parts.slice(0, 2).map((part) => Buffer.from(part, "base64url").toString());
  const texts = Object.entries(shapes).map(([what, make]) => [what, make(parts, header, payload).join(".")]);
  for (const [, text] of texts) await ask(server, text); // what is allocated once
  const before = (await server.rss()).now;
  const wrong = [];
  const times = [];
  for (let round = 0; round < many(200); round += 1) {
    for (const [what, text] of texts) {
      const began = performance.now();
      const status = await ask(server, text);
      // A large one is refused while it is still sent: its time is the sending's.
      if (text.length < 32_768) times.push(performance.now() - began);
      // Whoever still sends when the connection closes may not hear why.
      const refused = [400, 401, 413, 431].includes(status) || (text.length > 32_768 && status === 0);
      if (!refused) wrong.push(`${what}: ${status}`);
    }
  }
  const grown = (await server.rss()).now - before;
  const p99 = times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)];
  yield {
    what: `${texts.length} kinds of malformed tokens`,
    holds: wrong.length === 0 && p99 <= 5 && grown <= 4,
    figure: `${(many(200) * texts.length).toLocaleString("en")} refused but ${wrong.length} (${[...new Set(wrong)].join("; ")}), p99 ${p99.toFixed(2)} ms (at most 5), memory grew by ${grown.toFixed(1)} MiB (at most 4)`,
  };
}

/** The status of one request on a connection of its own; 0 when the server only closed it. */
async function ask(server, token) {
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(`GET /widget/session HTTP/1.1\r\nhost: ${server.address}\r\nauthorization: Bearer ${token}\r\norigin: ${origin}\r\nconnection: close\r\n\r\n`);
  let text = "";
  socket.setEncoding("latin1").on("data", (piece) => (text += piece));
  await once(socket, "close").catch(() => {});
  return Number(text.match(/^HTTP\/1\.1 (\d+)/)?.[1] ?? 0);
}
