import { afterEach, describe, expect, it, vi } from "vitest";
import { begin, customers, FRIDAY, HOUR, MINUTE, mobile, openHouse, OWNER, statusOf } from "./reactivation.testing.ts";

afterEach(() => vi.restoreAllMocks());

describe("sending", () => {
  it("goes no faster than the DNA says, by the minute and by the business's day, and ends", async () => {
    const house = await openHouse({ settings: ["daily_limit: 5", "per_minute: 2"] });
    await customers(house, 7);
    const times: number[] = [];
    house.twilio.holdAnswersWith(async () => Promise.resolve(void times.push(house.now())));
    const campaign = await begin(house, { limit: 7 });
    await house.live();
    expect(await statusOf(house, campaign.id)).toBe("completed");
    expect(times).toHaveLength(7);
    for (const at of times) expect(times.filter((other) => other > at - MINUTE && other <= at).length).toBeLessThanOrEqual(2);
    const dayIn = (at: number): string => new Intl.DateTimeFormat("en-NZ", { timeZone: "Pacific/Auckland", dateStyle: "short" }).format(at);
    const days = times.map(dayIn);
    expect([...new Set(days)].map((day) => days.filter((other) => other === day).length)).toEqual([5, 2]);
  });

  it("waits for the hours of where somebody is", async () => {
    const house = await openHouse();
    // 17:00 on a Thursday in New York, 14:00 in Los Angeles, 9:00 on a Friday in Brisbane's and Sydney's zones; 11:00 in Auckland.
    house.pass(-3 * HOUR);
    await house.customer({ phone: "+12125550123" });
    await house.customer({ phone: "+61412345678", place: "Sydney" });
    await begin(house);
    await house.live(house.now());
    await house.live(house.now() + 30_000);
    expect(house.twilio.textsTo("+12125550123")).toHaveLength(1);
    expect(house.twilio.textsTo("+61412345678")).toHaveLength(0);
    await house.live();
    expect(house.twilio.textsTo("+61412345678")).toHaveLength(1);
    // A number that tells no place waits until it is nine everywhere in its country.
    expect(house.now()).toBeGreaterThan(FRIDAY);
  });

  it("leaves alone whoever has changed since the preview: opted out, taken up, written to, moved", async () => {
    const house = await openHouse();
    const [stopped, open, written, moved, erased, kept] = await customers(house, 6);
    const campaign = await house.campaign(await house.ask());
    await house.store.optOuts.add(stopped?.phone ?? "", "sms", "test");
    await house.store.entities.patch(open?.id ?? "", { metadata: { status: "quoted" } });
    await house.store.messages.accepted((await house.store.messages.open({ key: "x", project_id: house.project.id, lead_id: null, call_id: null, campaign_id: null, account_sid: null, phone_from: "+6495550100", phone_to: written?.phone ?? "", body: "hello", purpose: "text_back", party: "customer" })).id, "SMx", "sent");
    await house.store.entities.patch(moved?.id ?? "", { metadata: { phone: mobile() } });
    await house.store.erasure.begin(erased?.id ?? "", 0);
    await house.ask({ campaign_id: campaign.id });
    await house.live();
    expect(house.twilio.messages.map(({ to }) => to)).toEqual([kept?.phone]);
    const states = (await house.recipients(campaign.id)).map(({ state, reason, phone, body }) => [state, reason, phone === null, body === ""].join());
    expect(states.toSorted()).toEqual(["canceled,erased,true,true", "refused,This person asked not to be contacted.,false,false", "sent,,false,false", "skipped,not_served,false,false", "skipped,phone_changed,false,false", "skipped,recently_contacted,false,false"]);
  });

  it("can be paused between two texts, goes on where it was, and is stopped for good", async () => {
    const house = await openHouse({ settings: ["per_minute: 1"] });
    await customers(house, 5);
    const { id } = await begin(house);
    await house.live(FRIDAY + 90_000);
    const before = house.twilio.messages.length;
    expect(before).toBeGreaterThan(0);
    expect(await house.store.campaigns.pause(id, "by_hand")).toBe(true);
    await house.live();
    expect([house.twilio.messages.length, await statusOf(house, id)]).toEqual([before, "paused"]);
    await house.store.campaigns.start(await house.store.campaigns.get(id), "paused", 0);
    house.pass(MINUTE);
    await house.live(house.now());
    expect(house.twilio.messages.length).toBe(before + 1);
    expect([await house.store.campaigns.stop(id), await house.store.campaigns.stop(id)]).toEqual([true, false]);
    await house.live();
    expect([house.twilio.messages.length, await statusOf(house, id), (await house.store.campaignResults.of(id)).states.canceled]).toEqual([before + 1, "stopped", 5 - before - 1]);
    expect(await house.store.campaigns.start(await house.store.campaigns.get(id), "preview", 0)).toBeNull();
  });

  it("is one campaign's at a time in a project", async () => {
    const house = await openHouse();
    await customers(house, 2);
    const first = await house.campaign(await house.ask());
    const second = await house.campaign(await house.ask());
    await house.ask({ campaign_id: first.id });
    expect(await house.ask({ campaign_id: second.id })).toMatchObject({ status: "failed", error: { code: "campaign_running" } });
    expect((await house.ask({ dry_run: false })).result).toMatchObject({ status: "preview", not_started: "campaign_running" });
    await house.live();
    // Now the second may, and finds that they have all been written to.
    await house.ask({ campaign_id: second.id });
    await house.live();
    expect([house.twilio.messages.length, await statusOf(house, second.id), (await house.store.campaignResults.of(second.id)).states.skipped]).toEqual([2, "completed", 2]);
  });

  it("is nobody's who is not live", async () => {
    const house = await openHouse();
    await house.customer();
    house.dna.modules.lead_gen.live = false;
    expect((await house.ask({ dry_run: false })).result).toMatchObject({ status: "preview", not_started: "project_not_live" });
    expect(await house.ask({}, { action: "send", params: { campaign_id: "cmp_x", round: 1 } })).toMatchObject({ status: "failed", error: { code: "campaign_not_started" } });
  });
});

describe("a vendor that fails", () => {
  it("is tried later, whoever's turn it was, and nobody is written to twice", async () => {
    const house = await openHouse();
    const made = await customers(house, 3);
    let asked = 0;
    // Twilio takes the first text, and its answer is lost; then it is away for a while.
    house.twilio.holdAnswersWith(async ({ method }) => {
      if (method === "POST" && asked === 1) throw new TypeError("connection lost");
      return Promise.resolve();
    });
    house.twilio.answerWith(({ method, path }) => (method === "POST" && path.endsWith("/Messages.json") && ++asked > 1 && asked < 5 ? { status: 503, body: { code: 20500 } } : undefined));
    const { id } = await begin(house);
    await house.live();
    expect(await statusOf(house, id)).toBe("completed");
    expect(house.twilio.messages.map(({ to }) => to).toSorted()).toEqual(made.map(({ phone }) => phone).toSorted());
  });

  it("that refuses the account pauses the campaign and loses nobody", async () => {
    const house = await openHouse();
    await customers(house, 3);
    let mended = false;
    house.twilio.answerWith(({ method, form }) => (method === "POST" && !mended && form.get("To") !== OWNER ? { status: 401, body: { code: 20003, message: "Authenticate" } } : undefined));
    const { id } = await begin(house);
    await house.live();
    expect(await house.store.campaigns.get(id)).toMatchObject({ status: "paused", pause_reason: "account", sent: 0 });
    expect(house.twilio.textsTo(OWNER).filter(({ form }) => form.get("Body")?.includes("paused itself"))).toHaveLength(1);
    mended = true;
    await house.store.campaigns.start(await house.store.campaigns.get(id), "paused", 0);
    await house.live();
    expect(await house.store.campaigns.get(id)).toMatchObject({ status: "completed", sent: 3 });
  });

  it("that knows no such number ends with that number", async () => {
    const house = await openHouse();
    const [bad] = await customers(house, 2);
    house.twilio.answerWith(({ form }) => (form.get("To") === bad?.phone ? { status: 400, body: { code: 21211, message: "Invalid 'To' number" } } : undefined));
    const { id } = await begin(house);
    await house.live();
    expect((await house.store.campaignResults.of(id)).states).toMatchObject({ sent: 1, refused: 1 });
  });
});
