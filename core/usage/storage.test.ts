import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createClock } from "../clock.ts";
import { systemActor } from "../memory/actor.ts";
import { createMemory } from "../memory/memory.ts";
import { meterStorage } from "./storage.ts";

const DAY = "2026-11-26";

describe("what a tenant has stored", () => {
  it("is booked once a day, all pages of it and nobody else's, and the newer look counts", async () => {
    const memory = createMemory({ d1: env.DB, clock: createClock() });
    const user = await memory.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
    const store = memory.for(user.tenant_id, systemActor("test"));
    const list: R2Bucket["list"] = async (options) => env.STORAGE.list({ ...options, limit: 2 });
    const tools = { memory: store, bucket: { list } };
    const booked = async () => (await store.usage.ofMonth(DAY.slice(0, 7), null)).map(({ kind, quantity, cost_micros }) => [kind, quantity, cost_micros]);
    expect(await meterStorage(tools, DAY)).toEqual({ objects: 0, bytes: 0 });
    expect(await booked()).toEqual([]);
    for (let i = 0; i < 5; i++) await env.STORAGE.put(`${user.tenant_id}/recordings/p/${i}.wav`, "x".repeat(1000));
    await env.STORAGE.put(`${user.tenant_id}2/recordings/p/1.wav`, "x".repeat(1000));
    expect(await meterStorage(tools, DAY)).toEqual({ objects: 5, bytes: 5000 });
    await env.STORAGE.delete(`${user.tenant_id}/recordings/p/0.wav`);
    await meterStorage(tools, DAY);
    expect(await booked()).toEqual([["storage_bytes", 4000, 1]]);
  });
});
