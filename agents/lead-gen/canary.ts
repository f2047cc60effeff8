import { z } from "zod";
import { iso } from "../../core/clock.ts";
import { AppError } from "../../core/errors.ts";
import type { Dna } from "../../core/dna/schema.ts";
import { normaliseLead } from "../../core/intake/normalised-lead.ts";
import { type AgentContext, action } from "../../core/kernel/agent.ts";
import { canaryCheckKey, canaryCheckRun, canaryKey } from "../../core/memory/canaries.store.ts";
import type { Call } from "../../core/memory/calls.store.ts";
import type { AgentTools } from "../tools.ts";
import { acceptLead } from "./accept-lead.ts";
import { alertOwner } from "./alert-owner.ts";

/** From a canary's dispatch to the form: the run waits for a queue; and from a call to the row that shows it. */
const SLACK_MS = 20_000;

type Canary = Dna["modules"]["lead_gen"]["canary"];

/** How long after a canary was sent it can be judged, ms. */
export const judgeableAfterMs = ({ within_s }: Pick<Canary, "within_s">): number => within_s * 1000 + SLACK_MS;

const sendCanary = async ({ runId, memory, project, dna, tools, queuedAt }: AgentContext<AgentTools>) => {
  const { enabled, canary } = dna.modules.lead_gen;
  const phone = canary.customer_phone ?? canary.owner_phone;
  if (!enabled || !canary.enabled || phone === undefined) throw new AppError({ code: "canary_disabled", status: 422, message: "The project's DNA has no canary enabled." });
  // The sweep has opened it already; for a canary that a person asked for, this does.
  await memory.runs.create(canaryCheckRun(project.id, queuedAt), judgeableAfterMs(canary));
  const pending: Promise<unknown>[] = [];
  const answer = await acceptLead(
    { memory, bridgeCalls: tools.bridgeCalls, enqueue: () => Promise.resolve(), requestId: runId, waitUntil: (work) => void pending.push(work), changed: () => Promise.resolve() },
    {
      project,
      dna,
      source: "canary",
      lead: normaliseLead({ name: "Canary", phone, phone_raw: phone, message: "This is the daily test of your lead calls." }),
      test: "canary",
      dedupe: { key: canaryKey(queuedAt), withinMs: null },
      extra: {},
    },
  );
  await Promise.allSettled(pending);
  return { lead_id: answer.lead_id, sent_at: iso(queuedAt) };
};

/** Whether the call came as far as it should, in time. */
const judge = ({ expect, within_s }: Canary, call: Call | undefined): { ok: boolean; detail: string; call_id: string | null } => {
  if (!call) return { ok: false, detail: "The test lead was not taken in: no call was opened for it.", call_id: null };
  const ms = call.latency[expect === "connected" ? "form_to_connected_ms" : "form_to_owner_answer_ms"] ?? null;
  const what = expect === "connected" ? "connected" : "answered";
  if (ms !== null && ms <= within_s * 1000) return { ok: true, detail: `The test call was ${what} after ${(ms / 1000).toFixed(1)} s.`, call_id: call.id };
  const late = ms === null ? `not ${what} within ${within_s} s` : `${what} only after ${Math.round(ms / 1000)} s (expected: ${within_s} s)`;
  return { ok: false, detail: `The test call was ${late}; it ${call.end_reason === null ? `is ${call.status}` : `ended: ${call.end_reason}`}.`, call_id: call.id };
};

const checkParams = z.object({ sent_at: z.number().int().nonnegative() });

const checkCanary = async (context: AgentContext<AgentTools>, { sent_at }: z.infer<typeof checkParams>) => {
  const { runId, memory, project, dna } = context;
  const { idempotency_key: key } = await memory.runs.get(runId);
  if (key !== canaryCheckKey(project.id, sent_at)) throw new AppError({ code: "canary_not_sent", status: 422, message: "A canary is checked by the run that was opened with it. Run `canary` to send one now." });
  if ((project.canary_last_at ?? 0) > sent_at) return { ok: null, detail: "A later canary has been judged." };

  if (!dna.modules.lead_gen.canary.enabled) return { ok: null, detail: "The canary was switched off meanwhile." };

  const judged = project.canary_last_at === sent_at ? { ok: project.canary_failed_at === null, detail: project.canary_detail ?? "" } : null;
  const verdict = judged ?? (await judgeNow(context, sent_at));
  if (verdict.ok) return verdict;
  // Kept first, told second: the very thing that failed may be what the text needs, and then the run is tried again.
  const alert = await alertOwner(context, `${dna.identity.business_name}: the daily test of your lead calls failed (${iso(sent_at)}). ${verdict.detail}`);
  return { ...verdict, alert };
};

const judgeNow = async ({ memory, project, dna, tools }: AgentContext<AgentTools>, sentAt: number) => {
  const { canary } = dna.modules.lead_gen;
  const call = await memory.canaries.callOf(project.id, sentAt);
  const early = (call?.received_at ?? sentAt) + canary.within_s * 1000 - tools.clock.now();
  if (early > 0) throw new AppError({ code: "canary_in_flight", status: 503, message: "It is too early to judge this canary.", retryable: true, retryAfterMs: early + 1000 });
  const verdict = judge(canary, call);
  await memory.canaries.judge(project.id, sentAt, verdict);
  return verdict;
};

const noParams = z.strictObject({});

/** Sends a synthetic lead by the door of all leads, to the DNA's stand-ins. */
export const canary = action(noParams, sendCanary);
/** Says later whether it got through, and texts the owner if not. */
export const canaryCheck = action(checkParams, checkCanary);
