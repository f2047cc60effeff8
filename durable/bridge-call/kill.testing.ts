import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { vi } from "vitest";
import type { WireRequest } from "../../test/support/twilio-wire.ts";
import type { BridgeCallObject } from "./bridge-call.object.ts";
import type { BridgeCallState } from "./bridge-call.types.ts";
import type { Effect, TextPurpose } from "./effect.types.ts";
import { type Performer, performers } from "./effects.ts";
import type { CallEvent } from "./event.types.ts";
import type { Telephones } from "./telephones.testing.ts";

/** Every effect that a call can have, by what it does. */
export type EffectName = Exclude<Effect["kind"], "redirect" | "sms"> | `redirect ${Extract<Effect, { kind: "redirect" }>["to"]}` | `sms ${TextPurpose}`;

export const nameOf = (effect: Effect): EffectName => {
  if (effect.kind === "redirect") return `redirect ${effect.to}`;
  return effect.kind === "sms" ? `sms ${effect.purpose}` : effect.kind;
};

/** Where a life of the object ends. "during": the world has done it, and its answer is lost with us. */
export const CUTS = ["before", "during", "after"] as const;
export type Cut = (typeof CUTS)[number];

/** Whether this request is how that effect is done. */
const isAskedBy = (effect: Effect, { method, path, form }: WireRequest): boolean => {
  if (method !== "POST") return false;
  switch (effect.kind) {
    case "dial":
      return path.endsWith("/Calls.json") && form.get("To") === effect.phone;
    case "sms":
      return path.endsWith("/Messages.json") && form.get("To") === effect.to && form.get("Body") === effect.body;
    case "hang_up":
      return path.endsWith(`/Calls/${effect.sid}.json`) && form.has("Status");
    case "redirect":
      return path.endsWith(`/Calls/${effect.sid}.json`) && form.has("Url");
    case "start_recording":
      return path.endsWith(`/Calls/${effect.sid}/Recordings.json`);
    default:
      return false;
  }
};

/** Somebody who waits for this waits until they are killed. */
const never = async (): Promise<never> => new Promise(() => undefined);

/** Watches what objects perform, and stops them where they are to be killed. The effects themselves are the real ones. */
export class Reaper {
  /** Says where an effect that begins is to be cut; null: nowhere. */
  #choose: (effect: Effect) => Cut | null = () => null;
  #unanswered: Effect | null = null;
  #running = 0;
  #stuck = 0;
  #life = 0;
  readonly performed: EffectName[] = [];

  watch(): void {
    for (const kind of Object.keys(performers) as Effect["kind"][]) {
      const original: Performer["perform"] = performers[kind];
      vi.spyOn(performers, kind).mockImplementation((async (tools, plan, effect, begunBefore) => this.#attend(effect, async () => original(tools, plan, effect, begunBefore))) satisfies Performer["perform"]);
    }
  }

  /** A new story. */
  begin(choose: (effect: Effect) => Cut | null): void {
    this.#choose = choose;
    this.performed.length = 0;
    this.buried();
  }

  /** For whoever stands in on the wire: waits for ever where the answer is to be lost. */
  async holdAnswer(request: WireRequest): Promise<void> {
    if (this.#unanswered !== null && isAskedBy(this.#unanswered, request)) await this.#stop();
  }

  /** Nothing moves any more in the object but what waits to be killed. */
  get isQuiet(): boolean {
    return this.#running === this.#stuck;
  }

  get isDue(): boolean {
    return this.#stuck > 0;
  }

  buried(): void {
    this.#life += 1;
    [this.#running, this.#stuck, this.#unanswered] = [0, 0, null];
  }

  async #attend(effect: Effect, perform: () => Promise<CallEvent[]>): Promise<CallEvent[]> {
    const life = this.#life;
    this.#running += 1;
    const cut = this.#choose(effect);
    if (cut === "before") return this.#stop();
    if (cut === "during") this.#unanswered = effect;
    try {
      const events = await perform();
      if (cut === "after") return await this.#stop();
      this.performed.push(nameOf(effect));
      return events;
    } finally {
      if (life === this.#life) this.#running -= 1;
    }
  }

  async #stop(): Promise<never> {
    this.#stuck += 1;
    return never();
  }
}

export interface StoredRow {
  state: BridgeCallState;
  /** Whether the object still has something to do for it. */
  active: boolean;
}

const read = async (stub: DurableObjectStub<BridgeCallObject>, callId: string): Promise<{ row: StoredRow | null; alarm: number | null }> =>
  runInDurableObject(stub, async (_, { storage }) => {
    const [row] = storage.sql.exec<{ state: string; active: number }>("SELECT state, active FROM call WHERE call_id = ?", callId).toArray();
    return { row: row ? { state: JSON.parse(row.state) as BridgeCallState, active: row.active === 1 } : null, alarm: await storage.getAlarm() };
  });

/** As a crash does it: at once, and nothing that was under way goes on. (Evicting waits for what is under way.) */
const kill = async (stub: DurableObjectStub<BridgeCallObject>): Promise<void> => {
  await runInDurableObject(stub, (_, state) => {
    state.abort("killed");
  }).catch(() => undefined);
};

const MOST_STEPS = 1_000;

export interface Story {
  /** A fresh stub each time: one to a killed object is of no use any more. */
  objectOf: () => DurableObjectStub<BridgeCallObject>;
  callId: string;
  phones: Telephones;
  reaper: Reaper;
  /** What happens while it is dead. */
  onKill?: () => void;
}

/**
 * Lets a call live until it is over for good: telephones first, then the object's own alarm, to which the clock jumps. A new
 * life begins with whatever comes to the object next.
 * @returns its last state, and how many lives it took
 */
export const live = async ({ objectOf, callId, phones, reaper, onKill = () => undefined }: Story): Promise<{ state: BridgeCallState; lives: number }> => {
  let lives = 1;
  for (let step = 0; step < MOST_STEPS; step++) {
    await vi.waitUntil(() => reaper.isQuiet, { timeout: 10_000, interval: 2 });
    if (reaper.isDue) {
      await kill(objectOf());
      reaper.buried();
      onKill();
      lives += 1;
      continue;
    }
    if (await phones.step()) continue;
    const { row, alarm } = await read(objectOf(), callId);
    if (row?.active === false) return { state: row.state, lives };
    if (alarm === null) {
      // D1 is being told of the last change; whoever else sleeps now sleeps for ever.
      await vi.waitUntil(async () => (await read(objectOf(), callId)).row?.active === false, { timeout: 5_000, interval: 10 });
      continue;
    }
    vi.setSystemTime(Math.max(Date.now(), alarm + 1));
    await runDurableObjectAlarm(objectOf());
  }
  throw new Error("the call does not come to its end");
};
