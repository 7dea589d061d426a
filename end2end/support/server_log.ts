// When a test failed: the end of what the servers logged.
import type { FullResult, Reporter } from "@playwright/test/reporter";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { logs } from "./server";

const LINES = 60;

export default class ServerLog implements Reporter {
  onEnd(result: FullResult) {
    if (result.status === "passed" || !existsSync(logs)) {
      return;
    }
    for (const file of readdirSync(logs)) {
      const lines = readFileSync(join(logs, file), "utf8").trimEnd().split("\n");
      console.log(`\nThe last lines of the server on port ${file.replace(".log", "")}:`);
      console.log(lines.slice(-LINES).join("\n"));
    }
  }
}
