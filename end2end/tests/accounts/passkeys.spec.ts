// Passkeys, with the browser's own virtual device. They belong to a name, so these journeys go to localhost.
import type { Page } from "@playwright/test";
import { type Account, logIn } from "../../support/accounts";
import { field } from "../../support/field";
import { expect, test } from "../../support/fixtures";
import { words } from "../../support/words";

const w = words.ko;

test.use({ baseURL: async ({ server }, use) => use(server.replace("127.0.0.1", "localhost")) });

/** A device that unlocks itself, in this page. */
async function deviceOf(page: Page): Promise<(unlocks: boolean) => Promise<unknown>> {
  const browser = await page.context().newCDPSession(page);
  await browser.send("WebAuthn.enable");
  const options = {
    protocol: "ctap2" as const,
    transport: "internal" as const,
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  const { authenticatorId } = await browser.send("WebAuthn.addVirtualAuthenticator", { options });
  return (isUserVerified) => browser.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
}

async function addPasskey(page: Page, person: Account): Promise<void> {
  // Whoever followed a mail's link is logged in under the other name of this machine.
  await page.goto("/login?next=/account");
  await logIn(page, person, "ko");
  await page.getByRole("link", { name: w.security }).click();
  await page.getByRole("link", { name: w.passkeys }).click();
  await field(page, w.passkeyName).fill("내 휴대폰");
  await page.getByRole("button", { name: w.addPasskey }).click();
}

test("a passkey is added, logs in by itself, and stands for the second step", async ({ page, person, context, javaScript }) => {
  test.skip(!javaScript, "only scripts can ask a device");
  const unlocks = await deviceOf(page);
  await addPasskey(page, person);
  await expect(page.getByRole("heading", { name: w.recoveryCodes })).toBeVisible();
  await page.getByRole("button", { name: w.kept }).click();

  await context.clearCookies();
  await page.goto("/login?next=/account/security/passkeys");
  await unlocks(false);
  await page.getByRole("button", { name: w.withPasskey }).click();
  await expect(page.getByRole("alert")).toHaveText(w.passkeyFailed);
  await unlocks(true);
  await page.getByRole("button", { name: w.withPasskey }).click();
  await expect(page.getByText("내 휴대폰")).toBeVisible();

  await context.clearCookies();
  await page.goto("/login");
  await logIn(page, person, "ko");
  await expect(page.getByRole("heading", { name: w.oneMoreStep })).toBeVisible();
  await page.getByRole("button", { name: w.withPasskey }).click();
  await expect(page.getByRole("link", { name: w.myAccount })).toBeVisible();
});

test("without JavaScript the page says what passkeys need, and keeps what was typed", async ({ page, person, javaScript }) => {
  test.skip(javaScript, "with scripts the device is asked");
  await addPasskey(page, person);
  await expect(page.getByRole("alert")).toHaveText(w.needsScript);
  await expect(field(page, w.passkeyName)).toHaveValue("내 휴대폰");
});
