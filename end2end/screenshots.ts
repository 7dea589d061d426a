// Saves screenshots of the main pages for people to look at: on a phone and at a desk, light and dark,
// in both languages. Not a test. The server should be filled with the demo.
//
//   node end2end/screenshots.ts http://127.0.0.1:8080 /tmp/screenshots
//
// Plain JavaScript in spite of its name, so that bare node runs it.
const { mkdirSync } = require("node:fs");
const { join } = require("node:path");
const { chromium } = require("@playwright/test");
const options = require("./chromium.js");

const [, , base, folder] = process.argv;
if (!base || !folder) {
  console.error("usage: node end2end/screenshots.ts ADDRESS FOLDER");
  process.exit(2);
}

const DEVICES = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 900 } },
};
const SCHEMES = ["light", "dark"];
const LANGUAGES = { ko: "", en: "/en" };
/** The demo's people. */
const PASSWORD = "dure demo password";

/** Logs in as one of the demo's people. */
async function logIn(browser, email) {
  const context = await browser.newContext({ baseURL: base });
  const page = await context.newPage();
  await page.goto("/login");
  await page.locator("#field-email").fill(email);
  await page.locator("#field-password").fill(PASSWORD);
  await page.locator("main form button[type=submit]").click();
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
  return page;
}

/** The path of the first link within the page's list whose address begins so, or nothing. */
async function first(page, path, start) {
  await page.goto(path);
  const link = page.locator(`main li a[href^="${start}"]`).first();
  return (await link.count()) > 0 ? link.getAttribute("href") : undefined;
}

/** The pages to look at: of everybody, of the demo's backer, of the demo's creator. */
async function walk(backer, creator) {
  const live = await first(backer, "/discover?funding=live&sort=funded", "/projects/");
  if (!live) {
    throw new Error(`${base} has no live project: start it with the demo`);
  }
  await backer.goto(`${live}/pledge`);
  await backer.locator("#field-extra").fill("10000");
  await backer.locator("#checkout button[type=submit]").click();
  for (const box of await backer.locator("main input[type=checkbox]").all()) {
    await box.check();
  }
  await backer.locator('main form[action*="place_pledge"] button[type=submit]').click();
  await backer.waitForURL("**/sandbox/card?**");
  const card = new URL(backer.url());
  await backer.goto(live);
  const person = await backer.locator('main a[href*="/people/"]').first().getAttribute("href");
  const mine = await first(creator, "/studio", "/studio/");
  return {
    nobody: {
      home: "/",
      discover: "/discover",
      nothing: "/discover?q=zzzz",
      project: live,
      funded: await first(backer, "/discover?funding=funded", "/projects/"),
      unfunded: await first(backer, "/discover?funding=unfunded", "/projects/"),
      person,
      signup: "/signup",
      login: "/login",
      "not-found": "/nowhere",
      mailbox: "/sandbox/mailbox",
      card: card.pathname + card.search,
    },
    backer: {
      checkout: `${live}/pledge`,
      account: "/account",
      pledges: "/account/pledges",
      pledge: await first(backer, "/account/pledges", "/account/pledges/"),
    },
    creator: {
      studio: "/studio",
      "studio-new": "/studio/new",
      "studio-project": mine,
      "studio-edit": mine && `${mine}/edit`,
      "studio-rewards": mine && `${mine}/rewards`,
    },
  };
}

async function main() {
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch(options);
  const backer = await logIn(browser, "backer@dure.example");
  const creator = await logIn(browser, "creator@dure.example");
  const pages = await walk(backer, creator);
  const cookies = {
    nobody: [],
    backer: await backer.context().cookies(),
    creator: await creator.context().cookies(),
  };
  let saved = 0;
  for (const [device, screen] of Object.entries(DEVICES)) {
    for (const colorScheme of SCHEMES) {
      for (const [viewer, shown] of Object.entries(pages)) {
        const context = await browser.newContext({ baseURL: base, colorScheme, reducedMotion: "reduce", ...screen });
        await context.addCookies(cookies[viewer]);
        const page = await context.newPage();
        for (const [language, prefix] of Object.entries(LANGUAGES)) {
          for (const [name, path] of Object.entries(shown).filter(([, path]) => path)) {
            await page.goto(path === "/" ? prefix || "/" : prefix + path, { waitUntil: "load" });
            await page.evaluate(() => document.fonts.ready);
            const file = `${name}-${device}-${colorScheme}-${language}.png`;
            await page.screenshot({ path: join(folder, file), fullPage: true });
            saved += 1;
          }
        }
        await context.close();
      }
      console.log(`${device}, ${colorScheme}: ${saved} screenshots in ${folder}`);
    }
  }
  await browser.close();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
