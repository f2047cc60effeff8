import type { Activity } from "../kit/activity.ts";
import { SandboxClosed, type Clock } from "../kit/clock.ts";
import type { EventLog } from "../kit/event-log.ts";
import type { CallbackTools } from "./callback-line.ts";
import type { Interpreter } from "./interpreter.ts";
import { ApplicationError, Interrupted, isOver, PersonHungUp, type DocumentSource, type FinalStatus, type Leg } from "./leg.ts";
import { detectMachine, type Detection } from "./machine-detection.ts";
import type { Recordings, RecordingWish } from "./recordings.ts";
import { ringResult, rings, SETUP_MS } from "./ringing.ts";
import type { Switchboard } from "./switchboard.ts";

export interface OutboundPlan {
  readonly source: DocumentSource;
  readonly timeoutMs: number;
  readonly detection: Detection | null;
  /** With the call's own `Record=true`. */
  readonly record: RecordingWish | null;
}

export interface RunnerTools {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly activity: Activity;
  readonly switchboard: Switchboard;
  readonly recordings: Recordings;
  readonly callbacks: CallbackTools;
}

/** From accepting a call to dialling it. */
const QUEUED_MS = 20;

/** Leads a call from its beginning to its end, whatever comes in between. */
export class CallRunner {
  readonly #tools: RunnerTools;
  /** Set by the composition, because Dial needs the runner to let go of a child. */
  interpreter: Interpreter | undefined;

  constructor(tools: RunnerTools) {
    this.#tools = tools;
  }

  startOutbound(leg: Leg, plan: OutboundPlan): void {
    this.#start(leg, () => this.#outbound(leg, plan));
  }

  startInbound(leg: Leg, source: DocumentSource): void {
    this.#start(leg, async () => {
      this.#tools.switchboard.setStatus(leg, "ringing");
      return await this.#documents(leg, source);
    });
  }

  /** Goes on with a leg that has left its Dial. */
  release(leg: Leg, source: DocumentSource): void {
    this.#start(leg, () => this.#documents(leg, source));
  }

  #start(leg: Leg, run: () => Promise<FinalStatus>): void {
    this.#tools.activity.track(this.#lead(leg, run));
  }

  async #lead(leg: Leg, run: () => Promise<FinalStatus>): Promise<void> {
    const { switchboard, log } = this.#tools;
    try {
      switchboard.end(leg, await run());
    } catch (error) {
      if (error instanceof SandboxClosed) return;
      if (error instanceof Interrupted) {
        const interruption = leg.control.take();
        switchboard.end(leg, leg.answeredAt === null && interruption?.kind === "end" ? "canceled" : "completed");
      } else if (error instanceof PersonHungUp) {
        switchboard.end(leg, leg.answeredAt === null ? "no-answer" : "completed");
      } else {
        const code = error instanceof ApplicationError ? error.code : 11200;
        const message = error instanceof Error ? error.message : String(error);
        const stack = error instanceof Error && !(error instanceof ApplicationError) ? error.stack : undefined;
        log.append("error", { code, message, call_sid: leg.sid, application_error: true, stack });
        switchboard.end(leg, "failed");
      }
    }
  }

  async #outbound(leg: Leg, plan: OutboundPlan): Promise<FinalStatus> {
    const { clock, switchboard, recordings, callbacks } = this.#tools;
    const settle = async (): Promise<void> => {
      if (clock.ordered) await leg.callbacks.drained();
    };
    await clock.wait(QUEUED_MS, leg.control.signal);
    switchboard.setStatus(leg, "initiated");
    await settle();
    await clock.wait(SETUP_MS, leg.control.signal);
    if (rings(leg)) switchboard.setStatus(leg, "ringing");
    await settle();
    const result = ringResult(leg, plan.timeoutMs);
    if (result.kind === "told") await leg.handset.next(leg.control.signal);
    else await clock.wait(result.atMs, leg.control.signal);
    if (result.kind === "ends") return result.status;
    switchboard.setStatus(leg, "in-progress");
    if (plan.record !== null) recordings.start(leg, plan.record);
    await settle();
    const { detection } = plan;
    return await this.#documents(leg, plan.source, async () => {
      if (detection !== null) await detectMachine(leg, detection, switchboard.tokenOf(leg), callbacks);
    });
  }

  async #documents(leg: Leg, first: DocumentSource, before: () => Promise<void> = () => Promise.resolve()): Promise<FinalStatus> {
    if (this.interpreter === undefined) throw new Error("The call runner has no interpreter");
    let source = first;
    let prepare = before;
    for (;;) {
      try {
        await prepare();
        const ending = await this.interpreter.run(leg, source, "call");
        if (ending.kind === "reject") return ending.status;
        if (ending.kind === "hangup") this.interpreter.answer(leg);
        // A caller who never got further than ringing was not answered.
        return leg.answeredAt === null ? "no-answer" : "completed";
      } catch (error) {
        if (!(error instanceof Interrupted) || isOver(leg)) throw error;
        prepare = () => Promise.resolve();
        const interruption = leg.control.take();
        if (interruption?.kind === "redirect") source = interruption.source;
        else return leg.answeredAt === null ? "canceled" : "completed";
      }
    }
  }
}
