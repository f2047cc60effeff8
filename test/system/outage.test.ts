import { expect, it } from "vitest";
import { openBusiness } from "./support/business.ts";
import { eventually } from "./support/eventually.ts";
import { useHouse } from "./support/house.ts";
import { phoneNumber } from "./support/phone-numbers.ts";
import { sweepNowAndThen } from "./support/sweep.ts";

const MINUTE_MS = 60_000;
/** An hour at which nobody is asleep in Auckland, where these phones are. */
const BEGIN = Date.parse("2027-02-09T21:00:00Z");
/** Ten minutes lie between what counts as too old and what does not, so that a slow machine changes nothing. */
const MAX_AGE_MINUTES = 30;
const house = useHouse({ at: BEGIN, interrupted: true });
const sweep = sweepNowAndThen(house);
const outage = { mode: "before", status: 503 } as const;

it("Twilio is down: what grew too old meanwhile becomes a card, the rest is rung when it is back, the freshest first, each once", async () => {
  const owner = phoneNumber();
  const business = await openBusiness(house, { destinations: [owner], bridge: [`max_age_minutes: ${MAX_AGE_MINUTES}`, "feedback: { enabled: false }"] });
  const { sandbox, log } = house;
  sandbox.setTwilioFaults({ calls: outage, messages: outage });
  const submit = async (name: string) => {
    const phone = phoneNumber();
    return { name, phone, id: (await business.submitGoogle({ name, phone })).lead_id };
  };
  const old = await submit("Old");
  await house.moveTo(BEGIN + 20 * MINUTE_MS);
  const young = [await submit("First"), await submit("Second"), await submit("Third")];
  await house.moveTo(BEGIN + 40 * MINUTE_MS);
  expect(log.legs()).toEqual([]);
  sandbox.setTwilioFaults({ calls: null, messages: null });

  const endOf = async (id: string): Promise<string | null> => {
    const call = await eventually(`the call of ${id} to be over`, async () => {
      await sweep();
      const [first, ...more] = (await house.client.calls({ lead_id: id })).items;
      expect(more).toEqual([]);
      return first?.status === "ended" && first;
    });
    return call.end_reason;
  };
  expect(await endOf(old.id)).toBe("expired");
  for (const { id } of young) expect(await endOf(id)).toBe("connected");

  expect(log.legsTo(old.phone)).toEqual([]);
  const cards = await eventually("the owner's card", () => log.textsTo(owner).length > 0 && log.textsTo(owner));
  expect(cards.map(({ body }) => body)).toEqual([expect.stringContaining("Old")]);
  expect(log.legsTo(owner)).toHaveLength(young.length);
  const rung = young.map(({ phone }, place) => ({ place, began: log.legsTo(phone).map(({ began }) => began) }));
  expect(rung.map(({ began }) => began.length)).toEqual([1, 1, 1]);
  // Whoever held the owner's phone when Twilio came back has it; from then on the newest is next.
  const [, ...rest] = rung.toSorted((a, b) => (a.began[0] ?? 0) - (b.began[0] ?? 0)).map(({ place }) => place);
  expect(rest).toEqual(rest.toSorted((a, b) => b - a));
});
