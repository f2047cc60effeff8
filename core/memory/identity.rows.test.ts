import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { countedDatabase, newTally } from "../../test/support/counted-database.ts";
import { createClock } from "../clock.ts";
import { newApiKey } from "../security/api-keys.ts";
import { newRefreshToken } from "../security/refresh-tokens.ts";
import { createMemory } from "./memory.ts";

const tally = newTally();
const memory = createMemory({ d1: countedDatabase(env.DB, tally), clock: createClock() });
const actor = { actor: "user:test", ip: null, request_id: null };
const device = { ip: null, user_agent: null };

const spent = async (work: () => Promise<unknown>): Promise<{ trips: number; rows_read: number; rows_written: number }> => {
  const before = { ...tally };
  expect(await work()).toBeDefined();
  return { trips: tally.trips - before.trips, rows_read: tally.rows_read - before.rows_read, rows_written: tally.rows_written - before.rows_written };
};

let session = "";
let key = "";
let family = "";
beforeAll(async () => {
  // Others, who must not be read.
  for (let n = 0; n < 40; n++) {
    const user = await memory.directory.signUp({ email: `${n}@x.nz`, name: "x", password_hash: "x" }, actor);
    const store = memory.for(user.tenant_id, actor);
    const token = newRefreshToken();
    session = (await store.sessions.open(user.id, token, device)).id;
    family = token.family_hash;
    const { hash, prefix } = newApiKey();
    await store.apiKeys.create({ user_id: user.id, name: "x", prefix, key_hash: hash, scopes: ["leads:read"], expires_at: null });
    key = hash;
  }
});

describe("who is asking", () => {
  it("by a session takes one question of three rows", async () => {
    expect(await spent(async () => memory.identity.callerBySession(session))).toEqual({ trips: 1, rows_read: 3, rows_written: 0 });
  });

  it("by a key takes one question, of three rows and an entry of the index", async () => {
    const { trips, rows_read, rows_written } = await spent(async () => memory.identity.callerByKey(key));
    expect([trips, rows_written]).toEqual([1, 0]);
    expect(rows_read).toBeLessThanOrEqual(4);
  });

  it("comes with the plan that the operator has set, from the same rows", async () => {
    const tenantId = (await memory.identity.callerBySession(session))?.tenant_id ?? "";
    await memory.operator(actor).setPlan(tenantId, "pro");
    expect([await memory.identity.callerBySession(session), await memory.identity.callerByKey(key)]).toMatchObject([{ plan: "pro" }, { plan: "pro" }]);
  });

  it("by a refresh token reads one session", async () => {
    expect((await spent(async () => memory.identity.sessionOfFamily(family))).rows_read).toBeLessThanOrEqual(2);
  });
});
