// People: names that nobody had before, and the mail that confirms them.
import { type APIRequestContext, type Page, expect } from "@playwright/test";
import { randomBytes, randomInt } from "node:crypto";
import { field } from "./field";
import { at, type Language, words } from "./words";

export interface Account {
  name: string;
  email: string;
  password: string;
}

/** A word that nothing else in this run is called. */
export function unique(): string {
  return randomBytes(5).toString("hex");
}

export function aName(): string {
  return `kim${unique()}`;
}

/** An address of the network: sign-ups are counted by it. */
export function anAddress(): string {
  return `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;
}

/** The link in the newest mail to `email`. */
export async function confirmationOf(web: APIRequestContext, email: string): Promise<string> {
  let link: string | undefined;
  await expect
    .poll(async () => {
      const mails = await (await web.get(`/sandbox/mailbox.json?to=${encodeURIComponent(email)}`)).json();
      link = mails[0]?.links[0];
      return link;
    })
    .toBeTruthy();
  return link!;
}

/** Fills in the sign-up form of the page that is open, and sends it. */
export async function signUp(page: Page, account: Account, language: Language): Promise<void> {
  const w = words[language];
  await page.goto(at(language, "/signup"));
  await field(page, w.email).fill(account.email);
  await field(page, w.password).fill(account.password);
  await field(page, w.name).fill(account.name);
  await field(page, w.terms).check();
  await field(page, w.privacy).check();
  await page.getByRole("button", { name: w.signUp }).click();
  await expect(page.getByRole("heading", { name: w.mailSent })).toBeVisible();
}

export async function logIn(page: Page, account: Account, language: Language): Promise<void> {
  const w = words[language];
  await field(page, w.emailOrId).fill(account.email);
  await field(page, w.password).fill(account.password);
  await page.getByRole("button", { name: w.logIn }).click();
}

/** Signs up, confirms and logs in through the pages. */
export async function join(page: Page, account: Account, language: Language): Promise<void> {
  await signUp(page, account, language);
  await page.goto(await confirmationOf(page.request, account.email));
  await page.getByRole("button", { name: words[language].confirmAddress }).click();
  await page.locator("main").getByRole("link", { name: words[language].logIn }).click();
  await logIn(page, account, language);
  await expect(page.getByRole("link", { name: words[language].myAccount })).toBeVisible();
}
