// The deadline: judged once, charged, booked, told. On a server of its own, because it moves the clock.
import { unique } from "../../support/accounts";
import { field } from "../../support/field";
import { expect, test as base } from "../../support/fixtures";
import { type Server, serve } from "../../support/server";
import { CARDS, Visitor } from "../../support/visitor";
import { words } from "../../support/words";

const w = words.ko;
const test = base.extend<object, { own: Server }>({
  own: [
    async ({}, use) => {
      // The first run at the deadline, the second long after: what is refused waits for its owner.
      const own = await serve({ DURE_COLLECTION: "now,30@10:00" });
      await use(own);
      await own.stop();
    },
    { scope: "worker" },
  ],
});

/** The subjects of the mails to somebody that name a project, except those from before the deadline. */
async function told(visitor: Visitor, title: string): Promise<string[]> {
  const mails = await visitor.mails();
  const before = ["예약했어요", "마감 전에"];
  const subjects = mails.map((mail) => mail.subject).filter((subject) => subject.includes(title));
  return subjects.filter((subject) => !before.some((words) => subject.includes(words)));
}

test("after the deadline the page tells the outcome and the truth, and the books are right", async ({ own, page }) => {
  test.slow();
  const [creator, paying, refused] = await Promise.all([1, 2, 3].map(() => Visitor.member(own.url)));
  const [reached, missed] = [`이루어진 찻잔 ${unique()}`, `모자란 접시 ${unique()}`];
  const cup = { title: "찻잔 하나", price: 30_000, stock: 5 };
  const funded = await creator.project({ title: reached, goal: 70_000, days: 30 }, [cup]);
  const unfunded = await creator.project({ title: missed, goal: 1_000_000, days: 29 }, [cup]);
  await paying.back(funded, { reward: cup.title, quantity: 2 });
  const refusedPledge = await refused.back(funded, { reward: cup.title, card: CARDS.refusedWhenCharged });
  const pledge = await paying.back(unfunded, { reward: cup.title });
  const before = { checkout: await paying.open(`/projects/${funded}/pledge`), pledge: await paying.open(pledge) };

  await page.goto(`${own.url}/projects/${funded}`);
  await expect(page.getByRole("link", { name: w.back, exact: true }).first()).toBeVisible();
  const listening = await page.context().newPage();
  await listening.goto(`${own.url}/projects/${unfunded}`);

  const advanced = await own.dure("clock", "advance", "31d");
  expect(advanced.code, advanced.output).toBe(0);

  await test.step("the open pages turn to the outcome by themselves", async () => {
    const truth = page.getByRole("region").filter({ has: page.getByText("결제 완료") });
    await expect(page.locator(".project__outcome")).toContainText("결제를 진행하고 있어요", { timeout: 15_000 });
    await expect(truth.locator("div").filter({ hasText: "후원 약속" })).toContainText(w.won(90_000));
    await expect(truth.locator("div").filter({ hasText: "결제 완료" })).toContainText(w.won(60_000));
    await expect(truth.locator("div").filter({ hasText: "다시 결제 중" })).toContainText(w.won(30_000));
    await expect(page.getByRole("link", { name: w.back, exact: true })).toHaveCount(0);
    await expect(listening.locator(".project__outcome")).toContainText("목표 미달", { timeout: 15_000 });
    await expect(listening.getByRole("link", { name: w.back, exact: true })).toHaveCount(0);
  });

  await test.step("nobody can pledge or cancel any more, not even with a form from before", async () => {
    // Sessions ended long ago.
    await paying.logIn();
    const late = await paying.submit(before.checkout, "/review_pledge", { extra: "1000" });
    expect(late.html).toContain("지금은 후원을 받지 않는 프로젝트예요.");
    const cancel = await paying.submit(before.pledge, "/cancel_pledge");
    expect(cancel.alerts).toEqual(["마감한 뒤에는 바꿀 수 없어요."]);
    expect(cancel.html).toContain("결제하지 않음");
  });

  await test.step("who was refused pays at the gateway's page in two steps", async () => {
    await refused.logIn();
    await refused.lendTo(page.context());
    await page.goto(`${own.url}${refusedPledge}`);
    await expect(page.locator("main")).toContainText("카드사가 결제를 거절했어요.");
    await page.getByRole("button", { name: "다시 결제하기" }).click();
    await expect(page.locator("main")).toContainText(w.won(30_000));
    await field(page, w.cardNumber).fill(CARDS.pays);
    await field(page, w.expiry).fill("12/40");
    await field(page, w.cvc).fill("123");
    await page.getByRole("button", { name: "결제하기" }).click();
    await expect(page.locator("main")).toContainText("결제가 끝났어요.");
    await page.goto(`${own.url}/projects/${funded}`);
    const truth = page.getByRole("region").filter({ has: page.getByText("결제 완료") });
    await expect(truth.locator("div").filter({ hasText: "결제 완료" })).toContainText(w.won(90_000));
    await expect(page.locator(".project__outcome")).toContainText("펀딩 성공");
  });

  await test.step("each person is told once", async () => {
    await expect.poll(() => told(paying, reached)).toEqual([`두레: ‘${reached}’ 결제가 끝났어요`]);
    await expect
      .poll(() => told(refused, reached))
      .toEqual([`두레: ‘${reached}’ 결제가 끝났어요`, `두레: ‘${reached}’ 결제를 하지 못했어요`]);
    await expect.poll(() => told(paying, missed)).toEqual([`두레: ‘${missed}’ 후원을 결제하지 않아요`]);
    await expect.poll(() => told(creator, reached)).toEqual([`두레: ‘${reached}’ 프로젝트가 목표를 채웠어요`]);
    await expect.poll(() => told(creator, missed)).toEqual([`두레: ‘${missed}’ 프로젝트가 마감했어요`]);
  });

  await test.step("dure check proves the books", async () => {
    const check = await own.dure("check");
    expect(check.code, check.output).toBe(0);
    expect(check.output).not.toBe("");
  });

  await test.step("a second look changes nothing", async () => {
    await own.dure("clock", "advance", "1d");
    await page.reload();
    await expect(page.locator(".project__outcome")).toContainText("펀딩 성공");
    expect(await told(paying, reached)).toHaveLength(1);
    expect(await told(creator, missed)).toHaveLength(1);
  });
});
