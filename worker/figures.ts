import { chunked } from "../core/chunked.ts";
import { hourReader, zoneOf } from "../core/dna/time-zone.ts";
import { describeError } from "../core/errors.ts";
import { grouped } from "../core/grouped.ts";
import { logger } from "../core/log.ts";
import { systemActor } from "../core/memory/actor.ts";
import type { Mark } from "../core/memory/figures.store.ts";
import { createCalendar, hourAt } from "../core/stats/calendar.ts";
import { dayOf } from "../core/clock.ts";
import type { Services } from "./services.ts";

const log = logger("figures");

const HOURS_A_ROUND = 240;
const ROUNDS_A_SWEEP = 4;
/** What is written at once stays well below D1's 2 MB a parameter. */
const HOURS_A_BATCH = 60;
const PROJECTS_A_SWEEP = 50;
/** Until then the sweep has made a day of its hours, unless something went wrong. */
const SETTLED_HOURS = 48;

type Tools = Pick<Services, "memory" | "dna" | "clock">;

const zoneOfPlace = async ({ memory, dna }: Tools, tenantId: string, projectId: string | null): Promise<string> =>
  projectId === null ? "UTC" : zoneOf(await dna.load(await memory.for(tenantId, systemActor("figures")).projects.get(projectId)));

/** Rolls up marked hours of one project, and their days with them: of today, as far as it has come. */
const restatePlace = async (tools: Tools, tenantId: string, projectId: string | null, marks: readonly Mark[]): Promise<void> => {
  const { figures } = tools.memory.for(tenantId, systemActor("figures"));
  const zone = await zoneOfPlace(tools, tenantId, projectId);
  const [hourOf, calendar] = [hourReader(zone), createCalendar(zone)];
  for (const batch of chunked(marks, HOURS_A_BATCH)) {
    await figures.restate(projectId, batch, (_, ms) => hourOf(ms), zone);
    const days = new Map(batch.map(({ hour }) => calendar.dayOf(hour)).map((day) => [day.from, day]));
    await figures.keepDays(projectId, [...days.values()], zone);
  }
};

/** Rolls up hours that are over and have changed, the latest first. What fails, or is too much for this sweep, is found by the next; until then those who read count for themselves. */
export const rollUpFigures = async (tools: Tools): Promise<void> => {
  const failed = new Set<string>();
  for (let round = 0; round < ROUNDS_A_SWEEP; round += 1) {
    const marks = await tools.memory.housekeeping.markedHours(hourAt(tools.clock.now()), HOURS_A_ROUND);
    const places = grouped(marks, ({ tenant_id, project_id }) => JSON.stringify([tenant_id, project_id]));
    for (const [key, [first, ...rest]] of places) {
      if (first === undefined || failed.has(key)) continue;
      try {
        await restatePlace(tools, first.tenant_id, first.project_id, [first, ...rest]);
      } catch (error) {
        failed.add(key);
        log.error("figures not rolled up", { tenant_id: first.tenant_id, project_id: first.project_id, error: describeError(error) });
      }
    }
    if (marks.length < HOURS_A_ROUND || failed.size > 0) return;
  }
};

/** Once a day (UTC) for every project: whether its figures are told by the clock that its DNA names now, and added up by days. */
export const followFigures = async (tools: Tools): Promise<void> => {
  const { memory, clock } = tools;
  const day = dayOf(clock.now());
  const due = await memory.housekeeping.projectsDue("figures", day, PROJECTS_A_SWEEP);
  for (const { id, tenant_id } of due) {
    try {
      await memory.for(tenant_id, systemActor("figures")).figures.markOutdated(id, await zoneOfPlace(tools, tenant_id, id), hourAt(clock.now()) - SETTLED_HOURS);
    } catch (error) {
      log.error("figures not looked at", { project_id: id, tenant_id, error: describeError(error) });
    }
  }
  const last = due.at(-1);
  if (last) await memory.housekeeping.projectsDone("figures", day, last.id);
};
