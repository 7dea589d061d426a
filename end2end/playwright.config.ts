// The browser journeys: `npx playwright test` in this folder, after `bin/build`.
//
// One server on a database of its own serves them all (support/start.ts); a journey that moves the
// clock starts another. DURE_BIN names another binary than ../dist/dure, CHROMIUM another browser.
import { defineConfig } from "@playwright/test";
import chromium from "./chromium.js";

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
/** What must work for everybody: with and without JavaScript, on a phone and at a desk. */
const main = ["accounts/*.spec.ts", "projects/*.spec.ts", "pledges/pledge.spec.ts"];

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  globalSetup: "./support/start.ts",
  workers: 1,
  // A test that passes the second time is broken.
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 30_000,
  expect: { timeout: 5_000 },
  reporter: [["list"], ["./support/server_log.ts"]],
  use: {
    browserName: "chromium",
    launchOptions: chromium,
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
    actionTimeout: 5_000,
    navigationTimeout: 10_000,
    trace: { mode: "retain-on-failure", screenshots: false },
  },
  projects: [
    { name: "desktop", testIgnore: "layout/phone.spec.ts", use: { viewport: { width: 1280, height: 900 } } },
    {
      name: "phone",
      testMatch: [...main, "layout/phone.spec.ts"],
      // The same pages as without JavaScript, at the same width.
      testIgnore: "accounts/recovery.spec.ts",
      use: phone,
    },
    { name: "no-js", testMatch: main, use: { ...phone, javaScriptEnabled: false } },
  ],
});
