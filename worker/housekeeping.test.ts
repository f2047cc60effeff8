import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { makeProject } from "../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../test/support/twilio-wire.ts";
import worker from "./index.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

const verification = z.object({ ok: z.boolean(), checked: z.number(), sealed_until: z.iso.datetime().nullable(), unsealed: z.number(), broken_at: z.unknown(), next_cursor: z.string().nullable() });

describe("the sealing of the audit log", () => {
  it("is done by the sweep for every tenant that wrote, and shown by /api/audit/verify", async () => {
    const [one, two] = [await makeProject(), await makeProject()];
    const verify = async (project: typeof one) => verification.parse(await (await project.api("GET", "/api/audit/verify")).json());
    const before = await verify(one);
    expect(before).toMatchObject({ ok: true, checked: 0, sealed_until: null });
    expect(before.unsealed).toBeGreaterThan(2);
    await worker.scheduled(createScheduledController(), env);
    for (const project of [one, two]) expect(await verify(project)).toMatchObject({ ok: true, checked: before.unsealed, unsealed: 0, broken_at: null, next_cursor: null });
    // The mark has moved on, and what is written later is still found.
    await one.api("GET", `/api/projects/${one.id}/webhooks`);
    await worker.scheduled(createScheduledController(), env);
    expect(await verify(one)).toMatchObject({ ok: true, checked: before.unsealed + 1, unsealed: 0 });
  });
});
