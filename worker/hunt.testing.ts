import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, beforeEach, expect, vi } from "vitest";
import { stringify } from "yaml";
import { z } from "zod";
import { says } from "../core/providers/gemini/gemini.testing.ts";
import { asUser, fresh, signUp } from "../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../test/support/twilio-wire.ts";
import worker from "./index.ts";

export const SITE = "https://board.example";
type Answer = { status?: number; type?: string; body: string; headers?: Record<string, string> };

interface Web {
  /** By path and query, of the board's site. */
  pages: Record<string, Answer>;
  asked: string[];
  model: () => Response;
  questions: number;
}

/** Nothing is on the board, and the model sees no post. */
const quiet = (): Web => ({ pages: {}, asked: [], model: () => Response.json(says('{"posts":[]}')), questions: 0 });

/** The web and the model, as a test wants them. */
export const web: Web = quiet();

const serve = async (wire: Request): Promise<Response | undefined> => {
  const url = new URL(wire.url);
  if (url.hostname === "cloudflare-dns.com") return Response.json({ Status: 0, Answer: [{ type: 1, data: "93.184.216.34" }] });
  if (url.pathname.endsWith(":batchEmbedContents")) {
    const { requests } = z.object({ requests: z.array(z.unknown()) }).parse(await wire.json());
    // Each text in a direction of its own: nothing says nearly the same.
    return Response.json({ embeddings: requests.map(() => { const at = Math.floor(Math.random() * 768); return { values: Array.from({ length: 768 }, (_, index) => (index === at ? 1 : 0)) }; }) });
  }
  if (url.origin === "https://gemini.test") {
    web.questions += 1;
    return web.model();
  }
  if (url.origin !== SITE) return undefined;
  const path = `${url.pathname}${url.search}`;
  web.asked.push(path);
  const { status = 200, type = "text/html", body, headers = {} } = web.pages[path] ?? { status: 404, body: "" };
  return new Response(body, { status, headers: { "Content-Type": type, ...headers } });
};

/** Serves `web` for a file's tests, each beginning with a quiet one. */
export const useBoard = (): { dialsTo: (phone: string) => unknown[] } => {
  let twilio: TwilioWire | undefined;
  beforeAll(() => {
    twilio = standInForTwilio(serve);
  });
  afterAll(() => twilio?.restore());
  beforeEach(() => Object.assign(web, quiet()));
  return { dialsTo: (phone) => twilio?.dialsTo(phone) ?? [] };
};

let numbers = 1000;
export const item = (id: string, title: string, { place = "Epsom", phone = `021 55${++numbers} 1`.replace(/(\d{2})(\d{4}) 1/, "$1$2") } = {}): string => `<li class="post"><h3><a href="/post/${id}">${title}</a></h3><p>Please help, ${place}. Ring ${phone}</p><i>${place}</i></li>`;
export const list = (...items: string[]): Answer => ({ body: `<ul>${items.join("")}</ul>` });

const sourceResultSchema = z.looseObject({ source: z.string(), pages_read: z.number(), found: z.number(), created: z.number(), joined: z.number(), dropped: z.record(z.string(), z.number()), problems: z.array(z.object({ url: z.string(), problem: z.string() })), stopped: z.string(), advice: z.string().nullable(), unread_pages: z.number() });
export const runSchema = z.object({
  id: z.string(), status: z.string(), error: z.object({ code: z.string(), message: z.string() }).nullable(),
  result: z.looseObject({ created: z.array(z.string()), joined: z.array(z.string()), found: z.number(), dropped: z.record(z.string(), z.number()), sources: z.array(sourceResultSchema), cost_usd: z.number(), made_up: z.number() }).nullable(),
});

export const OWN = { by: "own_site", statement: "The board is the owner's own." };
const SELECTORS = { item: "li.post", location: "i" };
export const source = (over: object = {}): object => ({ kind: "html_list", url: `${SITE}/jobs?page={page}`, selectors: SELECTORS, permission: OWN, ...over });

/** A business that hunts as `sniper` says; `start` asks for a hunt, `hunt` waits for it and gives its result. */
export const tenant = async (sniper: object) => {
  const { token, tenant_id } = await signUp();
  const api = asUser(token);
  const project_id = fresh("hunt");
  await api("POST", "/api/projects", { project_id, name: "Kauri Plumbing", country: "NZ" });
  const dna = stringify({ modules: { lead_gen: { sniper: { keywords: ["tap", "drain"], negative_keywords: ["for free"], geo_filter: [], delay_s: 0, ...sniper } } } });
  const put = await api("PUT", `/api/projects/${project_id}/dna/custom`, dna, { "Content-Type": "application/yaml" });
  expect([put.status, put.status === 200 ? "" : await put.text()]).toEqual([200, ""]);
  const start = async (params: object = {}, prefer = "wait=30") => {
    const response = await api("POST", "/api/run", { task: "sniper_agent", project_id, params }, { Prefer: prefer });
    return { status: response.status, body: await response.json() };
  };
  const hunt = async (params: object = {}) => {
    const { status, body } = await start(params);
    expect(status).toBe(200);
    const run = runSchema.parse(body);
    expect([run.status, run.error]).toEqual(["succeeded", null]);
    if (run.result === null) throw new Error("no result");
    return { ...run.result, first: run.result.sources[0] };
  };
  const runOf = async (id: string) => runSchema.parse(await (await api("GET", `/api/runs/${id}`)).json());
  /** The queue brings the run again. */
  const again = async (run_id: string) => worker.queue(createMessageBatch("apex-jobs", [{ id: crypto.randomUUID(), timestamp: new Date(), attempts: 1, body: { tenant_id, run_id } }]), env);
  /** … for as often as it wants to be taken up again; its queue does the same behind us. */
  const finish = async (run_id: string) =>
    vi.waitUntil(async () => {
      await again(run_id);
      const run = await runOf(run_id);
      return run.status === "queued" || run.status === "running" ? undefined : run;
    }, { timeout: 25_000, interval: 5 });
  const leads = async () => z.object({ items: z.array(z.looseObject({ id: z.string(), name: z.string(), metadata: z.looseObject({}) })) }).parse(await (await api("GET", `/api/entities?type=lead&project_id=${project_id}&limit=200`)).json()).items;
  return { api, tenant_id, project_id, start, hunt, runOf, again, finish, leads };
};
