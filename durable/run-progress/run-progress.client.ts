import { proxyDurable } from "itty-durable";
import { type Progress, progressSchema } from "./run-progress.object.ts";

interface IttyProxy {
  get(name: string): { report(progress: Progress): Promise<unknown>; read(): Promise<unknown> };
}

/** The typed way to a run's progress. A stub of itty-durable is never awaited or returned: its proxy answers to `.then` as well. */
export const createRunProgressClient = ({ namespace }: { namespace: unknown }) => {
  const objects: IttyProxy = proxyDurable(namespace, { parse: true });
  return {
    async report(runId: string, progress: Progress): Promise<void> {
      await objects.get(runId).report(progress);
    },
    /** Null when nothing readable comes back; progress is worth no error. */
    async read(runId: string): Promise<Progress | null> {
      const parsed = progressSchema.safeParse(await objects.get(runId).read());
      return parsed.success ? parsed.data : null;
    },
  };
};

export type RunProgressClient = ReturnType<typeof createRunProgressClient>;
