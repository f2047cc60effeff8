import type { Clock } from "../../core/clock.ts";
import { describeError } from "../../core/errors.ts";
import { type JobMessage, QUEUE_PATIENCE_MS } from "../../core/kernel/jobs.ts";
import { logger } from "../../core/log.ts";
import { systemActor } from "../../core/memory/actor.ts";
import type { Memory, TenantMemory } from "../../core/memory/memory.ts";

const log = logger("webhooks");

const TENANTS_A_SWEEP = 100;
/** For so long an isolate takes a tenant for one that nobody listens to: what comes meanwhile the sweep sends. */
const NOBODY_FOR_MS = 60_000;
const MOST_REMEMBERED = 10_000;

export interface CouriersTools {
  memory: Memory;
  /** Where no batch stands before it: of what is to happen soon, as the agent says of itself. */
  queue: Pick<Queue<JobMessage>, "send">;
  clock: Pick<Clock, "now">;
}

/** Opens the runs that send what is due at webhook endpoints. None of it fails: what is not opened now is opened by the sweep. */
export const createCouriers = ({ memory, queue, clock }: CouriersTools) => {
  const nobodyUntil = new Map<string, number>();

  const open = async (store: TenantMemory): Promise<void> => {
    try {
      for (const { id, tenant_id, attempts } of await store.webhookEndpoints.openCouriers(QUEUE_PATIENCE_MS)) await queue.send({ tenant_id, run_id: id, attempts, soon: true });
    } catch (error) {
      log.warn("couriers not opened; the sweep will", { tenant_id: store.tenantId, error: describeError(error) });
    }
  };

  return {
    open,

    /** Something of this tenant's has changed. Costs a tenant without endpoints one look a minute. */
    async soon(tenantId: string): Promise<void> {
      if ((nobodyUntil.get(tenantId) ?? 0) > clock.now()) return;
      const store = memory.for(tenantId, systemActor("webhooks"));
      if (await store.webhookEndpoints.any().catch(() => false)) return open(store);
      if (nobodyUntil.size >= MOST_REMEMBERED) nobodyUntil.clear();
      nobodyUntil.set(tenantId, clock.now() + NOBODY_FOR_MS);
    },

    /** For the sweep: whoever has something due. */
    async openAll(): Promise<void> {
      const due = await Promise.all(memory.housekeepings.map(async (one) => one.webhookTenants(TENANTS_A_SWEEP)));
      for (const tenantId of due.flat()) await open(memory.for(tenantId, systemActor("webhooks")));
    },
  };
};

export type Couriers = ReturnType<typeof createCouriers>;
