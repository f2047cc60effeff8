import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Business, openBusiness } from "./support/business.ts";
import { eventually } from "./support/eventually.ts";
import { useHouse } from "./support/house.ts";
import { asTyped, phoneNumber } from "./support/phone-numbers.ts";

/** Of a working day in Auckland: whom a hunt has found is rung at no other time. */
const DAYTIME = Date.parse("2026-11-26T21:30:00Z");
const house = useHouse({ sites: true, at: DAYTIME });

const huntSchema = z.object({
  scrape: z.looseObject({ created: z.array(z.string()), joined: z.array(z.string()) }),
  score: z.array(z.looseObject({ scored: z.number(), by_model: z.number(), reused: z.number() })),
  act: z.array(z.looseObject({ acted: z.string() })),
});

/** What only this test's posts say. */
const WORD = "harbourview";
const dnaFor = ({ dna }: Business): string => `identity: { niche: plumber, time_zone: Pacific/Auckland }
services: [{ name: Burst pipes, primary_keywords: [burst pipe, leak], context_keywords: [water, plumber] }]
${dna}
    scoring: { contact_basis: { board: "The board's terms: posters agree to calls from trades" } }
    sniper:
      enabled: true
      platforms: [board]
      keywords: [${WORD}]
      delay_s: 1
      sources:
        board:
          kind: html_list
          url: ${house.sandbox.url}/board/jobs?q={keyword}&page={page}
          permission: { by: own_site, statement: The board is the owner's own. }
          selectors: { item: li.post, title: .post-title a, link: .post-title a, description: .post-text, location: .post-place, phone: .post-phone }
          next: a.next
`;

const hunt = async (business: Business) => {
  const { run_id } = await house.client.startRun({ task: "lead_gen_manager", action: "hunt_sniper", project_id: business.project_id });
  let seen: unknown;
  const run = await eventually(
    "the hunt is over",
    async () => {
      const found = await house.client.run(run_id);
      seen = found;
      return !["queued", "running"].includes(found.status) && found;
    },
    () => seen,
    60_000,
  );
  expect(run.status).toBe("succeeded");
  return huntSchema.parse(run.result);
};

describe("a hunt", () => {
  it("finds, scores and rings, and the next one doubles nothing of it", async () => {
    const business = await openBusiness(house);
    await house.client.putDna(business.project_id, dnaFor(business));
    const customer = phoneNumber();
    house.sandbox.board.add({ title: "Burst pipe, plumber needed now", text: `Burst pipe in the ${WORD} building, water everywhere. Happy to pay a call-out.`, place: "Ponsonby", phone: asTyped(customer) });
    house.sandbox.board.add({ title: "Ceiling leak, plumber please", text: `Leak through the ceiling of ${WORD} 12, water is coming down right now. Insurance is paying.`, place: "Ponsonby", phone: null });
    house.sandbox.board.add({ title: "Tap some time", text: `Tap in ${WORD} 3 drips, no rush, cheapest plumber please, any week in winter.`, place: "Epsom", phone: asTyped(phoneNumber()) });

    const first = await hunt(business);
    expect(first.scrape.created).toHaveLength(3);
    expect(first.score[0]).toMatchObject({ scored: 3, by_model: 3 });
    expect(first.act.map(({ acted }) => acted).sort()).toEqual(["call", "card"]);

    const leads = async () => (await house.client.entities({ type: "lead", project_id: business.project_id })).items;
    const rung = (await leads()).find(({ primary_contact }) => primary_contact === customer);
    expect(rung?.metadata).toMatchObject({ source: "sniper", platform: "board" });
    const call = await business.callWhen(rung?.id ?? "", "call ended", ({ status }) => status === "ended");
    expect(call.end_reason).toBe("connected");
    const [leg] = house.log.legsTo(business.owner);
    expect(house.log.heardBy(leg?.sid ?? "")[0]?.text).toMatch(/Found for .* on board, posted in public.*Burst pipe, plumber needed now, Ponsonby\. Burst pipe in the/);
    const cards = () => house.log.textsTo(business.owner).filter(({ body }) => body.includes("found on board"));
    expect(cards()).toHaveLength(1);
    expect(cards()[0]?.body).toContain(`${house.sandbox.url}/board/post/`);
    expect(house.log.textsTo(customer)).toEqual([]);

    // The same board once more, and the burst pipe again under another address.
    house.sandbox.board.add({ title: "STILL LOOKING: burst pipe", text: `Nobody came yet to ${WORD}, please ring.`, place: "Ponsonby", phone: asTyped(customer) });
    const second = await hunt(business);
    expect(second.scrape.created).toEqual([]);
    expect([...second.scrape.joined].sort()).toEqual([...first.scrape.created].sort());
    expect(second.act).toEqual([]);
    expect(await leads()).toHaveLength(3);
    expect((await house.client.calls({ lead_id: rung?.id ?? "" })).items).toHaveLength(1);
    expect(house.log.dials(business.owner)).toHaveLength(1);
    expect(cards()).toHaveLength(1);
  });
});
