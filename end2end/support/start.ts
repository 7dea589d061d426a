// Before all tests: one server. After all: stops it.
import { rm } from "node:fs/promises";
import { logs, serve } from "./server";

export default async function start() {
  await rm(logs, { recursive: true, force: true });
  const server = await serve();
  // The workers inherit these.
  process.env.DURE_E2E_URL = server.url;
  process.env.DURE_E2E_DATA = server.data;
  return () => server.stop();
}
