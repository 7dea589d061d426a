// The main job with the keyboard alone: Tab, Enter, Space and the arrows.
import { type Locator, type Page } from "@playwright/test";
import { confirmationOf, unique } from "../../support/accounts";
import { field } from "../../support/field";
import { expect, test } from "../../support/fixtures";
import { CARDS } from "../../support/visitor";
import { words } from "../../support/words";

const w = words.ko;

/** Whether what has the focus shows it, and is not covered. */
async function focusShows(page: Page) {
  const wrong = await page.evaluate(() => {
    const focused = document.activeElement as HTMLElement;
    const name = `${focused.tagName} ${focused.textContent?.trim() || focused.getAttribute("name")}`;
    const style = getComputedStyle(focused);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
    // A card's link spreads over its card and may show its focus there.
    const around = focused.closest(".card, .choice, label");
    const outer = around && getComputedStyle(around);
    // The parts inside of a date's field, such as its calendar, are the browser's own.
    const inside = focused.matches("[type=date], [type=month]") && !focused.matches(":focus-visible");
    const shows = inside || outlined || style.boxShadow !== "none" || (outer && outer.outlineStyle !== "none");
    const box = focused.getBoundingClientRect();
    // The middle of what the screen shows of it.
    const middle = (from: number, to: number, most: number) => (Math.max(from, 0) + Math.min(to, most)) / 2;
    const [x, y] = [middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight)];
    const above = document.elementFromPoint(x, y);
    const seen = above && (focused.contains(above) || above.contains(focused) || above.closest("label")?.contains(focused));
    return [shows ? "" : `${name} does not show its focus`, seen ? "" : `${name} is covered by ${above?.className}`]
      .filter(Boolean)
      .join(", ");
  });
  expect(wrong).toBe("");
}

/** Presses Tab until this has the focus. */
async function tabTo(page: Page, target: Locator) {
  await expect(target).toHaveCount(1);
  for (let steps = 0; steps < 60; steps++) {
    await page.keyboard.press("Tab");
    await focusShows(page);
    if (await target.evaluate((element) => element === document.activeElement)) {
      return;
    }
  }
  throw new Error(`${target} cannot be reached with Tab`);
}

async function type(page: Page, label: string, text: string) {
  await tabTo(page, field(page, label));
  await page.keyboard.type(text);
}

test("the skip link is first and leads past the header", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: w.skip });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport({ ratio: 1 });
  await focusShows(page);
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();
  await page.keyboard.press("Tab");
  const inMain = await page.evaluate(() => document.querySelector("main")!.contains(document.activeElement));
  expect(inMain).toBe(true);
});

test("somebody signs up and backs a project with the keyboard alone", async ({ page, creator, newcomer }) => {
  test.slow();
  const cups = [
    { title: "찻잔 하나", price: 30_000, stock: 5 },
    { title: "찻잔 두 개", price: 55_000, stock: 5 },
  ];
  const title = `두레 찻잔 ${unique()}`;
  const slug = await creator.project({ title, goal: 100_000 }, cups);

  await test.step("sign up and log in", async () => {
    await page.goto("/");
    await tabTo(page, page.getByRole("link", { name: w.signUp }));
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL("/signup");
    await type(page, w.email, newcomer.email);
    await type(page, w.password, newcomer.password);
    await type(page, w.name, newcomer.name);
    for (const label of [w.terms, w.privacy]) {
      await tabTo(page, field(page, label));
      await page.keyboard.press("Space");
      await expect(field(page, label)).toBeChecked();
    }
    await tabTo(page, page.getByRole("button", { name: w.signUp }));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: w.mailSent })).toBeVisible();
    await page.goto(await confirmationOf(page.request, newcomer.email));
    await tabTo(page, page.getByRole("button", { name: w.confirmAddress }));
    await page.keyboard.press("Enter");
    await tabTo(page, page.locator("main").getByRole("link", { name: w.logIn }));
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL("/login");
    await type(page, w.emailOrId, newcomer.email);
    await type(page, w.password, newcomer.password);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("link", { name: w.myAccount })).toBeVisible();
  });

  await test.step("find the project", async () => {
    await tabTo(page, page.getByRole("banner").getByRole("searchbox"));
    await page.keyboard.type(title.split(" ")[2]);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/discover\?q=/);
    await tabTo(page, page.getByRole("link", { name: title }));
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(`/projects/${slug}`);
  });

  await test.step("choose, and enter a card", async () => {
    await tabTo(page, page.getByRole("link", { name: w.back, exact: true }).and(page.locator(":visible")));
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/pledge$/);
    await tabTo(page, field(page, `${cups[0].title}: ${w.quantity}`));
    await focusShows(page);
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("2");
    await type(page, w.extra, "1000");
    await tabTo(page, page.getByRole("button", { name: w.nextStep }));
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByRole("checkbox", { name: w.agree }));
    await page.keyboard.press("Space");
    await tabTo(page, page.getByRole("button", { name: w.toCard }));
    await page.keyboard.press("Space");
    await expect(page).toHaveURL(/\/sandbox\/card/);
    await type(page, w.cardNumber, CARDS.pays);
    await type(page, w.expiry, "12/40");
    await type(page, w.cvc, "123");
    await tabTo(page, page.getByRole("button", { name: w.storeCard }));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("status")).toHaveText(w.thanks);
    await expect(page.locator("main")).toContainText(w.won(61_000));
  });
});

test("the story's preview works with the keyboard alone", async ({ page, context, creator }) => {
  await creator.lendTo(context);
  await page.goto("/studio/new");
  await type(page, w.title, "자판으로 쓴 이야기");
  await tabTo(page, field(page, w.story));
  await page.keyboard.type("**굵게**");
  await page.keyboard.press("Shift+Tab");
  await expect(page.getByRole("button", { name: w.preview })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator(".story-editor__preview strong")).toHaveText("굵게");
});
