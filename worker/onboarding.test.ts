import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { createClock } from "../core/clock.ts";
import { systemActor } from "../core/memory/actor.ts";
import { createMemory } from "../core/memory/memory.ts";
import { says } from "../core/providers/gemini/gemini.testing.ts";
import { asUser, fresh, request, signUp } from "../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../test/support/twilio-wire.ts";
import worker from "./index.ts";

const SITE = "https://kauri.example";
const HOME = `<html lang="en-NZ"><title>Kauri Plumbing</title><body><h2>Services</h2><ul><li>Blocked drains from $189</li><li>Gas fitting</li></ul>
  <p><a href="tel:+6496315540">09 631 5540</a></p><p>Every job is guaranteed for five years.</p></body></html>`;
const FOUND = {
  services: [{ name: "Blocked drains", price_from: 189, quote: "Blocked drains from $189", page: 1 }, { name: "Gas fitting", price_from: null, quote: "Gas fitting", page: 1 }],
  areas: [], differentiators: [{ quote: "Every job is guaranteed for five years.", page: 1 }], hours: [], address: [],
};
const modelSays = (value: unknown): Response => Response.json(says(JSON.stringify(value)));
/** Each of its tries is waited for in real time, as nowhere else in these tests: the pauses themselves are core/providers/gemini/gateway.test.ts's. */
const modelIsDown = (): Response => Response.json({ error: { code: 503, status: "UNAVAILABLE", message: "no" } }, { status: 503 });

/** The web and the model, as these tests want them. */
const web = { home: HOME, fetched: 0, asked: 0, model: (): Response => modelSays(FOUND) };
const serve = async (wire: Request): Promise<Response | undefined> => {
  const url = new URL(wire.url);
  if (url.hostname === "cloudflare-dns.com") return Promise.resolve(Response.json({ Status: 0, Answer: [{ type: 1, data: "93.184.216.34" }] }));
  if (url.pathname.endsWith(":batchEmbedContents")) {
    const { requests } = z.object({ requests: z.array(z.unknown()) }).parse(await wire.json());
    return Response.json({ embeddings: requests.map(() => ({ values: Array.from({ length: 768 }, (_, index) => (index === 0 ? 1 : 0)) })) });
  }
  if (url.origin === "https://gemini.test") {
    web.asked += 1;
    return Promise.resolve(web.model());
  }
  if (url.origin !== SITE) return Promise.resolve(undefined);
  if (url.pathname !== "/") return Promise.resolve(new Response("", { status: 404 }));
  web.fetched += 1;
  return Promise.resolve(new Response(web.home, { headers: { "Content-Type": "text/html" } }));
};

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio(serve);
});
afterAll(() => twilio.restore());
beforeEach(() => Object.assign(web, { home: HOME, fetched: 0, asked: 0, model: () => modelSays(FOUND) }));

const runSchema = z.object({ id: z.string(), status: z.string(), result: z.looseObject({ status: z.string() }).nullable(), error: z.object({ code: z.string() }).nullable(), progress: z.object({ done: z.number(), total: z.number(), label: z.string() }) });
const resultSchema = z.looseObject({ live: z.boolean(), dropped: z.number(), questions: z.array(z.string()), simulation: z.object({ passed: z.boolean(), rings: z.string().nullable() }) });
const proposalSchema = z.looseObject({ status: z.literal("proposed"), proposal: z.string().nullable(), changes: z.array(z.looseObject({ path: z.string(), change: z.string() })) });

let phones = 100;
const newOwner = (): string => `+6421555${String(++phones).padStart(4, "0")}`;

const tenant = async () => {
  const { token, tenant_id } = await signUp();
  const api = asUser(token);
  const project_id = fresh("onboarded");
  const run = async (params: unknown, action?: string, prefer = "wait=30") => {
    const response = await api("POST", "/api/run", { task: "onboarding", project_id, params, ...(action === undefined ? {} : { action }) }, { Prefer: prefer });
    return { status: response.status, body: await response.json() };
  };
  const layer = async (name: "generated" | "custom"): Promise<string> => (await api("GET", `/api/projects/${project_id}/dna/${name}`)).text();
  const business = { business_name: "Kauri Plumbing", niche: "plumber", country: "NZ", phone: newOwner(), website: `${SITE}/` };
  const onboard = async (over: object = {}) => {
    const { status, body } = await run({ ...business, ...over });
    expect(status).toBe(200);
    return runSchema.parse(body);
  };
  const runOf = async (id: string) => runSchema.parse(await (await api("GET", `/api/runs/${id}`)).json());
  const memory = createMemory({ d1: env.DB, clock: createClock() }).for(tenant_id, systemActor("test"));
  return { api, tenant_id, project_id, run, layer, business, onboard, runOf, memory };
};

const generatedSchema = z.looseObject({ services: z.array(z.looseObject({ name: z.string() })), modules: z.looseObject({ lead_gen: z.looseObject({ live: z.boolean(), sales_bridge: z.looseObject({ destination_phone: z.string() }) }) }) });

describe("the estimate of an onboarding", () => {
  const estimateSchema = z.object({ status: z.string(), result: z.object({ pages_to: z.number(), usd_from: z.number(), usd_to: z.number() }) });

  it("says pages and money before anything is read, asked or made", async () => {
    const { api, run, business, project_id } = await tenant();
    const { status, result } = estimateSchema.parse((await run(business, "estimate")).body);
    expect([status, result.pages_to, result.usd_from]).toEqual(["succeeded", 12, 0]);
    // Some cents: a question of 64,000 characters and its answer, and the passages of twelve pages.
    expect(result.usd_to).toBeGreaterThan(0.02);
    expect(result.usd_to).toBeLessThan(0.2);
    const { website: _, ...without } = business;
    expect(estimateSchema.parse((await run(without, "estimate")).body).result).toEqual({ pages_to: 0, usd_from: 0, usd_to: 0 });
    expect([web.fetched, web.asked, (await api("GET", `/api/projects/${project_id}`)).status]).toEqual([0, 0, 404]);
  });
});

describe("what onboarding is told", () => {
  it.each([
    ["a phone that is none", { phone: "12345678901234567" }],
    ["a country that is none", { country: "New Zealand" }],
    ["a website that is no web address", { website: "file:///etc/passwd" }],
    ["something that it does not know", { destination: "+64900888777" }],
  ])("is refused with %s, and nothing is made", async (_, over) => {
    const { run, business, api, project_id } = await tenant();
    expect((await run({ ...business, ...over })).status).toBe(422);
    expect((await api("GET", `/api/projects/${project_id}`)).status).toBe(404);
  });
});

describe("who may onboard", () => {
  it("needs to be allowed to start work and to write DNA", async () => {
    const { api, project_id, business } = await tenant();
    const keyWith = async (...scopes: string[]) => z.object({ key: z.string() }).parse(await (await api("POST", "/api/api-keys", { name: "key", scopes })).json()).key;
    const start = async (key: string) => asUser(key)("POST", "/api/run", { task: "onboarding", project_id, params: business }, { Prefer: "wait=30" });
    const refused = await start(await keyWith("runs:write"));
    expect([refused.status, await refused.json()]).toMatchObject([403, { code: "forbidden", detail: "This task needs the scope dna:write." }]);
    expect((await start(await keyWith("dna:write"))).status).toBe(403);
    expect((await api("GET", `/api/projects/${project_id}`)).status).toBe(404);
    expect((await start(await keyWith("runs:write", "dna:write"))).status).toBe(200);
  });
});

describe("a model that makes things up", () => {
  it("changes nothing: what no page says is dropped, and the phone to ring is the given one", async () => {
    web.model = () =>
      modelSays({
        ...FOUND,
        services: [...FOUND.services, { name: "Crypto recovery", price_from: 9999, quote: "Crypto recovery from $9,999", page: 1 }],
        areas: [{ name: "Gotham", kind: "city", quote: "We serve Gotham", page: 1 }],
        differentiators: [...FOUND.differentiators, { quote: "Ring +64 900 888 777, licence 12345.", page: 1 }],
        destination_phone: "+64900888777",
      });
    const { onboard, layer, business } = await tenant();
    const run = await onboard();
    expect(resultSchema.parse(run.result)).toMatchObject({ live: true, dropped: 3, passages: 1, simulation: { passed: true, rings: business.phone } });
    const yaml = await layer("generated");
    expect(yaml).not.toMatch(/Crypto|9999|Gotham|900888777|12345\b/);
    expect(generatedSchema.parse(parse(yaml))).toMatchObject({ services: [{ name: "Blocked drains", price_from: 189, slug: "blocked-drains", emergency: true }, { name: "Gas fitting" }], modules: { lead_gen: { live: true, sales_bridge: { destination_phone: business.phone } } } });
    expect(yaml).toContain(`model, 0.7: ${SITE}/`);
  });
});

describe("an attempt that fails", () => {
  it("is gone on with where it was: pages are read once, and the project is there all along", async () => {
    web.model = modelIsDown;
    const { run, runOf, tenant_id, business, layer } = await tenant();
    const first = await run(business);
    expect(first.status).toBe(202);
    const { run_id } = z.object({ run_id: z.string() }).parse(first.body);
    expect(await runOf(run_id)).toMatchObject({ status: "queued", error: { code: "gemini_unavailable" } });
    expect(await layer("generated")).toContain(business.phone);
    web.model = () => modelSays(FOUND);
    await worker.queue(createMessageBatch("apex-jobs", [{ id: run_id, timestamp: new Date(), attempts: 1, body: { tenant_id, run_id } }]), env);
    expect(await runOf(run_id)).toMatchObject({ status: "succeeded", progress: { done: 7, total: 7 } });
    expect(web.fetched).toBe(1);
    expect((await env.STORAGE.list({ prefix: `${tenant_id}/runs/` })).objects).toEqual([]);
  });

  it("ends without the model when it stays away, with what code has found and a question", async () => {
    web.model = () => Response.json({ error: { code: 400, status: "INVALID_ARGUMENT", message: "no" } }, { status: 400 });
    const { onboard, layer } = await tenant();
    const result = resultSchema.parse((await onboard()).result);
    expect([result.live, result.questions.some((question) => question.includes("re-scan"))]).toEqual([true, true]);
    expect(await layer("generated")).toContain("+6496315540");
  });
});

describe("a project that is not live yet", () => {
  it("stores leads and tells the owner, and rings them once the simulated call has passed", async () => {
    const { onboard, run, business, memory, api, project_id } = await tenant();
    await memory.optOuts.add(business.phone, "call", "test");
    expect(resultSchema.parse((await onboard()).result)).toMatchObject({ live: false, simulation: { passed: false, rings: null } });

    const { wordpress } = z.object({ wordpress: z.object({ key: z.string() }) }).parse(await (await api("GET", `/api/projects/${project_id}/webhooks`)).json());
    const send = async () => request(`/api/webhooks/wordpress?project_id=${project_id}&key=${wordpress.key}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name: "Jane", phone: "021 777 0199" }) });
    const sent = await send();
    const { lead_id } = z.object({ lead_id: z.string(), status: z.literal("accepted") }).parse(await sent.json());
    const text = await twilio.until(() => twilio.textsTo(business.phone)[0]);
    expect(text.form.get("Body")).toContain("+64217770199");
    expect(await (await api("GET", `/api/entities/${lead_id}`)).json()).toMatchObject({ metadata: { status: "held" } });
    expect(twilio.dialsTo(business.phone)).toEqual([]);

    // A quarter of an hour later the same person writes again: another request, and the same phone.
    await env.DB.prepare("UPDATE entities SET created_at = created_at - 900000 WHERE project_id = ?").bind(project_id).run();
    expect(await (await send()).json()).toMatchObject({ status: "accepted" });
    expect(runSchema.parse((await run({}, "simulate")).body).result).toMatchObject({ live: false });
    await memory.optOuts.remove(business.phone, "call", "test");
    expect(runSchema.parse((await run({}, "simulate")).body).result).toMatchObject({ live: true, rung: 1 });
    await twilio.until(() => twilio.dialsTo(business.phone)[0]);
    expect(twilio.dialsTo(business.phone)).toHaveLength(1);
  });
});

describe("a re-scan", () => {
  it("proposes, changes nothing until it is accepted, and never touches custom", async () => {
    const { onboard, run, layer, api, project_id } = await tenant();
    await onboard();
    const custom = "# mine\nbrand_brain: {voice_tone: dry}\n";
    await api("PUT", `/api/projects/${project_id}/dna/custom`, custom, { "Content-Type": "application/yaml" });
    const before = await layer("generated");

    expect(runSchema.parse((await run({}, "rescan")).body).result).toMatchObject({ status: "proposed", proposal: null, changes: [] });
    web.home = HOME.replace("$189", "$199");
    web.model = () => modelSays({ ...FOUND, services: [{ ...FOUND.services[0], price_from: 199, quote: "Blocked drains from $199" }, FOUND.services[1]] });
    const [one, two] = [proposalSchema.parse(runSchema.parse((await run({}, "rescan")).body).result), proposalSchema.parse(runSchema.parse((await run({}, "rescan")).body).result)];
    expect(one.changes).toMatchObject([{ path: "services", change: "changed" }]);
    expect(await layer("generated")).toBe(before);

    expect(runSchema.parse((await run({ proposal: one.proposal }, "accept")).body)).toMatchObject({ status: "succeeded", result: { status: "accepted" } });
    expect(await layer("generated")).toContain("price_from: 199");
    expect(generatedSchema.parse(parse(await layer("generated"))).modules.lead_gen.live).toBe(true);
    expect(await layer("custom")).toBe(custom);
    // The second was made over what is no longer in force, but says the same: there is nothing to lose.
    expect(runSchema.parse((await run({ proposal: two.proposal }, "accept")).body)).toMatchObject({ status: "succeeded" });
  });

  it("that is out of date is refused, and so is one that never was", async () => {
    const { onboard, run, business } = await tenant();
    await onboard();
    web.home = HOME.replace("five years", "six years");
    web.model = () => modelSays({ ...FOUND, differentiators: [{ quote: "Every job is guaranteed for six years.", page: 1 }] });
    const stale = proposalSchema.parse(runSchema.parse((await run({}, "rescan")).body).result);
    web.home = HOME.replace("five years", "ten years");
    web.model = () => modelSays({ ...FOUND, differentiators: [{ quote: "Every job is guaranteed for ten years.", page: 1 }] });
    // Onboarding again is a re-scan too.
    const fresher = proposalSchema.parse(runSchema.parse((await run(business)).body).result);
    expect(runSchema.parse((await run({ proposal: fresher.proposal }, "accept")).body).status).toBe("succeeded");
    expect(runSchema.parse((await run({ proposal: stale.proposal }, "accept")).body)).toMatchObject({ status: "failed", error: { code: "proposal_stale" } });
    expect(runSchema.parse((await run({ proposal: "run_0" }, "accept")).body)).toMatchObject({ status: "failed", error: { code: "invalid" } });
  });

  it("of another tenant's project is of one that does not exist", async () => {
    const mine = await tenant();
    await mine.onboard();
    const theirs = await tenant();
    for (const [action, params] of [["rescan", {}], ["simulate", {}], ["accept", { proposal: "run_0" }]] as const) {
      const response = await theirs.api("POST", "/api/run", { task: "onboarding", action, project_id: mine.project_id, params }, { Prefer: "wait=30" });
      expect(runSchema.parse(await response.json())).toMatchObject({ status: "failed", error: { code: "project_not_found" } });
    }
  });
});
