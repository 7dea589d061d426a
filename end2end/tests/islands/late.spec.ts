// What somebody does before the module has arrived is not lost on the islands.
import type { Page } from "@playwright/test";
import { unique } from "../../support/accounts";
import { field } from "../../support/field";
import { expect, test } from "../../support/fixtures";
import { islandsAwake } from "../../support/watch";
import { words } from "../../support/words";

const w = words.ko;

/** Holds the module back until the returned function is called. */
async function slowModule(page: Page): Promise<() => void> {
  let arrive = () => {};
  const arrived = new Promise<void>((done) => (arrive = done));
  await page.route("**/*.wasm", async (route) => {
    await arrived;
    await route.continue();
  });
  return arrive;
}

test("a story typed before the editor woke shows in its preview", async ({ page, context, creator }) => {
  await creator.lendTo(context);
  const arrive = await slowModule(page);
  await page.goto("/studio/new");
  await field(page, w.story).fill("**일찍** 쓴 글");
  arrive();
  await islandsAwake(page);
  await expect(field(page, w.story)).toHaveValue("**일찍** 쓴 글");
  await page.getByRole("button", { name: w.preview }).click();
  await expect(page.locator(".story-editor__preview strong")).toHaveText("일찍");
});

test("a choice made before the total woke counts in it", async ({ page, context, creator, backer }) => {
  const cup = { title: "찻잔 하나", price: 30_000 };
  const slug = await creator.project({ title: `두레 찻잔 ${unique()}`, goal: 100_000 }, [cup]);
  await backer.lendTo(context);
  const arrive = await slowModule(page);
  await page.goto(`/projects/${slug}/pledge`);
  await field(page, `${cup.title}: ${w.quantity}`).fill("3");
  arrive();
  await islandsAwake(page);
  await expect(page.locator("output")).toHaveText(w.won(90_000));
});

test("a pledge made between the page and its figures shows when they wake", async ({ page, creator, backer }) => {
  const slug = await creator.project({ title: `두레 찻잔 ${unique()}`, goal: 100_000 });
  const arrive = await slowModule(page);
  await page.goto(`/projects/${slug}`);
  await backer.back(slug, { extra: 40_000 });
  arrive();
  await islandsAwake(page);
  await expect(page.locator(".project__facts .raised")).toContainText(w.won(40_000));
});
