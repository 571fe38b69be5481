// The goals, and the verdict on each: `met`, `missed`, or `wall` where the limit server misses it in the same run too.

/** Each round's figure as a multiple of another's of the same round. */
const ratio = (of, to) => (figures) => figures[of]?.map((value, round) => value / figures[to][round]);
const plain = (name) => (figures) => figures[name];

/**
 * `of` is measured, at least (or `most: true`, at most) `must`; `aim` is what the best would reach. `limit` is the same of
 * the limit server, whose failure makes a miss a wall.
 */
const goals = [
  { path: "guard, token seen before, SQLite", per: "hello", of: ratio("sqlite guard hot", "hello"), must: 0.2, aim: 0.45, limit: ratio("limit guard hot", "hello") },
  { path: "guard, token seen before, SQLite", per: "BFF", of: ratio("sqlite guard hot", "bff guard hot"), must: 3, aim: 7, limit: ratio("limit guard hot", "bff guard hot") },
  { path: "guard, token seen before, SQLite", per: "oidc-provider", of: ratio("sqlite guard hot", "oidc guard hot"), must: 2.5, limit: ratio("limit guard hot", "oidc guard hot") },
  { path: "guard, token never seen, SQLite", per: "hello", of: ratio("sqlite guard new", "hello"), must: 0.08, aim: 0.1, limit: ratio("limit guard new", "hello") },
  { path: "guard, token never seen, SQLite", per: "BFF", of: ratio("sqlite guard new", "bff guard new"), must: 1.2, limit: ratio("limit guard new", "bff guard new") },
  { path: "guard, token seen before, PostgreSQL", per: "hello", of: ratio("postgres guard hot", "hello"), must: 0.1, aim: 0.137, limit: ratio("limit postgres guard hot", "hello") },
  { path: "guard, token never seen, PostgreSQL", per: "hello", of: ratio("postgres guard new", "hello"), limit: ratio("limit postgres guard new", "hello") },
  { path: "guard beside 8 minting, SQLite", per: "alone", of: ratio("sqlite guard beside rate", "sqlite guard hot"), must: 0.25, aim: 0.33, limit: ratio("limit guard beside rate", "limit guard hot") },
  { path: "guard beside 8 minting, SQLite", per: "p99 ms", of: plain("sqlite guard beside p99"), must: 3, aim: 1, most: true, limit: plain("limit guard beside p99") },
  { path: "guard beside 8 minting, PostgreSQL", per: "alone", of: ratio("postgres guard beside rate", "postgres guard hot"), must: 0.25, aim: 0.33, limit: ratio("limit postgres guard beside rate", "limit postgres guard hot") },
  { path: "guard beside 8 minting, PostgreSQL", per: "p99 ms", of: plain("postgres guard beside p99"), must: 3, aim: 1, most: true, limit: plain("limit postgres guard beside p99") },
  { path: "mint, SQLite", per: "BFF", of: ratio("sqlite mint", "bff mint"), must: 2.5, aim: 4, limit: ratio("limit mint", "bff mint") },
  { path: "mint, SQLite", per: "commit1", of: ratio("sqlite mint", "commit1"), must: 1, aim: 1.5, limit: ratio("limit mint", "commit1") },
  { path: "mint, PostgreSQL", per: "commit1 on SQLite", of: ratio("postgres mint", "commit1"), limit: ratio("limit postgres mint", "commit1") },
  { path: "bridge exchange, SQLite", per: "BFF", of: ratio("sqlite exchange", "bff exchange"), must: 2.5, aim: 4 },
  { path: "bridge exchange, PostgreSQL", per: "BFF on SQLite", of: ratio("postgres exchange", "bff exchange") },
  { path: "introspect, SQLite", per: "oidc-provider", of: ratio("sqlite introspect", "oidc guard hot"), must: 1.3, aim: 2 },
  { path: "introspect, PostgreSQL", per: "oidc-provider on SQLite", of: ratio("postgres introspect", "oidc guard hot") },
  { path: "JWKS", per: "hello", of: ratio("sqlite jwks", "hello"), must: 0.8, aim: 0.95, limit: ratio("limit dressed jwks", "hello") },
  { path: "revoke to first 401, SQLite", per: "BFF, p50", of: ratio("sqlite revoke p50", "bff revoke p50"), must: 0.9, aim: 0.6, most: true, limit: ratio("limit revoke p50", "bff revoke p50") },
  { path: "revoke to first 401, SQLite", per: "p99 / p50", of: ratio("sqlite revoke p99", "sqlite revoke p50"), aim: 5, most: true },
  { path: "revoke to first 401, SQLite", per: "p50 ms", of: plain("sqlite revoke p50") },
  { path: "revoke to first 401, PostgreSQL", per: "p50 ms", of: plain("postgres revoke p50"), limit: plain("limit postgres revoke p50") },
  { path: "revoke to first 401, PostgreSQL", per: "p99 ms", of: plain("postgres revoke p99"), limit: plain("limit postgres revoke p99") },
  { path: "revoke to first 401, two nodes", per: "p50 ms", of: plain("two nodes revoke p50") },
  { path: "revoke to first 401, two nodes", per: "p99 ms", of: plain("two nodes revoke p99") },
  ...["sqlite", "postgres"].flatMap((engine) =>
    ["tokens", "history"].flatMap((kind) => [
      { path: `list of ${kind}, ${engine}`, per: "deepest / first", of: ratio(`${engine} ${kind} deepest ms`, `${engine} ${kind} first ms`), must: 1.3, most: true },
      { path: `list of ${kind}, ${engine}`, per: "deepest, ms", of: plain(`${engine} ${kind} deepest ms`), must: 1, aim: 0.4, most: true },
    ]),
  ),
  { path: "dashboard, first page", per: "TTFB ms", of: plain("dashboard ttfb ms"), must: 5, most: true },
  { path: "dashboard, first page", per: "KiB in all", of: plain("dashboard KiB"), must: 250, aim: 153, most: true },
  { path: "dashboard, first page", per: "interactive ms", of: plain("dashboard interactive ms"), must: 450, aim: 400, most: true, limit: plain("bare dashboard interactive ms") },
  { path: "dashboard, first page", per: "blocking ms", of: plain("dashboard blocking ms"), must: 50, aim: 15, most: true, limit: plain("bare dashboard blocking ms") },
  { path: "dashboard, every seeded token alive", per: "TTFB ms", of: plain("full dashboard ttfb ms") },
  { path: "cold start, SQLite", per: "ms", of: plain("sqlite cold ms"), must: 100, aim: 60, most: true },
  { path: "cold start, PostgreSQL", per: "ms", of: plain("postgres cold ms"), must: 100, aim: 60, most: true },
  ...["sqlite", "postgres"].flatMap((engine) => [
    { path: `memory idle, ${engine}`, per: "MiB", of: plain(`${engine} idle MiB`), must: 33, aim: 25, most: true },
    { path: `memory loaded, ${engine}`, per: "MiB", of: plain(`${engine} loaded MiB`), must: 67, aim: 48, most: true },
  ]),
];

export const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

/** Each goal with its figure, spread and verdict; figures without a goal have the verdict `-`. */
export function judge(figures, accepted) {
  const judged = goals.map(({ path, per, of, must, aim, most = false, limit }) => {
    const values = of(figures);
    const figure = median(values);
    const holds = (value, bar) => (most ? value <= bar : value >= bar);
    const bound = limit && median(limit(figures));
    const bar = must ?? aim;
    let verdict = "-";
    if (bar !== undefined) verdict = holds(figure, bar) ? "met" : bound !== undefined && !holds(bound, bar) ? "wall" : "missed";
    return { path, per, figure, low: Math.min(...values), high: Math.max(...values), must, aim, most, limit: bound, aimed: aim !== undefined && holds(figure, aim), verdict };
  });
  const passed = Object.entries(accepted).filter(([name]) => name !== "bff" && !name.startsWith("limit")).map(([name, seen]) => ({
    path: `accepted after the answer, ${name}`, per: `of ${seen.revoked}`, figure: seen.accepted, low: seen.accepted, high: seen.accepted,
    must: 0, most: true, aimed: false, verdict: seen.accepted === 0 ? "met" : "missed",
  }));
  return [...judged, ...passed];
}
