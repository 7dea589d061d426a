// Every page against the rules of WCAG 2.2 AA that a machine can judge, light and dark, in both languages.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "../../support/fixtures";
import { visitAll } from "../../support/stage";
import { languages } from "../../support/words";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** What changes in the dark. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** What axe finds, one line each. Without frames its legacy mode sees the same and is much faster. */
async function violations(page: Page, choose: (axe: AxeBuilder) => AxeBuilder): Promise<string[]> {
  const { violations } = await choose(new AxeBuilder({ page }).setLegacyMode()).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")} — ${node.failureSummary?.split("\n").slice(1).join(";")}`),
  );
}

for (const language of languages) {
  test(`axe finds nothing on any page, light and dark (${language})`, async ({ page, stage }) => {
    test.setTimeout(120_000);
    await visitAll(page, stage, language, async ({ name, path }) => {
      await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
      await page.goto(path);
      expect.soft(await violations(page, (axe) => axe.withTags(RULES)), `${name} ${path}`).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
      expect.soft(await violations(page, (axe) => axe.withRules(COLOURS)), `${name} ${path} in the dark`).toEqual([]);
    });
  });
}

test("what is wrong would be found", async ({ page }) => {
  await page.goto("/login");
  await page.evaluate(() => {
    document.querySelector("main label")!.remove();
    // The last line has words of its own; the one before holds only links.
    [...document.querySelectorAll<HTMLElement>("main p")].at(-1)!.style.color = "#999";
  });
  const found = await violations(page, (axe) => axe.withTags(RULES));
  expect(found.map((line) => line.split(":")[0])).toEqual(expect.arrayContaining(["label", "color-contrast"]));
  await page.emulateMedia({ colorScheme: "dark" });
  await page.evaluate(() => ([...document.querySelectorAll<HTMLElement>("main p")].at(-1)!.style.color = "#555"));
  expect(await violations(page, (axe) => axe.withRules(COLOURS))).toHaveLength(1);
});
