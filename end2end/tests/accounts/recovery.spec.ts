// Getting back in, guarding the account, and leaving it.
import { createHmac } from "node:crypto";
import { confirmationOf, logIn } from "../../support/accounts";
import { field } from "../../support/field";
import { expect, test } from "../../support/fixtures";
import { at, languages, words } from "../../support/words";

/** What an authenticator app shows (RFC 6238), so many steps from now. */
function codeOf(secret: string, steps = 0): string {
  const bits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"));
  const key = Buffer.from(bits.join("").match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac("sha1", key).update(counter).digest();
  const number = hash.readUInt32BE(hash[19]! & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

for (const language of languages) {
  const w = words[language];

  test(`somebody who forgot the password sets a new one by mail (${language})`, async ({ page, person, context }) => {
    await context.clearCookies();
    await page.goto(at(language, "/login"));
    await page.getByRole("link", { name: w.resetPassword }).click();
    await field(page, w.email).fill(person.email);
    await page.getByRole("button", { name: w.sendLink }).click();
    await expect(page.getByRole("heading", { name: w.mailSent })).toBeVisible();

    let link = "";
    await expect(async () => {
      link = await confirmationOf(page.request, person.email);
      expect(link).toContain("/reset-password?token=");
    }).toPass();
    await page.goto(link);
    // The mail is in the language that the member signed up in.
    await field(page, words.ko.newPassword).fill("조용한 바다 위 노란 배");
    await page.getByRole("button", { name: words.ko.savePassword }).click();
    await expect(page.getByText(words.ko.passwordSaved)).toBeVisible();
    await logIn(page, { ...person, password: "조용한 바다 위 노란 배" }, "ko");
    await expect(page.getByRole("link", { name: words.ko.myAccount })).toBeVisible();
  });
}

test("find ID says the same to everybody and mails the owner", async ({ page, person, context }) => {
  const w = words.ko;
  await context.clearCookies();
  await page.goto("/login");
  await page.getByRole("link", { name: w.findId }).click();
  await field(page, w.email).fill(person.email);
  await page.getByRole("button", { name: w.mailMyId }).click();
  await expect(page.getByRole("heading", { name: w.mailSent })).toBeVisible();
  await expect(async () => {
    const mails = await (await page.request.get(`/sandbox/mailbox.json?to=${person.email}`)).json();
    expect(mails[0].subject).toContain("아이디를 알려 드려요");
  }).toPass();
});

test("with two-step log-in a code is asked for", async ({ page, person, context }) => {
  const w = words.ko;
  await page.goto("/account");
  await page.getByRole("link", { name: w.security }).click();
  await page.getByRole("link", { name: w.twoStep }).click();
  await page.getByRole("button", { name: w.begin }).click();
  await expect(page.locator(".qr svg")).toBeVisible();
  const secret = (await page.locator(".totp-key").innerText()).replaceAll(" ", "");
  await field(page, w.code).fill(codeOf(secret));
  await page.getByRole("button", { name: w.turnOn }).click();
  await expect(page.getByRole("heading", { name: w.recoveryCodes })).toBeVisible();
  await expect(page.locator(".recovery-codes li")).toHaveCount(10);
  await page.getByRole("button", { name: w.kept }).click();
  await expect(page.locator(".recovery-codes li")).toHaveCount(0);

  await context.clearCookies();
  await page.goto("/login");
  await logIn(page, person, "ko");
  await expect(page.getByRole("heading", { name: w.oneMoreStep })).toBeVisible();
  await field(page, w.code).fill("000000");
  await page.getByRole("button", { name: w.logIn }).click();
  await expect(page.getByRole("alert").first()).toHaveText(w.wrongCode);
  await field(page, w.code).fill(codeOf(secret, 1));
  await page.getByRole("button", { name: w.logIn }).click();
  await expect(page.getByRole("link", { name: w.myAccount })).toBeVisible();
});

test("somebody leaves", async ({ page, person }) => {
  const w = words.ko;
  await page.goto("/account");
  await page.getByRole("link", { name: w.closeAccount }).click();
  await field(page, w.sure).check();
  await page.getByRole("button", { name: w.close, exact: true }).click();
  await expect(page.getByRole("heading", { name: w.closed })).toBeVisible();
  await page.goto("/login");
  await logIn(page, person, "ko");
  await expect(page.getByRole("alert")).toHaveText(w.wrongLogIn);
});
