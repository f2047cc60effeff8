import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openBusiness } from "./support/business.ts";
import { eventually } from "./support/eventually.ts";
import { useHouse } from "./support/house.ts";
import { phoneNumber } from "./support/phone-numbers.ts";
import { sweepNowAndThen } from "./support/sweep.ts";

/** Ten in the morning in Auckland, on a Wednesday. */
const MORNING = Date.parse("2027-02-09T21:00:00Z");
/** The claim of a dead Worker's run is over by then, and so is the throttle's minute. */
const AFTER_MS = 150_000;

const house = useHouse({ at: MORNING, interrupted: true });
const sweep = sweepNowAndThen(house);

const summarySchema = z.object({ status: z.literal("succeeded"), result: z.looseObject({ campaign_id: z.string(), status: z.string(), recipients: z.number(), cost_usd: z.number(), left_out: z.record(z.string(), z.number()) }) });
const figures = z.looseObject({ recipients: z.number(), planned: z.number(), sent: z.number(), delivered: z.number(), replied: z.number(), interested: z.number(), opted_out: z.number(), booked: z.number(), sent_cost_usd: z.number() });
const campaignSchema = z.looseObject({ status: z.string(), pause_reason: z.string().nullable(), sent: z.number(), results: figures });
const recipientsSchema = z.object({ items: z.array(z.looseObject({ lead_id: z.string(), to: z.string(), body: z.string(), state: z.string(), reply: z.string().nullable() })) });
const createdSchema = z.looseObject({ id: z.string() });

describe("a campaign to customers of old", () => {
  it("is shown, started, killed half-way, and goes on: each is written to once, and their answers ring the owner, close and opt out", async () => {
    const business = await openBusiness(house);
    await house.client.putDna(business.project_id, `${business.dna}\n    reactivation: { personalised: false, per_minute: 60, daily_limit: 500, max_opt_out_percent: 50 }\n`);
    const customer = async (phone: string, over: Record<string, unknown> = {}): Promise<string> =>
      (await house.client.ask("POST", "/api/entities", { json: { project_id: business.project_id, entity_type: "lead", name: "Jane Doe", primary_contact: phone, metadata: { phone, status: "completed", service: "Hot water", last_contacted_at: "2025-03-01", ...over } } })).as(createdSchema).id;
    const wanted = Array.from({ length: 24 }, () => phoneNumber());
    for (const phone of wanted) await customer(phone);
    const unwanted = Array.from({ length: 4 }, () => phoneNumber());
    await customer(unwanted[0] ?? "", { status: "quoted" });
    await customer(unwanted[1] ?? "", { last_contacted_at: "2027-01-10" });
    await customer(unwanted[2] ?? "", { no_campaigns: "2026-01-10" });
    await customer(unwanted[3] ?? "", { status: "opted_out" });

    const shown = (await house.client.ask("POST", "/api/run", { headers: { Prefer: "wait=30" }, json: { task: "reactivator_agent", project_id: business.project_id, params: { limit: 100 } } })).as(summarySchema).result;
    expect(shown).toMatchObject({ status: "preview", recipients: 24, left_out: { recently_contacted: 1, declined: 1 } });
    const path = `/api/campaigns/${shown.campaign_id}`;
    const campaign = async () => (await house.client.ask("GET", path)).as(campaignSchema);
    const recipients = async (query = "") => (await house.client.ask("GET", `${path}/recipients?limit=100${query}`)).as(recipientsSchema).items;
    const texts = new Map((await recipients()).map(({ to, body }) => [to, body]));
    const textsTo = (phone: string) => house.log.textsTo(phone);
    expect(wanted.flatMap(textsTo)).toEqual([]);

    // Twilio takes the sixth text, and the Worker never hears of it.
    expect((await house.client.ask("POST", `${path}/start`)).status).toBe(200);
    await eventually("some texts", async () => Promise.resolve(wanted.flatMap(textsTo).length >= 5));
    house.sandbox.setTwilioFaults({ messages: { mode: "after", status: "hang", times: 1 } });
    const heard = (): number => wanted.flatMap(textsTo).length;
    const before = heard();
    await eventually("a text whose answer is lost", async () => Promise.resolve(heard() > before));
    await house.kill();
    const gone = new Set(wanted.filter((phone) => textsTo(phone).length > 0));
    expect(gone.size).toBeGreaterThan(4);
    expect(gone.size).toBeLessThan(wanted.length);

    // The next life is two and a half minutes older. Three of those whose turn is still to come will answer.
    await house.restart({ APEX_CLOCK_OFFSET_S: String(Math.round((MORNING + AFTER_MS - Date.now()) / 1000)) });
    const url = `${house.url}/api/sms/incoming?project_id=${business.project_id}`;
    const [yes = "", no = "", stop = ""] = wanted.filter((phone) => !gone.has(phone));
    for (const [phone, body] of [[yes, "Yes please"], [no, "No thanks"], [stop, "STOP"]] as const) house.sandbox.setNumber(phone, { sms_reply: { body, url } });
    await eventually("the campaign to be over", async () => {
      await sweep();
      return (await campaign()).status === "completed";
    });
    await house.sandbox.idle();

    for (const phone of wanted) expect([phone, textsTo(phone).filter(({ body }) => body === texts.get(phone)).length]).toEqual([phone, 1]);
    for (const phone of unwanted) expect([phone, textsTo(phone)]).toEqual([phone, []]);
    await eventually("the owner to be rung for whoever said yes", async () => Promise.resolve(house.log.dials(business.owner).length === 1));
    await eventually("the answers to be counted", async () => (await campaign()).results.replied === 3, async () => campaign());
    const { sent, results } = await campaign();
    expect([sent, results]).toMatchObject([24, { recipients: 24, planned: 0, sent: 24, replied: 3, interested: 1, opted_out: 1, sent_cost_usd: 24 * 0.105 }]);
    // Reports of texts that were on their way when the Worker died may be lost.
    expect(results.delivered).toBeGreaterThanOrEqual(24 - gone.size);
    expect((await recipients()).filter(({ reply }) => reply !== null).map(({ to, reply }) => [to, reply]).toSorted()).toEqual([[yes, "interested"], [no, "no"], [stop, "stop"]].toSorted());
  });
});
