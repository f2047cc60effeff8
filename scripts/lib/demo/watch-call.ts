import type { Call, TimelineEntry } from "./api.ts";
import { labelOf, MILESTONES } from "./timeline.ts";

export type Outcome =
  /** The whole way: recorded, transcribed, analysed. */
  | { kind: "analysed"; call: Call }
  /** Over, and there was no conversation that could be analysed. */
  | { kind: "unconnected"; call: Call }
  /** Not there in time. `error`: why the last look at it failed, if it did. */
  | { kind: "overdue"; call: Call | null; error: string | null };

export interface WatchOptions {
  /** Looks at the call; null while there is none. What it throws counts as no news: the Worker may be starting anew. */
  look: () => Promise<Call | null>;
  /** Each entry of the timeline, once, as it appears. */
  onEntry: (entry: TimelineEntry, call: Call) => void;
  timeoutMs: number;
  /** Monotonic, in ms. */
  now: () => number;
  sleep: (ms: number) => Promise<void>;
}

const LOOK_EVERY_MS = 150;
/** The card to the owner follows the end of a call that reached nobody. */
const CARD_GRACE_MS = 3_000;
const CARD_NEWS = new Set(["sms_owner", "alert"]);

/** Follows one call over the API until it is analysed, is over without a conversation, or time is up. Never throws. */
export const watchCall = async ({ look, onEntry, timeoutMs, now, sleep }: WatchOptions): Promise<Outcome> => {
  const deadline = now() + timeoutMs;
  let seen = 0;
  let call: Call | null = null;
  let error: string | null = null;
  let unconnectedAt: number | null = null;
  for (;;) {
    try {
      call = (await look()) ?? call;
      error = null;
    } catch (failure) {
      error = failure instanceof Error ? failure.message : String(failure);
    }
    if (call !== null) {
      for (const entry of call.timeline.slice(seen)) onEntry(entry, call);
      seen = call.timeline.length;
      if (call.analysis !== null && call.timeline.some(({ event }) => event === "analysed")) return { kind: "analysed", call };
      if (call.status === "ended" && call.end_reason !== "connected") {
        unconnectedAt ??= now();
        const end = call.timeline.findIndex(({ event }) => event === "ended");
        if (call.timeline.slice(end).some(({ event }) => CARD_NEWS.has(event)) || now() - unconnectedAt >= CARD_GRACE_MS) return { kind: "unconnected", call };
      }
    }
    if (now() >= deadline) return { kind: "overdue", call, error };
    await sleep(LOOK_EVERY_MS);
  }
};

/** What a call that is overdue has not come to, e.g. "recorded, transcribed, analysed". */
export const missingSteps = (call: Pick<Call, "timeline"> | null): string => {
  const reached = new Set(call?.timeline.map(({ event }) => event));
  return MILESTONES.filter((event) => !reached.has(event)).map(labelOf).join(", ");
};
