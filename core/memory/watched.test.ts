import { describe, expect, it } from "vitest";
import { business, ended, MINUTE_MS, ringing } from "./leads.testing.ts";

describe("whoever writes a change", () => {
  it("hears by the same transaction whether somebody watches the project, and not one beside it", async () => {
    const { store, projectOf, submit } = await business();
    const [project, beside] = [await projectOf(), await projectOf()];
    const first = await submit(project, "first");
    expect(first.accepted).toEqual({ outcome: "accepted", watched: false, suppressed: [], suspended: false });
    expect(await store.calls.project(first.call_id ?? "", first.lead_id, ringing(1), null)).toBe(false);

    await store.live.watch(project, 60 * MINUTE_MS);
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
