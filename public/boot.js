// Loads the module of a page that has islands, and wakes them. A file of its own, so that the
// content security policy allows no inline script.

const address = (name) => document.querySelector(`meta[name="${name}"]`).content;

// Read by the module: these pages bring no streamed data.
window.__RESOLVED_RESOURCES = [];
window.__SERIALIZED_ERRORS = [];
window.__INCOMPLETE_CHUNKS = [];
window.__RESOURCE_RESOLVERS = [];

const wasm = fetch(address("dure-wasm"));
const module = await import(address("dure-module"));
await module.default({ module_or_path: wasm });
module.hydrate();

let woken = 0;
for (const island of document.querySelectorAll("leptos-island")) {
  const wake = module[island.dataset.component];
  if (!wake) {
    throw new Error(`no island ${island.dataset.component} in the module`);
  }
  await wake(island);
  woken += 1;
}
document.documentElement.dataset.islands = String(woken);
