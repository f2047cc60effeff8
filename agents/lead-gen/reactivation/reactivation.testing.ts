import "../../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { countedDatabase, newTally } from "../../../test/support/counted-database.ts";
import { mortalDatabase } from "../../../test/support/mortal-database.ts";
import { standInForTwilio } from "../../../test/support/twilio-wire.ts";
import { decide } from "../../../core/contact/incoming.ts";
import { ownPhones } from "../../../core/contact/people.ts";
import { createDnaLoader } from "../../../core/dna/loader.ts";
import { zoneOf } from "../../../core/dna/time-zone.ts";
import { createDispatcher } from "../../../core/kernel/dispatcher.ts";
import { createJobs, type JobMessage } from "../../../core/kernel/jobs.ts";
import { systemActor } from "../../../core/memory/actor.ts";
import { createMemory, type TenantMemory } from "../../../core/memory/memory.ts";
import type { NewRun, Run } from "../../../core/memory/runs.store.ts";
import { createGeminiGateway } from "../../../core/providers/gemini/gateway.ts";
import { createTwilioClient } from "../../../core/providers/twilio/twilio.client.ts";
import { createConsentGate } from "../../../core/security/consent/gate.ts";
import type { ContactLimiter } from "../../../core/security/consent/limiter.types.ts";
import { createRateLimiterClient } from "../../../durable/rate-limiter/rate-limiter.client.ts";
import type { AgentTools } from "../../tools.ts";
import { salesAgent } from "../sales.agent.ts";
import { DUTY_DUE_MS } from "../start-call.ts";
import { reactivatorAgent } from "./reactivator.agent.ts";

/** A Friday morning in Auckland, and Thursday afternoon in New York. */
export const FRIDAY = Date.parse("2026-11-26T22:00:00Z");
export const OWNER = "+64211000001";
export const OUR_NUMBER = "+6495550100";
const DAY_MS = 86_400_000;
export const ago = (days: number, now = FRIDAY): string => new Date(now - days * DAY_MS).toISOString();

let people = 0;
/** A mobile of New Zealand's that nobody else has. */
export const mobile = (): string => `+6421${String(4_000_000 + ++people)}`;

export interface HouseOptions {
  /** Lines of YAML under `modules.lead_gen.reactivation`. */
  settings?: readonly string[];
  /** More YAML, at the top. */
  dna?: string;
  now?: number;
  limiter?: (clock: { now: () => number }) => ContactLimiter;
  /** What the model says; absent: nobody is asked. */
  model?: (question: string) => Response;
}

/** A business with the real agents, stores and gate, on a clock and with a Twilio that the test holds, and a Worker that can die. */
export const openHouse = async ({ settings = [], dna: more = "", now = FRIDAY, limiter, model }: HouseOptions = {}) => {
  let time = now;
  const clock = { now: () => time, toRealTime: (ms: number) => ms };
  const tally = newTally();
  const mortal = mortalDatabase(countedDatabase(env.DB, tally));
  const memory = createMemory({ d1: mortal.database, clock });
  const user = await memory.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const store: TenantMemory = memory.for(user.tenant_id, systemActor("test"));
  const project = await store.projects.create({ id: `p-${crypto.randomUUID()}`, name: "Rata Plumbing", country: "NZ", keys: [{ source: "wordpress", key_hash: "x", key_sealed: "x" }] });
  const loader = createDnaLoader({ bucket: env.STORAGE });
  const yaml = [more, "modules:", "  lead_gen:", "    sales_bridge:", `      destination_phone: "${OWNER}"`, "    reactivation:", "      personalised: false", "      per_minute: 60", "      daily_limit: 500", ...settings.map((line) => `      ${line}`)];
  // Of two lines for one key the test's is the one that holds.
  const last = [...new Map(yaml.map((line) => [/^ {6}(\w+):/.exec(line)?.[1] ?? line, line])).values()].join("\n");
  const dna = await loader.preview(project, "custom", last);
  const twilio = standInForTwilio(async (request) => {
    if (new URL(request.url).origin !== "https://gemini.test" || model === undefined) return undefined;
    return model(await request.text());
  }, clock.now);
  const theLimiter = limiter?.(clock) ?? createRateLimiterClient({ namespace: env.RATE_LIMITER }).for(user.tenant_id);
  const started: { lead_id: string; asked_at: number | null }[] = [];
  const bridgeCalls = {
    plan: ({ lead, asked_at }: { lead: { id: string }; asked_at: number | null }) => ({ call_id: "x", lead_id: lead.id, asked_at }),
    start: async ({ lead_id, asked_at }: { lead_id: string; asked_at: number | null }) => Promise.resolve(void started.push({ lead_id, asked_at })),
  };
  const client = createTwilioClient({ account: async () => Promise.resolve({ account_sid: "ACtest", auth_token: "x" }), baseUrl: "https://twilio.test", fetch: async (input, init) => fetch(input, init) });
  const enqueue: AgentTools["enqueue"] = async (run) => jobs.enqueue(run);
  const tools = {
    clock, enqueue, bridgeCalls,
    gatewayOf: () => createGeminiGateway({ apiKey: "k", baseUrl: "https://gemini.test", wait: async () => Promise.resolve(), random: () => 0 }),
    twilioOf: () => client,
    gateOf: (tenant: TenantMemory) => createConsentGate({ memory: tenant, limiter: theLimiter, clock }),
    lineOf: () => ({ from: OUR_NUMBER, account_sid: null }),
    publicUrl: "https://apex.test",
    cardLink: () => "https://apex.test/l/x",
  } as unknown as AgentTools;
  const dispatcher = createDispatcher({ agents: new Map([reactivatorAgent, salesAgent].map((agent) => [agent.task, agent])), dna: { ...loader, load: async () => Promise.resolve(dna) }, tools, clock, report: async () => Promise.resolve(), random: () => 0.5 });
  const queued: { urgent: JobMessage[]; bulk: JobMessage[] } = { urgent: [], bulk: [] };
  const queueOf = (name: "urgent" | "bulk") => ({
    send: async (message: JobMessage) => Promise.resolve((queued[name].push(message), { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } })),
  });
  const jobs = createJobs({ memory, dispatcher, clock, queues: { urgent: queueOf("urgent"), bulk: queueOf("bulk") } });
  const perform = async (run: Pick<Run, "id">): Promise<Run> => {
    await jobs.execute({ tenant_id: user.tenant_id, run_id: run.id });
    return store.runs.get(run.id);
  };
  /** Runs that are not over, the next first. */
  const open = async (): Promise<{ id: string; at: number }[]> => {
    const { results } = await env.DB.prepare("SELECT id, next_due_at AS at FROM runs WHERE tenant_id = ? AND next_due_at IS NOT NULL ORDER BY next_due_at, id").bind(user.tenant_id).all<{ id: string; at: number }>();
    return results;
  };
  let texts = 0;

  return {
    store, memory, project, dna, twilio, started, mortal, tally, tenantId: user.tenant_id, jobs, clock, queued,
    now: () => time,
    pass: (ms: number) => void (time += ms),
    perform,
    open,

    customer: async (over: { name?: string; phone?: string | null; status?: string; email?: string } & Record<string, unknown> = {}) => {
      const { name = "Jane Doe", phone = mobile(), status = "won", ...rest } = over;
      const metadata = { status, source: "import", service: "hot water", last_contacted_at: ago(300), ...(phone === null ? {} : { phone }), ...rest };
      return { phone: phone ?? "", ...(await store.entities.create({ project_id: project.id, entity_type: "lead", name, primary_contact: phone ?? "", metadata })) };
    },

    /** Asks for it as a caller of the API does, and waits until it is over. */
    ask: async (params: Record<string, unknown> = {}, over: Partial<NewRun> = {}): Promise<Run> => {
      let run = await jobs.submit(store, { project_id: project.id, task: "reactivator_agent", action: "run", params, ...over });
      for (run = await perform(run); run.status === "queued"; run = await perform(run));
      return run;
    },

    /** Lives on, run by run, each when it is due: the sweep at work. @param until stops before what is due later than that, ms */
    live: async (until = Number.POSITIVE_INFINITY): Promise<void> => {
      for (let [next] = await open(); next !== undefined && next.at <= until; [next] = await open()) {
        time = Math.max(time, next.at);
        await perform(next);
      }
    },

    /** Somebody answers: what the webhook does with it. */
    reply: async (from: string, body: string) => {
      const text = { sid: `SMin${++texts}${user.tenant_id}`, project_id: project.id, from, to: OUR_NUMBER, account_sid: null, body, attachments: 0, opt_out_type: null };
      const situation = await store.inbox.situation({ project_id: project.id, sid: text.sid, phone: from });
      const business = { name: dna.identity.business_name, country: "NZ", time_zone: zoneOf(dna), people: ownPhones(dna), rings: true, duty_due_ms: DUTY_DUE_MS };
      const decision = decide(text, situation, business, time);
      return store.inbox.take(decision.message, decision.consequences);
    },

    campaign: async (run: Run) => store.campaigns.get((run.result as { campaign_id: string }).campaign_id),
    recipients: async (campaignId: string) => (await store.campaignRecipients.list(campaignId, {}, { limit: 2000 })).items,
    lead: async (id: string) => (await store.entities.get(id)).metadata,
  };
};

export type ReactivationHouse = Awaited<ReturnType<typeof openHouse>>;

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Jane Doe, Jane 1 Doe, … */
export const customers = async (house: ReactivationHouse, count: number) => {
  const made = [];
  for (let n = 0; n < count; n++) made.push(await house.customer({ name: `Jane${n === 0 ? "" : ` ${n}`} Doe` }));
  return made;
};

export const begin = async (house: ReactivationHouse, params: Record<string, unknown> = {}) => house.campaign(await house.ask({ dry_run: false, ...params }));
export const statusOf = async (house: ReactivationHouse, id: string) => (await house.store.campaigns.get(id)).status;
