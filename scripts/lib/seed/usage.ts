import type { Scene } from "./calls.ts";
import type { SeededLead } from "./leads.ts";
import type { Row } from "./sql.ts";

/** Micro-dollars a minute to a mobile, as the ledger's own prices are. */
const MINUTE_MICROS = { NZ: 100_000, AU: 75_000 } as const;

/** The ledger of a year's calls, texts and models, one row a day and kind. */
export const makeUsage = ({ tenantId, business, random }: Scene, leads: readonly SeededLead[], messages: readonly Row[]): Row[] => {
  const sums = new Map<string, { quantity: number; cost: number }>();
  const add = (ms: number, kind: string, detail: string, quantity: number, cost: number): void => {
    const key = [new Date(ms).toISOString().slice(0, 10), kind, detail].join("|");
    const sum = sums.get(key) ?? { quantity: 0, cost: 0 };
    sums.set(key, { quantity: sum.quantity + quantity, cost: sum.cost + cost });
  };
  const minute = MINUTE_MICROS[business.country];
  for (const { calls } of leads) {
    for (const { row, at, talkS } of calls) {
      const direction = row["direction"] === "inbound" ? "inbound" : "outbound";
      add(at, "calls", direction, 1, 0);
      add(at, "call_seconds", `${direction}:owner`, talkS + 20, Math.ceil((talkS + 20) / 60) * minute);
      if (talkS > 0) add(at, "call_seconds", `${direction}:${direction === "inbound" ? "caller" : "customer"}`, talkS, Math.ceil(talkS / 60) * (direction === "inbound" ? 8500 : minute));
      if (talkS === 0) continue;
      const tokens = 400 + talkS * 35;
      add(at, "model_input_tokens", "transcription:gemini-2.5-flash", tokens, Math.round(tokens * 0.3));
      add(at, "model_output_tokens", "transcription:gemini-2.5-flash", random.whole(300, 900), 1200);
    }
  }
  for (const text of messages) add(Number(text["created_at"]), "sms_segments", String(text["direction"]), text["direction"] === "out" ? 2 : 1, text["direction"] === "out" ? 2 * minute : 7500);
  return [...sums].map(([key, { quantity, cost }]) => {
    const [day = "", kind = "", detail = ""] = key.split("|");
    return { tenant_id: tenantId, project_id: business.projectId, day, kind, detail, quantity, cost_micros: cost };
  });
};
