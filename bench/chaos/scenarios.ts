import { setTimeout as sleep } from "node:timers/promises";
import type { World } from "./world.ts";

export interface Scenario {
  name: string;
  /** What is done while forms come in, for the table. */
  what: string;
  /** Begins with the first form; what it breaks is mended when it resolves. `ms` is how long forms come in. */
  run: (world: World, ms: number) => Promise<void>;
}

/** A vendor or binding fails from a fifth of the time on until all forms are sent. */
const meanwhile = (begin: (world: World) => unknown, end: (world: World) => unknown) => async (world: World, ms: number): Promise<void> => {
  await sleep(ms / 5);
  await begin(world);
  await sleep((ms * 4) / 5);
  await end(world);
};

const twilio = (faults: object, mended: object) =>
  meanwhile(({ standIn }) => standIn.sandbox.setTwilioFaults(faults), ({ standIn }) => standIn.sandbox.setTwilioFaults(mended));
const callsFail = (fault: object) => twilio({ calls: fault }, { calls: null });
const gemini = (fault: object) => meanwhile(({ standIn }) => standIn.sandbox.setGeminiFaults({ generate: fault }), ({ standIn }) => standIn.sandbox.setGeminiFaults({ generate: null }));
const binding = (name: "database" | "storage" | "queue") => meanwhile(async (world) => world.fail([name]), async (world) => world.fail([]));

export const SCENARIOS: readonly Scenario[] = [
  { name: "calm", what: "nothing", run: async () => Promise.resolve() },
  {
    name: "killed", what: "the Worker is killed with SIGKILL twice, and started again on what it had stored",
    run: async (world, ms) => {
      for (const _ of [1, 2]) {
        await sleep(ms / 3);
        await world.crash();
      }
    },
  },
  {
    name: "killed-while-twilio-fails", what: "the same, while Twilio answers 503",
    run: async (world, ms) => {
      world.standIn.sandbox.setTwilioFaults({ calls: { mode: "before", status: 503 } });
      for (const _ of [1, 2]) {
        await sleep(ms / 3);
        await world.crash();
      }
      world.standIn.sandbox.setTwilioFaults({ calls: null });
    },
  },
  { name: "twilio-slow", what: "Twilio takes 3 s to answer", run: callsFail({ delay_ms: 3_000 }) },
  { name: "twilio-503", what: "Twilio answers 503", run: callsFail({ mode: "before", status: 503 }) },
  { name: "twilio-429", what: "Twilio answers 429, Retry-After 2", run: callsFail({ mode: "before", status: 429, retry_after_s: 2 }) },
  { name: "twilio-lies", what: "Twilio makes twenty calls and cuts its answers off", run: callsFail({ mode: "after", status: "destroy", times: 20 }) },
  { name: "twilio-silent", what: "Twilio makes ten calls and never answers", run: callsFail({ mode: "after", status: "hang", times: 10 }) },
  { name: "callbacks-lost", what: "no `initiated`, `ringing` or `answered` arrives", run: twilio({ callbacks: { drop: ["initiated", "ringing", "answered"] } }, { callbacks: null }) },
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
    run: async (world, ms) => {
      await sleep(ms / 3);
      await world.crash({ APEX_CLOCK_OFFSET_S: "600" });
      await sleep(ms / 3);
      await world.crash({ APEX_CLOCK_OFFSET_S: "0" });
    },
  },
];
