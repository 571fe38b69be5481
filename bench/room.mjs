// Whether the disk has room for the rows, before half an hour goes into making them.

import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";

/** Bytes a row, as measured at half a million: ours 2,200 on each engine, the limit on both engines, BFF and oidc-provider 1,400 together, the further peers 1,200. */
const [core, more] = [5_800, 1_200];
/** What PostgreSQL's log and the rounds write besides. */
const besides = 2e9;

/** Ends the run with a sentence that names the remedy when the disk is too small. SQLite lies in the temporary folder, PostgreSQL in `/var/tmp`. */
export async function room(rows, all) {
  const each = core + (all ? more : 0);
  const places = await Promise.all([tmpdir(), "/var/tmp"].map((place) => statfs(place)));
  const free = Math.min(...places.map((place) => place.bavail * place.bsize));
  const needed = rows * each + besides;
  if (free >= needed) return;
  const [gb, most] = [(bytes) => Math.floor(bytes / 1e9), Math.floor((free - besides) / each / 1e5) * 1e5];
  console.error(`bench: ${rows.toLocaleString("en")} rows want ${gb(needed)} GB in ${tmpdir()} and /var/tmp, where ${gb(free)} GB are free: free some, or pass --rows ${Math.max(most, 1e5)}.`);
  process.exit(1);
}
