// The sign-in window. The session and what proves whose link it is are in this window's memory, and nowhere else.

const { key, origin, state } = JSON.parse(document.getElementById("said").textContent);
const host = window.opener;
const at = (id) => document.getElementById(id);
let over = false;

/** Shows one step, and lets whoever hears the page hear it. */
function show(step) {
  for (const section of document.querySelectorAll("[data-step]")) section.hidden = section.dataset.step !== step;
  at("cancel").hidden = step === "done" || step === "alone";
  const heading = document.querySelector(`[data-step="${step}"] h1`);
  if (step !== "start") heading.focus();
}

/** To the page that this window was opened for, if that is who opened it: the browser compares the origin. */
function tell(message) {
  if (host && !host.closed) host.postMessage({ ...message, state }, origin);
}

/** Calls us; no cookie goes along. Answers the body, or throws what the page may say. */
async function call(path, body) {
  const query = new URLSearchParams({ key, origin });
  let answer;
  try {
    answer = await fetch(`/popup/${path}?${query}`, {
      method: "POST",
      credentials: "omit",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("There is no connection. Try again.");
  }
  const said = await answer.json().catch(() => ({ message: "That did not work. Try again." }));
  if (!answer.ok) throw Object.assign(new Error(said.message), { code: said.code, field: said.field });
  return said;
}

/** Hands a session over, and leaves. Whatever way somebody signs in, it ends here. */
function signedIn({ token, expires_at, ends_at, customer }) {
  over = true;
  tell({ type: "mintmark:signed-in", token, expires_at, ends_at, customer });
  show("done");
  window.close();
}

// Whoever has a link shows its token; only this window knows the verifier, and its hash was said when the link was asked for. So a link
// that anybody else asked for signs nobody in here, and this one nobody elsewhere.
const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
const verifier = hex(crypto.getRandomValues(new Uint8Array(32)));
const challenge = hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
const marks = "mintmark-sign-in ";
const channel = new BroadcastChannel(marks + challenge);

/** The mail's tab finds in this browser that it began here; nothing in the mark is a secret. */
function mark() {
  try {
    localStorage.setItem(marks + challenge, JSON.stringify({ origin, at: Date.now() }));
  } catch {
    // Where nothing may be kept, the tab only knows less.
  }
}

function sweep() {
  try {
    for (const name of Object.keys(localStorage).filter((name) => name.startsWith(marks))) {
      const { at: began } = JSON.parse(localStorage.getItem(name)) ?? {};
      if (name === marks + challenge || !(Date.now() - began < 15 * 60_000)) localStorage.removeItem(name);
    }
  } catch {
    // As above.
  }
}

let busy = false;

channel.onmessage = async ({ data }) => {
  if (typeof data?.token !== "string" || over) return;
  channel.postMessage({ heard: true });
  if (busy) return;
  if (!host || host.closed) {
    show("alone");
    return channel.postMessage({ failed: "The page where you began is not open any more." });
  }
  busy = true;
  try {
    const session = await call("redeem", { token: data.token, verifier });
    sweep();
    channel.postMessage({ done: true });
    signedIn(session);
  } catch (error) {
    show("sent");
    at("sent-problem").textContent = error.message;
    channel.postMessage({ failed: error.message });
  }
  busy = false;
};

// A window that slept in the background has heard nothing.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !over) channel.postMessage({ waiting: true });
});

at("ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.target.querySelector("button");
  const email = event.target.elements.email.value;
  at("problem").textContent = "";
  button.disabled = true;
  try {
    await call("links", { email, challenge });
    mark();
    at("sent-to").textContent = email.trim();
    at("sent-problem").textContent = "";
    show("sent");
  } catch (error) {
    at("problem").textContent = error.message;
  }
  button.disabled = false;
});

at("again").addEventListener("click", () => {
  show("start");
  at("email").select();
});

/** Nobody will sign in here any more. A window that is closed otherwise says so if the browser lets it. */
function giveUp() {
  if (!over) tell({ type: "mintmark:sign-in-closed" });
  over = true;
}

window.addEventListener("pagehide", giveUp);

at("cancel").addEventListener("click", () => {
  giveUp();
  window.close();
  // A tab that no script opened stays; it has nothing to go on with.
  show("alone");
});

sweep();
if (host) at("email").focus();
else show("alone");
