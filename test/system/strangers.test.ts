import { beforeAll, describe, expect, it } from "vitest";
import { type Business, openBusiness } from "./support/business.ts";
import { type Client, createClient, send, signUp } from "./support/client.ts";
import { useHouse } from "./support/house.ts";
import { phoneNumber } from "./support/phone-numbers.ts";

const house = useHouse();

const yaml = { "Content-Type": "application/yaml" };

describe("a stranger", () => {
  let victim: Business;
  let stranger: Client;
  let ids: { project_id: string; lead: string; call: string; run: string };

  beforeAll(async () => {
    victim = await openBusiness(house);
    const { lead_id } = await victim.submitGoogle({ phone: phoneNumber() });
    const call = await victim.analysed(lead_id);
    const [run] = (await house.client.runs({ project_id: victim.project_id, task: "lead_gen_manager" })).items;
    ids = { project_id: victim.project_id, lead: lead_id, call: call.id, run: run?.id ?? "" };
    stranger = (await signUp(house.url)).client;
  });

  /** Everything of somebody else's that one could ask for or change. */
  const requests = (): [method: string, path: string, ask?: { json?: unknown; body?: string; headers?: Record<string, string> }][] => [
    ["GET", `/api/projects/${ids.project_id}`],
    ["GET", `/api/projects/${ids.project_id}/webhooks`],
    ["POST", `/api/projects/${ids.project_id}/webhooks/rotate`, { json: { source: "google_ads" } }],
    ["GET", `/api/projects/${ids.project_id}/dna`],
    ["GET", `/api/projects/${ids.project_id}/dna/custom`],
    ["GET", `/api/projects/${ids.project_id}/dna/generated`],
    ["PUT", `/api/projects/${ids.project_id}/dna/custom`, { body: "services: []\n", headers: yaml }],
    ["GET", `/api/projects/${ids.project_id}/context?q=tap`],
    ["GET", `/api/entities/${ids.lead}`],
    ["GET", `/api/entities/${ids.lead}/timeline`],
    ["GET", `/api/projects/${ids.project_id}/blocklist`],
    ["PUT", `/api/projects/${ids.project_id}/blocklist/+64211234567`, { json: {} }],
    ["DELETE", `/api/projects/${ids.project_id}/blocklist/+64211234567`],
    ["PATCH", `/api/entities/${ids.lead}`, { json: { name: "Mine now" } }],
    ["DELETE", `/api/entities/${ids.lead}`],
    ["GET", `/api/projects/${ids.project_id}/secrets/wordpress`],
    ["PUT", `/api/projects/${ids.project_id}/secrets/wordpress`, { json: { url: "https://acme.example", username: "me", application_password: "mine" } }],
    ["POST", "/api/entities", { json: { project_id: ids.project_id, entity_type: "lead", name: "Planted" } }],
    ["GET", `/api/calls/${ids.call}`],
    ["GET", `/api/calls/${ids.call}/recording`],
    ["GET", `/api/runs/${ids.run}`],
    ["POST", `/api/runs/${ids.run}/retry`],
    ["POST", "/api/run", { json: { task: "sales_agent", action: "instant_call", project_id: ids.project_id, params: { lead_id: ids.lead } } }],
  ];

  it("with an account of their own finds nothing (404), without one gets nowhere (401), and changes nothing", async () => {
    const everything = async () => [await house.client.entity(ids.lead), await house.client.call(ids.call), await house.client.run(ids.run), await house.client.webhooks(ids.project_id), (await house.client.ask("GET", `/api/projects/${ids.project_id}/dna`)).bytes.toString()];
    const before = await everything();
    const nobody = createClient({ url: house.url });
    for (const [method, path, ask] of requests()) {
      expect([method, path, (await stranger.ask(method, path, ask)).status]).toEqual([method, path, 404]);
      expect([method, path, (await nobody.ask(method, path, ask)).status]).toEqual([method, path, 401]);
    }
    expect(await everything()).toEqual(before);
    expect(house.log.dials(victim.owner)).toHaveLength(1);
  });

  it("has lists of their own only, whatever they ask for", async () => {
    for (const query of ["", `project_id=${ids.project_id}`, `lead_id=${ids.lead}`]) expect((await stranger.calls(Object.fromEntries(new URLSearchParams(query)))).items).toEqual([]);
    for (const query of ["", `project_id=${ids.project_id}`, "q=Jane"]) expect((await stranger.entities(Object.fromEntries(new URLSearchParams(query)))).items).toEqual([]);
    expect((await stranger.runs({})).items).toEqual([]);
    expect((await stranger.audit({})).items.map(({ action }) => action)).toEqual(["session.opened", "verification.requested", "user.signed_up"]);
    expect((await stranger.ask("POST", "/api/projects", { json: { project_id: ids.project_id, name: "Mine", country: "NZ" } })).status).toBe(409);
  });

  it("is in no question to a model that is about somebody else", async () => {
    const marks = ["Hollis-Victim", "Quarrie-Stranger"];
    const leads = await Promise.all([victim, await openBusiness(house, { client: stranger })].map(async (business, index) => ({ business, id: (await business.submitGoogle({ name: marks[index] ?? "", phone: phoneNumber() })).lead_id })));
    for (const { business, id } of leads) await business.analysed(id);
    const questions = house.log.questions();
    for (const mark of marks) expect([mark, questions.some((question) => question.includes(mark))]).toEqual([mark, true]);
    expect(questions.filter((question) => marks.every((mark) => question.includes(mark)))).toEqual([]);
    // Nor is anybody's name for things in it: tenants and projects are ours to tell apart.
    expect(questions.filter((question) => /ten_[0-9a-f]{8}/.test(question))).toEqual([]);
  });

  it("without a token gets 401 from every operation that the OpenAPI document guards", async () => {
    const document = JSON.parse((await send("GET", `${house.url}/openapi.json`)).bytes.toString()) as { paths: Record<string, Record<string, { security?: object[] }>> };
    const guarded = Object.entries(document.paths).flatMap(([path, operations]) => Object.entries(operations).flatMap(([method, { security }]) => (security?.some((scheme) => "bearer" in scheme) !== true ? [] : [[method.toUpperCase(), path] as const])));
    expect(guarded.length).toBeGreaterThan(15);
    for (const [method, path] of guarded) {
      const answer = await send(method, `${house.url}${path.replaceAll(/\{\w+\}/g, "x")}`, method === "GET" ? {} : { json: {} });
      expect([method, path, answer.status]).toEqual([method, path, 401]);
    }
  });
});
