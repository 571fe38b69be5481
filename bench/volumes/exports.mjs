// AU6: an export of a million events is streamed, and takes no memory to speak of.

import { install } from "../ours.mjs";

const MOST = 32; // MiB

export async function* exports({ folder, servers, many }) {
  for (const engine of ["sqlite", "postgres"]) {
    const rows = many(1_000_000);
    const it = await install(engine, folder, rows, () => {});
    const server = await it.start();
    servers.push(server);
    for (const format of ["csv", "jsonl"]) {
      const before = (await server.rss()).now;
      const answer = await fetch(`${server.url}/v1/audit-events/export?format=${format}&action=widget_token.minted`, { headers: Object.fromEntries(it.backend) });
      let [lines, bytes, highest] = [0, 0, before];
      for await (const piece of answer.body) {
        bytes += piece.length;
        for (let at = piece.indexOf(10); at !== -1; at = piece.indexOf(10, at + 1)) lines += 1;
        if (bytes % 64 === 0) highest = Math.max(highest, (await server.rss()).now);
      }
      highest = Math.max(highest, (await server.rss()).now);
      // The header of a CSV, and the first token of the installation, which was minted by hand.
      const whole = answer.ok && lines >= rows;
      const figure = `${lines.toLocaleString("en")} lines, ${(bytes / 2 ** 20).toFixed(0)} MiB, memory grew by ${(highest - before).toFixed(1)} MiB (at most ${MOST})`;
      yield { what: `${format} on ${engine}`, holds: whole && highest - before <= MOST, figure };
    }
    await server.stop();
  }
}
