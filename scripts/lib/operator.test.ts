import { describe, expect, it } from "vitest";
import { UsageError } from "./command-line.ts";
import { readCommand, runCommand } from "./operator.ts";

/** The operator's door as it answers on the wire. */
const door = (answers: Record<string, unknown>) => {
  const asked: { request: string; authorization: string | null; body: string }[] = [];
  const lines: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    const name = `${request.method} ${pathname.replace("/api/operator/", "")}${search}`;
    asked.push({ request: name, authorization: request.headers.get("Authorization"), body: await request.text() });
    const answer = answers[name];
    return answer === undefined ? Response.json({ detail: "There is no such tenant." }, { status: 404 }) : answer === null ? new Response(null, { status: 204 }) : Response.json(answer);
  };
  return { asked, lines, run: async (...args: string[]) => runCommand(readCommand(args).command, { url: "https://oc.test/", secret: "s3cret", fetch, print: (line) => lines.push(line) }) };
};

describe("npm run operator", () => {
  it("lists every tenant over all pages, a line each", async () => {
    const tenant = (id: string, more: object) => ({ id, name: `${id}'s business`, plan: "pro", projects: 2, created_at: "2026-11-24T00:00:00.000Z", suspended_at: null, deleted_at: null, ...more });
    const { run, lines, asked } = door({
      "GET tenants?limit=200": { items: [tenant("ten_b", { suspended_at: "2026-11-24T00:00:00.000Z" })], next_cursor: "ten_b" },
      "GET tenants?limit=200&cursor=ten_b": { items: [tenant("ten_a", {})], next_cursor: null },
    });
    expect(await run("list")).toBe(true);
    expect(lines.map((line) => line.split("\t").filter((_, index) => index === 0 || index === 4))).toEqual([["ten_b", "suspended"], ["ten_a", "active"]]);
    expect(asked.every(({ authorization }) => authorization === "Bearer s3cret")).toBe(true);
    expect(lines.join()).not.toContain("s3cret");
  });

  it("restores a day step by step, then storage, and says what became of it", async () => {
    const steps = [{ done: false, table: 3, tables: 30, rows: 100, left_out: 0 }, { done: true, table: 30, tables: 30, rows: 250, left_out: 1 }];
    const objects = [{ restored: 2, after: "k" }, { restored: 1, after: null }];
    const { run, lines, asked } = door({ get "POST backups/restore"() { return steps.shift(); }, get "POST backups/restore-objects"() { return objects.shift(); } });
    expect(await run("restore", "2026-11-25")).toBe(true);
    expect(asked.map(({ body }) => body)).toEqual(['{"day":"2026-11-25","database":"DB"}', '{"day":"2026-11-25","database":"DB"}', '{"after":""}', '{"after":"k"}']);
    expect(lines.join("\n")).toMatch(/250 rows[^]*1 rows could not be[^]*3 objects were copied back/);
  });

  it.each([
    [["suspend", "ten_a"], "POST tenants/ten_a/suspend", ""],
    [["unsuspend", "ten_a"], "POST tenants/ten_a/unsuspend", ""],
    [["region", "ten_a", "weur"], "POST tenants/ten_a/region", '{"region":"weur"}'],
    [["region", "ten_a", "here"], "POST tenants/ten_a/region", '{"region":null}'],
    [["plan", "ten_a", "pro"], "POST tenants/ten_a/plan", '{"plan":"pro"}'],
  ])("%j asks %s", async (args, request, body) => {
    const { run, asked } = door({ [request]: null });
    expect(await run(...args)).toBe(true);
    expect(asked).toEqual([{ request, authorization: "Bearer s3cret", body }]);
  });

  it("rotates page after page, and fails when a secret could not be opened", async () => {
    const { run, lines } = door({
      "POST vault/rotate": { checked: 100, rotated: 60, failed: 0, next_cursor: "secrets:a/b" },
      "POST vault/rotate?cursor=secrets%3Aa%2Fb": { checked: 5, rotated: 1, failed: 1, next_cursor: null },
    });
    expect(await run("rotate")).toBe(false);
    expect(lines[0]).toBe("105 stored secrets looked at, 61 sealed again with the newest key, 1 could not be opened.");
    expect(lines[1]).toContain("Keep the older keys");
  });

  it("says what the service says when it refuses", async () => {
    await expect(door({}).run("suspend", "ten_x")).rejects.toThrow("404: There is no such tenant.");
  });

  it.each([[["suspend"]], [["plan", "ten_a"]], [["list", "more"]], [["drop"]], [["plan", "a", "b", "c"]]])("does not guess what %j means", (args) => {
    expect(() => readCommand(args)).toThrow(UsageError);
  });
});
