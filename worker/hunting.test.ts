import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createMemory } from "../core/memory/memory.ts";
import { systemActor } from "../core/memory/actor.ts";
import { makeProject, type TestProject } from "../test/support/api.ts";
import { makeItMorning } from "../test/support/daytime.ts";
import { modelThatSays, standInForTwilio, type TwilioWire } from "../test/support/twilio-wire.ts";
import worker from "./index.ts";

const DRAFT = "Hello from Acme Plumbing, we can look at that leak. Shall we ring you?";
let twilio: TwilioWire;
let endMorning: () => void;
beforeAll(() => {
  endMorning = makeItMorning();
  twilio = standInForTwilio(modelThatSays({ reply: DRAFT }));
});
afterAll(() => {
  twilio.restore();
  endMorning();
});

let owners = 4000;
const SCORING = 'contact_basis: {board: "Its terms, section 4: posters agree to calls from trades"}';
const projectWith = async (scoring = SCORING, leadGen = "") => {
  const owner = `+6421300${++owners}`;
  return makeProject(`modules: {lead_gen: {${leadGen} sales_bridge: {destination_phone: "${owner}"}, scoring: {${scoring}}}}`);
};
const entitySchema = z.looseObject({ id: z.string(), metadata: z.looseObject({ status: z.string(), acted: z.looseObject({ how: z.string() }).optional(), draft_reply: z.string().optional() }) });
const runSchema = z.looseObject({ status: z.string(), result: z.looseObject({ acted: z.string(), because: z.string().optional(), call_id: z.string().optional() }).nullable(), error: z.looseObject({ code: z.string() }).nullable() });

let phones = 0;
const found = async (project: TestProject, metadata: Record<string, unknown> = {}) => {
  const phone = `+6421400${2000 + ++phones}`;
  const url = `https://board.test/l/${phones}`;
  const body = { project_id: project.id, entity_type: "lead", name: "Kitchen tap leaks", primary_contact: phone, metadata: { source: "sniper", status: "new", platform: "board", title: "Kitchen tap leaks", message: "Kitchen tap leaks\nIt drips all night.", place: "Ponsonby", phone, source_url: url, score: 95, ...metadata } };
  return { ...entitySchema.parse(await (await project.api("POST", "/api/entities", body)).json()), phone, url };
};
const act = async (project: TestProject, leadId: string) => {
  const response = await project.api("POST", "/api/run", { task: "lead_gen_manager", action: "act_on_lead", project_id: project.id, params: { lead_id: leadId } }, { Prefer: "wait=20" });
  return runSchema.parse(await response.json());
};
const leadOf = async (project: TestProject, id: string) => entitySchema.parse(await (await project.api("GET", `/api/entities/${id}`)).json());

describe("a found lead over the threshold", () => {
  it("rings the owner once, who hears where it was found; whoever posted it gets no text", async () => {
    const project = await projectWith();
    const lead = await found(project);
    const results = await Promise.all([act(project, lead.id), act(project, lead.id)]);
    const again = await act(project, lead.id);
    expect([...results, again].map(({ status }) => status)).toEqual(["succeeded", "succeeded", "succeeded"]);
    expect(again.result).toMatchObject({ acted: "call" });
    await twilio.until(() => twilio.dialsTo(project.owner)[0]);
    const { items } = z.object({ items: z.array(z.looseObject({ id: z.string() })) }).parse(await (await project.api("GET", `/api/calls?lead_id=${lead.id}`)).json());
    expect(items.map(({ id }) => id)).toEqual([again.result?.call_id]);
    expect((await leadOf(project, lead.id)).metadata.acted).toMatchObject({ how: "call", call_id: again.result?.call_id });
    expect(twilio.dialsTo(project.owner)).toHaveLength(1);
    expect(twilio.textsTo(lead.phone)).toEqual([]);
  });

  it.each([
    ["has no phone", { phone: undefined }, SCORING, "no_phone"],
    ["is of a platform without a basis for contact", {}, "", "no_contact_basis"],
    ["is of another platform than the one with a basis", { platform: "group" }, SCORING, "no_contact_basis"],
  ])("that %s becomes one text to the owner, with the link and an answer to post", async (_, metadata, scoring, because) => {
    const project = await projectWith(scoring);
    const lead = await found(project, metadata);
    expect((await act(project, lead.id)).result).toMatchObject({ acted: "card", because });
    expect((await act(project, lead.id)).result).toMatchObject({ acted: "card" });
    const [text, ...others] = twilio.textsTo(project.owner);
    expect(others).toEqual([]);
    expect(text?.form.get("Body")).toContain(`${lead.url}\nYour answer, if you like: ${DRAFT}`);
    expect(text?.form.get("Body")).toMatch(/^Acme Plumbing: found on \w+ \(score 95\)\nKitchen tap leaks, Ponsonby\n/);
    expect(twilio.dialsTo(project.owner)).toEqual([]);
    expect(twilio.textsTo(lead.phone)).toEqual([]);
    expect((await leadOf(project, lead.id)).metadata).toMatchObject({ acted: { how: "card" }, draft_reply: DRAFT, status: "new" });
  });

  it.each([
    ["scores just the threshold", { score: 80 }, "not over the threshold"],
    ["has no score", { score: undefined }, "not over the threshold"],
    ["was dealt with", { status: "lost" }, "the lead is lost"],
  ])("is left alone when it %s", async (_, metadata, because) => {
    const project = await projectWith();
    const lead = await found(project, metadata);
    expect((await act(project, lead.id)).result).toEqual({ acted: "no", because });
    expect(twilio.dialsTo(project.owner)).toEqual([]);
    expect(twilio.textsTo(project.owner)).toEqual([]);
  });

  it("of another project, or that came by a form, is none", async () => {
    const project = await projectWith();
    const foreign = await found(await projectWith());
    for (const id of [foreign.id, (await found(project, { source: "wordpress" })).id]) expect((await act(project, id)).error).toMatchObject({ code: expect.stringMatching(/^(?:lead|entity)_not_found$/) as string });
  });

  it("whose call was opened by a Worker that died then is called by the sweep, and not as one that was asked for", async () => {
    const project = await projectWith();
    const lead = await found(project);
    const store = createMemory({ d1: env.DB, clock: { now: () => Date.now() - 60_000, toRealTime: (ms: number) => ms } }).for(project.tenant_id, systemActor("test"));
    const callId = await store.leadScores.openCall({ id: lead.id, project_id: project.id }, 1);
    await worker.scheduled(createScheduledController(), env);
    await twilio.until(() => twilio.dialsTo(project.owner)[0]);
    expect((await act(project, lead.id)).result).toEqual({ acted: "call", call_id: callId });
    expect(await store.leadScores.openCall({ id: lead.id, project_id: project.id }, 1)).toBeNull();
    expect(twilio.dialsTo(project.owner)).toHaveLength(1);
  });
});
