// The hidden frame that keeps a sign-in for the page around it. The secret is in a cookie that no script reads; a session that is restored
// goes to that page and stays nowhere. What it says and hears is written down in kept.rs.

const { key, origin, state: opened } = JSON.parse(document.getElementById("said").textContent);
const host = window.parent;
const query = new URLSearchParams({ key, origin });

/** To the page that this frame was made for, if that is what is around it: the browser compares the origin. */
function tell(message) {
  host.postMessage(message, origin);
}

/** Calls us; the cookie goes along. Answers the body, or throws a code that the page may branch on. */
async function call(path, body) {
  let answer;
  try {
    answer = await fetch(`/popup/${path}?${query}`, {
      method: "POST",
      credentials: "same-origin",
      cache: "no-store",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw { code: "network" };
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw { code: said.code ?? "internal", retryAfter: Number(answer.headers.get("retry-after")) || null };
  return said;
}

const verbs = new Map([
  ["mintmark:keep", async ({ token }) => ({ type: "mintmark:kept", ...(await call("keep", { token })) })],
  ["mintmark:restore", async () => ({ type: "mintmark:restored", ...(await call("restore", {})) })],
  ["mintmark:forget", async () => (await call("forget", {}), { type: "mintmark:forgotten" })],
]);

const isText = (value, longest) => typeof value === "string" && value.length > 0 && value.length <= longest;

/** Whether it is one of the three questions, whole; whatever else is said here is not for us. */
function isQuestion(said) {
  if (typeof said !== "object" || said === null || !verbs.has(said.type) || !isText(said.state, 128)) return false;
  return said.type !== "mintmark:keep" || isText(said.token, 8192);
}

async function answer(said) {
  try {
    tell({ ...(await verbs.get(said.type)(said)), state: said.state });
  } catch ({ code, retryAfter = null }) {
    tell({ type: "mintmark:frame-failed", state: said.state, code, retryAfter });
  }
}

// One after another, so that what is asked last holds.
let last = Promise.resolve();

if (host !== window) {
  addEventListener("message", ({ source, origin: from, data }) => {
    if (source === host && from === origin && isQuestion(data)) last = last.then(() => answer(data));
  });
  tell({ type: "mintmark:frame-ready", state: opened });
}
