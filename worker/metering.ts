import { systemActor } from "../core/memory/actor.ts";
import { describeError } from "../core/errors.ts";
import { logger } from "../core/log.ts";
import type { MeteredItem } from "../core/memory/metering.store.ts";
import { seekRecordings, type SeekTools } from "./seek-recordings.ts";
import type { Services } from "./services.ts";

const log = logger("metering");

/** Twilio's last word on a call or text comes within minutes of its end; what comes later is too late for the ledger. */
const CALLS_REST_MS = 120_000;
const TEXTS_REST_MS = 3_600_000;
const BOOKED_A_ROUND = 500;
const ROUNDS_A_SWEEP = 10;

const byTenant = (rows: readonly { id: string; tenant_id: string }[]): Map<string, string[]> => {
  const groups = new Map<string, string[]>();
  for (const { id, tenant_id } of rows) groups.set(tenant_id, [...(groups.get(tenant_id) ?? []), id]);
  return groups;
};

/** In place of their estimates. First of all, since it may be repeated: who dies before the ledger has them comes here again. */
const settle = async (limiters: Services["rateLimiter"], tenantId: string, ids: readonly string[], items: readonly MeteredItem[]): Promise<void> => {
  const costs = new Map(ids.map((id) => [id, 0]));
  for (const { id, cost_micros } of items) costs.set(id, (costs.get(id) ?? 0) + cost_micros);
  // The ledger does not wait for it: then the cap goes on by the estimates.
  await limiters.for(tenantId).settle([...costs].map(([id, micros]) => ({ id, micros }))).catch((error: unknown) => log.error("contacts not settled with the rate limiter", { tenant_id: tenantId, error: describeError(error) }));
};

/** Does it for each tenant. One that fails is noted, and keeps no other's out of the ledger. */
const forEachTenant = async (rows: readonly { id: string; tenant_id: string }[], failed: Set<string>, what: "calls" | "texts", work: (tenantId: string, ids: readonly string[]) => Promise<void>): Promise<void> => {
  for (const [tenantId, ids] of byTenant(rows)) {
    try {
      await work(tenantId, ids);
    } catch (error) {
      failed.add(tenantId);
      log.error("contacts not booked; the next sweep will", { tenant_id: tenantId, what, count: ids.length, error: describeError(error) });
    }
  }
};

/**
 * Looks at calls and texts that are over, each once: seeks recordings that nobody has told of, settles the caps on money, then books what was used
 * in their tenants' ledgers, which is what says that they have been looked at. What is not booked now is found by the next sweep; a tenant's whose
 * booking fails is left out for the rest of this one, since the oldest come first and it may have more than a round takes.
 */
export const closeContacts = async (services: Pick<Services, "memory" | "clock" | "rateLimiter"> & SeekTools): Promise<void> => {
  const { memory, clock, rateLimiter } = services;
  const failed = { calls: new Set<string>(), texts: new Set<string>() };
  for (let round = 0; round < ROUNDS_A_SWEEP; round += 1) {
    const calls = await memory.housekeeping.unmeteredCalls(clock.now() - CALLS_REST_MS, BOOKED_A_ROUND, [...failed.calls]);
    const texts = await memory.housekeeping.unmeteredTexts(clock.now() - TEXTS_REST_MS, BOOKED_A_ROUND, [...failed.texts]);
    await forEachTenant(calls, failed.calls, "calls", async (tenantId, ids) => {
      const store = memory.for(tenantId, systemActor("metering"));
      await seekRecordings(services, store, ids);
      const items = await store.metering.usedByCalls(ids);
      await settle(rateLimiter, tenantId, ids, items);
      await store.metering.bookCalls(ids, items);
    });
    await forEachTenant(texts, failed.texts, "texts", async (tenantId, ids) => {
      const { metering } = memory.for(tenantId, systemActor("metering"));
      const items = await metering.usedByTexts(ids);
      await settle(rateLimiter, tenantId, ids, items);
      await metering.bookTexts(ids, items);
    });
    if (calls.length < BOOKED_A_ROUND && texts.length < BOOKED_A_ROUND) return;
  }
};
