// Where the mail's link leads. It finds the window that asked for the link, in this browser, and hands it the token; it uses nothing up.

const [token, challenge] = location.hash.slice(1).split(".");
// First of all it leaves the address, so that nobody shares or bookmarks it.
history.replaceState(null, "", location.pathname);

const mark = `mintmark-sign-in ${challenge}`;
/** For how long a window may be silent before this tab says that it hears none, in milliseconds. */
const PATIENCE = 2_000;
let step = "working";

function show(next) {
  if (step === "done" || step === next) return;
  step = next;
  for (const section of document.querySelectorAll("[data-step]")) section.hidden = section.dataset.step !== next;
  document.title = document.querySelector(`[data-step="${next}"] h1`).textContent;
  document.querySelector(`[data-step="${next}"] h1`).focus();
}

/** The page where it began, if it was in this browser. */
function began() {
  try {
    const { origin } = JSON.parse(localStorage.getItem(mark));
    return new URL(origin).origin === origin && /^https?:/.test(origin) ? origin : null;
  } catch {
    return null;
  }
}

function nobody() {
  const origin = began();
  if (origin) {
    const link = document.getElementById("begin");
    link.href = origin;
    link.textContent = `Begin again at ${origin}`;
  }
  show(origin ? "closed" : "elsewhere");
}

if (/^magic_[0-9A-Za-z]{49}$/.test(token) && /^[0-9a-f]{64}$/.test(challenge)) {
  const channel = new BroadcastChannel(mark);
  const waiting = setTimeout(nobody, PATIENCE);
  channel.onmessage = ({ data }) => {
    if (data?.heard) clearTimeout(waiting);
    if (data?.done) show("done");
    if (data?.waiting) channel.postMessage({ token });
    if (typeof data?.failed === "string") {
      document.getElementById("problem").textContent = data.failed;
      show("failed");
    }
  };
  channel.postMessage({ token });
} else {
  document.getElementById("problem").textContent = "This is no whole sign-in link. Copy all of it from the mail.";
  show("failed");
}
