// What every journey begins with.
import { test as base } from "@playwright/test";
import { aName, anAddress, join, type Account } from "./accounts";
import { aStage, type Stage } from "./stage";
import { Visitor } from "./visitor";

interface Fixtures {
  /** Whether the browser of this project runs JavaScript. */
  javaScript: boolean;
  /** An account that does not exist yet. */
  newcomer: Account;
  /** Somebody who has signed up, confirmed and logged in through the pages, in Korean. */
  person: Account;
  /** Somebody elsewhere who has an account and starts projects. */
  creator: Visitor;
  /** Somebody elsewhere who has an account and backs projects. */
  backer: Visitor;
}

interface WorkerFixtures {
  server: string;
  /** A site with something of everything, to look at. Nobody changes it. */
  stage: Stage;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  server: [async ({}, use) => use(process.env.DURE_E2E_URL!), { scope: "worker" }],

  stage: [async ({ server }, use) => use(await aStage(server, process.env.DURE_E2E_DATA!)), { scope: "worker" }],

  baseURL: async ({ server }, use) => use(server),

  // Each test comes from an address of its own, so that limits by address do not add up.
  extraHTTPHeaders: async ({}, use) => use({ "x-forwarded-for": anAddress() }),

  javaScript: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),

  newcomer: async ({}, use) => {
    const name = aName();
    await use({ name, email: `${name}@example.kr`, password: "정직한 파란 고래가 난다" });
  },

  person: async ({ page, newcomer }, use) => {
    await join(page, newcomer, "ko");
    await use(newcomer);
  },

  creator: async ({ server }, use) => {
    const creator = await Visitor.member(server);
    await use(creator);
    await creator.leave();
  },

  backer: async ({ server }, use) => {
    const backer = await Visitor.member(server);
    await use(backer);
    await backer.leave();
  },
});

export { expect } from "@playwright/test";
