import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { RULES } from "../../core/observe/rule-names.ts";

const runbook = readFileSync(path.join(import.meta.dirname, "../../docs/runbook.md"), "utf8");

describe("the runbook", () => {
  it("has an entry for each alert, and none for an alert that there is not", () => {
    expect([...runbook.matchAll(/^## (\w+)$/gm)].map(([, rule]) => rule)).toEqual([...RULES]);
  });
});
