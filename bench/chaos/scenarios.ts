import { setTimeout as sleep } from "node:timers/promises";
import type { Binding, World } from "./world.ts";

/** How long forms come in, and how long a binding fails, ms. */
export interface Spans {
  formsMs: number;
  outageMs: number;
}

export interface Scenario {
  name: string;
  /** What is done while forms come in, for the table. */
  what: string;
  /** Begins with the first form; what it breaks is mended when it resolves. */
  run: (world: World, spans: Spans) => Promise<void>;
}

/** Something fails from a fifth of the time on, while forms come in: until the last is sent, or for as long as `lasts` says. */
const meanwhile =
  (begin: (world: World) => unknown, end: (world: World) => unknown, lasts = ({ formsMs }: Spans): number => (formsMs * 4) / 5) =>
  async (world: World, spans: Spans): Promise<void> => {
    await sleep(spans.formsMs / 5);
    await begin(world);
    await sleep(lasts(spans));
    await end(world);
  };

const twilio = (faults: object, mended: object) =>
  meanwhile(({ standIn }) => standIn.sandbox.setTwilioFaults(faults), ({ standIn }) => standIn.sandbox.setTwilioFaults(mended));
const callsFail = (fault: object) => twilio({ calls: fault }, { calls: null });
const gemini = (fault: object) => meanwhile(({ standIn }) => standIn.sandbox.setGeminiFaults({ generate: fault }), ({ standIn }) => standIn.sandbox.setGeminiFaults({ generate: null }));
const binding = (name: Binding) => meanwhile(async (world) => world.fail([name]), async (world) => world.fail([]), ({ outageMs }) => outageMs);

const killTwice = async (world: World, { formsMs }: Spans): Promise<void> => {
  for (const _ of [1, 2]) {
    await sleep(formsMs / 3);
    await world.crash();
  }
};

const TEN_MINUTES_S = 600;

export const SCENARIOS: readonly Scenario[] = [
  { name: "calm", what: "nothing", run: async () => Promise.resolve() },
  { name: "killed", what: "the Worker is killed with SIGKILL twice, and started again on what it had stored", run: killTwice },
  {
    name: "killed-while-twilio-fails", what: "the same, while Twilio answers 503",
    run: async (world, spans) => {
      world.standIn.sandbox.setTwilioFaults({ calls: { mode: "before", status: 503 } });
      await killTwice(world, spans);
      world.standIn.sandbox.setTwilioFaults({ calls: null });
    },
  },
  { name: "twilio-slow", what: "Twilio takes 3 s to answer", run: callsFail({ delay_ms: 3_000 }) },
  { name: "twilio-503", what: "Twilio answers 503", run: callsFail({ mode: "before", status: 503 }) },
  { name: "twilio-429", what: "Twilio answers 429, Retry-After 2", run: callsFail({ mode: "before", status: 429, retry_after_s: 2 }) },
  { name: "twilio-lies", what: "Twilio makes twenty calls and cuts its answers off", run: callsFail({ mode: "after", status: "destroy", times: 20 }) },
  { name: "twilio-silent", what: "Twilio makes ten calls and never answers", run: callsFail({ mode: "after", status: "hang", times: 10 }) },
  { name: "callbacks-lost", what: "no `initiated`, `ringing` or `answered` arrives", run: twilio({ callbacks: { drop: ["initiated", "ringing", "answered"] } }, { callbacks: null }) },
  { name: "ends-lost", what: "no `completed` arrives: that a call is over is not told", run: twilio({ callbacks: { drop: ["completed"] } }, { callbacks: null }) },
  { name: "callbacks-twice", what: "each callback comes three times, pairs in reverse", run: twilio({ callbacks: { duplicate: 2, shuffle: true } }, { callbacks: null }) },
  { name: "model-down", what: "Gemini answers 503", run: gemini({ kind: "503" }) },
  { name: "model-over-quota", what: "Gemini answers 429, RetryInfo 2 s", run: gemini({ kind: "429", retry_delay_s: 2 }) },
  { name: "model-blocked", what: "Gemini blocks 20 answers", run: gemini({ kind: "blocked", times: 20 }) },
  { name: "model-truncated", what: "Gemini cuts 20 answers off", run: gemini({ kind: "max_tokens", times: 20 }) },
  { name: "database-fails", what: "every use of D1 throws", run: binding("database") },
  { name: "storage-fails", what: "every use of R2 throws", run: binding("storage") },
  { name: "queue-fails", what: "no queue takes a message", run: binding("queue") },
  {
    name: "clock-jumps", what: "the clock jumps ten minutes ahead and then back, each with a kill",
    run: async (world, { formsMs }) => {
      await sleep(formsMs / 3);
      await world.crash(TEN_MINUTES_S);
      await sleep(formsMs / 3);
      await world.crash(0);
    },
  },
];
