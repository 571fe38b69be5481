// The results as a page of Markdown.

import { median } from "./goals.mjs";

const number = (value) => {
  if (value === undefined) return "";
  if (value >= 1000) return Math.round(value).toLocaleString("en");
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value === 0 ? "0" : value.toPrecision(2);
};
const row = (cells) => `| ${cells.join(" | ")} |`;

export function print({ at, machine, rows, rounds, goals, further, figures }) {
  const bar = (value, most) => (value === undefined ? "" : `${most ? "<=" : ">="} ${number(value)}`);
  const sign = (goal) => (goal.verdict === "met" && goal.aimed ? "met, aim too" : goal.verdict);
  const spread = (low, high) => `${number(low)} to ${number(high)}`;
  return [
    `Measured on ${at.slice(0, 10)}, commit ${machine.commit}: ${machine.cores} cores, ${machine.memory_gib} GiB, Debian ${machine.debian}, ${rows.toLocaleString("en")} tokens and events, median of ${rounds} rounds.`,
    "",
    row(["path", "in", "figure", "spread", "must", "aim", "limit server", ""]),
    row(["---", "---", "--:", "--:", "--:", "--:", "--:", "---"]),
    ...goals.map((goal) =>
      row([goal.path, goal.per, number(goal.figure), spread(goal.low, goal.high), bar(goal.must, goal.most), bar(goal.aim, goal.most), number(goal.limit), sign(goal)]),
    ),
    "",
    ...peersTable(further),
    "As measured, before any ratio (rates are a second):",
    "",
    row(["figure", "median", "spread"]),
    row(["---", "--:", "--:"]),
    ...Object.entries(figures).map(([name, values]) => row([name, number(median(values)), spread(Math.min(...values), Math.max(...values))])),
  ].join("\n");
}

function peersTable(further) {
  if (further.length === 0) return [];
  const between = (values) => (values ? `${number(values.low)} to ${number(values.high)}` : "");
  return [
    "Further peers, and how many times as fast or as small Mintmark on SQLite is in the same round (no goals):",
    "",
    row(["peer", "path", "theirs", "spread", "Mintmark", "times", "spread"]),
    row(["---", "---", "--:", "--:", "--:", "--:", "--:"]),
    ...further.map(({ peer, path, theirs, ours, times }) =>
      row([peer, path, number(theirs.figure), between(theirs), number(ours?.figure), number(times?.figure), between(times)]),
    ),
    "",
  ];
}
