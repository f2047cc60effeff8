import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createClock } from "../clock.ts";
import { systemActor } from "./actor.ts";
import { createMemory } from "./memory.ts";

const memory = createMemory({ d1: env.DB, clock: createClock() });
const DAY_MS = 86_400_000;

const business = async () => {
  const user = await memory.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const store = memory.for(user.tenant_id, systemActor("test"));
  const projectOf = async (id: string = crypto.randomUUID()): Promise<string> => {
    await store.projects.create({ id, name: "x", country: "NZ", keys: [{ source: "wordpress", key_hash: crypto.randomUUID(), key_sealed: "x" }] });
    return id;
  };
  const submit = async (project_id: string, words: string) => {
    const ticket = store.leads.ticket({ ring: true, tellOwner: false });
    const lead = { project_id, name: "Jo", primary_contact: "+64211111111", metadata: { status: "new", source: "test" }, dedupe: { key: words, withinMs: DAY_MS }, phones: ["+64211111111"], dutyDueInMs: DAY_MS };
    return { ...ticket, accepted: await store.leads.accept(ticket, lead) };
  };
  return { store, projectOf, submit };
};

const ringing = (revision: number) => ({
  revision, status: "ringing_owner", end_reason: null, next_due_at: Date.now() + DAY_MS, ended_at: null, duration_s: null, account_sid: null, call_sid: "CA1", parent_party: "owner" as const, timeline: [], latency: {},
});
const ended = (revision: number) => ({ ...ringing(revision), status: "ended", end_reason: "owner_no_answer", next_due_at: null, ended_at: Date.now() });

describe("whoever writes a change", () => {
  it("hears by the same transaction whether somebody watches the project, and not one beside it", async () => {
    const { store, projectOf, submit } = await business();
    const [project, beside] = [await projectOf(), await projectOf()];
    const first = await submit(project, "first");
    expect(first.accepted).toEqual({ outcome: "accepted", watched: false, suppressed: [], suspended: false });
    expect(await store.calls.project(first.call_id ?? "", first.lead_id, ringing(1), null)).toBe(false);

    await store.live.watch(project, DAY_MS);
    expect((await submit(project, "second")).accepted).toMatchObject({ outcome: "accepted", watched: true });
    expect((await submit(beside, "third")).accepted).toMatchObject({ outcome: "accepted", watched: false });
    expect((await submit(project, "second")).accepted).toMatchObject({ outcome: "duplicate" });
    expect(await store.calls.project(first.call_id ?? "", first.lead_id, ringing(2), { status: "calling" })).toBe(true);
    // What was there already is no news to anybody.
    expect(await store.calls.project(first.call_id ?? "", first.lead_id, ringing(2), null)).toBe(false);
    expect(await store.calls.project(first.call_id ?? "", first.lead_id, ended(3), { status: "no_answer" })).toBe(true);
  });
});

describe("what a call has to say for the audit", () => {
  const verdicts = ["customer", "owner"].map((party) => ({ action: "contact.allowed", resource: "call:x", details: { party } }));

  it("is written with its projection, all of it or nothing", async () => {
    const { store, projectOf, submit } = await business();
    const { call_id, lead_id } = await submit(await projectOf(), "once");
    for (const notes of [verdicts, verdicts]) await store.calls.project(call_id ?? "", lead_id, ringing(1), { status: "calling" }, notes);
    const { items } = await store.audit.list({ action: "contact.allowed" }, { limit: 10 });
    expect(items.map(({ details }) => details).toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual([{ party: "customer" }, { party: "owner" }]);
    expect((await store.entities.get(lead_id)).metadata).toMatchObject({ status: "calling" });
  });
});
