import { AppError, notFound } from "../../core/errors.ts";
import { dnaFor } from "../../core/dna/canary.ts";
import { type Line, lineOf } from "../../core/contact/line.ts";
import type { Dna } from "../../core/dna/schema.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { Project } from "../../core/memory/projects.store.ts";
import type { BridgeCallClient } from "../../durable/bridge-call/bridge-call.client.ts";
import type { Plan } from "../../durable/bridge-call/plan.schema.ts";
import { leadOf } from "./lead.ts";

/** The sweep looks after a duty that its object has not taken up by then. */
export const DUTY_DUE_MS = 10_000;

/** What a call must know of its project. */
export type CallingProject = Pick<Project, "id" | "from_number" | "from_account">;

/**
 * Opens a call for a lead, or finds the one that is open, and hands it to its object.
 * @returns the call's id once the object has accepted it
 * @throws AppError 404 for no such lead, 422 for one that has no phone
 */
export const startCall = async (
  { memory, bridgeCalls }: { memory: TenantMemory; bridgeCalls: BridgeCallClient },
  input: { project: CallingProject; lead_id: string; dna: Dna; asked_at?: number; line?: Line },
): Promise<string> => {
  const plan = await planCallOf({ memory, bridgeCalls }, input);
  await bridgeCalls.start(plan);
  return plan.call_id;
};

/** Leads that came by these asked to be called when they came. */
const ASKED_BY: ReadonlySet<unknown> = new Set(["google_ads", "wordpress", "hosted_page", "phone", "sms", "canary"]);

/**
 * The plan of a lead's open call, or of a new one whose duty is stored by then.
 * @param input.asked_at when the customer asked for this very call, ms; else it is the lead's own arrival that counts
 * @param input.line the one that somebody is on already; else the project's
 */
export const planCallOf = async (
  { memory, bridgeCalls }: { memory: TenantMemory; bridgeCalls: BridgeCallClient },
  input: { project: CallingProject; lead_id: string; dna: Dna; asked_at?: number; line?: Line },
): Promise<Plan> => {
  const { project } = input;
  const entity = await memory.entities.get(input.lead_id);
  if (entity.entity_type !== "lead" || entity.project_id !== project.id) throw notFound("lead");
  const lead = leadOf(entity);
  const { phone } = lead;
  if (phone === null) throw new AppError({ code: "lead_has_no_phone", status: 422, message: "This lead has no phone number to call." });
  const call = await memory.calls.openFor({ id: lead.id, project_id: project.id, source: lead.source, canary: lead.canary }, DUTY_DUE_MS);
  const asked_at = input.asked_at ?? (ASKED_BY.has(lead.source) ? entity.created_at : null);
  return bridgeCalls.plan({
    call_id: call.id,
    tenant_id: memory.tenantId,
    project_id: project.id,
    line: input.line ?? lineOf(project),
    received_at: call.received_at,
    asked_at,
    lead: { ...lead, phone },
    dna: dnaFor(lead, input.dna),
  });
};
