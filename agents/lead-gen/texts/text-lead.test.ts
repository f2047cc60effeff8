import { afterEach, describe, expect, it, vi } from "vitest";
import { openHouse, type ReactivationHouse } from "../reactivation/reactivation.testing.ts";

afterEach(() => vi.restoreAllMocks());

const HOUR = 3_600_000;
const BODY = "Hello Jane, shall we come on Friday?";
const write = async (house: ReactivationHouse, lead_id: string, body = BODY) => house.jobs.submit(house.store, { project_id: house.project.id, task: "sales_agent", action: "text_lead", params: { lead_id, body } });
const textsTo = (house: ReactivationHouse, phone: string): (string | null)[] => house.twilio.textsTo(phone).map(({ form }) => form.get("Body"));

describe("a text that somebody writes to a lead", () => {
  it("goes out once, however often its run is brought, and is kept with the lead", async () => {
    const house = await openHouse();
    const jane = await house.customer({ status: "quoted" });
    const run = await write(house, jane.id);
    expect(await house.perform(run)).toMatchObject({ status: "succeeded" });
    await house.perform(run);
    expect(textsTo(house, jane.phone)).toEqual([BODY]);
    expect((await house.store.messages.list({ lead_id: jane.id }, { limit: 9 })).items).toMatchObject([{ direction: "out", purpose: "by_hand", body: BODY, party: "customer" }]);
  });

  it("is sent once, whichever of its trips to the database the Worker dies on", async () => {
    const house = await openHouse();
    for (let trip = 1; trip <= 12; trip++) {
      const jane = await house.customer();
      const run = await write(house, jane.id);
      house.mortal.killAfter(trip);
      await house.perform(run).catch(() => undefined);
      house.mortal.revive();
      // Its claim is over by then.
      house.pass(2 * 60_000);
      await house.live(house.now() + 60_000);
      expect([trip, textsTo(house, jane.phone)]).toEqual([trip, [BODY]]);
      expect((await house.store.runs.get(run.id)).status).toBe("succeeded");
    }
  });

  it("waits for the person's morning, as no failure", async () => {
    const house = await openHouse();
    house.pass(12 * HOUR);
    const jane = await house.customer();
    const run = await write(house, jane.id);
    expect(await house.perform(run)).toMatchObject({ status: "queued", error: null, failures: 0 });
    expect(textsTo(house, jane.phone)).toEqual([]);
    await house.live(house.now() + 24 * HOUR);
    expect(textsTo(house, jane.phone)).toEqual([BODY]);
  });

  it("does not reach who opted out, who has no phone, or a lead of another project", async () => {
    const house = await openHouse();
    const [gone, nobody] = [await house.customer(), await house.customer({ phone: null })];
    await house.store.optOuts.add(gone.phone, "sms", "said stop");
    expect(await house.perform(await write(house, gone.id))).toMatchObject({ status: "failed", error: { code: "sms_not_sent" } });
    expect(textsTo(house, gone.phone)).toEqual([]);
    expect(await house.perform(await write(house, nobody.id))).toMatchObject({ status: "failed", error: { code: "no_phone" } });
    const other = await house.store.projects.create({ id: `p-${crypto.randomUUID()}`, name: "Other", country: "NZ", keys: [{ source: "wordpress", key_hash: "y", key_sealed: "y" }] });
    const foreign = await house.store.entities.create({ project_id: other.id, entity_type: "lead", name: "x", primary_contact: "", metadata: { phone: "+64211234567" } });
    expect(await house.perform(await write(house, foreign.id))).toMatchObject({ status: "failed", error: { code: "lead_not_found" } });
  });
});
