import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openBusiness } from "./support/business.ts";
import { eventually } from "./support/eventually.ts";
import { OUR_NUMBER } from "../../scripts/lib/sandbox-vars.ts";
import { useHouse } from "./support/house.ts";
import { phoneNumber } from "./support/phone-numbers.ts";

const house = useHouse();

const messagesSchema = z.object({ items: z.array(z.object({ direction: z.string(), purpose: z.string(), status: z.string(), body: z.string(), to: z.string(), error_code: z.number().nullable() })) });
const timelineSchema = z.object({ items: z.array(z.object({ kind: z.string(), event: z.string() })) });

/** Somebody writes to the business's number. */
const text = async (url: string, from: string, body: string): Promise<void> => {
  const answer = await fetch(`${house.sandbox.url}/_sandbox/twilio/incoming-message`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ to: OUR_NUMBER, from, body, url }) });
  expect(answer.status).toBe(201);
};
const messagesOf = async (projectId: string) => (await house.client.ask("GET", `/api/messages?project_id=${projectId}`)).as(messagesSchema).items;
const addressOf = (projectId: string): string => `${house.url}/api/sms/incoming?project_id=${projectId}`;

describe("a customer who", () => {
  it("replies CALL has the owner's phone ring at once, in the same story", async () => {
    const business = await openBusiness(house, { destinations: [phoneNumber("9903")] });
    const customer = phoneNumber();
    const { lead_id } = await business.submitGoogle({ name: "Jane Doe", phone: customer });
    await business.settled(lead_id);
    await text(addressOf(business.project_id), customer, "Call me now please");
    await eventually("a second ring", async () => Promise.resolve(house.log.dials(business.owner).length === 2));
    await house.sandbox.idle();
    await eventually("both calls over", async () => (await house.client.calls({ lead_id })).items.every(({ status }) => status === "ended"));
    const story = (await house.client.ask("GET", `/api/entities/${lead_id}/timeline`)).as(timelineSchema).items.map(({ event }) => event).toReversed();
    expect(story.filter((event) => event === "dialed")).toHaveLength(2);
    expect(story.indexOf("sms_in")).toBeGreaterThan(story.indexOf("dialed"));
    expect(story.indexOf("sms_in")).toBeLessThan(story.lastIndexOf("dialed"));
  });

  it("asks something has it forwarded, and the owner's phone reports that it arrived", async () => {
    const business = await openBusiness(house);
    await text(addressOf(business.project_id), phoneNumber(), "Do you do gutters?");
    await eventually("the forward to be delivered", async () => (await messagesOf(business.project_id)).some(({ purpose, status, to }) => purpose === "reply_forward" && status === "delivered" && to === business.owner));
    expect(house.log.textsTo(business.owner)).toHaveLength(1);
  });

  it("says stop in their own words is confirmed once and left alone", async () => {
    const business = await openBusiness(house);
    const customer = phoneNumber();
    await text(addressOf(business.project_id), customer, "please stop texting me");
    await eventually("the confirmation", async () => (await messagesOf(business.project_id)).some(({ purpose, status }) => purpose === "opt_out_confirmation" && status === "delivered"));
    await text(addressOf(business.project_id), customer, "HELP");
    await eventually("the answer to be refused", async () => (await messagesOf(business.project_id)).some(({ purpose, status }) => purpose === "text_back" && status === "refused"));
    expect(house.log.textsTo(customer)).toHaveLength(1);
  });

  it("writes from a landline is marked when the answer does not arrive", async () => {
    const business = await openBusiness(house);
    const customer = phoneNumber("9917");
    await text(addressOf(business.project_id), customer, "hello there");
    await text(addressOf(business.project_id), customer, "help");
    const lead = await eventually("the lead to be marked", async () => (await house.client.entities({ project_id: business.project_id })).items.find(({ metadata }) => metadata["phone_textable"] === false));
    expect(lead.metadata["phone_problem"]).toMatch(/landline/);
    expect((await messagesOf(business.project_id)).find(({ to }) => to === customer)).toMatchObject({ status: "undelivered", error_code: 30006 });
  });
});
