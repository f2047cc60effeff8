import { afterEach, describe, expect, it, vi } from "vitest";
import { says } from "../../../core/providers/gemini/gemini.testing.ts";
import { openHouse, OWNER, type ReactivationHouse } from "./reactivation.testing.ts";

afterEach(() => vi.restoreAllMocks());

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A campaign that wrote to somebody, and what they answer. */
const answered = async (body: string, { intent, model }: { intent?: string; model?: () => Response } = {}) => {
  const house = await openHouse({ model: model ?? (() => Response.json(says(JSON.stringify({ intent: intent ?? "other" })))) });
  const jane = await house.customer({ amount: 450, booked_at: "2026-01-10T00:00:00.000Z" });
  const campaign = await house.campaign(await house.ask({ dry_run: false }));
  await house.live();
  house.pass(HOUR);
  const at = house.now();
  const taken = await house.reply(jane.phone, body);
  return { house, jane, campaign, taken, at };
};
const repliesOf = async (house: ReactivationHouse, campaignId: string) => (await house.store.campaignResults.of(campaignId)).replies;
const textsToOwner = (house: ReactivationHouse): (string | null)[] => house.twilio.textsTo(OWNER).map(({ form }) => form.get("Body"));

describe("an answer to a campaign", () => {
  it("that is interested has the owner rung at once, as of the answer, and makes the lead new", async () => {
    const { house, jane, campaign, taken } = await answered("Yes please");
    expect(taken?.call_id).toMatch(/^call_/);
    expect(await house.lead(jane.id)).toMatchObject({ status: "new", campaign_reply: "Answered your text: Yes please", earlier_amount: 450 });
    expect((await house.lead(jane.id)).amount).toBeUndefined();
    expect(await repliesOf(house, campaign.id)).toMatchObject({ interested: 1 });
    // The owner is rung; no text says the same.
    await house.live(house.now() + HOUR);
    expect(textsToOwner(house)).toEqual([]);
    // Somebody who is being called is in no campaign.
    house.pass(400 * DAY);
    expect((await house.ask()).result).toMatchObject({ recipients: 0 });
  });

  it("that says no is in no further campaign, and nobody is bothered", async () => {
    const { house, jane, campaign } = await answered("No thanks");
    await house.live(house.now() + HOUR);
    expect([await repliesOf(house, campaign.id), textsToOwner(house), house.started]).toMatchObject([{ no: 1 }, [], []]);
    expect(await house.lead(jane.id)).toMatchObject({ status: "won" });
    house.pass(400 * DAY);
    expect((await house.ask()).result).toMatchObject({ recipients: 0, left_out: { declined: 1 } });
  });

  it("that says later sets a date, on which the owner is told", async () => {
    const { house, jane, campaign, at } = await answered("maybe in two weeks");
    expect(Date.parse(String((await house.lead(jane.id)).follow_up_at))).toBeGreaterThan(at + 12 * DAY);
    await house.live(house.now() + DAY);
    const forwarded = textsToOwner(house).length;
    expect(forwarded).toBe(1);
    await house.live(at + 20 * DAY);
    expect(house.now()).toBeGreaterThan(at + 13 * DAY);
    expect(textsToOwner(house).slice(forwarded)).toEqual([`Rata Plumbing: Jane Doe (${jane.phone}) asked to hear from you about now. https://apex.test/l/x`]);
    expect(await repliesOf(house, campaign.id)).toMatchObject({ later: 1 });
  });

  it("that says later is not followed up once somebody has taken them up", async () => {
    const { house, jane, at } = await answered("maybe in two weeks");
    await house.live(house.now() + DAY);
    await house.store.entities.patch(jane.id, { metadata: { status: "quoted" } });
    const before = textsToOwner(house).length;
    await house.live(at + 20 * DAY);
    expect(textsToOwner(house)).toHaveLength(before);
  });

  it("that asks something is for the owner to answer", async () => {
    const { house, jane, campaign } = await answered("Do you do gas now?");
    await house.live(house.now() + HOUR);
    expect(textsToOwner(house)).toEqual([`Rata Plumbing: Jane Doe (${jane.phone}) replied: Do you do gas now?`]);
    expect([await repliesOf(house, campaign.id), house.started]).toMatchObject([{ question: 1 }, []]);
  });

  it.each(["STOP", "please stop texting me"])("%j is an opt-out, counted for the campaign, and for good", async (body) => {
    const { house, jane, campaign } = await answered(body);
    await house.reply(jane.phone, "How much would it have been?");
    expect(await repliesOf(house, campaign.id)).toMatchObject({ stop: 1, question: 0 });
    expect((await house.store.optOuts.among([jane.phone])).map(({ channel }) => channel)).toContain("sms");
    expect(await house.lead(jane.id)).toMatchObject({ status: "opted_out" });
  });

  it("that came twice, or changes its mind, is one person's", async () => {
    const { house, jane, campaign } = await answered("Who is this?");
    await house.reply(jane.phone, "Yes please");
    const results = await house.store.campaignResults.of(campaign.id);
    expect([results.replied, results.replies]).toMatchObject([1, { question: 0, interested: 1 }]);
  });

  it("is none of a campaign's a month later", async () => {
    const { house, jane, campaign } = await answered("How much is a tap?");
    house.pass(31 * DAY);
    const late = await house.reply(jane.phone, "Yes please");
    expect((await house.store.messages.get(late?.message_id ?? "")).campaign_id).toBeNull();
    expect(await repliesOf(house, campaign.id)).toMatchObject({ question: 1, interested: 0 });
  });
});

describe("an answer that only a model understands", () => {
  it.each([
    ["interested", "The cylinder has been leaking all week", { interested: 1 }, 1],
    ["call_me", "Could somebody phone, the cylinder leaks", { interested: 1 }, 1],
    ["no", "We sold that house years ago", { no: 1 }, 0],
    ["later", "Away on holiday until the summer is over", { later: 1 }, 0],
    ["question", "Wondering what a cylinder costs these days", { question: 1 }, 0],
    ["stop", "I would rather you lot left me in peace", { stop: 1 }, 0],
    ["other", "The weather is lovely here in Napier", { other: 1 }, 0],
  ])("as %s", async (intent, body, counted, rung) => {
    const questions: string[] = [];
    const house = await openHouse({ model: (question) => (questions.push(question), Response.json(says(JSON.stringify({ intent })))) });
    const jane = await house.customer();
    const campaign = await house.campaign(await house.ask({ dry_run: false }));
    await house.live();
    house.pass(HOUR);
    const at = house.now();
    await house.reply(jane.phone, body);
    // The owner sees it in any case, at once.
    house.pass(30_000);
    await house.live(house.now() + HOUR);
    expect(await repliesOf(house, campaign.id)).toMatchObject(counted);
    expect(house.started).toEqual(rung === 0 ? [] : [{ lead_id: jane.id, asked_at: at }]);
    expect(textsToOwner(house)[0]).toContain(body);
    // It was told what the text was an answer to.
    expect(questions.some((question) => question.includes("It has been a while since we helped you"))).toBe(true);
  });
});
