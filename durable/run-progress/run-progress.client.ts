import { proxyDurable } from "itty-durable";
import { type Progress, progressSchema } from "./run-progress.object.ts";

interface IttyProxy {
  get(name: string): { report(progress: Progress): Promise<unknown>; read(): Promise<unknown> };
}

/** The object's name carries the tenant: a run's id alone opens nothing. */
const nameOf = ({ tenant_id, id }: { tenant_id: string; id: string }): string => `${tenant_id}/${id}`;

/** The typed way to a run's progress. A stub of itty-durable is never awaited or returned: its proxy answers to `.then` as well. */
export const createRunProgressClient = ({ namespace }: { namespace: unknown }) => {
  const objects: IttyProxy = proxyDurable(namespace, { parse: true });
  return {
    async report(run: { tenant_id: string; id: string }, progress: Progress): Promise<void> {
      await objects.get(nameOf(run)).report(progress);
    },
    /** Null when nothing readable comes back; progress is worth no error. */
    async read(run: { tenant_id: string; id: string }): Promise<Progress | null> {
      const parsed = progressSchema.safeParse(await objects.get(nameOf(run)).read());
      return parsed.success ? parsed.data : null;
    },
  };
};

export type RunProgressClient = ReturnType<typeof createRunProgressClient>;
