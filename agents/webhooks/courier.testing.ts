import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { createDispatcher } from "../../core/kernel/dispatcher.ts";
import { createDnaLoader } from "../../core/dna/loader.ts";
import { createJobs } from "../../core/kernel/jobs.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { createMemory, type TenantMemory } from "../../core/memory/memory.ts";
import { endpointSecretPlace } from "../../core/memory/webhook-endpoints.store.ts";
import { createEgress } from "../../core/security/egress/egress.ts";
import { createVault } from "../../core/security/vault.ts";
import { checkSignature, newSigningSecret } from "../../core/security/webhook-signatures.ts";
import { type WebhookEvent, webhookEvents } from "../../core/webhooks/event-types.ts";
import type { AgentTools } from "../tools.ts";
import { webhooksAgent } from "./webhooks.agent.ts";

export const NOON = Date.parse("2026-11-26T12:00:00Z");
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface Posted {
  url: string;
  headers: Headers;
  body: string;
}

/** A tenant with the real stores and courier, on a clock and with a receiver on the wire that the test holds. */
export const openHouse = async () => {
  let now = NOON;
  let answer: (posted: Posted) => Response | Promise<Response> = () => new Response();
  const clock = { now: () => now, toRealTime: (ms: number) => ms };
  const memory = createMemory({ d1: env.DB, clock });
  const user = await memory.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const store: TenantMemory = memory.for(user.tenant_id, systemActor("test"));
  const project = await store.projects.create({ id: `p-${crypto.randomUUID()}`, name: "Rata Plumbing", country: "NZ", keys: [{ source: "wordpress", key_hash: "x", key_sealed: "x" }] });
  const posted: Posted[] = [];
  /** Couriers that are open, and when each is to be taken up. */
  const atWork = new Map<string, number>();
  const vault = createVault("a-key-for-tests-0123456789");
  const egress = createEgress({
    allowHosts: "",
    dohUrl: "off",
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const one = { url: request.url, headers: request.headers, body: await request.text() };
      posted.push(one);
      return answer(one);
    },
  });
  /** Only what couriers use. */
  const tools = { clock, egress, vault, publicUrl: "https://apex.test", random: () => 0, openCouriers: async () => Promise.resolve() };
  const dispatcher = createDispatcher({ agents: new Map([[webhooksAgent.task, webhooksAgent]]), dna: createDnaLoader({ bucket: env.STORAGE }), tools: tools as unknown as AgentTools, clock, report: async () => Promise.resolve(), random: () => 0 });
  const queue = { send: async () => Promise.resolve({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } }) };
  const jobs = createJobs({ memory, queues: { urgent: queue, bulk: queue }, dispatcher, clock });

  return {
    memory, store, project, posted, vault, jobs,
    now: (): number => now,
    pass: (ms: number): void => void (now += ms),
    answers: (next: typeof answer): void => void (answer = next),
    endpoint: async (input: { events?: readonly WebhookEvent[]; project_id?: string; url?: string } = {}) => {
      const id = store.webhookEndpoints.newId();
      const secret = newSigningSecret();
      const { events = webhookEvents, project_id = null, url = "https://crm.example/hook" } = input;
      await store.webhookEndpoints.create({ id, project_id, url, description: "", events: [...events], secret_sealed: await vault.seal(secret, endpointSecretPlace({ id, tenant_id: user.tenant_id })) });
      return { id, secret };
    },
    lead: async (metadata: Record<string, unknown> = {}) => store.entities.create({ project_id: project.id, entity_type: "lead", name: "Aroha", primary_contact: "+64211239876", metadata: { status: "new", ...metadata } }),
    /** What the sweep and the queue do: opens couriers, and lets those that are open and due work until they have nothing more to do at this moment. @returns how many were opened */
    sweep: async (): Promise<number> => {
      const opened = await store.webhookEndpoints.openCouriers(30_000);
      for (const { id } of opened) atWork.set(id, now);
      for (const [id, dueAt] of atWork) {
        let next = dueAt;
        while (next <= now) {
          const run = await jobs.execute({ tenant_id: store.tenantId, run_id: id });
          next = run?.status === "queued" ? (run.next_due_at ?? Infinity) : Infinity;
        }
        if (next === Infinity) atWork.delete(id);
        else atWork.set(id, next);
      }
      return opened.length;
    },
  };
};

export type House = Awaited<ReturnType<typeof openHouse>>;

/** Whether it is signed by this secret. */
export const isGenuine = async (secret: string, { headers, body }: Posted, now: number): Promise<boolean> =>
  (await checkSignature("standard_webhooks", secret, { header: (name) => headers.get(name), rawBody: new TextEncoder().encode(body) }, now)).genuine;

/** Newest first. */
export const deliveriesOf = async (house: House, id: string) => (await house.store.webhookDeliveries.list(id, undefined, { limit: 200 })).items;

/** Lets time pass until nothing of the endpoint is open, or `most` sweeps. */
export const untilOver = async (house: House, id: string, most = 60): Promise<void> => {
  for (let at = 0; at < most; at++) {
    await house.sweep();
    const next = (await deliveriesOf(house, id)).flatMap(({ next_at }) => (next_at === null ? [] : [next_at]));
    if (next.length === 0) return;
    const { hold_until, disabled_at } = await house.store.webhookEndpoints.get(id);
    if (disabled_at !== null) return;
    house.pass(Math.max(Math.min(...next), hold_until ?? 0) - house.now());
  }
};
