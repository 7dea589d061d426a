// Figures that move on an open page, without a reload.
import type { Page } from "@playwright/test";
import { expect, test } from "../../support/fixtures";
import { unique } from "../../support/accounts";
import { serveBeside } from "../../support/server";
import type { Visitor } from "../../support/visitor";
import { islandsAwake } from "../../support/watch";
import { words } from "../../support/words";

const w = words.ko;
const CUP = { title: "찻잔 하나", price: 30_000, stock: 5 };

async function aProject(creator: Visitor): Promise<string> {
  return creator.project({ title: `두레 찻잔 ${unique()}`, goal: 100_000 }, [CUP]);
}

/** Opens the project and waits until its page listens. */
async function watch(page: Page, url: string) {
  const listening = page.waitForResponse(/\/live\/projects\//);
  await page.goto(url);
  await islandsAwake(page);
  await listening;
  // A reload would lose this.
  await page.evaluate(() => (document.title = "not reloaded"));
}

async function shows(page: Page, sum: number, percent: number, backers: number, left: number) {
  const facts = page.locator(".project__facts .raised");
  await Promise.all([
    expect(facts.getByText(w.won(sum), { exact: true })).toBeVisible(),
    expect(facts).toContainText(`${percent}% 달성`),
    expect(facts).toContainText(w.backers(backers)),
    expect(facts.getByRole("progressbar")).toHaveJSProperty("value", Math.min(percent, 100)),
    expect(page.locator(".stock")).toHaveText(left > 0 ? w.left(left) : "품절"),
  ]);
  await expect(page).toHaveTitle("not reloaded");
}

test("raised, backers and stock change on a page that is open elsewhere", async ({ page, creator, backer }) => {
  const slug = await aProject(creator);
  await watch(page, `/projects/${slug}`);
  await shows(page, 0, 0, 0, 5);
  const pledge = await backer.back(slug, { reward: CUP.title, quantity: 2, extra: 5_000 });
  await shows(page, 65_000, 65, 1, 3);
  await creator.back(slug, { reward: CUP.title, quantity: 3 });
  await shows(page, 155_000, 155, 2, 0);
  await backer.cancel(pledge);
  await shows(page, 90_000, 90, 1, 2);
});

test("a page of either of two servers on one database shows what happens on the other", async ({
  page,
  context,
  creator,
  backer,
}) => {
  const second = await serveBeside({ data: process.env.DURE_E2E_DATA! });
  try {
    const slug = await aProject(creator);
    const here = await context.newPage();
    await watch(here, `/projects/${slug}`);
    await watch(page, `${second.url}/projects/${slug}`);
    const pledge = await backer.back(slug, { reward: CUP.title, extra: 70_000 });
    await shows(page, 100_000, 100, 1, 4);
    await shows(here, 100_000, 100, 1, 4);

    await backer.cancel(new URL(pledge, second.url).href);
    await shows(here, 0, 0, 0, 5);
    await shows(page, 0, 0, 0, 5);
  } finally {
    await second.stop();
  }
});

test("an open page catches up after its server was away", async ({ page, creator, backer }) => {
  test.slow();
  const data = process.env.DURE_E2E_DATA!;
  let second = await serveBeside({ data });
  try {
    const slug = await aProject(creator);
    await watch(page, `${second.url}/projects/${slug}`);
    await second.stop();
    await backer.back(slug, { reward: CUP.title });
    await expect(page.locator(".stock")).toHaveText(w.left(5));
    second = await serveBeside({ data }, Number(new URL(second.url).port));
    // The browser waits some seconds before it connects again.
    await expect(page.locator(".stock")).toHaveText(w.left(4), { timeout: 15_000 });
    await expect(page).toHaveTitle("not reloaded");
  } finally {
    await second.stop();
  }
});

test("a page that nobody sees listens to nothing, and catches up when it is seen", async ({ page, creator, backer }) => {
  const slug = await aProject(creator);
  await watch(page, `/projects/${slug}`);
  const show = (hidden: boolean) =>
    page.evaluate((value) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => value });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);

  const closed = page.waitForEvent("requestfailed", (request) => request.url().includes("/live/projects/"));
  await show(true);
  await closed;
  await backer.back(slug, { reward: CUP.title, quantity: 1 });
  const listening = page.waitForResponse(/\/live\/projects\//);
  await show(false);
  await listening;
  await shows(page, 30_000, 30, 1, 4);
});
