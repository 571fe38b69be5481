// Loads the WebAssembly and starts it once the page is there. Ours and not the framework's, because that one cannot name content-hashed files.
(async (js, wasm) => {
  const module = await import(js);
  await module.default({ module_or_path: wasm });
  if (document.readyState === "loading") await new Promise((there) => document.addEventListener("DOMContentLoaded", there, { once: true }));
  module.wake();
  document.documentElement.dataset.live = "true";
})
