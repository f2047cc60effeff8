import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT } from "../../scripts/lib/wrangler.ts";

/* Which way imports point, as the linter sees it: a pattern that matches nothing would be silent. */

const ROOMS = ["worker", "agents", "durable", "core", "sandbox", "dashboard", "scripts"] as const;
type Room = (typeof ROOMS)[number];

const FORBIDDEN: Record<Room, readonly Room[]> = {
  worker: [],
  agents: ["worker"],
  durable: ["worker", "agents"],
  core: ["worker", "agents", "durable"],
  sandbox: ["worker", "agents", "durable", "core"],
  dashboard: ["worker", "agents", "durable", "core", "sandbox", "scripts"],
  scripts: [],
};

let house = "";
beforeAll(() => {
  house = mkdtempSync(path.join(tmpdir(), "apex-rooms-"));
  copyFileSync(path.join(ROOT, ".oxlintrc.json"), path.join(house, ".oxlintrc.json"));
  for (const room of ROOMS) {
    mkdirSync(path.join(house, room, "in"), { recursive: true });
    writeFileSync(path.join(house, room, "thing.ts"), "export const thing = 1;\n");
    // One line a way of importing: of a type, of a value, on the way through, and later.
    for (const other of ROOMS) {
      const from = `"../../${other}/thing.ts"`;
      writeFileSync(path.join(house, room, "in", `${other}.ts`), `import type { thing } from ${from};\nexport { thing as other } from ${from};\nexport * from ${from};\nexport const later = async (): Promise<typeof thing> => (await import(${from})).thing;\n`);
    }
  }
});
afterAll(() => rmSync(house, { recursive: true, force: true }));

interface Finding {
  code: string;
  filename: string;
}

it("refuses what points up, however it is imported, and nothing else", () => {
  const { stdout } = spawnSync(path.join(ROOT, "node_modules/.bin/oxlint"), ["-f", "json"], { cwd: house, encoding: "utf8", env: { ...process.env, PATH: `${path.join(ROOT, "node_modules/.bin")}${path.delimiter}${process.env["PATH"] ?? ""}` } });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: Finding[] };
  const refused = diagnostics.filter(({ code }) => code.includes("no-restricted-imports")).map(({ filename }) => filename);
  const wanted = ROOMS.flatMap((room) => FORBIDDEN[room].flatMap((other) => Array<string>(4).fill(`${room}/in/${other}.ts`)));
  expect(refused.toSorted()).toEqual(wanted.toSorted());
});
