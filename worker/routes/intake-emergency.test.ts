import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { makeProject, postForm, type TestProject } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

const inThreeDays = new Date(Date.now() + 3 * 86_400_000).toLocaleDateString("en", { weekday: "short", timeZone: "Pacific/Auckland" }).toLowerCase();

/** Open for an hour in three days, but for a burst pipe. */
const closed = (phone: string): string => `services: [{name: Burst pipe, emergency: true, primary_keywords: [burst pipe]}]
modules: {lead_gen: {sales_bridge: {destination_phone: "${phone}", hours: {${inThreeDays}: ["10:00-11:00"]}}}}`;

const statusOf = async ({ id }: TestProject) => env.DB.prepare("SELECT status FROM calls WHERE project_id = ?").bind(id).all<{ status: string }>();

const ask = async (project: TestProject, message: string): Promise<unknown> => (await postForm(project, { name: "Jane", phone: "021 123 4567", message })).json();

describe("a form that is sent again while its call waits for the morning", () => {
  it("rings now where it tells of an emergency, and is still one lead and one call", async () => {
    const owner = "+64211007001";
    const project = await makeProject(closed(owner));
    expect(await ask(project, "A quote for a tap, please")).toMatchObject({ status: "accepted" });
    await vi.waitFor(async () => expect((await statusOf(project)).results).toEqual([{ status: "held" }]), { timeout: 20_000, interval: 50 });
    expect(twilio.dialsTo(owner)).toEqual([]);

    expect(await ask(project, "Now it is a burst pipe, water everywhere")).toMatchObject({ status: "duplicate" });
    await twilio.until(() => twilio.dialsTo(owner)[0]);
    // A third time changes nothing: the owner's phone rings already.
    expect(await ask(project, "Burst pipe!!")).toMatchObject({ status: "duplicate" });
    expect(twilio.dialsTo(owner)).toHaveLength(1);
    expect((await statusOf(project)).results).toHaveLength(1);
  });

  it("goes on waiting where it does not", async () => {
    const owner = "+64211007002";
    const project = await makeProject(closed(owner));
    await ask(project, "A quote for a tap, please");
    await vi.waitFor(async () => expect((await statusOf(project)).results).toEqual([{ status: "held" }]), { timeout: 20_000, interval: 50 });
    expect(await ask(project, "And for a basin")).toMatchObject({ status: "duplicate" });
    expect((await statusOf(project)).results).toEqual([{ status: "held" }]);
    expect(twilio.dialsTo(owner)).toEqual([]);
  });
});
