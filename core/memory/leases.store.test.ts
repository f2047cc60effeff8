import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { systemActor } from "./actor.ts";
import { createMemory } from "./memory.ts";

const newStore = async () => {
  let now = Date.now();
  const memory = createMemory({ d1: env.DB, clock: { now: () => now, toRealTime: (ms) => ms } });
  const { tenant_id } = await memory.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const store = memory.for(tenant_id, systemActor("test"));
  const project_id = `p-${crypto.randomUUID()}`;
  await store.projects.create({ id: project_id, name: "x", country: "NZ", keys: [{ source: "wordpress", key_hash: "x", key_sealed: "x" }] });
  const take = async (holder: string, name = "page:1") => store.leases.take({ project_id, name, holder }, 1000);
  return { store, take, pass: (ms: number) => void (now += ms) };
};

describe("a lease", () => {
  it("is had by one of many who want it at the same moment", async () => {
    const { take } = await newStore();
    expect((await Promise.all(["a", "b", "c", "d"].map(async (holder) => take(holder)))).filter(Boolean)).toHaveLength(1);
  });

  it("ends when it is given back, or when its holder has been silent for too long", async () => {
    const { store, take, pass } = await newStore();
    expect([await take("a"), await take("b"), await take("b", "page:2")]).toEqual([true, false, true]);
    await store.leases.release("page:1", "b");
    expect(await take("b")).toBe(false);
    await store.leases.release("page:1", "a");
    expect(await take("b")).toBe(true);
    pass(999);
    expect(await take("a")).toBe(false);
    expect(await take("b")).toBe(true);
    pass(1000);
    expect(await take("a")).toBe(true);
  });

  it("of one tenant is none of another's", async () => {
    const [one, other] = [await newStore(), await newStore()];
    expect(await one.take("a")).toBe(true);
    expect(await other.take("b")).toBe(true);
    await other.store.leases.release("page:1", "a");
    expect(await one.take("b")).toBe(false);
  });
});
