// A page of a second origin, whose HTML a journey decides.

import { once } from "node:events";
import { createServer } from "node:http";

/** Serves on `localhost`, which is another site than Mintmark's 127.0.0.1. Answers `{ origin, url, show(html, headers?) }`. */
export async function shop(t) {
  let [html, more] = ["", {}];
  const server = createServer((request, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", "referrer-policy": "no-referrer", ...more });
    response.end(`<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><header><h1>Shop</h1></header>${html}`);
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://localhost:${server.address().port}`;
  return { origin, url: `${origin}/`, show: (text, headers = {}) => ([html, more] = [text, headers]) };
}
