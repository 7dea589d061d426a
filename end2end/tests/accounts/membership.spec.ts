// Becoming a member: sign up, confirm by mail, log in, log out.
import { logIn, signUp } from "../../support/accounts";
import { field } from "../../support/field";
import { expect, test } from "../../support/fixtures";
import { at, languages, words } from "../../support/words";

for (const language of languages) {
  const w = words[language];

  test(`somebody signs up, confirms by the mail, logs in and out (${language})`, async ({ page, newcomer }) => {
    await test.step("sign up", async () => {
      await page.goto(at(language, "/"));
      await expect(page.locator("html")).toHaveAttribute("lang", language);
      await page.getByRole("link", { name: w.signUp }).click();
      await signUp(page, newcomer, language);
    });

    await test.step("confirm by the mail in the mailbox", async () => {
      await page.getByRole("link", { name: w.openMailbox }).click();
      const mail = page.getByRole("link", { name: newcomer.email });
      await expect(async () => {
        await page.reload();
        await expect(mail).toHaveCount(1, { timeout: 500 });
      }).toPass();
      await mail.click();
      await page.getByRole("link", { name: "confirm-email" }).click();
      await page.getByRole("button", { name: w.confirmAddress }).click();
      await expect(page.getByRole("heading", { name: w.confirmed })).toBeVisible();
      expect(new URL(page.url()).pathname).toBe(at(language, "/confirm-email"));
    });

    await test.step("a wrong password keeps the address and not the password", async () => {
      await page.locator("main").getByRole("link", { name: w.logIn }).click();
      await logIn(page, { ...newcomer, password: "다른 사람의 비밀번호" }, language);
      await expect(page.getByRole("alert")).toHaveText(w.wrongLogIn);
      await expect(field(page, w.emailOrId)).toHaveValue(newcomer.email);
      await expect(field(page, w.password)).toHaveValue("");
    });

    await test.step("log in", async () => {
      await logIn(page, newcomer, language);
      await expect(page).toHaveURL(at(language, "/"));
      await page.getByRole("link", { name: w.myAccount }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(newcomer.name);
    });

    await test.step("log out", async () => {
      await page.getByRole("button", { name: w.logOut }).click();
      await expect(page.getByRole("link", { name: w.logIn })).toBeVisible();
      await page.goto(at(language, "/account"));
      await expect(page).toHaveURL(/\/login\?next=/);
    });
  });
}

test("a refused sign-up says at the fields what is wrong, and keeps what was typed", async ({ page, newcomer }) => {
  const w = words.ko;
  await page.goto("/signup");
  await field(page, w.email).fill("kim@localhost");
  await field(page, w.password).fill("password12");
  await field(page, w.name).fill(newcomer.name);
  await field(page, w.terms).check();
  await field(page, w.privacy).check();
  await page.getByRole("button", { name: w.signUp }).click();

  for (const label of [w.email, w.password]) {
    await expect(field(page, label)).toHaveAttribute("aria-invalid", "true");
    await expect(field(page, label)).toHaveAccessibleDescription(/요$|요\.$/);
  }
  await expect(field(page, w.email)).toHaveValue("kim@localhost");
  await expect(field(page, w.name)).toHaveValue(newcomer.name);
  await expect(field(page, w.terms)).toBeChecked();
  await expect(field(page, w.password)).toHaveValue("");
});

test("what was typed survives a log-in on the way", async ({ page, person, context }) => {
  const w = words.ko;
  await page.goto("/studio/new");
  await context.clearCookies();
  await field(page, w.title).fill("세션이 끝난 뒤에도");
  await field(page, w.story).fill("여기까지 썼어요.");
  await page.getByRole("button", { name: w.save, exact: true }).click();

  await expect(page).toHaveURL(/\/login\?next=/);
  await logIn(page, person, "ko");
  await expect(page).toHaveURL(/\/studio\/new/);
  await expect(field(page, w.title)).toHaveValue("세션이 끝난 뒤에도");
  await expect(field(page, w.story)).toHaveValue("여기까지 썼어요.");
});

test("a refusal far down a page is shown without looking for it", async ({ page, person }) => {
  const w = words.ko;
  await page.goto("/login?next=/account/security");
  await logIn(page, person, "ko");
  await field(page, w.newEmail).fill("kim@localhost");
  await page.getByRole("button", { name: w.changeEmail }).click();

  const refusal = page.getByRole("alert").first();
  await expect(refusal).toBeInViewport();
  await expect(refusal).toBeFocused();
});
