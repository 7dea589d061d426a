// The islands as the source declares them, and as the built module exports them.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { dist } from "./server";

const root = resolve(__dirname, "../..");

export interface Island {
  name: string;
  file: string;
}

/** Every function with `#[island]` in the crates of the site. */
export function islandsOfSource(): Island[] {
  const files = readdirSync(join(root, "app"), { recursive: true, encoding: "utf8" });
  const sources = files.filter((file) => file.endsWith(".rs") && !file.includes("target/"));
  return sources.flatMap((file) => {
    const source = readFileSync(join(root, "app", file), "utf8");
    const found = source.matchAll(/^\s*#\[island(?:\([^)]*\))?\]\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([^)]*\))?\s+)?(?:async\s+)?fn\s+(\w+)/gm);
    return [...found].map(([, name]) => ({ name, file: relative(root, join(root, "app", file)) }));
  });
}

/** What the built module exports, asked of the module itself. */
export function exportsOfModule(): string[] {
  const site = process.env.DURE_SITE ?? join(dist, "site");
  const manifest = JSON.parse(readFileSync(join(site, "manifest.json"), "utf8"));
  const folder = mkdtempSync(join(tmpdir(), "dure-module-"));
  try {
    // Node takes a file for a module by its name.
    const copy = join(folder, "module.mjs");
    copyFileSync(join(site, "pkg", manifest.js), copy);
    const script = `import * as module from ${JSON.stringify(copy)}; console.log(JSON.stringify(Object.keys(module)))`;
    return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
