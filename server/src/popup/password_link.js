// Where a mail about a password leads. Only the form uses the link up; whoever merely opens it, uses nothing up.

const token = location.hash.slice(1);
// First of all it leaves the address, so that nobody shares or bookmarks it.
history.replaceState(null, "", location.pathname);

const form = document.getElementById("form");
const field = document.getElementById("password");
const problem = document.getElementById("problem");
/** With these there is nothing to try again: the link itself is no good. */
const dead = new Set(["invalid_token", "link_consumed", "link_expired"]);

function show(step) {
  for (const section of document.querySelectorAll("[data-step]")) section.hidden = section.dataset.step !== step;
  document.querySelector(`[data-step="${step}"] h1`).focus();
}

function fail(message) {
  document.getElementById("failed").textContent = message;
  show("failed");
}

function blame(message) {
  problem.textContent = message;
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

async function send() {
  const answer = await fetch(location.pathname, {
    method: "POST",
    credentials: "omit",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token, password: field.value }),
  });
  const said = await answer.json().catch(() => ({ message: "That did not work. Try again." }));
  if (!answer.ok) return dead.has(said.code) ? fail(said.message) : blame(said.message);
  field.value = "";
  show("done");
  new BroadcastChannel("mintmark-passwords").postMessage({ email: said.email });
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.textContent = "";
  field.removeAttribute("aria-invalid");
  if (!field.value) return blame("Type your password.");
  const button = form.querySelector("button:not([type])");
  button.disabled = true;
  await send().catch(() => blame("There is no connection. Try again."));
  button.disabled = false;
});

if (/^password_[0-9A-Za-z]{49}$/.test(token)) field.focus();
else fail("This is no whole link. Copy all of it from the mail.");
