import type { Context } from "hono";
import { DUTY_DUE_MS } from "../agents/lead-gen/start-call.ts";
import type { Dna } from "../core/dna/schema.ts";
import { describeError, invalid, unauthorized } from "../core/errors.ts";
import { isEmptyLead, type NormalisedLead } from "../core/intake/normalised-lead.ts";
import { logger } from "../core/log.ts";
import type { Project, WebhookSource } from "../core/memory/projects.store.ts";
import { matchesWebhookKey } from "../core/security/webhook-keys.ts";
import { actorOf } from "./middleware/auth.ts";
import { projectIdSchema } from "./router.ts";
import type { AppEnv } from "./services.ts";

const log = logger("intake");

/** Who knows no project is compared against this, so that the answer takes as long. */
const NOBODY = "0".repeat(64);

/**
 * The project that an intake request names, once its key is proven.
 * @throws AppError 422 for a malformed id; the same 401 for an unknown project and a wrong key
 */
export const projectOf = async (c: Context<AppEnv>, source: WebhookSource, key: unknown): Promise<Project> => {
  const { memory, settings } = c.var.services;
  const id = projectIdSchema.safeParse(c.req.query("project_id") ?? settings.DEFAULT_PROJECT_ID);
  if (!id.success) throw invalid([{ path: "project_id", message: "must match ^[a-zA-Z0-9_-]{1,64}$" }]);
  const found = await memory.directory.webhook(id.data, source);
  const genuine = await matchesWebhookKey(key, found?.key_hash ?? NOBODY);
  if (!found || !genuine) throw unauthorized("The key is not this project's.");
  return found.project;
};

export interface Submission {
  project: Project;
  dna: Dna;
  source: WebhookSource;
  lead: NormalisedLead;
  is_test: boolean;
  dedupe: { key: string; withinMs: number | null } | null;
  /** What the vendor sent besides: ids, the payload itself. */
  extra: Record<string, unknown>;
}

export interface IntakeAnswer {
  lead_id: string;
  status: "accepted" | "duplicate" | "test";
}

/**
 * Stores the lead with the duty to call, hands the call to its object and answers; no vendor, model or queue is waited
 * for. What fails after the store has taken it, the sweep makes good.
 */
export const acceptLead = async (c: Context<AppEnv>, { project, dna, source, lead, is_test, dedupe, extra }: Submission): Promise<IntakeAnswer> => {
  if (isEmptyLead(lead)) throw invalid([{ path: "", message: "a lead needs at least a name, a phone, an e-mail or a message" }]);
  const { memory, bridgeCalls, jobs } = c.var.services;
  const store = memory.for(project.tenant_id, actorOf(c, `webhook:${source}`));
  const { phone } = lead;
  const status = is_test ? "test" : phone === null ? "needs_contact" : "new";
  const ticket = store.leads.ticket({ ring: status === "new" && dna.modules.lead_gen.enabled, tellOwner: status === "needs_contact" });
  const { lead_id, call_id, received_at } = ticket;
  const plan =
    call_id === null || phone === null
      ? null
      : bridgeCalls.plan({
          call_id, received_at, dna,
          tenant_id: project.tenant_id,
          project_id: project.id,
          asked_at: received_at,
          lead: { id: lead_id, name: lead.name ?? "", phone, message: lead.message, service: lead.service, place: lead.place },
        });
  // The call's object wakes and the dialer is asked while the lead is being stored; nobody is rung before it is.
  const reserving = plan && bridgeCalls.reserve(plan).catch(() => null);
  const withdraw = (): void => {
    if (plan && reserving) c.executionCtx.waitUntil(reserving.then(async () => bridgeCalls.withdraw(plan)).catch(() => undefined));
  };

  const accepted = await store.leads
    .accept(ticket, {
      project_id: project.id,
      name: lead.name ?? "",
      primary_contact: phone ?? lead.email ?? lead.phone_raw ?? "",
      metadata: { ...extra, ...lead, status, source },
      dedupe,
      phones: plan === null || phone === null ? [] : [phone, ...plan.destinations.map((person) => person.phone)],
      dutyDueInMs: DUTY_DUE_MS,
    })
    .catch((error: unknown) => {
      withdraw();
      throw error;
    });
  if (accepted.outcome === "duplicate") {
    withdraw();
    if (lead.message !== null) await store.leads.addWords(accepted.lead_id, lead.message);
    return { lead_id: accepted.lead_id, status: "duplicate" };
  }
  if (plan) {
    try {
      const reservation = await reserving;
      await bridgeCalls.start(plan, reservation && { reservation, opted_out: accepted.opted_out });
    } catch (error) {
      // The duty is stored: the sweep finds it.
      log.error("call not handed over; the sweep will", { call_id: plan.call_id, lead_id, error: describeError(error) });
    }
  }
  if (ticket.run_id !== null) c.executionCtx.waitUntil(jobs.enqueue({ id: ticket.run_id, tenant_id: project.tenant_id }));
  log.info("lead received", { request_id: c.var.requestId, lead_id, tenant_id: project.tenant_id, project_id: project.id, source, status });
  return { lead_id, status: is_test ? "test" : "accepted" };
};
