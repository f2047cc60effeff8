import { lineOf } from "../../core/contact/line.ts";
import { dnaFor } from "../../core/dna/canary.ts";
import type { Dna } from "../../core/dna/schema.ts";
import { describeError, invalid } from "../../core/errors.ts";
import { isEmptyLead, type NormalisedLead } from "../../core/intake/normalised-lead.ts";
import type { Enqueued } from "../../core/kernel/jobs.ts";
import { logger } from "../../core/log.ts";
import { TELL_OWNER } from "../../core/memory/leads.store.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { Project } from "../../core/memory/projects.store.ts";
import type { WebhookDoor } from "../../core/memory/webhook-door.ts";
import type { BridgeCallClient } from "../../durable/bridge-call/bridge-call.client.ts";
import { DUTY_DUE_MS } from "./start-call.ts";

const log = logger("intake");

export interface Submission {
  project: Project;
  dna: Dna;
  source: string;
  lead: NormalisedLead;
  /** Stored, and nobody is rung: a `vendor`'s test. A `canary` rings its stand-ins and is stored as a test. Null: a person. */
  test: "vendor" | "canary" | null;
  /** Why it is taken for a program's: it is stored, and nobody is rung or told. */
  spam?: string | null;
  dedupe: { key: string; withinMs: number | null } | null;
  /** The sender's own name for the submission, where it was signed: sent again, at any time, it is no second lead. */
  delivery?: string | null;
  /** Where it came in, if that is only remembered. */
  door?: WebhookDoor | null;
  /** What the vendor sent besides: ids, the payload itself. */
  extra: Record<string, unknown>;
}

export interface IntakeAnswer {
  lead_id: string;
  status: "accepted" | "duplicate" | "test";
}

export interface IntakeTools {
  /** Of the project's tenant. */
  memory: TenantMemory;
  bridgeCalls: BridgeCallClient;
  /** Brings a stored run to the queue. */
  enqueue: (run: Enqueued) => Promise<void>;
  /** What asked for it, for whoever searches the log. */
  requestId: string;
  /** For what may be lost with the Worker. */
  waitUntil: (work: Promise<unknown>) => void;
  /** Told of a lead that is new; `watched`: somebody watches the project. Must not fail. */
  changed: (place: { tenant_id: string; project_id: string; watched: boolean }) => Promise<void>;
}

/**
 * The one door for leads, whoever brings them: stores the lead with the duty to call, hands the call to its object and
 * answers; no vendor, model or queue is waited for. What fails after the store has taken it, the sweep makes good.
 * @throws AppError 422 for a lead that says nothing; DoorUnsure where a remembered door is to be looked at anew, and nothing is stored
 */
export const acceptLead = async ({ memory, bridgeCalls, enqueue, requestId, waitUntil, changed }: IntakeTools, { project, source, lead, test, spam = null, dedupe, delivery = null, door = null, extra, ...submitted }: Submission): Promise<IntakeAnswer> => {
  if (isEmptyLead(lead)) throw invalid([{ path: "", message: "a lead needs at least a name, a phone, an e-mail or a message" }]);
  const { phone } = lead;
  const canary = test === "canary";
  const dna = dnaFor({ canary }, submitted.dna);
  const { enabled, live } = dna.modules.lead_gen;
  const status = test !== null ? "test" : spam !== null ? "spam" : phone === null ? "needs_contact" : live || !enabled ? "new" : "held";
  // Before the project is live nobody is rung; the owner is told all the same, and going live rings what waits.
  const ticket = memory.leads.ticket({ ring: (status === "new" || canary) && enabled, tellOwner: status === "needs_contact" || status === "held" });
  const { lead_id, call_id, received_at } = ticket;
  const plan =
    call_id === null || phone === null
      ? null
      : bridgeCalls.plan({
          call_id, received_at, dna,
          tenant_id: project.tenant_id,
          project_id: project.id,
          line: lineOf(project),
          asked_at: received_at,
          lead: { id: lead_id, name: lead.name ?? "", phone, message: lead.message, service: lead.service, place: lead.place },
        });
  // The call's object wakes and the dialer is asked while the lead is being stored; nobody is rung before it is.
  const reserving = plan && bridgeCalls.reserve(plan).catch(() => null);
  const withdraw = (): void => {
    if (plan && reserving) waitUntil(reserving.then(async () => bridgeCalls.withdraw(plan)).catch(() => undefined));
  };

  const accepted = await memory.leads
    .accept(ticket, {
      project_id: project.id,
      name: lead.name ?? "",
      primary_contact: phone ?? lead.email ?? lead.phone_raw ?? "",
      metadata: { ...extra, ...lead, status, source, ...(canary ? { canary } : {}) },
      dedupe,
      delivery,
      door,
      phones: plan === null || phone === null ? [] : [phone, ...plan.destinations.map((person) => person.phone)],
      dutyDueInMs: DUTY_DUE_MS,
    })
    .catch((error: unknown) => {
      withdraw();
      throw error;
    });
  if (accepted.outcome === "duplicate") {
    withdraw();
    if (lead.message !== null) await memory.leads.addWords(accepted.lead_id, lead.message);
    // The first one may wait for the morning; this does not. A call that its object does not know yet is begun with the new words, by the sweep.
    if (plan?.emergency === true) for (const open of await memory.calls.openOf({ id: accepted.lead_id, project_id: project.id })) await bridgeCalls.emergency({ tenant_id: project.tenant_id, project_id: project.id, call_id: open }, received_at);
    return { lead_id: accepted.lead_id, status: "duplicate" };
  }
  if (plan) {
    try {
      // Whoever may ring nobody now gives back what was taken for a dial at once; the call asks the gate, and waits.
      if (accepted.suspended) withdraw();
      const reservation = accepted.suspended ? null : await reserving;
      await bridgeCalls.start(plan, reservation && { reservation, suppressed: accepted.suppressed });
    } catch (error) {
      // The duty is stored: the sweep finds it.
      log.error("call not handed over; the sweep will", { call_id: plan.call_id, lead_id, error: describeError(error) });
    }
  }
  waitUntil(changed({ tenant_id: project.tenant_id, project_id: project.id, watched: accepted.watched }));
  if (ticket.run_id !== null) waitUntil(enqueue({ id: ticket.run_id, tenant_id: project.tenant_id, ...TELL_OWNER }));
  log.info("lead received", { request_id: requestId, lead_id, tenant_id: project.tenant_id, project_id: project.id, source, status });
  return { lead_id, status: test === null ? "accepted" : "test" };
};
