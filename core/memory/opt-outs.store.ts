import { and, eq, inArray } from "drizzle-orm";
import { auditRow, type Scope } from "./database.ts";
import { audit, opt_outs } from "./schema.ts";

export type Channel = "call" | "sms";

export const createOptOutsStore = ({ db, tenantId, clock, actor }: Scope) => ({
  /** Which of these phones (E.164) said stop, on which channel. */
  async among(phones: string[]): Promise<{ phone: string; channel: Channel }[]> {
    return db
      .select({ phone: opt_outs.phone, channel: opt_outs.channel })
      .from(opt_outs)
      .where(and(eq(opt_outs.tenant_id, tenantId), inArray(opt_outs.phone, phones)))
      .all();
  },

  async add(phone: string, channel: Channel, reason: string): Promise<void> {
    await db.batch([
      db.insert(opt_outs).values({ tenant_id: tenantId, phone, channel, reason, created_at: clock.now() }).onConflictDoNothing(),
      db.insert(audit).values(auditRow({ clock, tenantId, actor }, "opt_out.added", `channel:${channel}`, { reason })),
    ]);
  },
});

export type OptOutsStore = ReturnType<typeof createOptOutsStore>;
