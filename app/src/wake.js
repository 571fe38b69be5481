// Loads the WebAssembly and wakes every island, outer before inner. Ours and not the framework's, because that one
// cannot name content-hashed files.
(async (js, wasm) => {
  const module = await import(js);
  await module.default({ module_or_path: wasm });
  module.hydrate();
  const wake = async (node, ready) => {
    if (node.localName === "leptos-island") {
      ready?.();
      const island = module[node.dataset.component];
      if (island) await island(node);
      else console.error("No island " + node.dataset.component);
    } else if (node.localName === "leptos-children") {
      ready = node.$$on_hydrate;
    }
    for (const child of node.children) await wake(child, ready);
  };
  await wake(document.body);
  document.documentElement.dataset.live = "true";
})
