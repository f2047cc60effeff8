import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { entitySchema, projectSchema, runAcceptedSchema, runSchema } from "./support/api.schemas.ts";
import { openBusiness } from "./support/business.ts";
import { type Client, signUp } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { useHouse } from "./support/house.ts";
import { phoneNumber } from "./support/phone-numbers.ts";

/** Whoever has not just asked to be rung is rung by day only; it is ten in the morning in Auckland. */
const DAYTIME = Date.parse("2027-02-09T21:00:00Z");
const house = useHouse({ at: DAYTIME });

const yaml = { "Content-Type": "application/yaml" };

describe("DNA", () => {
  const custom = (projectId: string): string => `/api/projects/${projectId}/dna/custom`;

  it("is an empty document with an ETag before anything was written", async () => {
    const project_id = `p-${randomUUID()}`;
    await house.client.createProject({ project_id, name: "Fresh", country: "NZ" });
    const empty = await house.client.ask("GET", custom(project_id));
    expect([empty.status, empty.bytes.toString().trim()]).toEqual([200, ""]);
    const first = await house.client.ask("PUT", custom(project_id), { body: "services: [{ name: Taps }]\n", headers: { ...yaml, "If-Match": empty.headers.get("ETag") ?? "" } });
    expect(first.status).toBe(200);
    expect((await house.client.ask("PUT", custom(project_id), { body: "services: []\n", headers: { ...yaml, "If-Match": empty.headers.get("ETag") ?? "" } })).status).toBe(412);
  });

  it("that somebody else has changed is not overwritten by who knows only the old one (412); without If-Match the last writer wins", async () => {
    const business = await openBusiness(house);
    const old = (await house.client.ask("GET", custom(business.project_id))).headers.get("ETag") ?? "";
    const newer = (await house.client.putDna(business.project_id, business.dna.replace("Owner 1", "Ana"), { "If-Match": old })).headers.get("ETag") ?? "";
    expect(newer).not.toBe(old);
    const stale = await house.client.ask("PUT", custom(business.project_id), { body: business.dna, headers: { ...yaml, "If-Match": old } });
    expect(stale.status).toBe(412);
    const read = await house.client.ask("GET", custom(business.project_id));
    expect([read.headers.get("ETag"), read.bytes.toString().includes("Ana")]).toEqual([newer, true]);
    await house.client.putDna(business.project_id, business.dna.replace("Owner 1", "Bo"));
    expect((await house.client.ask("GET", custom(business.project_id))).bytes.toString()).toContain("Bo");
    expect((await house.client.ask("GET", `/api/projects/${business.project_id}/dna`)).bytes.toString()).toContain("Bo");
  });

  it("of two writers with the same If-Match, one wins", async () => {
    const business = await openBusiness(house);
    const etag = (await house.client.ask("GET", custom(business.project_id))).headers.get("ETag") ?? "";
    const answers = await Promise.all([1, 2, 3, 4].map((n) => house.client.ask("PUT", custom(business.project_id), { body: business.dna.replace("Owner 1", `Writer ${n}`), headers: { ...yaml, "If-Match": etag } })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412]);
  });

  it("with mistakes is 422 with a path for each, and nothing changes", async () => {
    const business = await openBusiness(house);
    const before = await house.client.ask("GET", custom(business.project_id));
    const wrong = "modules: { lead_gen: { enabled: perhaps, sales_bridge: { ring_timeout_s: 1, destinations: [{ phone: call me }] } } }\n";
    const answer = await house.client.ask("PUT", custom(business.project_id), { body: wrong, headers: yaml });
    expect(answer.status).toBe(422);
    expect(answer.problem().errors?.map(({ path }) => path)).toEqual(expect.arrayContaining(["modules.lead_gen.enabled", "modules.lead_gen.sales_bridge.ring_timeout_s", "modules.lead_gen.sales_bridge.destinations.0.phone"]));
    expect((await house.client.ask("PUT", custom(business.project_id), { body: "a: [1,\nb: }", headers: yaml })).status).toBe(422);
    expect((await house.client.ask("PUT", custom(business.project_id), { json: {} })).status).toBe(415);
    const after = await house.client.ask("GET", custom(business.project_id));
    expect([after.headers.get("ETag"), after.bytes.toString()]).toEqual([before.headers.get("ETag"), before.bytes.toString()]);
  });
});

describe("an Idempotency-Key", () => {
  const create = async (key: string, name: string, client: Client = house.client) => client.ask("POST", "/api/entities", { json: { entity_type: "note", name }, headers: { "Idempotency-Key": key } });

  it("gives the first answer again for the same request, and 422 for another", async () => {
    const key = randomUUID();
    const first = await create(key, "one");
    expect(first.status).toBe(201);
    const second = await create(key, "one");
    expect([second.status, second.bytes.toString()]).toEqual([201, first.bytes.toString()]);
    const other = await create(key, "two");
    expect([other.status, other.problem().code]).toEqual([422, "idempotency_key_reused"]);
    expect((await house.client.entities({ type: "note", q: "one" })).items).toHaveLength(1);
  });

  it("is each tenant's own", async () => {
    const key = randomUUID();
    const mine = (await create(key, "mine")).as(entitySchema);
    const { client } = await signUp(house.url);
    const theirs = (await create(key, "mine", client)).as(entitySchema);
    expect(theirs.id).not.toBe(mine.id);
  });

  it("makes one thing of ten requests at the same moment", async () => {
    const key = randomUUID();
    const project = { project_id: `p-${randomUUID()}`, name: "Once", country: "NZ" };
    const answers = await Promise.all(Array.from({ length: 10 }, () => house.client.ask("POST", "/api/projects", { json: project, headers: { "Idempotency-Key": key } })));
    const made = answers.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map((answer) => answer.bytes.toString())).size).toBe(1);
    // Who came while the first was still at work was told so; nobody hears that the project is taken.
    for (const answer of answers.filter(({ status }) => status !== 201)) expect([answer.status, answer.problem().code]).toEqual([409, "idempotency_key_in_use"]);
    const later = await house.client.ask("POST", "/api/projects", { json: project, headers: { "Idempotency-Key": key } });
    expect(later.as(projectSchema).project_id).toBe(project.project_id);
  });

  it("is 409 while the first request is still running, and its answer afterwards", async () => {
    const business = await openBusiness(house);
    const { lead_id } = await business.submitGoogle({ email: "jane@example.nz" });
    await eventually("the first text", () => house.log.textsTo(business.owner).length === 1);
    const headers = { "Idempotency-Key": randomUUID(), Prefer: "wait=30" };
    const run = { task: "sales_agent", action: "notify_sms", project_id: business.project_id, params: { lead_id } };
    const since = house.log.now();
    house.sandbox.setTwilioFaults({ messages: { status: 200, delay_ms: 3_000, times: 1 } });
    const first = house.client.ask("POST", "/api/run", { json: run, headers });
    await house.sandbox.event(({ kind, seq, path, method }) => kind === "request" && seq > since && method === "POST" && String(path).endsWith("/Messages.json"), 60_000);
    const meanwhile = await house.client.ask("POST", "/api/run", { json: run, headers });
    expect([meanwhile.status, meanwhile.problem().code]).toEqual([409, "idempotency_key_in_use"]);
    const done = await first;
    expect(done.as(runSchema)).toMatchObject({ status: "succeeded", task: "sales_agent" });
    expect((await house.client.ask("POST", "/api/run", { json: run, headers })).as(runSchema).id).toBe(done.as(runSchema).id);
    expect(house.log.textsTo(business.owner)).toHaveLength(2);
  });
});

describe("work", () => {
  it("that is unknown is 404, with bad params 422, and otherwise a run", async () => {
    const business = await openBusiness(house);
    const ask = async (json: Record<string, unknown>) => house.client.ask("POST", "/api/run", { json: { project_id: business.project_id, ...json } });
    expect((await ask({ task: "make_coffee" })).status).toBe(404);
    expect((await ask({ task: "sales_agent", action: "sing" })).status).toBe(422);
    const bad = await ask({ task: "sales_agent", action: "instant_call", params: { lead: 1 } });
    expect([bad.status, bad.problem().errors?.map(({ path }) => path)]).toEqual([422, ["params.lead_id"]]);
    const customer = phoneNumber();
    const lead = (await house.client.ask("POST", "/api/entities", { json: { project_id: business.project_id, entity_type: "lead", name: "By hand", primary_contact: customer, metadata: { phone: customer } } })).as(entitySchema);
    const accepted = (await ask({ task: "sales_agent", action: "instant_call", params: { lead_id: lead.id } })).as(runAcceptedSchema);
    expect(accepted.status).toBe("queued");
    expect((await business.settled(lead.id)).end_reason).toBe("connected");
    const run = await eventually("the run to be over", async () => {
      const seen = await house.client.run(accepted.run_id);
      return seen.status === "succeeded" && seen;
    });
    expect(run.result).toEqual({ call_id: (await house.client.calls({ lead_id: lead.id })).items[0]?.id });
    expect([house.log.dials(business.owner).length, house.log.legsTo(customer).length]).toEqual([1, 1]);
  });
});
