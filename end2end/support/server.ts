// Starts and stops `dure serve`, and runs its commands, always on a data folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const START_TIMEOUT = 60_000;
const STOP_TIMEOUT = 30_000;

export const dist = resolve(__dirname, "../../dist");
/** Where servers log; `server_log.ts` shows it when something failed. */
export const logs = resolve(__dirname, "../test-results/servers");
const program = process.env.DURE_BIN ?? join(dist, "dure");

export interface Server {
  url: string;
  /** The data folder, DURE_DATA. */
  data: string;
  /** Runs `dure …` on the same data. */
  dure(...args: string[]): Promise<{ code: number | null; output: string }>;
  stop(): Promise<void>;
}

function mustBeBuilt() {
  if (!existsSync(program)) {
    throw new Error(`${program} is missing: run bin/build first`);
  }
}

/** The environment without what a developer has set for a server of their own. */
function environment(more: Record<string, string>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => name !== "DATABASE_URL" && (!name.startsWith("DURE_") || name === "DURE_PG_BIN" || name === "DURE_SITE"),
  );
  return { ...Object.fromEntries(kept), ...more };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, "127.0.0.1", listening));
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  return port;
}

/** Starts a server with an empty database. `more` are settings. */
export async function serve(more: Record<string, string> = {}): Promise<Server> {
  mustBeBuilt();
  const data = await mkdtemp(join(tmpdir(), "dure-e2e-"));
  // PostgreSQL does not run as root: its user must be able to pass.
  await chmod(data, 0o711);
  const server = await start(data, more);
  return {
    ...server,
    async stop() {
      await server.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Runs `dure …` on the data of a server that others have started. */
export function dureOn(data: string, ...args: string[]): Promise<{ code: number | null; output: string }> {
  return run(args, environment({ DURE_DATA: data }));
}

/** Starts a second server without a worker on the database of another. */
export async function serveBeside(other: Pick<Server, "data">, port?: number): Promise<Server> {
  const url = await readFile(join(other.data, "database-url"), "utf8");
  return start(other.data, { DATABASE_URL: url.trim(), DURE_WORKER: "off" }, port);
}

async function start(data: string, more: Record<string, string>, wanted?: number): Promise<Server> {
  const port = wanted ?? (await freePort());
  mkdirSync(logs, { recursive: true });
  const log = join(logs, `${port}.log`);
  // One proxy is trusted, so that each test can come from an address of its own (see `fixtures.ts`).
  const env = environment({ DURE_DATA: data, DURE_PORT: String(port), DURE_PROXIES: "1", ...more });
  const child = spawn(program, ["serve", "--empty"], { env, stdio: ["ignore", "pipe", "pipe"] });
  // A second server stands on the data of the first.
  guard(child, more.DATABASE_URL ? "" : data);
  const out = createWriteStream(log, { flags: "a" });
  child.stdout.pipe(out, { end: false });
  child.stderr.pipe(out, { end: false });
  try {
    await ready(child);
  } catch (error) {
    await stop(child);
    throw new Error(`${String(error)}\n${await readFile(log, "utf8")}`);
  }
  const dure = (...args: string[]) => run(args, environment({ DURE_DATA: data, DURE_PORT: String(port) }));
  return { url: `http://127.0.0.1:${port}`, data, dure, stop: () => stop(child) };
}

/** Ends the server, and removes its data, if we are killed before we can. */
function guard(child: ChildProcess, data: string) {
  const script = `while kill -0 "$1" && kill -0 "$2"; do sleep 1; done
    kill -0 "$1" && exit
    kill "$2"; while kill -0 "$2"; do sleep 1; done
    [ -z "$3" ] || rm -rf "$3"`;
  const names = [String(process.pid), String(child.pid), data];
  spawn("sh", ["-c", script, "guard", ...names], { detached: true, stdio: "ignore" }).unref();
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    let said = "";
    const late = setTimeout(() => fail(new Error("dure serve was not ready in time")), START_TIMEOUT);
    child.once("error", fail);
    child.once("exit", (code) => fail(new Error(`dure serve ended with ${code} before it was ready`)));
    child.stdout?.on("data", (text) => {
      said += text;
      if (said.includes("Dure is ready")) {
        clearTimeout(late);
        done();
      }
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const ended = new Promise((exit) => child.once("exit", exit));
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT);
  child.kill("SIGTERM");
  await ended;
  clearTimeout(late);
}

function run(args: string[], env: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.once("error", fail);
    child.once("close", (code) => done({ code, output }));
  });
}
