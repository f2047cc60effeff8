import { and, eq, sql } from "drizzle-orm";
import type { z } from "zod";
import type { Database } from "../database.ts";
import { sweep_marks } from "../schema.ts";

/**
 * How far a long walk has come, in a row of its own. Two sweeps may walk at once, since one may last longer than the minute: a step counts only for
 * whoever moves the mark from where both have found it.
 */
export const markOf = <Schema extends z.ZodType>(db: Database, name: string, schema: Schema) => {
  const own = eq(sweep_marks.name, name);
  return {
    async read(): Promise<{ value: z.infer<Schema>; text: string } | null> {
      const row = await db.select({ position: sweep_marks.position }).from(sweep_marks).where(own).get();
      return row ? { value: schema.parse(JSON.parse(row.position)), text: row.position } : null;
    },
    /** @param from the text that was read; null: there was none. @returns false when somebody else has moved it meanwhile */
    async move(from: string | null, to: z.infer<Schema>): Promise<boolean> {
      const position = JSON.stringify(to);
      const moved =
        from === null
          ? await db.insert(sweep_marks).values({ name, position }).onConflictDoNothing().returning({ name: sweep_marks.name })
          : await db.update(sweep_marks).set({ position }).where(and(own, sql`${sweep_marks.position} = ${from}`)).returning({ name: sweep_marks.name });
      return moved.length > 0;
    },
    /** As a statement of a batch. */
    moving: (to: z.infer<Schema>) => db.update(sweep_marks).set({ position: JSON.stringify(to) }).where(own),
    removing: () => db.delete(sweep_marks).where(own),
  };
};
