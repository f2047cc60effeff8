import { createDurable } from "itty-durable";
import { z } from "zod";

export const progressSchema = z.object({ done: z.number(), total: z.number(), label: z.string() });
export type Progress = z.infer<typeof progressSchema>;

/** The part of itty-durable's untyped base that we use. */
type IttyBase = new (state: DurableObjectState, env: Cloudflare.Env) => { persist(): Promise<void> };

/**
 * How far a long run has come, for whoever watches it; named by tenant and run. Made with itty-durable, on purpose an object
 * on which no call and no lead depends: it has no RPC, keeps its state as one value and passes arguments in a header
 * (docs/design/decisions/0004). The run's own row stays the truth about its outcome.
 */
export class RunProgressObject extends (createDurable({ autoPersist: false, autoReturn: false }) as unknown as IttyBase) {
  progress: Progress = { done: 0, total: 0, label: "" };

  async report(progress: Progress): Promise<Progress> {
    this.progress = progressSchema.parse(progress);
    await this.persist();
    return this.progress;
  }

  read(): Progress {
    return this.progress;
  }
}
