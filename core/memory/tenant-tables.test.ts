import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { belongsTo, emptyFolder, folderOf } from "./tenant-storage.ts";
import { exportedTables, removableTables } from "./tenant-tables.ts";

const namesOf = async (type: "table" | "trigger"): Promise<string[]> =>
  (await env.DB.prepare("SELECT name FROM sqlite_master WHERE type = ?").bind(type).all<{ name: string }>()).results.map((row) => row.name);

/** Tables that are nobody's: the list of tenants, claims to names, throttles and the sweep's own notes. */
const NOBODYS = /^(tenants|name_claims|login_failures|sweep_marks|service_minutes|alerts|d1_migrations|sqlite_.*|_cf_.*|entities_fts.*)$/;

describe("every table", () => {
  it("carries its tenant, or is known to be nobody's", async () => {
    const known = new Set(["audit", "audit_seals", ...removableTables().map((table) => table.name)]);
    expect((await namesOf("table")).filter((name) => !known.has(name) && !NOBODYS.test(name))).toEqual([]);
  });

  it("that carries a tenant has a trigger that keeps the row with it", async () => {
    const triggers = new Set(await namesOf("trigger"));
    expect(removableTables().map(({ name }) => `${name}_keep_tenant`).filter((name) => !triggers.has(name))).toEqual([]);
  });

  it("is removed after those that point at it, and exported without what is secret in it", () => {
    const order = removableTables().map((table) => table.name);
    for (const child of ["entities", "calls", "webhook_keys", "secrets"]) expect(order.indexOf(child)).toBeLessThan(order.indexOf("projects"));
    const columns = Object.fromEntries(exportedTables().map((table) => [table.name, table.columns]));
    expect(columns.users).toEqual(["id", "tenant_id", "email", "name", "role", "created_at", "email_verified_at"]);
    for (const table of ["sessions", "api_keys", "mailed_tokens"]) expect(columns[table]?.filter((column) => column.endsWith("hash"))).toEqual([]);
    expect(columns.webhook_keys).toEqual(["project_id", "tenant_id", "source", "created_at"]);
    expect(columns.secrets).not.toContain("sealed");
    expect(columns.calls).toContain("recording_key");
  });
});

describe("a tenant's folder", () => {
  it.each(["", ".", "..", "a/b", "a b", "ä"])("does not take %j for a part of a name", (segment) => {
    expect(() => folderOf("ten_a", segment)).toThrow("not a folder");
    expect(() => folderOf(segment)).toThrow("not a folder");
  });

  it("is told from one whose name only begins alike", () => {
    expect(["ten_a/x", "ten_ab/x", "ten_a", "x/ten_a/x", "ten_a/../ten_b/x"].map((key) => belongsTo("ten_a", key))).toEqual([true, false, false, false, false]);
  });

  it("is emptied however much is in it, and nothing beside it", async () => {
    for (let i = 0; i < 5; i++) await env.STORAGE.put(`ten_full/recordings/${i}.wav`, "x");
    await env.STORAGE.put("ten_full2/recordings/1.wav", "x");
    const list: R2Bucket["list"] = async (options) => env.STORAGE.list({ ...options, limit: 2 });
    expect(await emptyFolder({ list, delete: async (keys) => env.STORAGE.delete(keys) }, folderOf("ten_full"))).toBe(5);
    expect((await env.STORAGE.list({ prefix: "ten_full" })).objects.map((object) => object.key)).toEqual(["ten_full2/recordings/1.wav"]);
  });
});
