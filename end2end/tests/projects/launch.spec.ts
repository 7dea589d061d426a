// A creator's way from an empty form to a live project that others find.
import type { Page } from "@playwright/test";
import { unique } from "../../support/accounts";
import { dayAhead, monthAhead } from "../../support/dates";
import { field } from "../../support/field";
import { expect, test } from "../../support/fixtures";
import { picture } from "../../support/picture";
import { islandsAwake } from "../../support/watch";
import { words } from "../../support/words";

const w = words.ko;
const SCRIPT = "<script>alert('두레')</script>";
const STORY = `## 시작\n\n**함께** 만들어요.\n\n${SCRIPT}\n\n</textarea><b>끝</b>`;

/** Fails when the page opens a dialogue: a script in somebody's text ran. */
function noDialogue(page: Page) {
  page.on("dialog", (dialogue) => {
    throw new Error(`a script ran: ${dialogue.message()}`);
  });
}

test("somebody starts a project, launches it, and others find it", async ({ page, person, javaScript, browser }) => {
  test.slow();
  const title = `두레 찻잔 ${unique()} <i>하나</i>`;
  noDialogue(page);

  await test.step("errors stand at their fields, and nothing typed is lost", async () => {
    await page.goto("/");
    await page.getByRole("link", { name: w.startProject }).first().click();
    await expect(page.getByRole("heading", { name: w.startProject })).toBeVisible();
    await field(page, w.title).fill("   ");
    await field(page, w.summary).fill("손으로 빚은 찻잔");
    await field(page, w.category).selectOption("crafts");
    await field(page, w.goal).fill("-5");
    await field(page, w.deadline).fill("2020-01-01");
    await field(page, w.story).fill(STORY);
    await page.getByRole("button", { name: w.save, exact: true }).click();

    await expect(field(page, w.title)).toHaveAccessibleDescription(w.required);
    await expect(field(page, w.goal)).toHaveAccessibleDescription(new RegExp(w.atLeastOneWon));
    await expect(field(page, w.deadline)).toHaveAccessibleDescription(new RegExp(w.laterDate));
    for (const label of [w.title, w.goal, w.deadline]) {
      await expect(field(page, label)).toHaveAttribute("aria-invalid", "true");
    }
    await expect(field(page, w.summary)).toHaveValue("손으로 빚은 찻잔");
    await expect(field(page, w.category)).toHaveValue("crafts");
    await expect(field(page, w.goal)).toHaveValue("-5");
    await expect(field(page, w.deadline)).toHaveValue("2020-01-01");
    await expect(field(page, w.story)).toHaveValue(STORY);
  });

  await test.step("the story can be previewed", async () => {
    const preview = page.getByRole("button", { name: w.preview });
    if (!javaScript) {
      await preview.click();
      const above = page.getByRole("region", { name: w.preview });
      await expect(above.getByRole("heading", { name: "시작" })).toBeVisible();
      await expect(above.locator("strong")).toHaveText("함께");
      await expect(above).toContainText(SCRIPT);
      await expect(field(page, w.story)).toHaveValue(STORY);
      await expect(field(page, w.summary)).toHaveValue("손으로 빚은 찻잔");
      return;
    }
    // The button for those without a script has left when the tabs are there.
    await islandsAwake(page);
    await expect(preview).toHaveCount(1);
    await field(page, w.story).fill(`${STORY}\n\n그리고 *조금 더*`);
    await preview.click();
    const shown = page.locator(".story-editor__preview");
    await expect(shown.getByRole("heading", { name: "시작" })).toBeVisible();
    await expect(shown.locator("strong")).toHaveText("함께");
    await expect(shown.locator("em")).toHaveText("조금 더");
    await expect(shown).toContainText(SCRIPT);
    await expect(field(page, w.story)).toBeHidden();
    await page.getByRole("button", { name: w.write }).click();
    await expect(field(page, w.story)).toHaveValue(`${STORY}\n\n그리고 *조금 더*`);
  });

  await test.step("the draft is saved", async () => {
    await field(page, w.title).fill(title);
    await field(page, w.goal).fill("1,000,000");
    await field(page, w.deadline).fill(dayAhead(30));
    await page.getByRole("button", { name: w.save, exact: true }).click();
    await expect(page.getByRole("status")).toHaveText(w.saved);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  });

  await test.step("a reward: refused, then added", async () => {
    await page.getByRole("link", { name: w.rewards }).click();
    const form = page.getByRole("form", { name: w.addReward });
    await field(form, w.rewardTitle).fill("찻잔 두 개");
    await field(form, w.price).fill("0");
    await field(form, w.stock).fill("-1");
    await field(form, w.delivery).fill(monthAhead(4));
    await form.getByRole("button", { name: w.add }).click();
    await expect(field(form, w.price)).toHaveAttribute("aria-invalid", "true");
    await expect(field(form, w.stock)).toHaveAttribute("aria-invalid", "true");
    await expect(field(form, w.rewardTitle)).toHaveValue("찻잔 두 개");
    await expect(field(form, w.stock)).toHaveValue("-1");
    await expect(field(form, w.delivery)).toHaveValue(monthAhead(4));

    await field(form, w.price).fill("30000");
    await field(form, w.stock).fill("20");
    await form.getByRole("button", { name: w.add }).click();
    await expect(page.getByRole("status")).toHaveText(w.saved);
    await expect(page.getByRole("listitem").filter({ hasText: "찻잔 두 개" })).toContainText(w.won(30_000));
  });

  await test.step("a cover: refused, then taken", async () => {
    await page.getByRole("link", { name: w.launchTitle }).click();
    const upload = async (buffer: Buffer) => {
      await field(page, w.cover).setInputFiles({ name: "표지.png", mimeType: "image/png", buffer });
      await page.getByRole("button", { name: w.upload }).click();
    };
    await upload(Buffer.from("이것은 사진이 아니에요"));
    await expect(page.getByRole("alert")).toHaveText(w.notAPicture);
    await upload(picture());
    await expect(page.getByRole("status")).toHaveText(w.saved);
    await expect(page.locator("img.cover")).toBeVisible();
  });

  await test.step("launch", async () => {
    await page.getByRole("button", { name: w.launch }).click();
    await expect(page.getByRole("status")).toHaveText(w.launched);
    await page.getByRole("link", { name: w.viewPage }).click();
    await expect(page).toHaveURL(/\/projects\/dure-chatjan-/);
  });

  await test.step("somebody else finds it at home and by searching", async () => {
    const elsewhere = await browser.newContext();
    const other = await elsewhere.newPage();
    noDialogue(other);
    const card = other.getByRole("link", { name: title });
    await expect(async () => {
      // Lists are some seconds old.
      await other.goto("/");
      await expect(card.first()).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 15_000 });
    const search = other.getByRole("banner").getByRole("searchbox", { name: w.findProjects });
    await search.fill(title.split(" ")[2]);
    await search.press("Enter");
    await expect(other).toHaveURL(/\/discover\?q=/);
    await expect(card).toHaveCount(1);
    await card.click();

    await expect(other.getByRole("heading", { level: 1 })).toHaveText(title);
    await expect(other.getByRole("heading", { name: "시작" })).toBeVisible();
    await expect(other.locator(".story")).toContainText(SCRIPT);
    await expect(other.getByText(w.left(20))).toBeVisible();
    await expect(other.getByRole("link", { name: person.name })).toBeVisible();
    const cover = other.locator("img.project__cover");
    await expect(cover).toBeVisible();
    const served = await other.request.get((await cover.getAttribute("src"))!);
    expect(served.headers()["content-type"]).toBe("image/webp");
    await elsewhere.close();
  });
});

test("a draft is nobody else's to see, and lists what it lacks", async ({ page, creator, person, context }) => {
  const slug = await creator.draft({ title: `아직 비밀 ${unique()}`, goal: 100_000, story: " " });
  for (const path of [`/projects/${slug}`, `/studio/${slug}`, `/studio/${slug}/edit`]) {
    const answer = await page.goto(path);
    expect(answer?.status(), `${person.name} at ${path}`).toBe(404);
  }
  await creator.lendTo(context);
  await page.goto(`/studio/${slug}`);
  await expect(page.getByRole("listitem").filter({ hasText: w.story })).toContainText("아직 비어 있어요");
  await page.getByRole("button", { name: w.launch }).click();
  await expect(page.getByRole("alert")).toHaveText("공개하려면 빠진 항목을 먼저 채워 주세요.");
});
