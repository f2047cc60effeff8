import { FIRST_NAMES, LAST_NAMES } from "./businesses.data.ts";
import { idAt, type Made, makeCall, type Asked, type Scene } from "./calls.ts";
import { arrivals } from "./days.ts";
import type { Row } from "./sql.ts";

const DAY_MS = 86_400_000;

/** A lead of the past, its calls, and where it stands today. */
export interface SeededLead {
  row: Row;
  asked: Asked;
  phone: string | null;
  status: string;
  calls: Made[];
}

/** What becomes of people who were spoken to: of late, much is still open. */
const fateOf = ({ random, until }: Scene, at: number): string =>
  until - at < 10 * DAY_MS ? random.weighted({ called: 5, quoted: 3, won: 2 }) : random.weighted({ won: 40, completed: 12, quoted: 8, lost: 26, called: 14 });

const scoreOf = ({ random }: Scene): { score: number; record: object } => {
  const parts = { urgency: random.whole(15, 98), budget: random.whole(20, 90), fit: random.whole(30, 99) };
  const score = Math.round(parts.urgency * 0.4 + parts.budget * 0.2 + parts.fit * 0.4);
  const judged = (value: number, evidence: string) => ({ score: value, evidence, supported: true });
  const judgement = { urgency: judged(parts.urgency, "They want it done this week."), budget: judged(parts.budget, "A price is named."), fit: judged(parts.fit, "The work is among our services.") };
  return { score, record: { judgement, rules: [], band: score >= 70 ? "hot" : score >= 40 ? "warm" : "cold", digest: null, model: "gemini-2.5-flash", prompt_version: 1, unanswered: 0 } };
};

const leadAt = (scene: Scene, at: number): SeededLead => {
  const { business, random, tenantId, until } = scene;
  const name = `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
  const source = random.weighted(business.sources);
  const service = random.pick(business.services);
  const asked: Asked = { id: idAt("ent", at, random), at, source, name, service, message: random.pick(service.asks) };
  const isSpam = random.chance(0.04);
  const hasPhone = !isSpam && random.chance(source === "sniper" ? 0.5 : source === "phone" ? 1 : 0.95);
  const phone = hasPhone ? `${business.dialCode}${random.whole(200_000, 999_999)}` : null;
  const calls: Made[] = [];
  // A found lead is rung only where it looks good.
  if (phone !== null && (source !== "sniper" || random.chance(0.6))) {
    calls.push(makeCall(scene, asked, at));
    const again = Math.round(at + random.around(3 * 3_600_000, 0.7));
    if (calls[0]?.end !== "connected" && source !== "phone" && again < until && random.chance(0.6)) calls.push(makeCall(scene, asked, again));
  }
  const isReached = calls.some(({ end }) => end === "connected");
  const status = isSpam ? "spam" : isReached ? fateOf(scene, at) : calls.length > 0 ? (until - at < 20 * DAY_MS || random.chance(0.5) ? "no_answer" : "lost") : phone === null && source !== "sniper" ? (until - at < 14 * DAY_MS ? "needs_contact" : "lost") : source === "sniper" && until - at < 14 * DAY_MS ? "new" : "lost";
  const found = source === "sniper" ? scoreOf(scene) : null;
  const amount = status === "won" || status === "completed" ? Math.round(random.around(service.amount, 0.35) / 10) * 10 : null;
  const changed = Math.min(until, at + (amount === null ? 60_000 : Math.round(random.around(4 * DAY_MS, 0.5))));
  const first = name.split(" ")[0]?.toLowerCase() ?? "";
  const metadata = {
    status, source, project_id: business.projectId, service: service.name, suburb: random.pick(business.suburbs), message: isSpam ? "Grow your traffic with our SEO offer" : asked.message,
    ...(phone === null ? {} : { phone }), ...(source === "phone" || source === "sniper" ? {} : { email: `${first}.${random.hex(4)}@example.com` }), ...(amount === null ? {} : { amount }),
    ...(source === "google_ads" ? { campaign_id: `${business.niche}-${random.whole(1, 3)}` } : {}),
    ...(found === null ? {} : { score: found.score, scoring: { ...found.record, at: new Date(at + 60_000).toISOString(), run_id: idAt("run", at, random) }, platform: random.pick(["neighbourly", "reddit", "gumtree"]), source_url: `https://boards.example/${random.hex(8)}` }),
    ...(found !== null && calls[0] !== undefined ? { acted: { how: "call", call_id: String(calls[0].row["id"]), at: new Date(at + 90_000).toISOString() } } : {}),
  };
  const row: Row = { id: asked.id, tenant_id: tenantId, project_id: business.projectId, entity_type: "lead", name, primary_contact: phone ?? ("email" in metadata ? String(metadata.email) : ""), metadata: JSON.stringify(metadata), created_at: at, updated_at: changed };
  return { row, asked, phone, status, calls };
};

/** A year of a business's leads with their calls, oldest first. */
export const makeLeads = (scene: Scene): SeededLead[] => arrivals(scene.business, scene.until, scene.random).map((at) => leadAt(scene, at));
