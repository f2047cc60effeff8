import { describe, expect, it } from "vitest";
import { eventually } from "./support/eventually.ts";
import { type Business, eventsOf, openBusiness, storyOf } from "./support/business.ts";
import { hangUp } from "./support/hang-up.ts";
import { useHouse } from "./support/house.ts";
import { phoneNumber } from "./support/phone-numbers.ts";

const house = useHouse();

const expectCard = (business: Business, customer: string): void => {
  const texts = house.log.textsTo(business.owner);
  expect(texts).toHaveLength(1);
  for (const part of ["Rata Street Plumbing", "Jane Doe", customer]) expect(texts[0]?.body).toContain(part);
};

/** The customer hears from the business, once, and by its name. */
const expectMissedText = (customer: string): void => {
  const texts = house.log.textsTo(customer);
  expect(texts).toHaveLength(1);
  for (const part of ["Rata Street Plumbing", "Jane Doe", "STOP"]) expect(texts[0]?.body).toContain(part);
};

describe("an owner who", () => {
  it.each([
    ["does not answer", "9903", "owner_no_answer", ["owner_ringing", "owner_no_answer"], "no_answer"],
    ["is busy", "9904", "owner_busy", ["owner_busy"], "no_answer"],
    ["rejects the call on the phone", "9905", "owner_busy", ["owner_ringing", "owner_busy"], "no_answer"],
    ["answers and never presses a key", "9909", "owner_no_answer", ["owner_ringing", "owner_answered", "owner_no_answer"], "no_answer"],
    ["hangs up during the whisper", "9914", "owner_no_answer", ["owner_ringing", "owner_answered", "owner_no_answer"], "no_answer"],
    ["has a voicemail machine, which presses nothing", "9910", "owner_voicemail", ["owner_ringing", "owner_answered", "owner_voicemail"], "no_answer"],
  ] as const)("%s gets the lead as a text, and the customer's phone never rings", async (_what, suffix, reason, story, status) => {
    const business = await openBusiness(house, { destinations: [phoneNumber(suffix)] });
    const customer = phoneNumber();
    const { lead_id } = await business.submitGoogle({ name: "Jane Doe", phone: customer });
    const call = await business.settled(lead_id);
    expect(call.end_reason).toBe(reason);
    expect(storyOf(call)).toEqual(["received", "dialed", ...story, "ended"]);
    expect(eventsOf(call).slice(-2).toSorted()).toEqual(["sms_customer", "sms_owner"]);
    expect(house.log.dials(business.owner)).toHaveLength(1);
    expect(house.log.legsTo(customer)).toEqual([]);
    expectCard(business, customer);
    expectMissedText(customer);
    expect((await house.client.entity(lead_id)).metadata["status"]).toBe(status);
    expect(call).toMatchObject({ recording_url: null, latency: { form_to_connected_ms: null } });
  });

  it.each([["0", "9906"], ["9", "9907"]])("presses %s is left in peace", async (key, suffix) => {
    const business = await openBusiness(house, { destinations: [phoneNumber(suffix)] });
    const customer = phoneNumber();
    const { lead_id } = await business.submitGoogle({ phone: customer });
    const call = await business.settled(lead_id);
    await house.sandbox.idle();
    expect(call.end_reason).toBe("owner_declined");
    expect(eventsOf(call)).toEqual(["received", "dialed", "owner_ringing", "owner_answered", "owner_declined", "ended"]);
    expect(house.log.pressedBy(house.log.legsTo(business.owner)[0]?.sid ?? "").map(({ pressed }) => pressed)).toEqual([key]);
    expect(house.log.dials(business.owner)).toHaveLength(1);
    expect([house.log.legsTo(customer), house.log.textsTo(business.owner), house.log.textsTo(customer)]).toEqual([[], [], []]);
  });

  it("presses 2 hears the whisper again, and may press 1 then", async () => {
    const business = await openBusiness(house, { destinations: [phoneNumber("9908")] });
    const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
    const call = await business.settled(lead_id);
    const [leg] = house.log.legsTo(business.owner);
    expect(house.log.pressedBy(leg?.sid ?? "").map(({ pressed }) => pressed)).toEqual(["2", "1"]);
    expect(new Set(house.log.heardBy(leg?.sid ?? "").filter(({ text }) => text.includes("Press 1")).map(({ text }) => text)).size).toBe(1);
    expect(call.end_reason).toBe("connected");
  });

  it("does not answer gives way to the next person, and the first is not rung again", async () => {
    const [first, second] = [phoneNumber("9903"), phoneNumber()];
    const business = await openBusiness(house, { destinations: [first, second] });
    const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
    const call = await business.settled(lead_id);
    expect(call.end_reason).toBe("connected");
    expect(eventsOf(call)).toContain("escalated");
    expect([house.log.dials(first).length, house.log.dials(second).length]).toEqual([1, 1]);
    expect(house.log.legsTo(first)[0]?.ended).toBeLessThan(house.log.legsTo(second)[0]?.began ?? 0);
    // Nobody gets a card; whoever talked to the customer is asked how it went.
    expect(house.log.textsTo(first)).toEqual([]);
    for (const { body } of house.log.textsTo(second)) expect(body).toContain("how did it go");
  });
});

describe("a customer who", () => {
  it.each([
    ["does not answer", "9903", "customer_no_answer", ["customer_ringing", "customer_no_answer"], "no_answer", true],
    ["is busy", "9904", "customer_busy", ["customer_busy"], "no_answer", true],
    ["cannot be reached under that number", "9913", "invalid_number", ["alert"], "needs_contact", false],
  ] as const)("%s is rung once, after the key, and the owner gets the number as a text", async (_what, suffix, reason, story, status, isTexted) => {
    const owner1 = phoneNumber();
    // Presses 1 for the customer, and nothing in the menu that follows.
    house.sandbox.setNumber(owner1, { keys: ["1", ""] });
    const business = await openBusiness(house, { destinations: [owner1] });
    const customer = phoneNumber(suffix);
    const { lead_id } = await business.submitGoogle({ name: "Jane Doe", phone: customer });
    const call = await business.settled(lead_id);
    expect(call.end_reason).toBe(reason);
    expect(storyOf(call)).toEqual(["received", "dialed", "owner_ringing", "owner_answered", "owner_pressed", ...story, "ended"]);
    const [owner] = house.log.legsTo(business.owner);
    const [leg, ...more] = house.log.legsTo(customer);
    expect([house.log.dials(business.owner).length, more]).toEqual([1, []]);
    expect(house.log.pressedBy(owner?.sid ?? "")[0]?.seq).toBeLessThan(leg?.began ?? 0);
    expectCard(business, customer);
    if (isTexted) expectMissedText(customer);
    else expect(house.log.textsTo(customer)).toEqual([]);
    expect((await house.client.entity(lead_id)).metadata["status"]).toBe(status);
    expect(call.latency.form_to_connected_ms).toBeNull();
  });
});

it("a number that must not be rung is not: the owner gets a text instead", async () => {
  const business = await openBusiness(house);
  const expensive = "+881612345678";
  const { lead_id } = await business.submitGoogle({ name: "Jane Doe", phone: expensive });
  const call = await business.settled(lead_id);
  expect(call.end_reason).toBe("blocked");
  expect([house.log.dials(business.owner), house.log.dials(expensive), house.log.legsTo(expensive)]).toEqual([[], [], []]);
  expectCard(business, expensive);
});

it("two leads at the same moment never ring one owner twice at once, and both are called", async () => {
  const business = await openBusiness(house);
  // Both customers stay on the line until we end the call, so that the second has to wait however fast the machine is.
  const customers = [phoneNumber("9922"), phoneNumber("9922")];
  const answers = await Promise.all(customers.map((phone) => business.submitGoogle({ phone })));
  const ids = answers.map(({ lead_id }) => lead_id);
  expect(new Set(ids).size).toBe(2);
  const statusOf = async (leadId: string): Promise<string> => (await house.client.calls({ lead_id: leadId })).items[0]?.status ?? "none";

  let seen: string[] = [];
  await eventually("one talks and one is held", async () => {
    seen = await Promise.all(ids.map(statusOf));
    return seen.toSorted().join() === "connected,held";
  }, () => seen);
  expect(house.log.dials(business.owner)).toHaveLength(1);
  const [first, second] = seen[0] === "connected" ? ids : ids.toReversed();
  if (first === undefined || second === undefined) throw new Error("two leads, two ids");

  await hangUp(house, house.log.legsTo(business.owner)[0]?.sid ?? "");
  expect((await business.settled(first)).end_reason).toBe("connected");
  const waited = await business.callWhen(second, "connected in its turn", ({ status }) => status === "connected");
  expect(eventsOf(waited)).toContain("held");
  const legs = house.log.legsTo(business.owner);
  expect(legs).toHaveLength(2);
  expect(legs[0]?.ended).toBeLessThan(legs[1]?.began ?? 0);

  await hangUp(house, legs[1]?.sid ?? "");
  expect((await business.settled(second)).end_reason).toBe("connected");
  expect(house.log.dials(business.owner)).toHaveLength(2);
  for (const customer of customers) expect(house.log.legsTo(customer)).toHaveLength(1);
});
