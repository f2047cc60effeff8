import { and, eq, isNull, sql } from "drizzle-orm";
import { linesOfCall, linesOfText } from "../usage/contacts.ts";
import { dayOf } from "../clock.ts";
import type { UsageLine } from "../usage/usage.types.ts";
import { listed, type Scope } from "./database.ts";
import { calls, entities, messages, projects, usage } from "./schema.ts";

/** What one call or text has used, and where it is booked. */
export interface MeteredItem extends UsageLine {
  id: string;
  day: string;
}

/**
 * Books calls and texts that are over, each once: the ledger grows by what those of the list have used that were not booked yet,
 * and they are marked in the same batch. Whoever comes second, or again after a crash, adds nothing.
 */
export const createMeteringStore = ({ db, tenantId, clock }: Scope) => {
  const book = async (table: typeof calls | typeof messages, ids: readonly string[], items: readonly MeteredItem[]): Promise<void> => {
    const isOpen = and(eq(table.tenant_id, tenantId), isNull(table.metered_at));
    const each = (field: keyof MeteredItem) => sql`item.value ->> ${field}`;
    await db.batch([
      db
        .insert(usage)
        .select(
          sql`SELECT ${tenantId}, ${table.project_id}, ${each("day")}, ${each("kind")}, ${each("detail")}, sum(${each("quantity")}), sum(${each("cost_micros")})
            FROM json_each(${JSON.stringify(items)}) AS item JOIN ${table} ON ${table.id} = ${each("id")} WHERE ${isOpen} GROUP BY 2, 3, 4, 5`,
        )
        .onConflictDoUpdate({
          target: [usage.tenant_id, usage.project_key, usage.day, usage.kind, usage.detail],
          set: { quantity: sql`${usage.quantity} + excluded.quantity`, cost_micros: sql`${usage.cost_micros} + excluded.cost_micros` },
        }),
      db.update(table).set({ metered_at: clock.now() }).where(and(isOpen, sql`${table.id} IN ${listed(ids)}`)),
    ]);
  };

  return {
    /** @param ids of all that were looked at: what used nothing is done with too */
    bookCalls: async (ids: readonly string[], items: readonly MeteredItem[]): Promise<void> => book(calls, ids, items),
    bookTexts: async (ids: readonly string[], items: readonly MeteredItem[]): Promise<void> => book(messages, ids, items),

    async usedByCalls(ids: readonly string[]): Promise<MeteredItem[]> {
      const rows = await db
        .select({
          id: calls.id, direction: calls.direction, canary: calls.canary, account_sid: calls.account_sid, received_at: calls.received_at, ended_at: calls.ended_at, duration_s: calls.duration_s, latency: calls.latency,
          country: projects.country, customer_phone: entities.phone,
        })
        .from(calls)
        .innerJoin(projects, eq(projects.id, calls.project_id))
        .leftJoin(entities, and(eq(entities.id, calls.lead_id), eq(entities.tenant_id, calls.tenant_id)))
        .where(and(eq(calls.tenant_id, tenantId), sql`${calls.id} IN ${listed(ids)}`))
        .all();
      return rows.flatMap(({ id, account_sid, ended_at, latency, ...row }) =>
        ended_at === null ? [] : linesOfCall({ ...row, ended_at, own_account: account_sid !== null, form_to_owner_answer_ms: latency.form_to_owner_answer_ms ?? null }).map((line): MeteredItem => ({ ...line, id, day: dayOf(ended_at) })),
      );
    },

    async usedByTexts(ids: readonly string[]): Promise<MeteredItem[]> {
      const rows = await db
        .select({ id: messages.id, direction: messages.direction, account_sid: messages.account_sid, status: messages.status, phone_to: messages.phone_to, body: messages.body, created_at: messages.created_at })
        .from(messages)
        .where(and(eq(messages.tenant_id, tenantId), sql`${messages.id} IN ${listed(ids)}`))
        .all();
      return rows.flatMap(({ id, account_sid, status, created_at, ...row }) => linesOfText({ ...row, own_account: account_sid !== null, failed: status === "failed" || status === "canceled" }).map((line): MeteredItem => ({ ...line, id, day: dayOf(created_at) })));
    },
  };
};
