// Pages fit the screen: nothing scrolls sideways, and on a project's page the progress and the button
// are always in view.
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { visitAll } from "./stage";
import { languages, words } from "./words";

const w = words.ko;

/** What reaches out of the screen sideways and is not kept by a part that scrolls by itself. */
async function tooWide(page: Page, width: number): Promise<string[]> {
  return page.evaluate((width) => {
    const root = document.documentElement;
    if (root.scrollWidth <= width && document.body.scrollWidth <= width) {
      return [];
    }
    const wide = [...document.body.querySelectorAll("*")].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && box.right > width + 0.5;
    });
    const names = wide.map((element) => `${element.tagName.toLowerCase()}.${element.className} to ${element.getBoundingClientRect().right}`);
    return [`${root.scrollWidth} px wide`, ...names.slice(0, 5)];
  }, width);
}

async function showsTheWayToPledge(page: Page, where: string) {
  const seen = async (what: string, found: ReturnType<Page["locator"]>) => {
    const boxes = await found.and(page.locator(":visible")).all();
    const inView = await Promise.all(
      boxes.map((box) =>
        box.evaluate((element) => {
          const { left, top, right, bottom } = element.getBoundingClientRect();
          const above = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
          return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth && element.contains(above);
        }),
      ),
    );
    expect(inView, `${what} in view ${where}`).toContain(true);
  };
  await seen("the button", page.getByRole("link", { name: w.back, exact: true }));
  await seen("the progress", page.getByRole("progressbar"));
}


/** The tests of one screen. */
export function fits(name: string, width: number, height: number) {
  test.describe(name, () => {
    test.use({ viewport: { width, height } });

    for (const language of languages) {
      test(`no page scrolls sideways (${language})`, async ({ page, stage }) => {
        test.slow();
        await visitAll(page, stage, language, async ({ path }) => {
          await page.goto(path);
          expect.soft(await tooWide(page, width), path).toEqual([]);
        });
      });
    }

    test("progress and button are in view wherever a project's page is scrolled to", async ({ page, stage }) => {
      await page.goto(`/projects/${stage.live}`);
      await showsTheWayToPledge(page, "at the top");
      for (const part of [1 / 3, 2 / 3, 1]) {
        await page.evaluate((part) => scrollTo({ top: document.body.scrollHeight * part, behavior: "instant" }), part);
        await showsTheWayToPledge(page, `at ${Math.round(part * 100)} %`);
      }
    });
  });
}
