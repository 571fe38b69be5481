// The window's ways with a password, where the product has them. It goes on where the window's own script ends: both are one module.

const fields = document.querySelectorAll("[data-step] input[name=email]");
/** What somebody signed up with, until it has signed them in: in memory, and nowhere else. */
let signedUp = null;

/** Turns to a step that is a form: the address that was typed stays, and the first empty field has the focus. */
function turn(step, email) {
  signedUp = step === "sign-up-sent" ? signedUp : null;
  show(step);
  const section = document.querySelector(`[data-step="${step}"]`);
  for (const place of section.querySelectorAll("[data-email]")) place.textContent = email.trim();
  for (const field of fields) field.value = email;
  const inputs = [...section.querySelectorAll("input")];
  (inputs.find((input) => !input.value) ?? inputs[0])?.focus();
}

/** What is wrong stands beside the field that is to blame, and the focus goes there. */
function blame(form, error) {
  const input = form.elements[error.field] ?? form.elements.password ?? form.elements.email;
  document.getElementById(`${input.id}-problem`).textContent = error.message;
  input.setAttribute("aria-invalid", "true");
  input.focus();
}

/** Sends a form once at a time; what the browser would have said in a bubble is said beside the field. */
function sends(id, send) {
  const form = at(id);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    for (const input of form.querySelectorAll("input")) {
      input.removeAttribute("aria-invalid");
      at(`${input.id}-problem`).textContent = "";
    }
    const wrong = [...form.querySelectorAll("input")].find((input) => !input.validity.valid);
    if (wrong) {
      const message = wrong.name === "email" ? "Type an e-mail address." : "Type your password.";
      return blame(form, Object.assign(new Error(message), { field: wrong.name }));
    }
    const button = form.querySelector("button:not([type])");
    button.disabled = true;
    try {
      await send(form.elements.email.value, form.elements.password?.value);
    } catch (error) {
      blame(form, error);
    }
    button.disabled = false;
  });
}

sends("sign-in", async (email, password) => {
  const session = await call("password", { email, password });
  at("in-password").value = "";
  signedIn(session);
});

if (at("sign-up")) {
  sends("sign-up", async (email, password) => {
    await call("sign-up", { email, password });
    at("up-password").value = "";
    signedUp = { email, password };
    turn("sign-up-sent", email);
    document.querySelector('[data-step="sign-up-sent"] h1').focus();
  });
}

sends("forgot", async (email) => {
  await call("forgot", { email });
  turn("forgot-sent", email);
  document.querySelector('[data-step="forgot-sent"] h1').focus();
});

for (const button of document.querySelectorAll("[data-to]")) {
  button.addEventListener("click", () => {
    const here = button.closest("[data-step]");
    turn(button.dataset.to, here.querySelector("input[name=email]")?.value ?? here.querySelector("[data-email]").textContent);
  });
}

// The tab of a mailed link says whose address it dealt with; only this window knows the password that goes with a sign-up.
new BroadcastChannel("mintmark-passwords").onmessage = async ({ data }) => {
  if (over || typeof data?.email !== "string") return;
  const forgotten = !document.querySelector('[data-step="forgot-sent"]').hidden;
  if (forgotten && at("forgot-email").value.trim().toLowerCase() === data.email) return turn("password", data.email);
  if (signedUp?.email.trim().toLowerCase() !== data.email) return;
  const { email, password } = signedUp;
  signedUp = null;
  try {
    signedIn(await call("password", { email, password }));
  } catch (error) {
    turn("password", email);
    blame(at("sign-in"), error);
  }
};

// A page whose button says "password" begins there; the address says it no longer then.
if (location.hash === "#password" && host) {
  history.replaceState(null, "", location.pathname + location.search);
  turn("password", "");
}
