import { and, eq, gt, gte, lt, type SQL, sql } from "drizzle-orm";
import { chunked } from "../chunked.ts";
import { grouped } from "../grouped.ts";
import { timeOf } from "../ids.ts";
import { hourAt, HOUR_MS, type Hours, stretches } from "../stats/calendar.ts";
import type { TimeRange } from "../stats/range.ts";
import { addCall, addLead, addRollup, newRollup, type Rollup } from "../stats/rollup.ts";
import { matching, type Scope } from "./database.ts";
import { figure_marks, figures, projects } from "./schema.ts";
import { createStatsStore, type Place, type StatsFilter } from "./stats.store.ts";

/** A day of a clock that is put back. */
const LONGEST_DAY_HOURS = 25;
/** Of a place: beyond it, its days are read by their hours. */
const MOST_MARKED = 50;
/** Characters of a day's hours: D1 takes 2 MB a row. */
const LONGEST_HOURS = 400_000;
/** So that what is written by one statement stays below D1's 2 MB a parameter. */
const DAYS_A_STATEMENT = 3;
/** Hours of which nothing changed and that are read along rather than asked around. */
const READ_ALONG = 6;

/** What some time of a place adds up to. */
export interface Piece {
  /** When it begins, ms. */
  from: number;
  place: Place;
  rollup: Rollup;
}

/** An hour that has changed since it was rolled up. */
export interface Mark {
  hour: number;
  version: string;
}

/** The hour (0-23) that the wall clock of a place showed at an instant. */
export type HourOf = (place: Place, ms: number) => number;

/** Hours that have changed since they were rolled up. */
type Marked = ReadonlyMap<Place, ReadonlySet<number>>;

const inMs = ({ from, to }: Hours): TimeRange => ({ from: from * HOUR_MS, to: to * HOUR_MS });

/** What leads and calls add up to, kept by hours and days: a year reads some hundred rows, however much happened in it. */
export const createFiguresStore = ({ db, tenantId }: Pick<Scope, "db" | "tenantId">) => {
  const raw = createStatsStore({ db, tenantId });
  const at = (table: typeof figures | typeof figure_marks, place: Place): SQL | undefined => and(eq(table.tenant_id, tenantId), eq(table.project_key, place ?? ""));
  const hoursOf = (place: Place): SQL | undefined => and(at(figures, place), eq(figures.grain, "hour"));
  const daysOf = (place: Place): SQL | undefined => and(at(figures, place), eq(figures.grain, "day"));

  /** Counts the rows themselves, by place and hour. */
  const count = async (filter: StatsFilter, hourOf: HourOf): Promise<Piece[]> => {
    const counted = new Map<string, Piece>();
    const pieceOf = (place: Place, id: string): Piece => {
      const hour = hourAt(timeOf(id));
      const key = `${hour}/${place ?? ""}`;
      const piece = counted.get(key) ?? { place, from: hour * HOUR_MS, rollup: newRollup() };
      counted.set(key, piece);
      return piece;
    };
    await raw.visit(filter, {
      addLead: (lead) => addLead(pieceOf(lead.project_id, lead.id).rollup, lead),
      addCall: (call) => addCall(pieceOf(call.project_id, call.id).rollup, call, hourOf(call.project_id, call.received_at)),
    });
    return [...counted.values()];
  };

  const marksIn = async (project_id: string | undefined, { from, to }: Hours): Promise<{ place: Place; hour: number }[]> =>
    db
      .select({ place: figure_marks.project_id, hour: figure_marks.hour })
      .from(figure_marks)
      .where(and(eq(figure_marks.tenant_id, tenantId), matching(figure_marks.project_key, project_id, true), gte(figure_marks.hour, from), lt(figure_marks.hour, to)))
      .all();

  /** Rows of places and hours, of one grain: one question, however many there are. */
  const asking = (asked: readonly object[]) => sql`json_each(${JSON.stringify(asked)}) AS asked`;
  const asked = (name: string) => sql`asked.value ->> ${sql.raw(`'${name}'`)}`;
  const ofAsked = (grain: "hour" | "day"): SQL => sql`${figures.tenant_id} = ${tenantId} AND ${figures.project_key} = ${asked("key")} AND ${figures.grain} = ${grain}`;

  const hoursIn = async (gaps: readonly (Hours & { place: Place })[]) =>
    db
      .select({ place: figures.project_id, first: figures.first_hour, rollup: figures.rollup })
      .from(asking(gaps.map(({ place, ...hours }) => ({ ...hours, key: place ?? "" }))))
      // SQLite keeps the order of a cross join: by itself it may begin with the tenant's rows, all of them.
      .crossJoin(figures)
      .where(and(ofAsked("hour"), sql`${figures.first_hour} >= ${asked("from")}`, sql`${figures.first_hour} < ${asked("to")}`))
      .all();

  /** Days that lie in these hours, or reach into them; with their own hours, where they have them, if only some of these count. */
  const daysIn = async (places: readonly Place[], { from, to }: Hours, marked: Marked) => {
    const isMarked = sql`EXISTS (SELECT 1 FROM json_each(asked.value, '$.marked') AS mark WHERE mark.value >= ${figures.first_hour} AND mark.value < ${figures.end_hour})`;
    return db
      .select({
        place: figures.project_id, first: figures.first_hour, end: figures.end_hour, rollup: figures.rollup,
        hours: sql`CASE WHEN ${figures.first_hour} < ${from} OR ${figures.end_hour} > ${to} OR ${isMarked} THEN ${figures.hours} END`.mapWith((json: string) => JSON.parse(json) as Record<string, Rollup> | null).as("hours_of_day"),
      })
      .from(asking(places.map((place) => ({ key: place ?? "", marked: [...(marked.get(place) ?? [])].slice(0, MOST_MARKED) }))))
      .crossJoin(figures)
      .where(and(ofAsked("day"), sql`${figures.first_hour} > ${from - LONGEST_DAY_HOURS}`, sql`${figures.first_hour} < ${to}`))
      .orderBy(figures.first_hour)
      .all();
  };

  /** What is kept of the hours but the marked ones: by days where there are any, else by hours. Of days that overlap (their clocks were others) the first counts. */
  const kept = async (places: readonly Place[], hours: Hours, marked: Marked): Promise<Piece[]> => {
    const days = grouped(await daysIn(places, hours, marked), ({ place }) => place);
    const pieces: Piece[] = [];
    const gaps: (Hours & { place: Place })[] = [];
    const isMarked = (place: Place, hour: number): boolean => marked.get(place)?.has(hour) === true;
    for (const place of places) {
      let next = hours.from;
      for (const { first, end, rollup, hours: own } of days.get(place) ?? []) {
        const part = { from: Math.max(first, hours.from), to: Math.min(end, hours.to) };
        const isWhole = part.from === first && part.to === end && ![...(marked.get(place) ?? [])].some((hour) => hour >= first && hour < end);
        if (part.from < next || part.from >= part.to || (!isWhole && own === null)) continue;
        if (part.from > next) gaps.push({ place, from: next, to: part.from });
        if (isWhole) pieces.push({ place, from: first * HOUR_MS, rollup });
        else for (const [hour, some] of Object.entries(own ?? {})) if (Number(hour) >= part.from && Number(hour) < part.to && !isMarked(place, Number(hour))) pieces.push({ place, from: Number(hour) * HOUR_MS, rollup: some });
        next = part.to;
      }
      if (next < hours.to) gaps.push({ place, from: next, to: hours.to });
    }
    const rest = gaps.length === 0 ? [] : (await hoursIn(gaps)).filter(({ place, first }) => !isMarked(place, first));
    return [...pieces, ...rest.map(({ place, first, rollup }): Piece => ({ place, from: first * HOUR_MS, rollup }))];
  };

  return {
    /** What the range's leads and calls add up to, in pieces of a day at most, in no order. Right at any moment: hours that have changed since they were rolled up are counted. */
    async read({ project_id, from, to }: StatsFilter, hourOf: HourOf): Promise<Piece[]> {
      const first = Math.ceil(from / HOUR_MS);
      const whole = { from: first, to: Math.max(first, hourAt(to)) };
      const { from: begin, to: end } = inMs(whole);
      const marks = await marksIn(project_id, whole);
      const marked = new Map([...grouped(marks, ({ place }) => place)].map(([place, some]) => [place, new Set(some.map(({ hour }) => hour))]));
      const ends: TimeRange[] = begin > to ? [{ from, to }] : [{ from, to: begin }, { from: end, to }];
      const countEach = async (ranges: readonly TimeRange[]) => (await Promise.all(ranges.filter((range) => range.from < range.to).map(async (range) => count({ ...range, project_id }, hourOf)))).flat();
      const places: Place[] = project_id === undefined ? [null, ...(await db.select({ id: projects.id }).from(projects).where(eq(projects.tenant_id, tenantId)).all()).map(({ id }) => id)] : [project_id];
      const [rolledUp, atEnds, changed] = await Promise.all([kept(places, whole, marked), countEach(ends), countEach(stretches([...new Set(marks.map(({ hour }) => hour))], 0).map(inMs))]);
      return [...rolledUp, ...atEnds, ...changed.filter((piece) => marked.get(piece.place)?.has(hourAt(piece.from)) === true)];
    },

    /** Rolls hours up and takes their marks away, but for those that have changed meanwhile. The days that they lie in are kept no longer. */
    async restate(place: Place, marks: readonly Mark[], hourOf: HourOf, zone: string): Promise<void> {
      const ranges = stretches(marks.map(({ hour }) => hour), READ_ALONG).map(inMs);
      const pieces = (await Promise.all(ranges.map(async (range) => count({ ...range, ...(place === null ? {} : { project_id: place }) }, hourOf)))).flat();
      const counted = new Map(pieces.filter((piece) => piece.place === place).map(({ from, rollup }) => [hourAt(from), rollup]));
      const rows = JSON.stringify(marks.map(({ hour, version }) => ({ hour, version, rollup: counted.get(hour) ?? newRollup() })));
      const [first, last] = [Math.min(...marks.map(({ hour }) => hour)), Math.max(...marks.map(({ hour }) => hour))];
      const isCounted = sql`(${figure_marks.hour}, ${figure_marks.version}) IN (SELECT value ->> 'hour', value ->> 'version' FROM json_each(${rows}))`;
      await db.batch([
        db.delete(figures).where(and(daysOf(place), gt(figures.first_hour, first - LONGEST_DAY_HOURS), sql`${figures.first_hour} <= ${last}`, sql`EXISTS (SELECT 1 FROM json_each(${rows}) WHERE value ->> 'hour' >= ${figures.first_hour} AND value ->> 'hour' < ${figures.end_hour})`)),
        db
          .insert(figures)
          .select(
            sql`SELECT ${tenantId}, ${place}, 'hour', ${figure_marks.hour}, ${figure_marks.hour} + 1, ${zone}, ${figure_marks.version}, item.value -> 'rollup', NULL FROM json_each(${rows}) AS item
              JOIN ${figure_marks} ON ${at(figure_marks, place)} AND ${figure_marks.hour} = item.value ->> 'hour' AND ${figure_marks.version} = item.value ->> 'version' WHERE true`,
          )
          .onConflictDoUpdate({ target: [figures.tenant_id, figures.project_key, figures.grain, figures.first_hour], set: { zone: sql`excluded.zone`, version: sql`excluded.version`, rollup: sql`excluded.rollup` } }),
        db.delete(figure_marks).where(and(at(figure_marks, place), gte(figure_marks.hour, first), sql`${figure_marks.hour} <= ${last}`, isCounted)),
      ]);
    },

    /** Adds days up from the hours that are rolled up, but for those of which an hour is rolled up meanwhile. Who reads them leaves out hours that are marked. */
    async keepDays(place: Place, days: readonly Hours[], zone: string): Promise<void> {
      if (days.length === 0) return;
      const [first, end] = [Math.min(...days.map(({ from }) => from)), Math.max(...days.map(({ to }) => to))];
      const hours = await db
        .select({ hour: figures.first_hour, version: figures.version, rollup: figures.rollup })
        .from(figures)
        .where(and(hoursOf(place), gte(figures.first_hour, first), lt(figures.first_hour, end)))
        .orderBy(figures.first_hour)
        .all();
      const rows = days.flatMap(({ from, to }) => {
        const own = hours.filter(({ hour }) => hour >= from && hour < to);
        const rollup = newRollup();
        for (const hour of own) addRollup(rollup, hour.rollup);
        const byHour = Object.fromEntries(own.map((one) => [one.hour, one.rollup]));
        return own.length === 0 ? [] : [{ from, to, versions: own.map(({ version }) => version).join(), rollup, hours: JSON.stringify(byHour).length > LONGEST_HOURS ? null : byHour }];
      });
      const present = sql`(SELECT group_concat(version) FROM (SELECT version FROM ${figures} WHERE ${hoursOf(place)} AND ${figures.first_hour} >= item.value ->> 'from' AND ${figures.first_hour} < item.value ->> 'to' ORDER BY ${figures.first_hour}))`;
      for (const some of chunked(rows, DAYS_A_STATEMENT)) {
        await db
          .insert(figures)
          .select(
            sql`SELECT ${tenantId}, ${place}, 'day', item.value ->> 'from', item.value ->> 'to', ${zone}, '', item.value -> 'rollup', nullif(item.value -> 'hours', 'null') FROM json_each(${JSON.stringify(some)}) AS item
              WHERE ${present} = item.value ->> 'versions'`,
          )
          .onConflictDoUpdate({ target: [figures.tenant_id, figures.project_key, figures.grain, figures.first_hour], set: { end_hour: sql`excluded.end_hour`, zone: sql`excluded.zone`, rollup: sql`excluded.rollup`, hours: sql`excluded.hours` } });
      }
    },

    /** Marks hours before then (hours since the epoch) that another clock told, or that are in no day, as when the Worker died before there was one. */
    async markOutdated(place: Place, zone: string, before: number): Promise<void> {
      const inNoDay = sql`NOT EXISTS (SELECT 1 FROM figures AS day WHERE day.tenant_id = ${tenantId} AND day.project_key = ${place ?? ""} AND day.grain = 'day' AND day.first_hour > figures.first_hour - ${LONGEST_DAY_HOURS} AND day.first_hour <= figures.first_hour AND day.end_hour > figures.first_hour)`;
      await db
        .insert(figure_marks)
        .select(sql`SELECT tenant_id, project_id, first_hour, hex(randomblob(8)) FROM ${figures} WHERE ${hoursOf(place)} AND ${figures.first_hour} < ${before} AND (${figures.zone} <> ${zone} OR ${inNoDay})`)
        .onConflictDoNothing();
    },
  };
};

export type FiguresStore = ReturnType<typeof createFiguresStore>;
