import { setTimeout as sleep } from "node:timers/promises";
import type { Binding, World } from "./world.ts";

/** How long forms come in, vendors fail, and bindings do, ms. */
export interface Spans {
  formsMs: number;
  faultMs: number;
  outageMs: number;
}

export interface Scenario {
  name: string;
  /** What is done while forms come in, for the table. */
  what: string;
  /** Begins with the first form. A vendor's fault that is still there when all has been judged is mended then. */
  run: (world: World, spans: Spans) => Promise<void>;
  /** Forms come in all the while that it is broken, at a rate that lasts so long. */
  throughout?: true;
  /** Some things wait so long until they go on; 0 when left out. */
  latenessMs?: number;
}

type Step = (world: World) => unknown;

/** How long forms come in before something begins to fail that forms come in throughout, and after it. */
export const BEFORE_AND_AFTER_MS = 1_000;

/** From a fifth of the forms' time on, or from when it is said, something fails, for as long as `lasts` says. */
const forAWhile =
  (begin: Step, end: Step, lasts: (spans: Spans) => number, from = ({ formsMs }: Spans): number => formsMs / 5) =>
  async (world: World, spans: Spans): Promise<void> => {
    await sleep(from(spans));
    await begin(world);
    await sleep(lasts(spans));
    await end(world);
  };

/** From then on it fails to the end, or until it has failed as often as it says itself: however slow a machine is, something meets it. */
const fromThenOn =
  (begin: Step) =>
  async (world: World, { formsMs }: Spans): Promise<void> => {
    await sleep(formsMs / 5);
    await begin(world);
  };

const twilio = (faults: object) => fromThenOn(({ standIn }) => standIn.sandbox.setTwilioFaults(faults));
const gemini = (fault: object) => fromThenOn(({ standIn }) => standIn.sandbox.setGeminiFaults({ generate: fault }));
const callsFailForAWhile = (fault: object) =>
  forAWhile(({ standIn }) => standIn.sandbox.setTwilioFaults({ calls: fault }), ({ standIn }) => standIn.sandbox.setTwilioFaults({ calls: null }), ({ faultMs }) => faultMs);
/** Forms that come before, while and after it fails. */
const failing = (name: Binding) => ({
  throughout: true as const,
  run: forAWhile(async (world) => world.fail([name]), async (world) => world.fail([]), ({ outageMs }) => outageMs, () => BEFORE_AND_AFTER_MS),
});

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
  { name: "twilio-slow", what: "Twilio takes 3 s to answer", run: callsFailForAWhile({ delay_ms: 3_000 }) },
  { name: "twilio-503", what: "Twilio answers 503", run: callsFailForAWhile({ mode: "before", status: 503 }) },
  { name: "twilio-429", what: "Twilio answers 429, Retry-After 2", run: callsFailForAWhile({ mode: "before", status: 429, retry_after_s: 2 }) },
  { name: "twilio-lies", what: "Twilio makes twenty calls and cuts its answers off", run: twilio({ calls: { mode: "after", status: "destroy", times: 20 } }) },
  { name: "twilio-silent", what: "Twilio makes ten calls and never answers", run: twilio({ calls: { mode: "after", status: "hang", times: 10 } }) },
  { name: "callbacks-lost", what: "no `initiated`, `ringing` or `answered` arrives", run: twilio({ callbacks: { drop: ["initiated", "ringing", "answered"] } }) },
  { name: "ends-lost", what: "no `completed` arrives: that a call is over is not told", run: twilio({ callbacks: { drop: ["completed"] } }) },
  { name: "callbacks-twice", what: "each callback comes three times, pairs in reverse", run: twilio({ callbacks: { duplicate: 2, shuffle: true } }) },
  { name: "model-down", what: "Gemini answers 503 sixty times", run: gemini({ kind: "503", times: 60 }) },
  { name: "model-over-quota", what: "Gemini answers 429 sixty times, RetryInfo 2 s", run: gemini({ kind: "429", retry_delay_s: 2, times: 60 }) },
  { name: "model-blocked", what: "Gemini blocks 20 answers", run: gemini({ kind: "blocked", times: 20 }) },
  { name: "model-truncated", what: "Gemini cuts 20 answers off", run: gemini({ kind: "max_tokens", times: 20 }) },
  { name: "database-fails", what: "every use of D1 throws", ...failing("database") },
  { name: "storage-fails", what: "every use of R2 throws", ...failing("storage") },
  { name: "queue-fails", what: "no queue takes a message", ...failing("queue") },
  {
    name: "clock-jumps", what: "the clock jumps ten minutes ahead and then back, each with a kill",
    // A job that was claimed by the wrong clock is claimed until that time has come.
    latenessMs: TEN_MINUTES_S * 1000,
    run: async (world, { formsMs }) => {
      await sleep(formsMs / 3);
      await world.crash(TEN_MINUTES_S);
      await sleep(formsMs / 3);
      await world.crash(0);
    },
  },
];
