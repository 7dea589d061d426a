// The profile picture: refused, taken, seen by others, removed.
import { field } from "../../support/field";
import { expect, test } from "../../support/fixtures";
import { picture } from "../../support/picture";
import { at, languages, words } from "../../support/words";

for (const language of languages) {
  const w = words[language];

  test(`somebody gives themselves a picture and takes it away again (${language})`, async ({ page, person, browser }) => {
    const upload = async (buffer: Buffer) => {
      await field(page, w.pictureFile).setInputFiles({ name: "나.png", mimeType: "image/png", buffer });
      await page.getByRole("button", { name: w.upload }).click();
    };
    const main = page.locator("main");
    await page.goto(at(language, "/account/profile"));

    await upload(Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"));
    await expect(page.getByRole("alert")).toHaveText(w.notAPicture);
    await expect(field(page, w.pictureFile)).toHaveAttribute("aria-invalid", "true");
    await expect(field(page, w.pictureFile)).toHaveAccessibleDescription(new RegExp(w.notAPicture.slice(0, 10)));

    await upload(picture());
    await expect(page.getByRole("status")).toHaveText(w.saved);
    await expect(main.locator("img.profile-picture__shown")).toBeVisible();
    const handle = await main.locator("input[name=handle]").inputValue();
    const others = await browser.newContext();
    const other = await others.newPage();
    await other.goto(at(language, `/people/${handle}`));
    const shown = other.locator("img.person__initial");
    await expect(shown).toBeVisible();
    expect(await shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    await expect(other.getByRole("heading", { level: 1 })).toHaveText(person.name);
    await others.close();

    await page.getByRole("button", { name: w.removePicture }).click();
    await expect(page.getByRole("status")).toHaveText(w.saved);
    await expect(main.locator("img.profile-picture__shown")).toHaveCount(0);
  });
}
