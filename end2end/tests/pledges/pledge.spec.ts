// A backer's way: choose, card, pledge, and back out of it.
import type { Page } from "@playwright/test";
import { unique } from "../../support/accounts";
import { field } from "../../support/field";
import { expect, test } from "../../support/fixtures";
import { CARDS } from "../../support/visitor";
import { islandsAwake } from "../../support/watch";
import { at, languages, words } from "../../support/words";

/** How many of a reward are chosen. */
function pieces(page: Page, title: string, language: "ko" | "en" = "ko") {
  return field(page, `${title}: ${words[language].quantity}`);
}

/** From the choice through its sum to the card page. */
async function agree(page: Page, language: "ko" | "en" = "ko") {
  const w = words[language];
  await page.getByRole("button", { name: w.nextStep }).click();
  await page.getByRole("checkbox", { name: w.agree }).check();
  await page.getByRole("button", { name: w.toCard }).click();
}

const CUP = { title: "찻잔 하나", price: 30_000, stock: 5 };

async function enterCard(page: Page, number: string, language: "ko" | "en" = "ko") {
  const w = words[language];
  await field(page, w.cardNumber).fill(number);
  await field(page, w.expiry).fill("12/40");
  await field(page, w.cvc).fill("123");
  await page.getByRole("button", { name: w.storeCard }).click();
}

for (const language of languages) {
  const w = words[language];

  test(`somebody backs a project and cancels (${language})`, async ({ page, context, creator, backer, javaScript }) => {
    const title = `두레 찻잔 ${unique()}`;
    const slug = await creator.project({ title, goal: 100_000 }, [CUP, { title: "한 벌", price: 90_000 }]);
    const project = at(language, `/projects/${slug}`);
    const reward = page.getByRole("listitem").filter({ hasText: CUP.title });
    const stock = reward.locator(".stock");
    await backer.lendTo(context);

    await test.step("choose a reward twice, and something more", async () => {
      await page.goto(project);
      await expect(stock).toHaveText(w.left(5));
      await reward.getByRole("link", { name: w.chooseReward }).click();
      await expect(pieces(page, CUP.title, language)).toHaveValue("1");
      const total = page.locator("output");
      if (javaScript) {
        await islandsAwake(page);
        await expect(total).toHaveText(w.won(30_000));
      }
      await pieces(page, CUP.title, language).fill("2");
      await field(page, w.extra).fill("5,000");
      if (javaScript) {
        await expect(total).toHaveText(w.won(65_000));
      }
      await page.getByRole("button", { name: w.nextStep }).click();
      await expect(page.locator(".facts__total")).toContainText(w.won(65_000));
      await page.getByRole("checkbox", { name: w.agree }).check();
      await page.getByRole("button", { name: w.toCard }).click();
    });

    await test.step("the gateway's card page", async () => {
      await expect(page).toHaveURL(/\/sandbox\/card\?page=/);
      await expect(page.locator("html")).toHaveAttribute("lang", language);
      await expect(page.locator("main")).toContainText(w.won(65_000));
      await enterCard(page, CARDS.pays, language);
      await expect(page).toHaveURL(/\/account\/pledges\/[0-9a-f-]+\?returned=1/);
      await expect(page.getByRole("status")).toHaveText(w.thanks);
      await expect(page.locator("main")).toContainText(`${CUP.title} × 2`);
      await expect(page.locator("main")).toContainText(w.won(65_000));
      await expect(page.locator("main")).toContainText("4242");
    });

    await test.step("the pledge shows, and the stock is taken", async () => {
      await page.goto(at(language, "/account/pledges"));
      const row = page.getByRole("link", { name: title });
      await expect(row).toContainText(w.won(65_000));
      await expect(row).toContainText(w.pledged);
      await page.goto(project);
      await expect(stock).toHaveText(w.left(3));
      await expect(page.locator(".project__facts .raised")).toContainText(w.won(65_000));
      await expect(page.locator(".project__facts .raised").getByText(w.backers(1), { exact: true })).toBeVisible();
      await expect.poll(async () => (await backer.mails())[0].subject).toContain(title);
    });

    await test.step("cancel, and the stock comes back", async () => {
      await page.goto(at(language, "/account/pledges"));
      await page.getByRole("link", { name: title }).click();
      await page.getByRole("button", { name: w.cancelPledge }).click();
      await expect(page.locator("main")).toContainText(w.canceled);
      await expect(page.getByRole("button", { name: w.cancelPledge })).toBeHidden();
      await page.goto(project);
      await expect(stock).toHaveText(w.left(5));
      await expect(page.locator(".project__facts .raised")).toContainText(w.won(0));
    });
  });
}

test("a card that is refused at once stays on the card page, and another can be tried", async ({
  page,
  context,
  creator,
  backer,
}) => {
  const w = words.ko;
  const slug = await creator.project({ title: `두레 접시 ${unique()}`, goal: 100_000 });
  await backer.lendTo(context);
  await page.goto(`/projects/${slug}/pledge`);
  await field(page, w.extra).fill("10000");
  await agree(page);

  await enterCard(page, CARDS.refusedAtOnce);
  await expect(page.getByRole("alert")).toHaveText(w.refusedCard);
  await expect(page).toHaveURL(/\/sandbox\/card/);
  await enterCard(page, "4242424242424241");
  await expect(page.getByRole("alert")).toHaveText("카드 번호를 다시 확인해 주세요.");
  await enterCard(page, CARDS.pays);
  await expect(page.getByRole("status")).toHaveText(w.thanks);
});

test("who gives up at the card page finds the pledge waiting", async ({ page, context, creator, backer }) => {
  const w = words.ko;
  const slug = await creator.project({ title: `두레 사발 ${unique()}`, goal: 100_000 }, [CUP]);
  await backer.lendTo(context);
  await page.goto(`/projects/${slug}/pledge`);
  await pieces(page, CUP.title).fill("1");
  await agree(page);
  await page.getByRole("link", { name: "그만두고 돌아가기" }).click();
  await expect(page.locator("main")).toContainText("결제수단 등록 전");

  await page.getByRole("button", { name: w.storeCard }).click();
  await enterCard(page, CARDS.pays);
  await expect(page.getByRole("status")).toHaveText(w.thanks);
});

test("what was typed stays when more is asked than is left", async ({ page, context, creator, backer }) => {
  const w = words.ko;
  const slug = await creator.project({ title: `두레 항아리 ${unique()}`, goal: 100_000 }, [CUP]);
  await backer.lendTo(context);
  await page.goto(`/projects/${slug}/pledge`);
  await pieces(page, CUP.title).fill("6");
  await field(page, w.extra).fill("1234");
  await page.getByRole("button", { name: w.nextStep }).click();

  await expect(page.getByRole("alert")).toContainText("남은 수량이 부족해졌어요");
  await expect(pieces(page, CUP.title)).toHaveValue("6");
  await expect(field(page, w.extra)).toHaveValue("1234");
});
