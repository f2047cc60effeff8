import { build } from "vite";
import { describe, expect, it } from "vitest";
import { firstLoadBudget, firstLoadOf } from "./budget.ts";

const chunk = (fileName: string, more: object = {}) => ({ fileName, isEntry: false, facadeModuleId: null, imports: [] as string[], code: "x".repeat(50), ...more });

describe("the first load", () => {
  it("is the entry and the first screen with what they import, and nothing that is opened later", () => {
    const load = firstLoadOf([
      chunk("entry.js", { isEntry: true, imports: ["react.js"] }),
      chunk("now.js", { facadeModuleId: "/src/screens/now/now.tsx", imports: ["react.js", "queries.js"] }),
      chunk("react.js"),
      chunk("queries.js", { imports: ["entry.js"] }),
      chunk("dna.js", { facadeModuleId: "/src/screens/dna/dna.tsx", imports: ["codemirror.js"] }),
      chunk("codemirror.js"),
    ]);
    expect(load.map(({ fileName }) => fileName).sort()).toEqual(["entry.js", "now.js", "queries.js", "react.js"]);
    expect(load[0]?.bytes).toBeLessThan(50);
  });

  it("fails the build when it is over its budget, and says what weighs most", async () => {
    const virtual = { name: "virtual", resolveId: (id: string) => (id === "entry" ? id : undefined), load: (id: string) => (id === "entry" ? "console.log('a page')" : undefined) };
    const make = async (limit: number) => build({ configFile: false, logLevel: "silent", plugins: [virtual, firstLoadBudget(limit)], build: { write: false, rolldownOptions: { input: "entry" } } });
    await expect(make(10)).rejects.toThrow(/first load: 0\.0 kB gzipped of 0\.01 kB\n {2}assets\/entry/);
    await expect(make(10_000)).resolves.toBeDefined();
  });
});
