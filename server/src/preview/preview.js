// Shows the element as Embed Studio says, and tells Embed Studio how high it is. Whoever else writes to this window is not heard.
const { studio } = document.documentElement.dataset;
const shown = document.querySelector("[data-shown]");
const page = document.querySelector("main");
const tell = (said) => window.parent !== window && window.parent.postMessage(said, studio);

// What is set before the element is there would stay beside it, and not reach it.
await customElements.whenDefined(shown.localName);

window.addEventListener("message", ({ origin, source, data }) => {
  if (origin !== studio || source !== window.parent || data?.type !== "mintmark:preview") return;
  const { appearance, theme, lang } = data;
  if (appearance && typeof appearance === "object") shown.appearance = appearance;
  if (["auto", "light", "dark"].includes(theme)) {
    document.documentElement.dataset.theme = theme;
    shown.theme = theme;
  }
  if (["en", "de"].includes(lang)) {
    document.documentElement.lang = lang;
    shown.lang = lang;
  }
});

new ResizeObserver(() => {
  tell({ type: "mintmark:preview-size", height: Math.ceil(page.getBoundingClientRect().height) });
}).observe(page);
tell({ type: "mintmark:preview-ready" });
