import { type Business, BUSINESSES } from "./businesses.data.ts";
import { idAt, type Scene } from "./calls.ts";
import { makeCampaign, runRow } from "./campaigns.ts";
import { makeLeads, type SeededLead } from "./leads.ts";
import { createRandom } from "./random.ts";
import { inserts, type Row } from "./sql.ts";
import { makeUsage } from "./usage.ts";

const DAY_MS = 86_400_000;
const HUNT_EVERY_DAYS = 7;

export interface History {
  leads: number;
  calls: number;
  booked: number;
  /** In the order in which foreign keys want them. */
  statements: string[];
}

/** Texts about calls that went wrong: the customer is told, the owner gets a card. */
const textsOf = ({ tenantId, business, random }: Scene, leads: readonly SeededLead[]): Row[] =>
  leads.flatMap(({ phone, calls, asked }) =>
    calls
      .filter(({ end }) => end !== "connected")
      .flatMap(({ row, at }) => {
        const text = { tenant_id: tenantId, project_id: business.projectId, lead_id: asked.id, call_id: row["id"] ?? null, direction: "out", attempts: 1, phone_from: "+6495550100", status: "delivered", created_at: at + 60_000, updated_at: at + 64_000, metered_at: at + 60_000 };
        const [owner] = business.people;
        return [
          { ...text, id: idAt("msg", at + 60_000, random), party: "customer", purpose: row["direction"] === "inbound" ? "text_back" : "missed_text", phone_to: phone ?? "", body: `Sorry that we missed you, ${asked.name.split(" ")[0] ?? ""}. ${business.name} will ring you back.`, sid: `SM${random.hex(32)}` },
          { ...text, id: idAt("msg", at + 61_000, random), party: "owner", purpose: "lead_card", phone_to: owner.phone, body: `${asked.name}, ${asked.service.name}: ${asked.message} ${phone ?? ""}`, sid: `SM${random.hex(32)}` },
        ];
      }),
  );

const runsOf = (scene: Scene, leads: readonly SeededLead[]): Row[] => {
  const { random, until } = scene;
  const found = leads.filter(({ asked }) => asked.source === "sniper");
  const hunts: Row[] = [];
  for (let at = until - 364 * DAY_MS; at < until; at += HUNT_EVERY_DAYS * DAY_MS) {
    const kept = found.filter(({ asked }) => asked.at >= at - HUNT_EVERY_DAYS * DAY_MS && asked.at < at).length;
    hunts.push(runRow(scene, { id: idAt("run", at, random), task: "lead_gen_manager", action: "hunt_sniper", at, tookMs: random.whole(20_000, 90_000), result: { found: kept + random.whole(4, 20), kept } }));
  }
  const died = (daysAgo: number, action: string, code: string, message: string): Row => runRow(scene, { id: idAt("run", until - daysAgo * DAY_MS, random), task: "lead_gen_manager", action, at: until - daysAgo * DAY_MS, tookMs: 900_000, result: null, error: { code, message } });
  return [...hunts, died(3, "transcribe_call", "vendor_unavailable", "The model was away for longer than we wait."), died(40, "hunt_sniper", "robots_disallow", "The board does not want to be read.")];
};

/**
 * A year of a business that has never been: the same for the same seed and end.
 * @param tenantId whose it becomes; the project is there already
 * @param until ms: when the year ends
 */
export const makeHistory = (business: Business, { tenantId, until, seed }: { tenantId: string; until: number; seed: number }): History => {
  const scene: Scene = { tenantId, business, until, random: createRandom(seed + 1000 * BUSINESSES.indexOf(business)) };
  const leads = makeLeads(scene);
  const campaigns = [makeCampaign(scene, leads, 150, false), makeCampaign(scene, leads, 45, false), makeCampaign(scene, leads, 6, true)];
  const messages = [...textsOf(scene, leads), ...campaigns.flatMap((campaign) => campaign.messages)];
  const calls = leads.flatMap((lead) => lead.calls);
  return {
    leads: leads.length,
    calls: calls.length,
    booked: leads.filter(({ status }) => status === "won" || status === "completed").length,
    statements: [
      ...inserts("entities", leads.map(({ row }) => row)),
      ...inserts("calls", calls.map(({ row }) => row)),
      ...inserts("runs", [...runsOf(scene, leads), ...campaigns.map(({ run }) => run)]),
      ...inserts("campaigns", campaigns.map(({ campaign }) => campaign)),
      ...inserts("campaign_recipients", campaigns.flatMap(({ recipients }) => recipients)),
      ...inserts("messages", messages.map((message) => ({ call_id: null, campaign_id: null, ...message }))),
      ...inserts("usage", makeUsage(scene, leads, messages)),
    ],
  };
};
