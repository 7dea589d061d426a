import type { Locator, Page } from "@playwright/test";

/** The control with this label: groups may carry the same one. */
export function field(page: Page | Locator, label: string): Locator {
  return page.getByLabel(label, { exact: true }).and(page.locator("input, select, textarea"));
}
