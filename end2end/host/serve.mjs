// A page of a second origin, where a widget would live: `make host`, or serveHost() inside a journey.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const files = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/host.css": ["host.css", "text/css; charset=utf-8"],
  "/host.js": ["host.js", "text/javascript; charset=utf-8"],
  "/icon.svg": ["icon.svg", "image/svg+xml"],
};

/**
 * Serves the page on `localhost`, which is another site than Mintmark's 127.0.0.1, and stops at the end of `t`.
 * `mintmark` is the URL that the page may call, and the only one: its content security policy says so.
 * Answers `{ url, origin, stop() }`.
 */
export async function serveHost(t, { mintmark = "http://127.0.0.1:3000", port = 0 } = {}) {
  const api = new URL(mintmark).origin;
  const server = createServer(async (request, response) => {
    const [file, type] = files[new URL(request.url, "http://host").pathname] ?? [];
    if (!file) return response.writeHead(404).end();
    const content = await readFile(new URL(file, import.meta.url), "utf8");
    response.writeHead(200, {
      "content-type": type,
      "content-security-policy": `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src ${api}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      "referrer-policy": "strict-origin",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
    response.end(content.replaceAll("{{mintmark}}", api).replaceAll("{{origin}}", origin));
  });
  server.listen(port, "localhost");
  await once(server, "listening");
  const origin = `http://localhost:${server.address().port}`;
  const stop = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  t?.after(stop);
  return { url: `${origin}/`, origin, stop };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = Number(process.env.HOST_PORT ?? 4010);
  const mintmark = process.env.MINTMARK_PUBLIC_URL ?? "http://127.0.0.1:3000";
  try {
    const { url } = await serveHost(null, { port, mintmark });
    console.log(`The page of a second origin: ${url}\nIt calls Mintmark at ${mintmark} (MINTMARK_PUBLIC_URL names another). Control-C ends it.`);
  } catch (error) {
    if (error.code !== "EADDRINUSE") throw error;
    console.error(`make host: port ${port} is taken: end what listens there, or set HOST_PORT to another.`);
    process.exitCode = 1;
  }
}
