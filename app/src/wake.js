// Loads the WebAssembly and starts it. Ours and not the framework's, because that one cannot name content-hashed files.
(async (js, wasm) => {
  const module = await import(js);
  await module.default({ module_or_path: wasm });
  module.wake();
  document.documentElement.dataset.live = "true";
})
