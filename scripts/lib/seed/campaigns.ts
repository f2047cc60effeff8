import { idAt, type Scene } from "./calls.ts";
import type { SeededLead } from "./leads.ts";
import type { Row } from "./sql.ts";

const DAY_MS = 86_400_000;
const MOST = 60;
/** Micro-dollars a segment, about what the ledger takes. */
const SEGMENT_MICROS = { NZ: 105_000, AU: 52_000 } as const;

export interface SeededCampaign {
  campaign: Row;
  run: Row;
  recipients: Row[];
  messages: Row[];
}

const ANSWERS = { interested: "Yes please, can you come next week?", later: "Not now, ask again in spring.", no: "No thanks, all is well.", stop: "STOP", question: "Do you do gas as well?", other: "Who is this?" } as const;
const WEIGHTS = { interested: 6, later: 3, no: 3, stop: 1, question: 2, other: 1 } as const;

/** A text to customers of old, so many days ago; the last of them was called off half-way. */
export const makeCampaign = (scene: Scene, leads: readonly SeededLead[], daysAgo: number, isStopped: boolean): SeededCampaign => {
  const { tenantId, business, random, until } = scene;
  // Ten in the morning, near enough.
  const at = until - daysAgo * DAY_MS;
  const project_id = business.projectId;
  const id = idAt("cmp", at, random);
  const theirs = leads.filter(({ phone, status, asked }) => phone !== null && (status === "won" || status === "completed") && asked.at < at - 60 * DAY_MS);
  // Two people of the year may have got the same number; a campaign writes to each number once.
  const customers = [...new Map(theirs.map((lead) => [lead.phone, lead])).values()].slice(-MOST);
  const segmentMicros = SEGMENT_MICROS[business.country];
  const recipients: Row[] = [];
  const messages: Row[] = [];
  for (const [i, { asked, phone }] of customers.entries()) {
    const sentAt = at + i * 45_000;
    const isSent = !isStopped || i < customers.length / 2;
    const body = `Hi ${asked.name.split(" ")[0] ?? ""}, ${business.name} here. It is a while since we did your ${asked.service.name.toLowerCase()}. Is everything still as it should be? Reply STOP to opt out.`;
    const messageId = idAt("msg", sentAt, random);
    const reply = isSent && random.chance(0.22) ? random.weighted(WEIGHTS) : null;
    const repliedAt = reply === null ? null : Math.min(until, sentAt + Math.round(random.around(2 * 3_600_000, 1)));
    recipients.push({
      id: idAt("rcp", sentAt, random), tenant_id: tenantId, project_id, campaign_id: id, lead_id: asked.id, phone, body, written_by: "template", segments: 2, cost_micros: 2 * segmentMicros,
      state: isSent ? "sent" : "canceled", reason: isSent ? null : "stopped", not_before: sentAt, tries: 0, message_id: isSent ? messageId : null, sent_at: isSent ? sentAt : null, reply, replied_at: repliedAt,
    });
    if (!isSent) continue;
    const text = { tenant_id: tenantId, project_id, lead_id: asked.id, campaign_id: id, party: "customer", attempts: 1, metered_at: sentAt };
    messages.push({ ...text, id: messageId, direction: "out", purpose: "campaign", phone_from: "+6495550100", phone_to: phone, body, sid: `SM${random.hex(32)}`, status: random.chance(0.97) ? "delivered" : "undelivered", created_at: sentAt, updated_at: sentAt + 4000 });
    if (reply !== null) messages.push({ ...text, id: idAt("msg", repliedAt ?? sentAt, random), direction: "in", purpose: "reply", phone_from: phone, phone_to: "+6495550100", body: ANSWERS[reply], sid: `SM${random.hex(32)}`, status: "received", created_at: repliedAt, updated_at: repliedAt });
  }
  const runId = idAt("run", at, random);
  const settings = { inactive_months: 12, cooldown_months: 6, daily_limit: 100, per_minute: 6, limit: MOST, message_template: "Hi {name}, {business} here …", personalised: false, max_opt_out_percent: 5, opt_out_after: 50 };
  const endedAt = at + customers.length * 45_000;
  return {
    campaign: {
      id, tenant_id: tenantId, project_id, run_id: runId, status: isStopped ? "stopped" : "completed", starts_itself: 0, pause_reason: null, settings: JSON.stringify(settings), position: null,
      left_out: JSON.stringify({ recent: random.whole(20, 60), no_consent: random.whole(2, 9) }), round: 1, guard_from: at, sent: recipients.filter(({ state }) => state === "sent").length, created_at: at, started_at: at, ended_at: endedAt,
    },
    run: runRow(scene, { id: runId, task: "lead_gen_manager", action: "ignite_reactivation", at, tookMs: 4000, result: { campaign_id: id } }),
    recipients,
    messages,
  };
};

/** A run that is over; `error`: it is a dead letter. */
export const runRow = ({ tenantId, business }: Scene, { id, task, action, at, tookMs, result, error = null }: { id: string; task: string; action: string | null; at: number; tookMs: number; result: object | null; error?: { code: string; message: string } | null }): Row => ({
  id, tenant_id: tenantId, project_id: business.projectId, task, action, params: "{}", status: error === null ? "succeeded" : "dead", attempts: error === null ? 1 : 5, failures: error === null ? 0 : 5, cost_micros: 0,
  progress: JSON.stringify({ done: 1, total: 1, label: "" }), result: result === null ? null : JSON.stringify(result), error: error === null ? null : JSON.stringify(error), created_at: at, started_at: at + 200, finished_at: at + tookMs,
});
