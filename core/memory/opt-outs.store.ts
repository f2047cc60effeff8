import { and, eq, inArray } from "drizzle-orm";
import { isClosed } from "./closed-tenant.ts";
import { auditIfChanged, type Database, type Scope } from "./database.ts";
import { opt_outs, tenants } from "./schema.ts";

export type Channel = "call" | "sms";

/** A person who is not to be contacted by a channel: they said so, or what is sent to them does not arrive. */
export interface Suppression {
  phone: string;
  channel: Channel;
  kind: "opt_out" | "undeliverable";
  /** Business time in ms. */
  since: number;
}

/** What D1 knows that decides about a contact. */
export interface Standing {
  suppressed: Suppression[];
  /** The tenant is closed: nobody is contacted for it. */
  suspended: boolean;
}

const suppressionColumns = { phone: opt_outs.phone, channel: opt_outs.channel, kind: opt_outs.kind, since: opt_outs.created_at };

/** The standing of these phones (E.164) with a tenant by one statement, for whoever reads it in a batch of their own. @see readStanding */
export const standingRows = (db: Database, tenantId: string, phones: string[]) =>
  db
    .select({ closed: isClosed, suppression: suppressionColumns })
    .from(tenants)
    .leftJoin(opt_outs, and(eq(opt_outs.tenant_id, tenants.id), inArray(opt_outs.phone, phones)))
    .where(eq(tenants.id, tenantId));

/** One row for the tenant at least, and one for each suppression. */
export const readStanding = (rows: Awaited<ReturnType<typeof standingRows>>): Standing => ({ suppressed: rows.flatMap(({ suppression }) => suppression ?? []), suspended: rows.some(({ closed }) => closed === 1) });

export const createOptOutsStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const isRow = (phone: string, channel: Channel) => and(eq(opt_outs.tenant_id, tenantId), eq(opt_outs.phone, phone), eq(opt_outs.channel, channel));
  return {
    /** Which of these phones (E.164) are not to be contacted, on which channel. */
    async among(phones: string[]): Promise<Suppression[]> {
      return db
        .select(suppressionColumns)
        .from(opt_outs)
        .where(and(eq(opt_outs.tenant_id, tenantId), inArray(opt_outs.phone, phones)))
        .all();
    },

    standing: async (phones: string[]): Promise<Standing> => readStanding(await standingRows(db, tenantId, phones)),

    /**
     * The person said stop.
     * @returns whether that was new; so a stop that is heard twice is confirmed once
     */
    async add(phone: string, channel: Channel, reason: string): Promise<boolean> {
      const row = { tenant_id: tenantId, phone, channel, reason, kind: "opt_out" as const, created_at: clock.now() };
      const [stored] = await db.batch([
        db
          .insert(opt_outs)
          .values(row)
          .onConflictDoUpdate({
            target: [opt_outs.tenant_id, opt_outs.phone, opt_outs.channel],
            set: { reason, kind: row.kind, created_at: row.created_at },
            // What a person said is stronger than what the network said, and the first time they said it stands.
            setWhere: eq(opt_outs.kind, "undeliverable"),
          }),
        auditIfChanged(scope, "opt_out.added", `channel:${channel}`, { reason }),
      ]);
      return stored.meta.changes > 0;
    },

    /** The person said start. @returns whether they had been opted out */
    async remove(phone: string, channel: Channel, reason: string): Promise<boolean> {
      const [removed] = await db.batch([
        db.delete(opt_outs).where(and(isRow(phone, channel), eq(opt_outs.kind, "opt_out"))),
        auditIfChanged(scope, "opt_out.removed", `channel:${channel}`, { reason }),
      ]);
      return removed.meta.changes > 0;
    },

    /** What was sent to this phone cannot arrive there (Twilio's 21614, 30006). Leaves an opt-out as it is. */
    async markUndeliverable(phone: string, channel: Channel, reason: string): Promise<void> {
      await db.batch([
        db.insert(opt_outs).values({ tenant_id: tenantId, phone, channel, reason, kind: "undeliverable", created_at: clock.now() }).onConflictDoNothing(),
        auditIfChanged(scope, "opt_out.undeliverable", `channel:${channel}`, { reason }),
      ]);
    },
  };
};
