// DS7: fifty thousand calls that differ each time, with and without a credential, and nothing that the description does not have.

import { mintmark, owner } from "../../end2end/harness/index.mjs";
import { conform } from "../../end2end/schema/conform.mjs";

export async function* schema({ many }) {
  for (const known of [false, true]) {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const after = [];
    try {
      const server = await mintmark({ after: (end) => after.push(end) });
      const acme = await owner(server);
      const as = known ? { token: acme.token, headers: { "x-mintmark-tenant": acme.tenant.id } } : {};
      const what = known ? "as an owner" : "as nobody";
      try {
        const calls = await conform(server, { ...as, examples: many(200), seed });
        yield { what, holds: true, figure: `${calls} calls, seed ${seed}` };
      } catch (error) {
        yield { what, holds: false, figure: `seed ${seed}: ${error.message}` };
      }
    } finally {
      for (const end of after.reverse()) await end();
    }
  }
}
