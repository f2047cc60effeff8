import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createClock } from "../clock.ts";
import { systemActor } from "./actor.ts";
import { createMemory } from "./memory.ts";

const MINUTE_MS = 60_000;
const PHONE = "+64211111111";

/** A business whose clock the test moves. */
const business = async () => {
  let now = Date.parse("2026-11-10T22:00:00Z");
  const memory = createMemory({ d1: env.DB, clock: { ...createClock(), now: () => now } });
  const user = await memory.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const store = memory.for(user.tenant_id, systemActor("test"));
  const project_id = crypto.randomUUID();
  await store.projects.create({ id: project_id, name: "x", country: "NZ", keys: [{ source: "wordpress", key_hash: crypto.randomUUID(), key_sealed: "x" }] });
  const submit = async ({ ring = true, phone = PHONE } = {}) => {
    const ticket = store.leads.ticket({ ring, tellOwner: false });
    const accepted = await store.leads.accept(ticket, { project_id, name: "Jo", primary_contact: phone, metadata: { status: "new", source: "test" }, dedupe: { key: phone, withinMs: 10 * MINUTE_MS }, phones: [phone], dutyDueInMs: MINUTE_MS });
    return { ...ticket, accepted };
  };
  const end = async ({ call_id, lead_id }: { call_id: string | null; lead_id: string }) =>
    store.calls.project(call_id ?? "", lead_id, { revision: 1, status: "ended", end_reason: "connected", next_due_at: null, ended_at: now, duration_s: 60, account_sid: null, call_sid: "CA1", parent_party: "owner", timeline: [], latency: {} }, null);
  return { submit, end, pass: (ms: number) => (now += ms) };
};

describe("a form that is sent again", () => {
  it("within the window is a duplicate, whether or not the first one's call is over", async () => {
    const { submit, end, pass } = await business();
    const first = await submit();
    pass(MINUTE_MS);
    expect((await submit()).accepted).toEqual({ outcome: "duplicate", lead_id: first.lead_id });
    await end(first);
    expect((await submit()).accepted).toEqual({ outcome: "duplicate", lead_id: first.lead_id });
  });

  it("after the window is one as long as we are about to call, and a new request once that call is over", async () => {
    const { submit, end, pass } = await business();
    const first = await submit();
    pass(11 * MINUTE_MS);
    expect((await submit()).accepted).toEqual({ outcome: "duplicate", lead_id: first.lead_id });
    expect((await submit({ phone: "+64212222222" })).accepted).toMatchObject({ outcome: "accepted" });
    await end(first);
    expect((await submit()).accepted).toMatchObject({ outcome: "accepted" });
  });

  it("after the window is a new request where nobody is about to call", async () => {
    const { submit, pass } = await business();
    await submit({ ring: false });
    pass(11 * MINUTE_MS);
    expect((await submit({ ring: false })).accepted).toMatchObject({ outcome: "accepted" });
  });
});
