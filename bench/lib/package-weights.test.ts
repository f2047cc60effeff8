import { expect, it } from "vitest";
import { weighPackages } from "./package-weights.ts";

it("weighs each package by what it adds, the innermost where one lies in another, and rooms of ours", () => {
  const inputs = { "node_modules/a/x.js": 1, "node_modules/a/node_modules/@c/d/e.js": 20, "../elsewhere/node_modules/@c/d/f.js": 5, "core/memory/z.ts": 3, "core/y.ts": 4 };
  const metafile = { outputs: { "index.js": { bytes: 33, inputs: Object.fromEntries(Object.entries(inputs).map(([file, bytesInOutput]) => [file, { bytesInOutput }])) } } };
  expect(weighPackages(JSON.stringify(metafile))).toEqual([{ name: "@c/d", bytes: 25 }, { name: "core/", bytes: 7 }, { name: "a", bytes: 1 }]);
});
