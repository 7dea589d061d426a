// What somebody is told: a number in the header, the list behind it, and settings that stay as chosen.
import { unique } from "../../support/accounts";
import { expect, test } from "../../support/fixtures";
import { words } from "../../support/words";

test("somebody is told of what happens and chooses how", async ({ page, creator, backer }) => {
  const title = `알림 ${unique()}`;
  const slug = await creator.project({ title, goal: 5_000, days: 20 });
  await backer.back(slug, { extra: 5_000 });
  await backer.lendTo(page.context());

  await test.step("the number leads to the list", async () => {
    await page.goto("/");
    await page.getByRole("link", { name: /^새 알림 \d개$/ }).click();
    await expect(page.getByRole("link", { name: `‘${title}’ 후원을 예약했어요` })).toBeVisible();
  });

  await test.step("what was read is counted no more", async () => {
    await page.getByRole("button", { name: "모두 읽음으로 표시" }).click();
    await expect(page.getByRole("link", { name: /^새 알림/ })).toHaveCount(0);
  });

  await test.step("settings stay as they were chosen", async () => {
    const kind = page.getByRole("group", { name: "후원한 프로젝트 소식" });
    await expect(kind.getByLabel("메일")).toBeChecked();
    await kind.getByLabel("메일").uncheck();
    await page.getByRole("button", { name: words.ko.save }).click();
    await expect(page.getByRole("status")).toContainText("저장했어요");
    await expect(kind.getByLabel("메일")).not.toBeChecked();
    await expect(kind.getByLabel("사이트 알림")).toBeChecked();
    await expect(page.getByRole("group", { name: "계정 보안" }).getByRole("checkbox")).toHaveCount(0);
  });
});
