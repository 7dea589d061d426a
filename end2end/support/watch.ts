// What a page must not do: complain in the console, throw, fail to load something, break the
// content security policy. And what its islands must do: wake up.
import { type Page, expect } from "@playwright/test";

export interface Complaints {
  /** What was heard since the last call, in order. */
  take(): string[];
}

/** Listens to everything that goes wrong on a page. A document's own status is not a complaint. */
export function listen(page: Page): Complaints {
  const heard: string[] = [];
  const document = () => page.mainFrame().url();
  page.on("console", (message) => {
    const aboutTheDocument = message.text().startsWith("Failed to load resource") && message.location().url === document();
    if (["error", "warning", "assert"].includes(message.type()) && !aboutTheDocument) {
      heard.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => heard.push(`thrown: ${error.message}`));
  page.on("crash", () => heard.push("crashed"));
  page.on("requestfailed", (request) => {
    const left = request.failure()?.errorText === "net::ERR_ABORTED" && request.resourceType() === "eventsource";
    if (!left) {
      heard.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
    }
  });
  page.on("response", (response) => {
    const ownDocument = response.request().isNavigationRequest();
    if (response.status() >= 400 && !ownDocument) {
      heard.push(`status ${response.status()}: ${response.url()}`);
    }
  });
  return { take: () => heard.splice(0) };
}

/** Waits until every island of the page is awake, and tells their names. */
export async function islandsAwake(page: Page, timeout = 5_000): Promise<string[]> {
  const islands = page.locator("leptos-island");
  const names = await islands.evaluateAll((found) => found.map((island) => (island as HTMLElement).dataset.component!));
  if (names.length > 0) {
    await expect(page.locator("html"), "boot.js woke every island").toHaveAttribute(
      "data-islands",
      String(names.length),
      { timeout },
    );
  }
  return names;
}
