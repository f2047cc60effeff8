import { describeError } from "../core/errors.ts";
import { logger } from "../core/log.ts";
import { systemActor } from "../core/memory/actor.ts";
import type { Services } from "./services.ts";

const log = logger("housekeeping");

/** Seals what tenants have written to the audit log since the last sweep. One that cannot be sealed now is looked at again. */
export const sealAudit = async ({ memory }: Pick<Services, "memory">): Promise<void> => {
  const { tenants, last } = await memory.housekeeping.auditedTenants();
  if (last === null) return;
  let upTo = last;
  for (const { tenant_id, first } of tenants) {
    try {
      const { sealed, head } = await memory.for(tenant_id, systemActor("sealer")).auditChain.seal();
      // The log keeps the head where whoever could rewrite the database cannot reach it.
      if (sealed > 0) log.info("audit sealed", { tenant_id, rows: sealed, head });
    } catch (error) {
      upTo = Math.min(upTo, first - 1);
      log.error("audit not sealed", { tenant_id, error: describeError(error) });
    }
  }
  await memory.housekeeping.sealedUpTo(upTo);
};
