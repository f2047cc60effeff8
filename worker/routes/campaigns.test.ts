import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { asUser, makeProject, type TestProject } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";
import { problemSchema } from "../router.ts";
import { campaignSchema, campaignWithResultsSchema, recipientSchema } from "./campaigns.schemas.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

const DNA = `modules: {lead_gen: {sales_bridge: {destination_phone: "+64211100000"}, reactivation: {personalised: false, daily_limit: 500, per_minute: 60}}}`;
const runSchema = z.object({ status: z.string(), result: z.looseObject({ campaign_id: z.string(), status: z.string(), recipients: z.number() }) });
const codeOf = async (response: Response) => problemSchema.parse(await response.json()).code;
let phones = 0;

/** A business with customers of old, and the campaign that was prepared for them. */
const prepared = async (customers = 2) => {
  const project = await makeProject(DNA);
  for (let n = 0; n < customers; n++) {
    const phone = `+6427${String(5_000_000 + ++phones)}`;
    await project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name: `Jane ${n}`, primary_contact: phone, metadata: { phone, status: "completed", last_contacted_at: "2024-03-01" } });
  }
  const answer = await project.api("POST", "/api/run", { task: "lead_gen_manager", action: "ignite_reactivation", project_id: project.id, params: { limit: 10 } }, { Prefer: "wait=30" });
  const { result } = runSchema.parse(await answer.json());
  const ask = async (method: string, path = "", headers: Record<string, string> = {}): Promise<Response> => project.api(method, `/api/campaigns/${result.campaign_id}${path}`, undefined, headers);
  const get = async () => campaignWithResultsSchema.parse(await (await ask("GET")).json());
  return { project, result, ask, get };
};
const keyOf = async (project: TestProject, scopes: string[]): Promise<ReturnType<typeof asUser>> => asUser(z.object({ key: z.string() }).parse(await (await project.api("POST", "/api/api-keys", { name: "k", scopes })).json()).key);

describe("a campaign over HTTP", () => {
  it("is shown before anything is sent: figures, cost, and each text", async () => {
    const { project, result, ask, get } = await prepared();
    expect(result).toMatchObject({ status: "preview", recipients: 2 });
    expect(await get()).toMatchObject({ status: "preview", sent: 0, results: { recipients: 2, planned: 2, sent: 0, segments: 2, cost_usd: 0.21, sent_cost_usd: 0 } });
    const page = z.object({ items: z.array(recipientSchema), next_cursor: z.string().nullable() });
    const first = page.parse(await (await ask("GET", "/recipients?limit=1")).json());
    const second = page.parse(await (await ask("GET", `/recipients?limit=1&cursor=${first.next_cursor ?? ""}`)).json());
    expect([...first.items, ...second.items].map(({ state, body }) => [state, /Acme Plumbing/.test(body), /STOP/.test(body)])).toEqual([["planned", true, true], ["planned", true, true]]);
    expect(second.next_cursor).toBeNull();
    expect(page.parse(await (await ask("GET", "/recipients?state=sent")).json()).items).toEqual([]);
    const list = z.object({ items: z.array(campaignSchema) }).parse(await (await project.api("GET", `/api/campaigns?project_id=${project.id}&status=preview`)).json());
    expect(list.items.map(({ id }) => id)).toEqual([result.campaign_id]);
  });

  it("is started once under one Idempotency-Key, paused, resumed and stopped, each where it can be", async () => {
    const { ask, get } = await prepared(3);
    expect(await codeOf(await ask("POST", "/resume"))).toBe("campaign_wrong_status");
    expect(await codeOf(await ask("POST", "/pause"))).toBe("campaign_wrong_status");
    const started = await ask("POST", "/start", { "Idempotency-Key": "start" });
    expect([started.status, campaignSchema.parse(await started.json()).status]).toEqual([200, "running"]);
    expect((await ask("POST", "/start", { "Idempotency-Key": "start" })).status).toBe(200);
    expect(await codeOf(await ask("POST", "/start"))).toMatch(/^campaign_/);
    await ask("POST", "/pause");
    expect((await get()).status).toMatch(/^(?:paused|completed)$/);
    if ((await get()).status === "paused") expect((await ask("POST", "/resume")).status).toBe(200);
    await ask("POST", "/stop");
    expect((await get()).status).toMatch(/^(?:stopped|completed)$/);
    expect(await codeOf(await ask("POST", "/stop"))).toBe("campaign_over");
  });

  it("is read with leads:read and started with runs:write only", async () => {
    const { project, result } = await prepared(1);
    const [reader, starter] = [await keyOf(project, ["leads:read"]), await keyOf(project, ["runs:write"])];
    const path = `/api/campaigns/${result.campaign_id}`;
    expect([(await reader("GET", path)).status, (await starter("GET", path)).status, (await reader("POST", `${path}/stop`)).status, (await starter("POST", `${path}/stop`)).status]).toEqual([200, 403, 403, 200]);
  });

  it.each(["?status=nonsense", "?limit=0", "?project_id=%20"])("refuses %s", async (query) => {
    const project = await makeProject();
    expect((await project.api("GET", `/api/campaigns${query}`)).status).toBe(422);
  });

  it("loses a person who is erased, and keeps its figures", async () => {
    const { project, ask, get } = await prepared(1);
    const page = async () => z.object({ items: z.array(recipientSchema) }).parse(await (await ask("GET", "/recipients")).json()).items;
    const [before] = await page();
    expect((await project.api("DELETE", `/api/entities/${before?.lead_id ?? ""}`)).status).toBeLessThan(300);
    expect(await page()).toMatchObject([{ lead_id: null, to: null, body: "", state: "canceled", reason: "erased" }]);
    expect((await get()).results).toMatchObject({ recipients: 1, canceled: 1 });
  });
});
