import { env } from "cloudflare:workers";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { z } from "zod";
import { asUser, makeProject, postForm } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";

const operator = asUser("an-operators-secret-for-tests-0123456789");

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

const verdictsFor = async (tenantId: string): Promise<unknown[]> =>
  (await env.DB.prepare("SELECT json_extract(details, '$.reason') AS reason FROM audit WHERE tenant_id = ? AND action = 'contact.put_off'").bind(tenantId).all<{ reason: string }>()).results.map(({ reason }) => reason);

it("rings nobody for a suspended tenant, and keeps the lead and its call for when it is back", async () => {
  const project = await makeProject();
  await operator("POST", `/api/operator/tenants/${project.tenant_id}/suspend`);
  expect((await postForm(project, { name: "Jo", phone: "+64215559911", message: "a pipe has burst" })).status).toBe(200);
  await vi.waitUntil(async () => (await verdictsFor(project.tenant_id)).includes("suspended"), { timeout: 20_000, interval: 20 });
  expect(twilio.dialsTo(project.owner)).toEqual([]);

  await operator("POST", `/api/operator/tenants/${project.tenant_id}/unsuspend`);
  const calls = async () => z.object({ items: z.array(z.looseObject({ status: z.string(), end_reason: z.string().nullable() })) }).parse(await (await project.api("GET", "/api/calls")).json()).items;
  await vi.waitUntil(async () => (await calls())[0]?.status === "held", { timeout: 20_000, interval: 20 });
  expect(await calls()).toMatchObject([{ end_reason: null }]);
  expect(twilio.dialsTo(project.owner)).toEqual([]);
});
