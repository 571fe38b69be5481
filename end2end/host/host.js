// Calls Mintmark as a widget does, without cookies, and shows every answer.

const mintmark = document.body.dataset.mintmark;
const routes = ["/widget/session", "/widget/organization"];
const kept = 40;
const form = document.querySelector("#call");
const token = document.querySelector("#token");
const again = document.querySelector("#again");
const now = document.querySelector("#now");
const verdict = document.querySelector("#verdict");
const answers = document.querySelector("#answers");
let timer;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  callAll();
});

again.addEventListener("change", () => {
  clearTimeout(timer);
  if (!again.checked) return;
  if (form.reportValidity()) repeat();
  else again.checked = false;
});

async function repeat() {
  await callAll();
  // Counted from the end of the calls, so that a slow Mintmark is never called twice at once.
  if (again.checked) timer = setTimeout(repeat, 1000);
}

async function callAll() {
  const text = token.value.trim();
  const results = [];
  for (const path of routes) {
    const result = await call(path, text);
    results.push(result);
    show(result);
  }
  judge(results[0]);
}

async function call(path, text) {
  const begun = performance.now();
  const at = new Date();
  const result = { path, at, status: null, code: "", body: "" };
  try {
    const answer = await fetch(mintmark + path, { headers: { authorization: `Bearer ${text}` }, credentials: "omit", cache: "no-store" });
    result.status = answer.status;
    result.body = await answer.text();
    const json = JSON.parse(result.body);
    result.code = json.code ?? "";
    result.body = JSON.stringify(json, null, 2);
  } catch (error) {
    // A page is told nothing about an answer that it may not read: Mintmark is down, or the answer was not for it.
    if (result.status === null) result.body = `No answer that this page may read: ${error.message}.`;
  }
  result.milliseconds = performance.now() - begun;
  return result;
}

function judge({ status, code }) {
  now.dataset.mood = mood(status);
  const text =
    status === null ? "No answer. Is Mintmark running, and is this page's origin allowed?"
    : status === 200 ? "200: the token is alive, and this page may use it."
    : `${status}${code && ` ${code}`}: the token is refused.`;
  // Only a change is worth announcing; a repeated call would otherwise speak every second.
  if (verdict.textContent !== text) verdict.textContent = text;
}

function show({ path, at, status, code, body, milliseconds }) {
  document.querySelector("#empty").hidden = true;
  const summary = element("summary");
  const badge = element("span", "status", status ?? "none");
  badge.dataset.mood = mood(status);
  const when = element("time", "when", `${Math.round(milliseconds)} ms · ${at.toLocaleTimeString()}`);
  when.dateTime = at.toISOString();
  summary.append(badge, element("span", "path", `GET ${path}`), when);
  if (code) summary.append(element("span", "code", code));
  const details = element("details");
  details.append(summary, element("pre", "", body));
  const row = element("li");
  row.dataset.status = status ?? "none";
  row.dataset.path = path;
  row.append(details);
  answers.prepend(row);
  while (answers.children.length > kept) answers.lastElementChild.remove();
}

function mood(status) {
  return status === 200 ? "good" : "bad";
}

function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
