// How every browser here is started. Plain JavaScript, so that `screenshots.ts` can use it under bare node.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

function installed() {
  const folders = ["/usr/bin", ...(process.env.PATH ?? "").split(":")];
  const places = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = places.find((place) => existsSync(place));
  if (!found) {
    throw new Error("Chromium is missing: run bin/setup, or name the program in CHROMIUM");
  }
  return found;
}

module.exports = {
  executablePath: process.env.CHROMIUM || installed(),
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};
