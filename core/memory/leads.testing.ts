import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { createClock } from "../clock.ts";
import { systemActor } from "./actor.ts";
import type { CallProjection } from "./calls.store.ts";
import { createMemory } from "./memory.ts";

export const MINUTE_MS = 60_000;
const PHONE = "+64211111111";

/** A business to which forms come by a clock; two with the same key within ten minutes are one person's. */
export const business = async (now: () => number = Date.now) => {
  const memory = createMemory({ d1: env.DB, clock: { ...createClock(), now } });
  const user = await memory.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const store = memory.for(user.tenant_id, systemActor("test"));
  const projectOf = async (id: string = crypto.randomUUID()): Promise<string> => {
    await store.projects.create({ id, name: "x", country: "NZ", keys: [{ source: "wordpress", key_hash: crypto.randomUUID(), key_sealed: "x" }] });
    return id;
  };
  const submit = async (project_id: string, key: string, { ring = true, phone = PHONE } = {}) => {
    const ticket = store.leads.ticket({ ring, tellOwner: false });
    const lead = { project_id, name: "Jo", primary_contact: phone, metadata: { status: "new", source: "test", phone }, dedupe: { key, withinMs: 10 * MINUTE_MS }, phones: [phone], dutyDueInMs: MINUTE_MS };
    return { ...ticket, accepted: await store.leads.accept(ticket, lead) };
  };
  return { store, projectOf, submit };
};

export const ringing = (revision: number): CallProjection => ({
  revision, status: "ringing_owner", end_reason: null, next_due_at: Date.now() + MINUTE_MS, ended_at: null, duration_s: null, account_sid: null, call_sid: "CA1", parent_party: "owner", timeline: [], latency: {},
});
export const ended = (revision: number): CallProjection => ({ ...ringing(revision), status: "ended", end_reason: "owner_no_answer", next_due_at: null, ended_at: Date.now() });
