import type { Dna } from "../dna/schema.ts";
import { zoneOf } from "../dna/time-zone.ts";
import { sha256Hex } from "../security/constant-time.ts";
import { nextSlot } from "./next-slot.ts";
import { parseRepetition, type Preferred } from "./repetition.ts";
import type { ScheduledJob } from "./scheduled-job.ts";

interface JobKind {
  /** How often, by the DNA; null: not at all. */
  repetition: (dna: Dna) => string | null;
  /** First and last hour in which it begins where the DNA only says `daily` or `weekly`. */
  hours: readonly [number, number];
  run: { task: string; action: string | null };
}

const kinds: Record<ScheduledJob, JobKind> = {
  sniper: {
    repetition: ({ modules: { lead_gen } }) => (lead_gen.enabled && lead_gen.sniper.enabled ? lead_gen.sniper.schedule : null),
    // Off peak: boards are least busy then, and what it finds waits for the morning's hours anyway.
    hours: [2, 4],
    run: { task: "lead_gen_manager", action: "hunt_sniper" },
  },
  reactivation: {
    repetition: ({ modules: { lead_gen } }) => (lead_gen.enabled && lead_gen.reactivation.enabled ? lead_gen.reactivation.schedule : null),
    hours: [10, 11],
    run: { task: "reactivator_agent", action: null },
  },
};

/** Spread over projects, and the same for one project every day: all at once would be a peak of our own. */
const preferredOf = (projectId: string, job: ScheduledJob): Preferred => {
  const chance = Number.parseInt(sha256Hex(`${job}:${projectId}`).slice(0, 8), 16);
  const [first, last] = kinds[job].hours;
  return { minute: chance % 60, hour: first + (Math.floor(chance / 60) % (last - first + 1)), weekday: 1 + (Math.floor(chance / 1000) % 5) };
};

/**
 * When a job of a project is due next.
 * @param after ms since the epoch
 * @returns ms; null when the DNA does not ask for it, or names a date that never comes
 */
export const nextDue = (job: ScheduledJob, projectId: string, dna: Dna, after: number): number | null => {
  const asked = kinds[job].repetition(dna);
  const repetition = asked === null ? null : parseRepetition(asked, preferredOf(projectId, job));
  return repetition === null ? null : nextSlot(repetition, zoneOf(dna), after);
};

/** When each job of a project is due next. */
export const nextDues = (projectId: string, dna: Dna, after: number): Record<ScheduledJob, number | null> => ({
  sniper: nextDue("sniper", projectId, dna, after),
  reactivation: nextDue("reactivation", projectId, dna, after),
});

/** The run of a slot: the same one, however often the slot is taken up. */
export const slotKey = (projectId: string, job: ScheduledJob, slot: number): string => `schedule:${projectId}:${job}:${slot}`;
export const runOfSlot = (projectId: string, job: ScheduledJob, slot: number) => ({ project_id: projectId, ...kinds[job].run, params: {}, idempotency_key: slotKey(projectId, job, slot) });
