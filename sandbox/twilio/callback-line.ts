import type { Activity } from "../kit/activity.ts";
import type { Clock } from "../kit/clock.ts";
import type { TwilioFaults } from "./faults.ts";
import type { Webhook, Webhooks } from "./webhooks.ts";

export interface CallbackTools {
  readonly webhooks: Webhooks;
  readonly faults: TwilioFaults;
  readonly clock: Clock;
  readonly activity: Activity;
}

/**
 * The callbacks about one call, recording or message: sent one after another in
 * the order in which things happened, unless a fault says otherwise. The call does
 * not wait for them (a slow product must not slow the telephone network).
 */
export class CallbackLine {
  readonly #tools: CallbackTools;
  #tail: Promise<void> = Promise.resolve();
  #held: Webhook | undefined;
  #muted = false;

  constructor(tools: CallbackTools) {
    this.#tools = tools;
  }

  /** `event` is what faults know it by. */
  send(webhook: Webhook, event: string): void {
    const { faults } = this.#tools;
    if (this.#muted || faults.drops(event)) return;
    if (!faults.callbacks.shuffle && this.#held === undefined) {
      this.#queue(webhook);
    } else if (this.#held === undefined) {
      this.#held = webhook;
    } else {
      this.#queue(webhook);
      this.flush();
    }
  }

  /** Sends what waits for a partner to change places with. */
  flush(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#queue(held);
  }

  /** Nothing more is sent: what it was about has been forgotten. */
  mute(): void {
    this.#muted = true;
    this.#held = undefined;
  }

  /** All that was sent so far has been answered, has failed, or was delayed on purpose. */
  drained(): Promise<void> {
    return this.#tail;
  }

  #queue(webhook: Webhook): void {
    const { webhooks, faults, clock, activity } = this.#tools;
    const { duplicate, delay_ms } = faults.callbacks;
    const copies = async (): Promise<void> => {
      if (delay_ms > 0) await clock.waitReal(delay_ms);
      for (let copy = 0; copy <= duplicate; copy += 1) await webhooks.send(webhook).catch(alreadyLogged);
    };
    // A late callback must not keep back those behind it, or nothing would be out of order.
    const sent = delay_ms > 0 ? copies() : this.#tail.then(copies);
    activity.track(sent);
    const over = sent.catch(alreadyLogged);
    if (delay_ms === 0) this.#tail = over;
  }
}

/** Webhooks writes its failures into the log; nothing else is to be done about a lost callback. */
function alreadyLogged(): void {
  // nothing
}
