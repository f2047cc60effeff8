import { Temporal } from "temporal-polyfill";
import { zoneOf } from "../../../core/dna/time-zone.ts";
import type { Dna } from "../../../core/dna/schema.ts";
import type { Entity } from "../../../core/memory/entities.store.ts";
import { publishedSchema } from "./target.ts";
import { withLease } from "./leases.ts";
import type { PublishContext } from "./targets.ts";

/*
 * The drip: at most so many pages a day go out for the first time, by the business's calendar. A page's day is written on the page before
 * it goes, so that it counts whatever happens then.
 */

/** When the pages of a day begin to go out. */
const MORNING = Temporal.PlainTime.from("09:00");

/** `2026-11-26`, on the business's wall. */
export const todayOf = (dna: Dna, nowMs: number): string => Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(zoneOf(dna)).toPlainDate().toString();
export const dayAfter = (day: string): string => Temporal.PlainDate.from(day).add({ days: 1 }).toString();
/** In ms since the epoch. */
export const morningOf = (dna: Dna, day: string): number => Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: zoneOf(dna), plainTime: MORNING }).epochMilliseconds;

/** The day of a page's first time in the world; null: never yet. */
const firstDayOf = (dna: Dna, { metadata }: Pick<Entity, "metadata">): string | null => {
  const states = Object.values(publishedSchema.safeParse(metadata.published).data ?? {});
  return states.length === 0 ? null : todayOf(dna, Math.min(...states.map(({ first_at }) => first_at)));
};
const wasOut = ({ metadata }: Pick<Entity, "metadata">): boolean => Object.keys(publishedSchema.safeParse(metadata.published).data ?? {}).length > 0;

const LIGHT = { without: ["evidence", "review", "content", "place", "secondary_keywords"] };

const usedOn = async ({ memory, project, dna }: PublishContext, day: string): Promise<number> => {
  let used = 0;
  for (const status of ["published", "passed"]) {
    for await (const rows of memory.keyed.each(project.id, "page", { status, ...LIGHT })) used += rows.filter((row) => (firstDayOf(dna, row) ?? row.metadata.publish_on) === day).length;
  }
  return used;
};

/**
 * Gives pages that were never out a place in today's number, in the order given. Two runs never share out the same places.
 * @returns the ids of those that may go today
 * @throws AppError 503 `publish_busy`
 */
export const takePlaces = async (context: PublishContext, pages: readonly Pick<Entity, "id" | "metadata">[]): Promise<Set<string>> => {
  const { memory, tools, project, dna, runId } = context;
  const { per_day } = dna.modules.local_seo.publishing;
  const today = todayOf(dna, tools.clock.now());
  const mayGo = new Set(pages.filter((page) => per_day === 0 || wasOut(page) || page.metadata.publish_on === today).map(({ id }) => id));
  const waiting = pages.filter(({ id }) => !mayGo.has(id));
  if (waiting.length === 0) return mayGo;
  return withLease({ memory, project_id: project.id, holder: runId }, `drip:${project.id}`, async () => {
    const free = per_day - (await usedOn(context, today));
    for (const { id } of waiting.slice(0, Math.max(0, free))) {
      if ((await memory.keyed.change(id, { set: { publish_on: today }, expect: { status: "passed" } })) !== null) mayGo.add(id);
    }
    return mayGo;
  });
};
