import { sql } from "drizzle-orm";
import { foreignKey, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { Rollup } from "../../stats/rollup.ts";
import { projects } from "./projects.ts";
import { tenants } from "./tenants.ts";

const place = {
  tenant_id: text().notNull().references(() => tenants.id),
  /** Null: of no project. */
  project_id: text(),
  /** Since SQLite takes no two NULLs for the same. */
  project_key: text().generatedAlwaysAs(sql`(coalesce(project_id, ''))`, { mode: "virtual" }),
};

/** What a place's leads and calls of an hour, or of a day, add up to. An hour that is marked (`figure_marks`) has changed since, within its day too; a day goes when one of its hours is rolled up. */
export const figures = sqliteTable(
  "figures",
  {
    ...place,
    /** `hour`: of the clock of UTC. `day`: the hours that begin in a day of the business's own calendar. */
    grain: text({ enum: ["hour", "day"] }).notNull(),
    /** Hours since the epoch, the first one and the one after the last. */
    first_hour: integer().notNull(),
    end_hour: integer().notNull(),
    /** IANA name of the clock by which hours of the day were told. */
    zone: text().notNull(),
    /** The mark that an hour was counted for; "" for a day. */
    version: text().notNull(),
    rollup: text({ mode: "json" }).$type<Rollup>().notNull(),
    /** Of a day: its hours once more, by their numbers, for whoever asks for a part of it. Null where that would be too long for a row, and for an hour. */
    hours: text({ mode: "json" }).$type<Record<string, Rollup>>(),
  },
  (t) => [
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    uniqueIndex("figures_place").on(t.tenant_id, t.project_key, t.grain, t.first_hour),
  ],
);

/** Hours of which something has changed since they were rolled up, by triggers on entities and calls, in the transaction of the change. */
export const figure_marks = sqliteTable(
  "figure_marks",
  {
    ...place,
    hour: integer().notNull(),
    /** Another one with each change: whoever has counted before it does not take the mark away. */
    version: text().notNull(),
  },
  (t) => [
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    uniqueIndex("figure_marks_place").on(t.tenant_id, t.project_key, t.hour),
    index("figure_marks_hour").on(t.hour),
  ],
);
