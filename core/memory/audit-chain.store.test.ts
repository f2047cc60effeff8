import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { createClock } from "../clock.ts";
import { systemActor } from "./actor.ts";
import { createAuditChainStore } from "./audit-chain.store.ts";
import { openDatabase } from "./database.ts";
import { createMemory } from "./memory.ts";

const clock = createClock();
const memory = createMemory({ d1: env.DB, clock });
const SEAL_ROWS = 3;
const ALL = 1000;

/** A tenant whose chain has seals of three rows, so that a few rows already cross their borders. */
const newTenant = async () => {
  const user = await memory.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const { audit } = memory.for(user.tenant_id, systemActor("test"));
  const chain = createAuditChainStore({ db: openDatabase(env.DB), clock, tenantId: user.tenant_id }, SEAL_ROWS);
  const write = async (rows: number): Promise<void> => {
    for (let i = 0; i < rows; i++) await audit.record("recording.read", `call:call_${i}`, { i });
  };
  const ids = async (): Promise<string[]> => (await env.DB.prepare("SELECT id FROM audit WHERE tenant_id = ? ORDER BY rowid").bind(user.tenant_id).all<{ id: string }>()).results.map((row) => row.id);
  return { tenantId: user.tenant_id, chain, write, ids };
};
type Tenant = Awaited<ReturnType<typeof newTenant>>;

/** What an intruder with the database in hand would do first. */
const tamper = async (sql: string, ...values: unknown[]): Promise<void> => {
  const guards = (await env.DB.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('audit', 'audit_seals')").all<{ name: string; sql: string }>()).results;
  await env.DB.batch([...guards.map((guard) => env.DB.prepare(`DROP TRIGGER ${guard.name}`)), env.DB.prepare(sql).bind(...values), ...guards.map((guard) => env.DB.prepare(guard.sql))]);
};
const at = (rows: string[], index: number): string => rows[index] ?? "none";

describe("the audit chain", () => {
  let tenant: Tenant;
  beforeEach(async () => {
    tenant = await newTenant();
    await tenant.write(9);
    await tenant.chain.seal();
  });

  it("seals every row once, in order, and says how many are not sealed yet", async () => {
    expect(await tenant.chain.verify(0, ALL)).toMatchObject({ checked: 10, broken_at: null, unsealed: 0, next: null });
    await tenant.write(2);
    expect(await tenant.chain.verify(0, ALL)).toMatchObject({ checked: 10, broken_at: null, unsealed: 2 });
    expect((await tenant.chain.seal()).sealed).toBe(2);
    expect((await tenant.chain.seal()).sealed).toBe(0);
    expect(await tenant.chain.verify(0, ALL)).toMatchObject({ checked: 12, broken_at: null, unsealed: 0 });
  });

  it("does not fork when many sealers come at the same moment", async () => {
    await tenant.write(20);
    const turns = await Promise.all(Array.from({ length: 8 }, async () => tenant.chain.seal()));
    for (let turn = await tenant.chain.seal(); turn.sealed > 0; turn = await tenant.chain.seal()) turns.push(turn);
    expect(turns.reduce((sum, turn) => sum + turn.sealed, 0)).toBeLessThanOrEqual(20);
    expect(await tenant.chain.verify(0, ALL)).toMatchObject({ checked: 30, broken_at: null, unsealed: 0 });
  });

  it("is verified in pages that go on where the last one ended", async () => {
    const seen: number[] = [];
    let next: number | null = 0;
    while (next !== null) {
      const page: Awaited<ReturnType<typeof tenant.chain.verify>> = await tenant.chain.verify(next, 2);
      seen.push(page.checked);
      next = page.next;
    }
    expect(seen).toEqual([6, 4, 0].slice(0, seen.length));
    expect(seen.reduce((sum, rows) => sum + rows, 0)).toBe(10);
  });

  it("seals a row whose clock was late after the rows that were committed before it", async () => {
    const late = createMemory({ d1: env.DB, clock: { now: () => clock.now() - 86_400_000, toRealTime: (ms) => ms } });
    await late.for(tenant.tenantId, systemActor("late")).audit.record("recording.read", "call:late");
    expect((await tenant.chain.seal()).sealed).toBe(1);
    expect(await tenant.chain.verify(0, ALL)).toMatchObject({ checked: 11, broken_at: null });
  });

  it.each(["actor = 'user:somebody'", "at = at + 1", "ip = '203.0.113.9'", "action = 'nothing'", "resource = 'call:x'", "details = '{ }'", "request_id = 'req_x'"])(
    "finds the row in which somebody wrote %s",
    async (change) => {
      const id = at(await tenant.ids(), 4);
      await tamper(`UPDATE audit SET ${change} WHERE id = ?`, id);
      expect(await tenant.chain.verify(0, ALL)).toMatchObject({ checked: 3, broken_at: { id, reason: "changed" } });
    },
  );

  it.each([0, 2, 3, 4, 8, 9])("finds that row %i was taken out", async (index) => {
    const id = at(await tenant.ids(), index);
    await tamper("DELETE FROM audit WHERE id = ?", id);
    expect((await tenant.chain.verify(0, ALL)).broken_at).toEqual({ id, reason: "removed" });
  });

  it.each([0, 3, 5])("finds a row that was put in where row %i had been", async (index) => {
    const id = at(await tenant.ids(), index);
    const row = `SELECT -rowid - 1, 'aud_forged_' || ?2, tenant_id, at, actor, ip, action, resource, details, request_id FROM audit WHERE id = ?1`;
    if (index === 0) await tamper(`INSERT INTO audit (rowid, id, tenant_id, at, actor, ip, action, resource, details, request_id) ${row}`, id, tenant.tenantId);
    else await tamper("UPDATE audit SET id = 'aud_forged_' || ?2 WHERE id = ?1", id, tenant.tenantId);
    const found = (await tenant.chain.verify(0, ALL)).broken_at;
    expect(found).toEqual(index === 0 ? { id: `aud_forged_${tenant.tenantId}`, reason: "inserted" } : { id, reason: "removed" });
  });

  it("finds that a row was moved to another tenant, at both", async () => {
    const other = await newTenant();
    await other.write(1);
    await other.chain.seal();
    const id = at(await tenant.ids(), 5);
    await tamper("UPDATE audit SET tenant_id = ? WHERE id = ?", other.tenantId, id);
    expect((await tenant.chain.verify(0, ALL)).broken_at).toEqual({ id, reason: "removed" });
    expect((await other.chain.verify(0, ALL)).broken_at).toEqual({ id, reason: "inserted" });
  });

  it.each([
    ["a seal taken out", "DELETE FROM audit_seals WHERE tenant_id = ?1 AND seq = 2", "seal_missing"],
    ["a seal joined to nothing", "UPDATE audit_seals SET prev_hash = 'x' WHERE tenant_id = ?1 AND seq = 2", "seal_altered"],
    ["a seal that ends elsewhere", "UPDATE audit_seals SET last_hash = 'x' WHERE tenant_id = ?1 AND seq = 2", "seal_altered"],
    ["a seal with another value for a row", "UPDATE audit_seals SET entries = json_set(entries, '$[0][1]', 'x') WHERE tenant_id = ?1 AND seq = 2", "changed"],
  ])("finds %s", async (_, sql, reason) => {
    await tamper(sql, tenant.tenantId);
    expect(await tenant.chain.verify(0, ALL)).toMatchObject({ checked: 3, broken_at: { id: at(await tenant.ids(), 3), reason } });
  });

  it("and its log refuse change, removal and replacement", async () => {
    const id = at(await tenant.ids(), 0);
    const refused = async (sql: string): Promise<boolean> => env.DB.prepare(sql).run().then((done) => done.meta.changes === 0, () => true);
    for (const sql of [
      `UPDATE audit SET actor = 'x' WHERE id = '${id}'`,
      `DELETE FROM audit WHERE id = '${id}'`,
      `INSERT OR REPLACE INTO audit SELECT id, tenant_id, at, 'x', ip, action, resource, details, request_id FROM audit WHERE id = '${id}'`,
      `INSERT OR REPLACE INTO audit (rowid, id, tenant_id, at, actor, ip, action, resource, details, request_id) SELECT rowid, 'aud_x', tenant_id, at, 'x', ip, action, resource, details, request_id FROM audit WHERE id = '${id}'`,
      `UPDATE audit_seals SET last_hash = 'x' WHERE tenant_id = '${tenant.tenantId}'`,
      `DELETE FROM audit_seals WHERE tenant_id = '${tenant.tenantId}'`,
      `INSERT OR REPLACE INTO audit_seals SELECT tenant_id, seq, 'x', entries, last_id, last_hash, last_at, sealed_at FROM audit_seals WHERE tenant_id = '${tenant.tenantId}'`,
    ]) expect([sql, await refused(sql)]).toEqual([sql, true]);
    expect(await tenant.chain.verify(0, ALL)).toMatchObject({ checked: 10, broken_at: null });
  });
});
