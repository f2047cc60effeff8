import { dayOf } from "../clock.ts";
import type { OperationsStore, ServiceCounts } from "../memory/operations.store.ts";
import { endingModels } from "../providers/gemini/model-ends.ts";
import type { JudgedRule } from "./rule-names.ts";
import { MICROS } from "../money.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** Minutes that a share is judged over. */
const WINDOW = 10;
/** Of fewer requests no share says anything. */
const FEW_REQUESTS = 20;
const ERROR_SHARE = 0.01;
/** More than a twentieth over two seconds: that is a 95th percentile of more than two seconds. */
const SLOW_SHARE = 0.05;
/** Leads that this hour of the week must have had on average, for none at all to be strange. */
const USUAL_LEADS = 5;
const OVERDUE = 5 * MINUTE;

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

const dollars = (micros: number): string => `$${(micros / MICROS).toFixed(2)}`;

/** What is spent today where that is more than the operator wants to hear of nothing; the amount in micro-dollars, null: nobody asks. */
const spending = async (store: Pick<OperationsStore, "spentOn">, now: number, most: number | null): Promise<string | null> => {
  if (most === null) return null;
  const spent = await store.spentOn(dayOf(now));
  return spent > most ? `All tenants together have cost ${dollars(spent)} today (UTC), which is more than ${dollars(most)}.` : null;
};

type Window = Pick<ServiceCounts, "requests" | "errors" | "slow">;

/** The ten minutes up to now, those up to a minute ago, and so on for as long: what the looks of the last ten minutes have judged. */
const windowsOf = (minutes: readonly (ServiceCounts & { minute: number })[], now: number): Window[] =>
  Array.from({ length: WINDOW }, (_, ago) => {
    const end = Math.floor(now / MINUTE) - ago;
    const within = minutes.filter(({ minute }) => minute >= end - WINDOW && minute < end);
    const sum = (column: keyof Window): number => within.reduce((total, one) => total + one[column], 0);
    return { requests: sum("requests"), errors: sum("errors"), slow: sum("slow") };
  });

/**
 * Whether too many of the requests were bad, as of the latest window in which they were: so it goes on until ten minutes have gone by in which
 * no look has found too many of them. By the last look alone it would come and go with each request more or less, where there are hardly enough.
 */
const tooMany = (windows: readonly Window[], bad: "errors" | "slow", share: number, words: string): string | null => {
  const found = windows.find((one) => one.requests >= FEW_REQUESTS && one[bad] / one.requests > share);
  return found === undefined ? null : `${percent(found[bad], found.requests)} of ${found.requests} requests in ten minutes ${words}`;
};

/**
 * What is wrong at the moment, in words for a person, and null where nothing is.
 * @param dailySpendMicros what all tenants together may cost in a day (UTC) before it is told; null: any amount
 */
export const judge = async (store: Pick<OperationsStore, "counts" | "minutes" | "troubles" | "spentOn">, now: number, dailySpendMicros: number | null): Promise<Record<JudgedRule, string | null>> => {
  const [spend_high, recent, lastHour, troubles, ...weeks] = await Promise.all([
    spending(store, now, dailySpendMicros),
    store.minutes(now - 2 * WINDOW * MINUTE, now),
    store.counts(now - HOUR, now),
    store.troubles({ since: now - HOUR, overdueSince: now - OVERDUE }),
    ...[1, 2, 3].map(async (ago) => store.counts(now - ago * WEEK - HOUR, now - ago * WEEK)),
  ]);
  const windows = windowsOf(recent, now);
  const usual = weeks.every((week) => week.requests > 0) ? weeks.reduce((sum, week) => sum + week.leads, 0) / weeks.length : 0;
  const ending = endingModels(now);
  const some = (count: number, words: string): string | null => (count > 0 ? `${count} ${words}` : null);
  return {
    error_rate: tooMany(windows, "errors", ERROR_SHARE, "ended in a failure of ours."),
    slow_responses: tooMany(windows, "slow", SLOW_SHARE, "took over 2 s."),
    dead_letters: some(troubles.dead, "runs were given up on within an hour."),
    canary_failed: some(troubles.canaries, "projects' daily test of their calls has failed."),
    no_leads: usual >= USUAL_LEADS && lastHour.leads === 0 ? `No lead came in for an hour; at this time of the week it is ${Math.round(usual)}.` : null,
    budget_near: some(troubles.budgets, "budgets of tenants, or caps on their calls and texts, were nearly used up within an hour."),
    spend_high,
    duties_overdue: some(troubles.overdue, "calls are due for over five minutes, and nobody has looked after them."),
    backup_overdue: some(troubles.backups, "backups have not been finished for two days."),
    model_ending: ending.length === 0 ? null : ending.map(({ model, ends_on, for: uses }) => `${model} (${uses.join(", ")}) ends on ${ends_on}`).join("; "),
  };
};
