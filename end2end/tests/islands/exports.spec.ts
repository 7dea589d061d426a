// The islands of the source are those of the built module: an island whose crate the front end does
// not pull in would be dropped by the linker without a word.
import { expect, test } from "@playwright/test";
import { exportsOfModule, islandsOfSource } from "../../support/islands";

test("the module exports every island of the source, and no other", () => {
  const islands = islandsOfSource();
  const names = exportsOfModule();
  expect(islands.length).toBeGreaterThan(0);
  expect(names).toContain("hydrate");
  for (const island of islands) {
    const exported = names.filter((name) => new RegExp(`^${island.name}_\\d+$`).test(name));
    expect.soft(exported, `${island.name} of ${island.file}`).toHaveLength(1);
  }
  const exported = names.filter((name) => /^[A-Z]\w*_\d+$/.test(name));
  expect.soft(exported).toHaveLength(islands.length);
});
