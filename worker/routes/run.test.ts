import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { makeProject } from "../../test/support/api.ts";
import { makeItMorning } from "../../test/support/daytime.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

const idSchema = z.looseObject({ id: z.string() });

describe("runs", () => {
  it("answer 404 for an unknown task, 422 for bad params or an unknown action", async () => {
    const project = await makeProject();
    const run = async (body: Record<string, unknown>): Promise<number> => (await project.api("POST", "/api/run", { project_id: project.id, ...body })).status;
    expect(await run({ task: "nothing" })).toBe(404);
    expect(await run({ task: "sales_agent", action: "nothing" })).toBe(422);
    expect(await run({ task: "sales_agent" })).toBe(422);
    expect(await run({ task: "sales_agent", action: "instant_call", params: {} })).toBe(422);
  });

  it("instant_call rings the owner and gives the open call again when asked twice", async ({ onTestFinished }) => {
    onTestFinished(makeItMorning());
    const project = await makeProject();
    const lead = idSchema.parse(await (await project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name: "Jane", metadata: { phone: "+64211234567" } })).json());
    const call = async (task: string) => {
      const response = await project.api("POST", "/api/run", { task, action: "instant_call", project_id: project.id, params: { lead_id: lead.id } }, { Prefer: "wait=20" });
      expect(response.status).toBe(200);
      return z.looseObject({ status: z.literal("succeeded"), result: z.object({ call_id: z.string() }) }).parse(await response.json()).result.call_id;
    };
    const first = await call("sales_agent");
    expect(await call("lead_gen_manager")).toBe(first);
    await twilio.until(() => twilio.dialsTo(project.owner)[0]);
    expect(twilio.dialsTo(project.owner)).toHaveLength(1);
  });

  it("without a wait answer 202 and can be watched until they are over", async () => {
    const project = await makeProject();
    const lead = idSchema.parse(await (await project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name: "Jane", metadata: { phone: "+64211234567", message: "Help" } })).json());
    const response = await project.api("POST", "/api/run", { task: "sales_agent", action: "notify_sms", project_id: project.id, params: { lead_id: lead.id } });
    expect(response.status).toBe(202);
    const { run_id } = z.object({ run_id: z.string(), status: z.literal("queued") }).parse(await response.json());
    const text = await twilio.until(() => twilio.textsTo(project.owner)[0]);
    expect(text.form.get("Body")).toContain("Acme Plumbing: new lead Jane +64211234567");
    expect((await project.api("GET", `/api/runs/${run_id}`)).status).toBe(200);
  });

  it("that the caller got wrong are failed, and can be retried once it is mended", async () => {
    const project = await makeProject("services: []");
    const lead = idSchema.parse(await (await project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name: "Jane", metadata: { phone: "+64211234567" } })).json());
    const run = z.looseObject({ id: z.string(), status: z.string(), error: z.object({ code: z.string() }) }).parse(
      await (await project.api("POST", "/api/run", { task: "sales_agent", action: "notify_sms", project_id: project.id, params: { lead_id: lead.id } }, { Prefer: "wait=20" })).json(),
    );
    expect(run).toMatchObject({ status: "failed", error: { code: "no_destination" } });
    await project.api("PUT", `/api/projects/${project.id}/dna/custom`, `modules: {lead_gen: {sales_bridge: {destination_phone: "${project.owner}"}}}`, { "Content-Type": "application/yaml" });
    expect((await project.api("POST", `/api/runs/${run.id}/retry`)).status).toBe(202);
    await twilio.until(() => twilio.textsTo(project.owner)[0]);
    expect((await project.api("POST", `/api/runs/${run.id}/retry`)).status).not.toBe(500);
  });
});
