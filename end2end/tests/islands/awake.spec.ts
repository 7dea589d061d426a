// Every page: its module starts, its islands wake, nothing complains. And: this would be noticed.
import { field } from "../../support/field";
import { expect, test } from "../../support/fixtures";
import { islandsOfSource } from "../../support/islands";
import { visitAll } from "../../support/stage";
import { islandsAwake, listen } from "../../support/watch";
import { languages, words } from "../../support/words";

const w = words.ko;
/** Stand only on pages of projects that are over: `pledges/deadline.spec.ts` sees them move. */
const AFTER_A_DEADLINE = ["LiveTruth"];

for (const language of languages) {
  test(`every page starts without a complaint, and its islands wake (${language})`, async ({ page, stage }) => {
    test.slow();
    const complaints = listen(page);
    const met = new Set<string>();
    await visitAll(page, stage, language, async ({ path }) => {
      await page.goto(path, { waitUntil: "load" });
      const islands = await islandsAwake(page).catch((error: Error) => {
        expect.soft(error.message, path).toBe("");
        return [];
      });
      for (const island of islands) {
        met.add(island);
      }
      const module = page.locator("script[type=module]");
      await expect.soft(module, `${path} loads the module only for islands`).toHaveCount(islands.length > 0 ? 1 : 0);
      expect.soft(complaints.take(), path).toEqual([]);
    });
    for (const island of islandsOfSource().filter(({ name }) => !AFTER_A_DEADLINE.includes(name))) {
      expect.soft([...met].some((name) => name.startsWith(island.name)), `${island.name} stands on a page`).toBe(true);
    }
  });
}

test.describe("what goes wrong is noticed", () => {
  test("a module that does not load: the page stays a form that works", async ({ page, context, stage }) => {
    const complaints = listen(page);
    await page.route("**/*.wasm", (route) => route.abort());
    await stage.backer.lendTo(context);
    await page.goto(`/projects/${stage.live}/pledge`);

    await expect(islandsAwake(page, 1_500)).rejects.toThrow("boot.js woke every island");
    await expect(page.locator("html")).not.toHaveAttribute("data-islands");
    expect(complaints.take().join("\n")).toContain(".wasm");

    await field(page, w.extra).fill("1000");
    await page.getByRole("button", { name: w.nextStep }).click();
    // The texts, and that it is really another pledge.
    for (const tick of await page.getByRole("checkbox").all()) {
      await tick.check();
    }
    await page.getByRole("button", { name: w.toCard }).click();
    await expect(page).toHaveURL(/\/sandbox\/card\?page=/);
  });

  test("an island that the module does not have", async ({ page, stage }) => {
    const complaints = listen(page);
    await page.route(`/projects/${stage.live}`, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(/data-component="LiveStock/, 'data-component="Nobody');
      await route.fulfill({ response, body });
    });
    await page.goto(`/projects/${stage.live}`);

    await expect(islandsAwake(page, 1_500)).rejects.toThrow("boot.js woke every island");
    expect(complaints.take().join("\n")).toContain("no island Nobody");
  });

  test("a script in the page itself", async ({ page }) => {
    const complaints = listen(page);
    await page.goto("/");
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'broken'";
      document.body.append(script);
    });
    await expect.poll(() => complaints.take().join("\n")).toContain("Content Security Policy");
    await expect(page).not.toHaveTitle("broken");
  });
});
