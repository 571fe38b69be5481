// What every field for a password does: it can be shown, and says how far it is from long enough.

for (const button of document.querySelectorAll(".secret__show")) {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.textContent = shown ? "Show" : "Hide";
    button.setAttribute("aria-label", shown ? "Show password" : "Hide password");
    input.focus();
  });
  // What goes away is hidden again, so that browsers keep it as a password.
  input.form.addEventListener("submit", () => {
    if (input.type === "text") button.click();
  });
}

for (const hint of document.querySelectorAll(".hint[data-least]")) {
  const input = document.getElementById(hint.id.replace(/-hint$/, ""));
  const rule = hint.textContent;
  input.addEventListener("input", () => {
    const length = Array.from(input.value).length;
    const missing = Number(hint.dataset.least) - length;
    hint.toggleAttribute("data-enough", missing <= 0);
    if (!length) hint.textContent = rule;
    else if (missing <= 0) hint.textContent = `${length} characters: long enough.`;
    else hint.textContent = missing === 1 ? "1 more character." : `${missing} more characters.`;
  });
}
